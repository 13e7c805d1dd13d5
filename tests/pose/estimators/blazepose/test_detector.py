"""BlazePose's detector: anchors, decoding, merging and views against slow references."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecube.pose.estimators.blazepose.detector import (
    Candidates,
    aligned_region,
    anchor_centers,
    decode_candidates,
    merge_overlapping,
    search_views,
    tiles,
    whole_frame,
)


def slow_anchors() -> list[tuple[float, float]]:
    """Layer by layer: strides 8, 16 and three of 32 that share cells; two anchors a layer."""
    centers = []
    for stride, layers in ((8, 1), (16, 1), (32, 3)):
        cells = 224 // stride
        for row in range(cells):
            for column in range(cells):
                centers += [((column + 0.5) / cells, (row + 0.5) / cells)] * (2 * layers)
    return centers


def test_anchors_are_those_of_the_published_grid():
    assert anchor_centers().shape == (2254, 2)
    np.testing.assert_allclose(anchor_centers(), slow_anchors(), atol=1e-6)


def test_decoding_against_a_slow_reference():
    rng = np.random.default_rng(0)
    raw, logits = rng.normal(0, 30, (2254, 12)), rng.normal(-3, 2, 2254)
    seen = decode_candidates(raw, logits, min_score=0.5)
    rows = [row for row in range(2254) if 1 / (1 + math.exp(-logits[row])) >= 0.5]
    assert len(seen.score) == len(rows) > 20
    for k, row in enumerate(rows):
        ax, ay = slow_anchors()[row]
        x, y, w, h = raw[row, 0] / 224 + ax, raw[row, 1] / 224 + ay, raw[row, 2] / 224, raw[row, 3] / 224
        np.testing.assert_allclose(seen.boxes_xyxy[k], [x - w / 2, y - h / 2, x + w / 2, y + h / 2], atol=1e-6)
        points = [(raw[row, 4 + 2 * p] / 224 + ax, raw[row, 5 + 2 * p] / 224 + ay) for p in range(4)]
        np.testing.assert_allclose(seen.points_xy[k], points, atol=1e-6)


def test_extreme_logits_do_not_overflow():
    seen = decode_candidates(np.zeros((2254, 12), np.float32), np.full(2254, -1e6, np.float32))
    assert len(seen.score) == 0


def test_overlapping_detections_become_their_weighted_mean():
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [50, 50, 60, 60]], float)
    points = np.zeros((3, 4, 2))
    points[:, 0, 0] = [5, 9, 55]
    merged = merge_overlapping(Candidates(boxes, points, np.array([0.6, 0.9, 0.7])))
    np.testing.assert_allclose(merged.score, [0.9, 0.7])
    np.testing.assert_allclose(merged.boxes_xyxy[0], [0.6, 0, 10.6, 10])
    np.testing.assert_allclose(merged.points_xy[:, 0, 0], [(0.6 * 5 + 0.9 * 9) / 1.5, 55])


def test_merging_nothing_gives_nothing():
    merged = merge_overlapping(Candidates(np.zeros((0, 4)), np.zeros((0, 4, 2)), np.zeros(0)))
    assert merged.boxes_xyxy.shape == (0, 4) and merged.points_xy.shape == (0, 4, 2)


@pytest.mark.parametrize(
    ("size_xy", "angle_deg"),
    [((100, 40), 0), ((160, 100), 90), ((40, 100), -90), ((100, 160), 180)],
    ids=["upright", "head right", "head left", "head down"],
)
def test_a_region_turns_with_the_body(size_xy, angle_deg):
    region = aligned_region(np.array([100.0, 100.0]), np.array(size_xy, float))
    assert region.center_xy == (100, 100)
    assert region.size_wh == pytest.approx((150, 150))
    turned = (math.degrees(region.angle_rad) - angle_deg + 180) % 360 - 180
    assert turned == pytest.approx(0, abs=1e-9)


@given(st.integers(20, 300), st.integers(20, 300), st.floats(0.4, 1.0))
def test_tiles_cover_the_frame_and_stay_in_it(height, width, share):
    side = share * min(height, width)
    covered = np.zeros((height, width), bool)
    for view in tiles((height, width), side_px=side):
        left, top, right, bottom = view.box_xyxy
        assert left >= -0.51 and top >= -0.51 and right <= width - 0.49 and bottom <= height - 0.49
        covered[max(0, math.ceil(top)) : math.floor(bottom) + 1, max(0, math.ceil(left)) : math.floor(right) + 1] = True
    assert covered.all()


def test_the_search_is_bounded():
    assert len(search_views((1080, 1920), thorough=False)) == 4
    assert len(search_views((1080, 1920), thorough=True)) <= 16
    assert len(search_views((500, 500), thorough=False)) == 1


def test_the_whole_frame_fits_its_view():
    left, top, right, bottom = whole_frame((100, 200)).box_xyxy
    assert (left, right) == (-0.5, 199.5)
    assert top == -50.5 and bottom == 149.5
