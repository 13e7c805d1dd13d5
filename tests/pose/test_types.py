"""Records of pose estimation."""

import math

import numpy as np
import pytest

from posecube.pose.types import FramePoses, Region, TrackedPose


def poses(num_people: int = 3) -> FramePoses:
    keypoints = np.arange(num_people * 4, dtype=np.float32).reshape(num_people, 2, 2)
    return FramePoses(
        keypoints,
        np.full((num_people, 2), 0.5, np.float32),
        np.zeros((num_people, 4), np.float32),
        np.linspace(0, 1, num_people, dtype=np.float32),
        tuple(Region((float(i), 0.0), (1.0, 1.0)) for i in range(num_people)),
    )


@pytest.mark.parametrize(
    ("angle_rad", "expected"),
    [(0.0, (8, 16, 12, 24)), (math.pi / 2, (6, 18, 14, 22)), (math.pi, (8, 16, 12, 24))],
    ids=["upright", "quarter", "half"],
)
def test_the_box_around_a_turned_region(angle_rad, expected):
    assert Region((10, 20), (4, 8), angle_rad).box_xyxy == pytest.approx(expected)


@pytest.mark.parametrize(("center", "size"), [((0, 0), (0, 4)), ((math.nan, 0), (4, 4)), ((0, math.inf), (4, 4))])
def test_an_impossible_region_is_refused(center, size):
    with pytest.raises(ValueError, match="finite centre and a size above 0"):
        Region(center, size)


@pytest.mark.parametrize(
    ("keep", "expected"),
    [([2, 0], [2, 0]), (np.array([True, False, True]), [0, 2]), ([], []), (np.zeros(3, bool), [])],
    ids=["rows", "mask", "none", "empty mask"],
)
def test_select_takes_people_with_their_regions(keep, expected):
    chosen = poses().select(keep)
    assert [region.center_xy[0] for region in chosen.next_regions] == expected
    np.testing.assert_array_equal(chosen.keypoints_xy, poses().keypoints_xy[expected])


def test_joined_puts_people_behind_each_other():
    both = FramePoses.joined([poses(1), poses(2)])
    assert len(both) == 3 and len(both.next_regions) == 3


def test_records_check_their_shapes():
    good = poses()
    with pytest.raises(ValueError, match="one next region for each of 3 people, got 1"):
        FramePoses(good.keypoints_xy, good.confidence, good.boxes_xyxy, good.score, good.next_regions[:1])
    with pytest.raises(ValueError, match=r"expected boxes \(3, 4\)"):
        FramePoses(good.keypoints_xy, good.confidence, good.boxes_xyxy[:1], good.score)
    with pytest.raises(ValueError, match=r"expected keypoints \(P, V, 2\)"):
        FramePoses(good.keypoints_xy[:2], good.confidence, good.boxes_xyxy, good.score)


def test_records_are_shown_by_their_shapes():
    assert repr(poses()) == "FramePoses(3 people, 2 joints)"
    tracked = TrackedPose(4, np.zeros((17, 2), np.float32), np.ones(17, np.float32), np.zeros(4, np.float32), 0.5)
    assert repr(tracked) == "TrackedPose(id=4, 17 joints, score=0.50)"
