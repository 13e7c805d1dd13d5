"""Chairs, loads and balls find their places in what the body does."""

import numpy as np
import pytest

from posecube_studio.body import pose_body
from posecube_studio.goals import Goals, reach
from posecube_studio.motions.style import with_tracks
from posecube_studio.props import Scene, make_prop
from posecube_studio.rotation import about
from posecube_studio.subject import find_subject

SHAPE = find_subject(0).shape
TIME_S = np.arange(40) / 20


def scene(time_s: np.ndarray = TIME_S, **tracks: np.ndarray | float | tuple[float, ...]) -> Scene:
    goals = with_tracks(Goals.standing(len(time_s)), **tracks)
    return Scene(pose_body(SHAPE, reach(SHAPE, goals)), goals, time_s, 1)


def moving(start: tuple[float, ...], end: tuple[float, ...], part: np.ndarray) -> np.ndarray:
    return np.array(start) + part[:, None] * np.subtract(end, start)


@pytest.mark.parametrize("turn_deg", [0.0, 70.0])
def test_a_chair_stands_under_the_lowest_hips_and_faces_as_they_do(turn_deg: float) -> None:
    part = np.clip(TIME_S, 0, 1)
    posed = scene(pelvis=moving((0, 0.98, 0), (0.1, 0.5, -0.4), part), turn=turn_deg)
    still = make_prop("chair", posed).still
    hips = posed.posture.bone("pelvis")[0][-1]
    places = np.array([solid.origin for solid in still])
    own = (places - hips * [1, 0, 1]) @ about("y", np.radians(turn_deg))
    back = own[own[:, 1] > hips[1] + 0.1]
    assert len(back) and (back[:, 2] < -0.1).all(), "the back is behind"
    assert np.abs(own[:, 0]).max() < 0.3 and own[:, 1].min() >= 0


def reaching_down(two_hands: bool) -> Scene:
    part = np.concatenate([np.linspace(0, 1, 20), np.linspace(1, 0, 20)])
    down = moving((0, 0.98, 0), (0, 0.5, -0.2), part)
    hands = moving((0.0, -0.5, 0.5), (0.0, -0.9, 0.4), part)
    idle = np.broadcast_to((0.0, -0.4, 0.5), hands.shape)
    return scene(pelvis=down, pitch=40 * part, right_hand=hands, left_hand=hands if two_hands else idle)


def test_two_low_palms_lift_a_box_between_them_and_one_something_smaller() -> None:
    box, small = (make_prop("lifted", reaching_down(two_hands)) for two_hands in (True, False))
    assert len(box.solids) == 2 and not box.grip and small.grip
    posed = reaching_down(True)
    middle = (posed.palm("left") + posed.palm("right")) / 2
    assert np.abs(box.frames["lifted"][0] - middle)[20:, [0, 2]].max() < 0.02


@pytest.mark.parametrize("two_hands", [True, False])
def test_what_is_lifted_lies_until_it_is_grasped(two_hands: bool) -> None:
    posed = reaching_down(two_hands)
    places = make_prop("lifted", posed).frames["lifted"][0]
    grasp = int(posed.palm("right")[:, 1].argmin())
    assert np.ptp(places[:grasp], axis=0).max() == 0
    assert np.linalg.norm(np.diff(places, axis=0), axis=1).max() < 0.2, "it does not jump into the hand"
    assert places[-1, 1] > places[0, 1] + 0.3


def test_a_ball_flies_on_as_the_hand_moved_and_bounces() -> None:
    part = np.clip((TIME_S - 0.5) / 0.3, 0, 1)
    posed = scene(hand=moving((-0.1, -0.3, 0.1), (-0.1, 0.1, 0.9), part))
    ball = make_prop("thrown_ball", posed).frames["ball"][0]
    np.testing.assert_allclose(ball[:9], ((posed.palm("left") + posed.palm("right")) / 2)[:9])
    assert ball[-1, 2] - ball[10, 2] > 3.0
    assert np.diff(ball[16:, 2]).min() > 0.1, "it never comes back"
    assert ball[:, 1].min() > 0.1 and (np.diff(ball[:, 1]) > 0)[25:].any()


def test_a_single_frame_has_its_ball_in_the_hand() -> None:
    posed = scene(np.zeros(1), hand=(-0.1, -0.3, 0.5))
    ball = make_prop("thrown_ball", posed).frames["ball"][0]
    assert np.linalg.norm(ball - posed.palm("right"), axis=1).max() < 0.2
