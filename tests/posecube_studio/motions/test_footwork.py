"""Footprints along a course, and the same motion in another direction."""

import numpy as np
import pytest

from posecube_studio.body import pose_body
from posecube_studio.goals import Goals, reach
from posecube_studio.motions.footwork import Stride, arc, beside, facing, travelled, tread
from posecube_studio.rotation import about, turned
from posecube_studio.subject import find_subject

TIME_S = np.linspace(0, 3, 301)


def ahead(at_s: np.ndarray) -> np.ndarray:
    """A course straight along z, one leg length a second."""
    return np.stack([0 * at_s, at_s, 0 * at_s], axis=-1)


def test_a_foot_moves_in_its_swings_alone() -> None:
    foot = tread(ahead, TIME_S, [(0.5, 0.9), (1.5, 1.9)], left=0.1)
    step = np.abs(np.diff(foot.place, axis=0)).max(axis=1)
    swinging = np.zeros(300, dtype=bool)
    swinging[50:90] = swinging[150:190] = True
    assert step[swinging].min() > 0
    assert step[~swinging].max() < 1e-12
    assert foot.place[:, 0] == pytest.approx(0.1)
    assert foot.place[120, 2] == pytest.approx((0.9 + 1.5) / 2), "the print lies where the body is in mid-stance"


def test_a_foot_knows_how_long_it_stands() -> None:
    foot = tread(ahead, TIME_S, [(0.5, 0.9), (1.5, 1.9)], left=0.1)
    assert foot.landed_s[120] == pytest.approx(0.3)
    assert foot.lifts_s[120] == pytest.approx(0.3)
    assert foot.lifts_s[20] == pytest.approx(0.3)
    assert foot.landed_s[20] > 50 and foot.lifts_s[250] > 50
    assert foot.swing[70] == pytest.approx(0.5)


def test_steps_alternate() -> None:
    stride = Stride(start_s=0.2, period_s=1.0, air_share=0.4, num_steps=3)
    left, right = stride.swings()
    assert left == [(pytest.approx(0.2), pytest.approx(0.6)), (pytest.approx(1.2), pytest.approx(1.6))]
    assert right == [(pytest.approx(0.7), pytest.approx(1.1))]
    assert stride.end_s == pytest.approx(1.6)
    assert np.cos(stride.beat(np.array([0.6, 1.6]))) == pytest.approx(1.0)
    going = stride.going(TIME_S)
    assert going[:20].max() == 0 and going[90] == 1 and going[180:].max() == 0


def test_speed_is_the_slope_of_the_way() -> None:
    way = travelled(TIME_S - 0.5, ramp_s=1.0)
    speed = np.gradient(way, TIME_S)
    assert way[:51].max() == 0 and (np.diff(speed) > -1e-9).all()
    assert speed[-1] == pytest.approx(1.0)


def test_an_arc_bends_to_the_left_and_keeps_its_length() -> None:
    course = arc(np.linspace(0, 2, 201), heading_deg=0.0, bend_deg=45.0)
    assert np.linalg.norm(np.diff(course[:, :2], axis=0), axis=-1).sum() == pytest.approx(2.0, abs=1e-3)
    assert course[-1, 2] == pytest.approx(90.0) and course[-1, 0] > 1
    radius = 2 / np.radians(90)
    assert beside(course, radius, 0.0) == pytest.approx(np.tile([radius, 0.0], (201, 1)))


def test_facing_elsewhere_turns_every_joint_about_the_vertical() -> None:
    shape, goals = find_subject(1).shape, Goals.standing(2)
    turn = about("y", np.radians(70.0))
    before, after = pose_body(shape, reach(shape, goals)), pose_body(shape, reach(shape, facing(goals, 70.0)))
    assert after.origins_m == pytest.approx(turned(turn, before.origins_m), abs=1e-9)
    assert after.rotations == pytest.approx(turn @ before.rotations, abs=1e-9)
