"""FramePeople: joints that are none, people who are none."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecube.datasets.frame_people import FramePeople


def test_people_and_their_numbers():
    seen, unseen = np.array([1, 2, 0.5, 3, 4, 1]), np.array([1, 2, 0, 3, 4, 0])
    poses = FramePeople.of([(seen, 7), (unseen, 8), (seen + 1, None)], num_joints=2)
    assert poses.ids == (7, None)
    np.testing.assert_array_equal(poses.keypoints_xy[0], [[1, 2], [3, 4]])
    np.testing.assert_array_equal(poses.confidence, [[0.5, 1], [1, 1]])


def test_no_detections():
    poses = FramePeople.of([], num_joints=5)
    assert (poses.keypoints_xy.shape, poses.confidence.shape, poses.ids) == ((0, 5, 2), (0, 5), ())


def test_faces_and_hands_are_left_out():
    poses = FramePeople.of([(np.arange(12.0), None)], num_joints=2)
    np.testing.assert_array_equal(poses.keypoints_xy, [[[0, 1], [3, 4]]])


def test_impossible_joints_are_missing():
    values = np.array([np.nan, 1, 1, np.inf, 1, 1, 1, -1e300, 1, 1, 2, np.nan, 5, 6, -1, 5, 6, 6.3, 1e6, 1, 1])
    poses = FramePeople.of([(values, None)], num_joints=7)
    np.testing.assert_array_equal(poses.confidence, [[0, 0, 0, 0, 0, 1, 0]])
    np.testing.assert_array_equal(poses.keypoints_xy[0, [0, 5]], [[0, 0], [5, 6]])


@given(hnp.arrays(np.float64, (2, 9), elements=st.floats(allow_nan=True, allow_infinity=True, width=64)))
def test_any_numbers(values):
    poses = FramePeople.of([(row, None) for row in values], num_joints=3)
    assert np.isfinite(poses.keypoints_xy).all()
    assert ((poses.confidence >= 0) & (poses.confidence <= 1)).all()
    assert poses.confidence.any(axis=1).all()
