import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.sampling.geometry import (
    covering_size,
    crop_and_resize,
    flip,
    random_resized_box,
    square_around,
    subject_box,
    widened,
)
from posecube.skeleton import LAYOUTS, find_layout

FRAME = (100, 200)


def points(*xy: tuple[float, float]) -> np.ndarray:
    return np.array(xy, dtype=np.float32).reshape(1, 1, -1, 2)


@pytest.mark.parametrize(
    ("seen", "padding", "expected"),
    [
        ([(40, 20), (60, 60)], 0.0, [30, 20, 70, 60]),  # the longer side makes the square
        ([(40, 20), (60, 60)], 0.25, [25, 15, 75, 65]),
        ([(0, 0), (30, 10)], 0.5, [-7, -17, 37, 27]),  # may leave the frame; truncated toward zero
        ([(40, 20), (49, 60)], 0.25, [0, 0, 200, 100]),  # too thin: the whole frame
        ([(50, 50)], 0.25, [0, 0, 200, 100]),
    ],
)
def test_subject_box(seen: list[tuple[float, float]], padding: float, expected: list[float]) -> None:
    keypoints = points(*seen)
    box = subject_box(keypoints, np.ones(keypoints.shape[:-1], np.float32), padding=padding, size_hw=FRAME)
    assert box.tolist() == expected


def test_subject_box_looks_at_seen_joints_only() -> None:
    keypoints = points((40, 20), (60, 60), (999, np.nan))
    confidence = np.array([[[1, 0.1, 0]]], np.float32)
    assert subject_box(keypoints, confidence, padding=0, size_hw=FRAME).tolist() == [30, 20, 70, 60]
    assert subject_box(keypoints, confidence * 0, size_hw=FRAME).tolist() == [0, 0, 200, 100]


def test_subject_box_holds_all_people_and_frames() -> None:
    keypoints = np.random.default_rng(0).uniform(0, 80, (3, 5, 7, 2)).astype(np.float32)
    left, top, right, bottom = subject_box(keypoints, np.ones((3, 5, 7), np.float32), padding=0.1, size_hw=FRAME)
    assert right - left == pytest.approx(bottom - top, abs=1)
    low, high = keypoints.min((0, 1, 2)), keypoints.max((0, 1, 2))
    assert left <= low[0] and top <= low[1] and right >= high[0] and bottom >= high[1]


def test_crop_and_resize() -> None:
    moved = crop_and_resize(points((30, 20), (70, 60), (50, 30)), np.array([30.0, 20, 70, 60]), (56, 80))
    np.testing.assert_allclose(moved[0, 0], [(0, 0), (80, 56), (40, 14)])
    assert moved.dtype == np.float32


@pytest.mark.parametrize(
    ("box_hw", "size_hw", "expected"),
    [
        ((868, 869), (64, 64), (64, 64)),
        ((1080, 1920), (64, 64), (64, 114)),  # 113.8
        ((1920, 1080), (56, 56), (100, 56)),  # 99.6
        ((64, 100), (64, 64), (64, 100)),
        ((40, 61), (20, 20), (20, 31)),  # a half is rounded up
        ((100, 100), (48, 64), (64, 64)),
    ],
)
def test_covering_size(box_hw: tuple[int, int], size_hw: tuple[int, int], expected: tuple[int, int]) -> None:
    assert covering_size(box_hw, size_hw) == expected


def test_crop_and_resize_to_the_middle_of_a_wide_box() -> None:
    """1920 x 1080 becomes 114 x 64, of which 25 columns on either side are cut off."""
    corners = points((10, 20), (1930, 1100), (970, 560))
    moved = crop_and_resize(corners, np.array([10.0, 20, 1930, 1100]), (64, 64), fit="centre_crop")
    np.testing.assert_allclose(moved[0, 0], [(-25, 0), (89, 64), (32, 32)], atol=1e-5)
    assert moved.dtype == np.float32


@given(side=st.integers(1, 2000), seed=st.integers(0, 99))
@settings(deadline=None)
def test_a_square_box_fits_a_square_map_either_way(side: int, seed: int) -> None:
    keypoints = np.random.default_rng(seed).uniform(0, side, (2, 3, 5, 2)).astype(np.float32)
    box = np.array([3.0, 4, 3 + side, 4 + side])
    squashed = crop_and_resize(keypoints, box, (64, 64))
    np.testing.assert_array_equal(crop_and_resize(keypoints, box, (64, 64), fit="centre_crop"), squashed)


