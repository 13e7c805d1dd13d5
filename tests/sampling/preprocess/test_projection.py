import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.sampling.preprocess.projection import IMAGE_SIZE_PX, facing_yaw, project
from posecube.skeleton import find_layout

LAYOUT = find_layout("ntu25")


def body(seed: int = 0, *, frames: int = 4, people: int = 1) -> tuple[np.ndarray, np.ndarray]:
    keypoints = np.random.default_rng(seed).normal(0, 0.4, (people, frames, LAYOUT.num_joints, 3)).astype(np.float32)
    return keypoints, np.ones(keypoints.shape[:-1], np.float32)


def turned(keypoints: np.ndarray, angle: float, *, around: np.ndarray | float = 0.0) -> np.ndarray:
    """The scene turned about the vertical axis through a point."""
    cos, sin = math.cos(angle), math.sin(angle)
    turn = np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
    return ((keypoints - around) @ turn.T + around).astype(np.float32)


def test_from_the_front_x_goes_right_and_y_up() -> None:
    """A flat body of height 2: its middle is the image's, and its height half of the image."""
    keypoints = np.zeros((1, 1, 3, 3), np.float32)
    keypoints[0, 0] = [(0, 1, 3), (0, -1, 3), (0.5, 0, 3)]
    keypoints[0, 0, :, 0] -= 0.25
    image = project(keypoints, np.ones((1, 1, 3), np.float32))[0, 0]
    np.testing.assert_allclose(image, [(224, 128), (224, 384), (288, 256)], atol=1e-3)


def test_nearer_looks_larger() -> None:
    keypoints = np.zeros((1, 1, 4, 3), np.float32)
    keypoints[0, 0] = [(1, 1, -1), (-1, -1, -1), (1, 1, 1), (-1, -1, 1)]
    near_right, near_left, far_right, far_left = project(keypoints, np.ones((1, 1, 4), np.float32))[0, 0, :, 0]
    assert near_right - near_left > far_right - far_left > 0


@given(shift=st.tuples(*[st.floats(-5, 5)] * 3), scale=st.floats(0.2, 5))
@settings(deadline=None, max_examples=40)
def test_place_and_size_of_the_scene_do_not_matter(shift: tuple[float, float, float], scale: float) -> None:
    keypoints, confidence = body()
    image = project(keypoints, confidence, yaw=0.4, pitch=0.1)
    other = project((keypoints * scale + shift).astype(np.float32), confidence, yaw=0.4, pitch=0.1)
    np.testing.assert_allclose(image, other, atol=0.05)


@given(yaw=st.floats(-3.1, 3.1))
@settings(deadline=None, max_examples=40)
def test_turning_the_camera_is_turning_the_scene(yaw: float) -> None:
    """Rigidly: about the middle of the scene, which two far corners keep where it is."""
    keypoints, confidence = body()
    keypoints = np.clip(keypoints, -1, 1)
    keypoints[0, 0, :2] = [(0, 1.5, 0), (0, -1.5, 0)]
    ring = [(math.cos(angle), 0, math.sin(angle)) for angle in np.arange(4) * math.pi / 2]
    keypoints[0, 0, 2:6] = np.array(ring) * 3  # a ring stays its own bounding box only by quarter turns
    for quarter in range(4):
        angle = yaw + quarter * math.pi / 2
        np.testing.assert_allclose(
            project(turned(keypoints, quarter * math.pi / 2), confidence, yaw=yaw),
            project(keypoints, confidence, yaw=angle),
            atol=0.05,
        )


def test_a_half_turn_mirrors_a_flat_scene() -> None:
    keypoints, confidence = body()
    keypoints[..., 2] = 0
    front = project(keypoints, confidence)
    back = project(keypoints, confidence, yaw=math.pi)
    np.testing.assert_allclose(back[..., 0], IMAGE_SIZE_PX - front[..., 0], atol=0.01)
    np.testing.assert_allclose(back[..., 1], front[..., 1], atol=0.01)


def test_unseen_joints_do_not_move_the_camera() -> None:
    keypoints, confidence = body()
    expected = project(keypoints, confidence)
    confidence[0, 1, 5] = 0
    with_stray = keypoints.copy()
    with_stray[0, 1, 5] = 100
    confident = confidence > 0
    without = project(keypoints, confidence)
    np.testing.assert_allclose(project(with_stray, confidence)[confident], without[confident])
    assert expected.shape == (1, 4, 25, 2)


def test_an_empty_scene_gives_zeros() -> None:
    keypoints, confidence = body()
    assert not project(keypoints * np.nan, confidence * 0).any()


def test_behind_the_camera_stays_finite() -> None:
    keypoints, confidence = body()
    keypoints[..., 2] *= 1000
    assert np.isfinite(project(keypoints, confidence)).all()


@pytest.mark.parametrize("angle", [-3.0, -1.2, 0.0, 0.7, 2.5])
def test_facing_yaw_undoes_a_turn(angle: float) -> None:
    """The left side of somebody who faces the sensor is at positive x: then there is nothing to turn."""
    keypoints, confidence = body()
    keypoints[...] = 0
    for part, x in [("left_shoulder", 0.2), ("right_shoulder", -0.2), ("left_hip", 0.1), ("right_hip", -0.1)]:
        keypoints[:, :, LAYOUT.index(part), 0] = x
    assert facing_yaw(keypoints, confidence, LAYOUT) == pytest.approx(0)
    seen = turned(keypoints, angle)
    yaw = facing_yaw(seen, confidence, LAYOUT)
    np.testing.assert_allclose(turned(seen, yaw), keypoints, atol=1e-5)


def test_facing_yaw_of_nobody_is_zero() -> None:
    keypoints, confidence = body()
    assert facing_yaw(keypoints, confidence * 0, LAYOUT) == 0
