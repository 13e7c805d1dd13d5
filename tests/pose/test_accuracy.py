"""Errors of joints in torsos, and PCK."""

import numpy as np
import pytest
from numpy import ndarray

from posecube.pose.accuracy import joint_offsets, pck, torso_px
from posecube.skeleton.layouts import COCO17


def person(x: float) -> ndarray:
    """Joints around a torso whose diagonal is 50 pixels: 30 to the side, 40 down."""
    joints = np.tile(np.array([x, 100.0]), (COCO17.num_joints, 1))
    joints[COCO17.index("left_shoulder")] = x + 15, 60
    joints[COCO17.index("right_hip")] = x - 15, 100
    return joints


def test_a_torso_is_its_diagonal() -> None:
    assert torso_px(person(0), COCO17) == pytest.approx(50)
    assert torso_px(np.zeros((2, 17, 2)), COCO17).tolist() == [1, 1]


def test_skeletons_go_to_whom_they_fit() -> None:
    truth = np.stack([person(100), person(300)])
    estimated = truth[::-1] + np.array([5.0, -10.0])
    offsets = joint_offsets(estimated, np.ones((2, 17)), truth, COCO17)
    np.testing.assert_allclose(offsets, np.broadcast_to([0.1, -0.2], (2, 17, 2)), atol=1e-12)


def test_who_was_not_found_has_no_offset() -> None:
    truth = np.stack([person(100), person(300)])
    far = person(100)[None] + 60
    assert np.isnan(joint_offsets(far, np.ones((1, 17)), truth, COCO17)).all()
    assert np.isnan(joint_offsets(np.empty((0, 17, 2)), np.empty((0, 17)), truth, COCO17)).all()
    confidence = np.ones((1, 17))
    confidence[0, 3] = 0
    offsets = joint_offsets(truth[:1], confidence, truth, COCO17)
    assert np.isnan(offsets[1]).all() and np.isnan(offsets[0, 3]).all()
    assert (offsets[0, np.arange(17) != 3] == 0).all()


def test_an_empty_skeleton_is_nobodys() -> None:
    truth = person(100)[None]
    assert np.isnan(joint_offsets(truth, np.zeros((1, 17)), truth, COCO17)).all()


def test_pck_counts_what_is_missing_as_wrong() -> None:
    offsets = np.array([[0.0, 0.09], [0.09, 0.09], [np.nan, np.nan], [0.0, 0.0]])
    assert pck(offsets, np.array([True, True, True, False]), within=0.1) == pytest.approx(100 / 3)
    assert pck(offsets, np.array([True, True, True, False]), within=0.2) == pytest.approx(200 / 3)
    assert np.isnan(pck(offsets, np.zeros(4, dtype=bool), within=0.1))