@given(seed=st.integers(0, 2**16))
@settings(deadline=None)
def test_random_resized_box_lies_within_and_keeps_its_limits(seed: int) -> None:
    box = np.array([-5.0, 10, 75, 50])
    part = random_resized_box(box, np.random.default_rng(seed))
    assert (part[:2] >= box[:2] - 1e-9).all() and (part[2:] <= box[2:] + 1e-9).all()
    size, whole = part[2:] - part[:2], box[2:] - box[:2]
    share = size.prod() / whole.prod()
    assert share <= 1 + 1e-9
    assert share >= 0.56 * 3 / 4 - 1e-9  # a side that would exceed the box is cut
    ratio = (size[0] / whole[0]) / (size[1] / whole[1])
    assert 3 / 4 - 1e-9 <= ratio <= 4 / 3 + 1e-9


def test_random_resized_box_of_everything_is_the_box() -> None:
    box = np.array([3.0, 4, 50, 60])
    part = random_resized_box(box, np.random.default_rng(0), area=(1, 1), aspect=(1, 1))
    np.testing.assert_allclose(part, box)


@pytest.mark.parametrize("name", LAYOUTS)
def test_flipped_twice_is_the_identity(name: str) -> None:
    layout = find_layout(name)
    rng = np.random.default_rng(0)
    keypoints = rng.integers(0, 56, (2, 3, layout.num_joints, 2)).astype(np.float32)
    confidence = rng.uniform(size=(2, 3, layout.num_joints)).astype(np.float32)
    once = flip(keypoints, confidence, layout=layout, width_px=56)
    assert not np.array_equal(once[0], keypoints)
    twice = flip(*once, layout=layout, width_px=56)
    np.testing.assert_array_equal(twice[0], keypoints)
    np.testing.assert_array_equal(twice[1], confidence)


def test_flip_mirrors_and_swaps_sides() -> None:
    layout = find_layout("coco17")
    keypoints = np.zeros((1, 1, 17, 2), np.float32)
    confidence = np.zeros((1, 1, 17), np.float32)
    left, right = layout.index("left_wrist"), layout.index("right_wrist")
    keypoints[0, 0, left], confidence[0, 0, left] = (10, 7), 0.5
    before = keypoints.copy()
    flipped, sure = flip(keypoints, confidence, layout=layout, width_px=56)
    assert flipped[0, 0, right].tolist() == [45, 7]
    assert sure[0, 0, right] == 0.5
    assert sure[0, 0, left] == 0
    np.testing.assert_array_equal(keypoints, before)


@pytest.mark.parametrize(
    ("seen", "padding", "expected"),
    [
        ([(40, 20), (60, 60), (50, 30), (50, 31)], 0.0, [30, 20, 70, 60]),
        ([(40, 20), (60, 60.5), (50, 30), (50, 31)], 1.0, [9.5, -0.25, 90.5, 80.75]),  # to the fraction of a pixel
        ([(40, 20), (40, 20), (41, 20), (41, 20)], 0.0, [40, 19.5, 41, 20.5]),  # however small
        ([(40, 20), (60, 60), (50, 30)], 1.0, [0, 0, 200, 200]),  # too few joints
        ([(40, 20)] * 4, 1.0, [0, 0, 200, 200]),  # all in one place
    ],
)
def test_square_around(seen: list[tuple[float, float]], padding: float, expected: list[float]) -> None:
    keypoints = points(*seen, (999, np.nan))
    confidence = np.ones(keypoints.shape[:-1], np.float32)
    confidence[..., -1] = 0
    assert square_around(keypoints, confidence, padding=padding, size_hw=FRAME).tolist() == expected


def test_a_widened_box_keeps_its_middle() -> None:
    box = np.array([10.0, 20, 30, 60])
    assert widened(box, 2.0).tolist() == [0, 0, 40, 80]
    assert widened(box, 0.5).tolist() == [15, 30, 25, 50]
