"""Inverse kinematics: what is in reach is reached, the rest is approached, planted feet stand."""

from dataclasses import replace

import numpy as np
import pytest

from posecube_studio.body import BodyShape, pose_body
from posecube_studio.goals import Goals, reach

SHAPE = BodyShape()


def place_hands(hands: list[tuple[float, float, float]]) -> np.ndarray:
    goals = replace(Goals.standing(len(hands)), hands=np.repeat(np.array(hands)[:, None], 2, axis=1))
    posture = pose_body(SHAPE, reach(SHAPE, goals))
    chest, axes = posture.bone("chest")
    shoulder = np.array(SHAPE.rest_offsets["upper_arm"])
    found = []
    for side, sign in (("left", 1), ("right", -1)):
        own = np.einsum("tji,tj->ti", axes, posture.bone(f"{side}_hand")[0] - chest)
        found.append((own * [sign, 1, 1] - shoulder) / SHAPE.arm_m)
    return np.stack(found, axis=1)


@pytest.mark.parametrize(
    "hand", [(0.5, 0.2, 0.4), (0.0, -0.6, 0.3), (-0.3, 0.1, 0.7), (0.4, 0.75, 0.1), (0.5, -0.4, -0.4)]
)
def test_hands_reach_what_is_in_reach(hand: tuple[float, float, float]) -> None:
    np.testing.assert_allclose(place_hands([hand])[0], [hand, hand], atol=0.01)


def test_hands_point_at_what_is_out_of_reach() -> None:
    out = place_hands([(0.0, 0.0, 3.0)])[0, 0]
    assert 0.95 < out[2] < 1.1 and abs(out[0]) < 0.1


def test_planted_feet_stand_where_they_were_put() -> None:
    goals = replace(Goals.standing(3), pelvis=np.array([[0, 0.95, 0], [0, 0.7, -0.1], [0.1, 0.5, 0]]))
    posture = pose_body(SHAPE, reach(SHAPE, goals))
    for index, side in enumerate(("left", "right")):
        expected = goals.feet[:, index] * SHAPE.leg_m + [0, SHAPE.ankle_m, 0]
        np.testing.assert_allclose(posture.bone(f"{side}_foot")[0], expected, atol=0.003)


def test_a_heel_rises_when_the_leg_is_too_short() -> None:
    goals = replace(Goals.standing(2), pelvis=np.array([[0, 0.95, 0], [0, 1.08, 0]]))
    posture = pose_body(SHAPE, reach(SHAPE, goals))
    ankle = posture.bone("left_foot")[0][:, 1]
    ball = posture.point("left_foot", (0, -SHAPE.ankle_m, 0.075 * SHAPE.height_m))[:, 1]
    assert ankle[1] - ankle[0] > 0.05
    np.testing.assert_allclose(ball, 0, atol=0.01)


def test_a_mirrored_motion_gives_the_mirrored_posture() -> None:
    rng = np.random.default_rng(3)
    standing = Goals.standing(4)
    goals = replace(
        standing,
        pelvis=standing.pelvis + rng.normal(0, 0.05, (4, 3)) - [0, 0.1, 0],
        pelvis_deg=rng.normal(0, 15, (4, 3)),
        spine_deg=rng.normal(0, 10, (4, 3)),
        neck_deg=rng.normal(0, 10, (4, 3)),
        hands=rng.uniform(-0.5, 0.6, (4, 2, 3)),
    )
    posture, mirror = (pose_body(SHAPE, reach(SHAPE, g)) for g in (goals, goals.mirrored()))
    for bone in ("head", "left_hand", "right_hand", "left_foot", "right_foot", "left_forearm"):
        other = bone.replace("left", "*").replace("right", "left").replace("*", "right")
        np.testing.assert_allclose(mirror.bone(other)[0], posture.bone(bone)[0] * [-1, 1, 1], atol=1e-6, err_msg=bone)
