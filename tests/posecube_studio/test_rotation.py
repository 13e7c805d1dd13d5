"""Rotations against scipy's, which were written by others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from posecube_studio.rotation import about, frame_from, transposed, trunk_turn, turned, unit

ANGLES = st.floats(-3.1, 3.1)


@pytest.mark.parametrize("axis", ["x", "y", "z"])
@given(angle=ANGLES)
def test_about_an_axis(axis: str, angle: float) -> None:
    np.testing.assert_allclose(about(axis, angle), Rotation.from_euler(axis, angle).as_matrix(), atol=1e-12)


@given(bend=ANGLES, lean=ANGLES, turn=ANGLES)
def test_a_trunk_turns_then_bends_then_leans(bend: float, lean: float, turn: float) -> None:
    expected = Rotation.from_euler("YXZ", [turn, bend, -lean]).as_matrix()
    np.testing.assert_allclose(trunk_turn(np.array(bend), np.array(lean), np.array(turn)), expected, atol=1e-12)


def test_a_bend_goes_forward_and_a_lean_to_the_left() -> None:
    quarter, none = np.array(np.pi / 2), np.array(0.0)
    up = np.array([0.0, 1.0, 0.0])
    np.testing.assert_allclose(turned(trunk_turn(quarter, none, none), up), [0, 0, 1], atol=1e-12)
    np.testing.assert_allclose(turned(trunk_turn(none, quarter, none), up), [1, 0, 0], atol=1e-12)


def test_a_frame_keeps_its_y_and_is_a_rotation() -> None:
    rng = np.random.default_rng(0)
    y, z = rng.normal(size=(20, 3)), rng.normal(size=(20, 3))
    frame = frame_from(y, z)
    np.testing.assert_allclose(frame[..., :, 1], unit(y), atol=1e-12)
    np.testing.assert_allclose(frame @ transposed(frame), np.tile(np.eye(3), (20, 1, 1)), atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(frame), 1, atol=1e-12)
    assert ((frame[..., :, 2] * z).sum(-1) > 0).all()
