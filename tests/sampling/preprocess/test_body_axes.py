"""3D joints about the body: centring, turning, the main person, missing joints."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecube.sampling.preprocess.body_axes import centred_on_start, in_body_axes, main_person_first, turning
from posecube.skeleton.layouts import KINECT20, NTU25


def people(layout=NTU25, *, frames=6, num_people=2, seed=0):
    rng = np.random.default_rng(seed)
    keypoints = rng.normal(size=(num_people, frames, layout.num_joints, 3)).astype(np.float32)
    return keypoints, np.ones(keypoints.shape[:3], np.float32)


@pytest.mark.parametrize("layout", [NTU25, KINECT20], ids=lambda it: it.name)
def test_the_first_frame_stands_in_its_own_axes(layout):
    first = in_body_axes(*people(layout), layout)[0, 0]
    spine = first[layout.index("spine")] - first[layout.index("pelvis")]
    np.testing.assert_allclose(first[layout.index("spine")], 0, atol=1e-6)
    across = first[layout.index("right_shoulder")] - first[layout.index("left_shoulder")]
    np.testing.assert_allclose(across / np.linalg.norm(across), (1, 0, 0), atol=1e-5)
    assert np.linalg.norm(spine) > 0


@given(st.integers(0, 1000))
def test_where_the_sensor_stood_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    keypoints, confidence = people(seed=seed)
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    turn *= np.sign(np.linalg.det(turn))
    moved = (keypoints @ turn.T + rng.normal(size=3) * 5).astype(np.float32)
    here, there = (in_body_axes(it, confidence, NTU25) for it in (keypoints, moved))
    # The turn about the spine is decided by the shoulders alone, so distances agree whatever the turn was.
    np.testing.assert_allclose(np.linalg.norm(here, axis=-1), np.linalg.norm(there, axis=-1), atol=1e-3)


@given(st.integers(0, 1000))
def test_turning_turns_a_direction_to_an_axis_and_nothing_else(seed):
    rng = np.random.default_rng(seed)
    direction, axis = rng.normal(size=3), np.eye(3)[rng.integers(3)]
    turn = turning(direction, axis)
    np.testing.assert_allclose(turn @ direction, np.linalg.norm(direction) * axis, atol=1e-9)
    np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-9)


@pytest.mark.parametrize("direction", [np.zeros(3), np.array([0.0, 0, 2])])
def test_nothing_to_turn(direction):
    np.testing.assert_array_equal(turning(direction, np.array([0.0, 0, 1])), np.eye(3))


def test_who_is_seen_longest_comes_first_and_sets_the_frames():
    keypoints, confidence = people()
    confidence[0, 2:] = 0
    confidence[1, 0] = 0
    swapped, sure = main_person_first(keypoints, confidence)
    np.testing.assert_array_equal(swapped, keypoints[[1, 0], 1:])
    np.testing.assert_array_equal(sure, confidence[[1, 0], 1:])


def test_nobody_stays_nobody():
    keypoints, confidence = people()
    same, none = main_person_first(keypoints, 0 * confidence)
    assert same is keypoints and not none.any()
    assert not in_body_axes(keypoints, 0 * confidence, NTU25).any()


def test_missing_joints_lie_at_the_origin_and_a_missing_spine_is_replaced():
    keypoints, confidence = people()
    confidence[0, 0, NTU25.index("spine")] = 0
    confidence[1, 3, 5] = 0
    centred = centred_on_start(keypoints, confidence, NTU25)
    assert not centred[1, 3, 5].any()
    seen = confidence[0, 0] > 0
    np.testing.assert_allclose(centred[0, 0][seen].mean(axis=0), 0, atol=1e-6)
