"""Poses that touch something, and poses played one by one."""

import numpy as np
import pytest

from posecube_studio.body import BodyShape, Posture, pose_body
from posecube_studio.goals import Goals, reach
from posecube_studio.grasp import palm_point
from posecube_studio.motions.reaching import (
    Place,
    blended,
    in_world,
    knees_over_feet,
    on_bone,
    played,
    standing_pose,
    with_palm,
)
from posecube_studio.motions.style import Pose, Style, with_tracks

SHAPE = BodyShape()
TIME_S = np.linspace(0, 2, 61)


def posture_of(pose: Pose) -> Posture:
    return pose_body(SHAPE, reach(SHAPE, with_tracks(Goals.standing(1), **pose)))


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(
    ("pose", "place"),
    [
        ({}, in_world(0.1, 1.2, 0.35)),
        ({"nod": 15, "look": 20}, on_bone("head", (0.0, 0.0, 0.2))),
        ({"pelvis": (0, 0.6, -0.2), "pitch": 40, "bend": 30}, in_world(0.0, 0.4, 0.4)),
    ],
)
def test_the_palm_comes_to_its_place(side: str, pose: Pose, place: Place) -> None:
    for out_m in (0.0, 0.04):
        posture = posture_of(with_palm(SHAPE, pose, side, place, out_m=out_m))
        np.testing.assert_allclose(palm_point(posture, side, out_m=out_m), place(posture), atol=0.002)


def test_a_place_out_of_reach_is_come_near_to() -> None:
    far = in_world(0.0, 1.3, 3.0)
    posture = posture_of(with_palm(SHAPE, {}, "right", far))
    assert palm_point(posture, "right")[0, 2] > 0.5, "the arm is stretched towards it"


def test_poses_are_played_in_order_and_keep_what_they_do_not_name() -> None:
    base = with_tracks(Goals.standing(len(TIME_S)), look=7.0)
    steps: list[tuple[float, Pose]] = [(0.5, {"bend": 10, "hand": (0.1, -0.5, 0.5)}), (0.5, {"bend": 30}), (0.5, {})]
    steps.append((0.5, {"right_hand": (0.1, 0.0, 0.5)}))
    goals = played(TIME_S, steps, base=base, within_s=9.0)
    np.testing.assert_allclose(goals.spine_deg[[0, 15, 30, 45, 60], 0], [10, 10, 30, 30, 30], atol=1e-9)
    np.testing.assert_allclose(goals.hands[45], [[0.1, -0.5, 0.5]] * 2)
    np.testing.assert_allclose(goals.hands[60], [[0.1, -0.5, 0.5], [0.1, 0.0, 0.5]])
    assert (goals.neck_deg[:, 2] == 7).all(), "a track that no pose names is the base's"


def test_poses_that_take_too_long_are_played_faster() -> None:
    base = Goals.standing(len(TIME_S))
    goals = played(TIME_S, [(2.0, {"bend": 0}), (2.0, {"bend": 30})], base=base, within_s=1.0)
    assert goals.spine_deg[30, 0] == pytest.approx(30)


def test_a_pose_between_two_has_the_tracks_of_both() -> None:
    middle = blended({"nod": 0, "hand": (0, 0, 0), "look": 3}, {"nod": 10, "hand": (1, 2, 4)}, 0.25)
    assert middle == {"nod": 2.5, "hand": (0.25, 0.5, 1.0)}


def test_knees_stay_over_the_feet_of_a_bowed_pelvis() -> None:
    bowed = with_tracks(Goals.standing(1), pelvis=(0, 0.8, -0.2), pitch=70.0)
    places = []
    for goals in (bowed, knees_over_feet(bowed, 0.1)):
        posture = pose_body(SHAPE, reach(SHAPE, goals))
        places.append(posture.bone("left_shank")[0][0] - posture.bone("left_foot")[0][0])
    assert abs(places[1][0]) < 0.06 < abs(places[0][0]), "without it the knee falls to the side"
    assert places[1][2] > 0.05


def test_a_standing_pose_stands_on_straight_legs() -> None:
    posture = posture_of(standing_pose(Style(np.random.default_rng(0))))
    hip, knee, ankle = (posture.bone(f"left_{bone}")[0][0] for bone in ("thigh", "shank", "foot"))
    assert np.linalg.norm(hip - ankle) > 0.97 * (np.linalg.norm(hip - knee) + np.linalg.norm(knee - ankle))
