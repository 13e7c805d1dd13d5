"""Two people who face each other: where they stand, what one is to the other, how they come near and touch.

Each moves in coordinates of their own, facing z, and stands in the scene so that they face each other along x.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube_studio.body import SIDES, BodyShape, Posture, mirrored, pose_body
from posecube_studio.goals import Goals, reach
from posecube_studio.motions.steps import stepping, walking
from posecube_studio.motions.style import Style
from posecube_studio.rotation import transposed, turned, unit

PALM = 0.045
"""From the wrist to the middle of the palm, in body heights."""

_EYES = 0.93  # of the height
Pair = tuple[BodyShape, BodyShape]
Span = tuple[float, float]


@dataclass(frozen=True)
class Role:
    """What one of two people does, and where in the scene they do it: turned to the left, then shifted."""

    goals: Goals
    turn_deg: float
    shift_m: tuple[float, float, float]


@dataclass(frozen=True)
class Together:
    """A motion program for two; the first is the one who pushes.

    The sway of both comes before their contact is solved, so that hands meet in spite of it.
    """

    act: Callable[[Pair, Style, ndarray], tuple[Role, Role]]


@dataclass(frozen=True)
class Facing:
    """Two people face to face: the first at the origin looks along z, the second at a distance looks back.

    Attributes:
        beside_m: How far each stands to their own left of the line between them.
    """

    distance_m: float
    beside_m: float = 0.0

    def across(self, points_m: Float[ndarray, "*N 3"]) -> Float[ndarray, "*N 3"]:
        """One's own coordinates to the other's, either way."""
        return points_m * np.array([-1, 1, -1]) + np.array([-2 * self.beside_m, 0, self.distance_m])

    def roles(self, first: Goals, second: Goals, *, swapped: bool) -> tuple[Role, Role]:
        """Places in the scene, whose middle is between them; the first is at the left unless they swap."""
        side = -1.0 if swapped else 1.0
        x, z = -side * self.distance_m / 2, -side * self.beside_m
        return Role(first, side * 90.0, (x, 0.0, z)), Role(second, -side * 90.0, (-x, 0.0, -z))


def walk_up(
    style: Style,
    time_s: Float[ndarray, " T"],
    *,
    arrive_s: float,
    chance_of_standing: float = 0.0,
    leave_s: float = np.inf,
    stand_z: float = 0.0,
) -> Goals:
    """Walk up to the origin, or stand there already; perhaps step back later.

    Args:
        leave_s: When to step back; infinite is never.
        stand_z: Where the feet stop, legs.
    """
    step_s, num_steps = style.between(0.44, 0.54), int(style.chance(0.6)) + 2
    from_z = stand_z - style.between(0.32, 0.46) * num_steps
    if style.chance(chance_of_standing):
        from_z, num_steps = stand_z, 0
    start_s, foot = arrive_s - num_steps * step_s, int(style.chance(0.5))
    steps = walking(from_z, stand_z, start_s=start_s, num_steps=num_steps, step_s=step_s, first_foot=foot)
    if np.isfinite(leave_s):
        back, foot = stand_z - style.between(0.35, 0.6), int(style.chance(0.5))
        steps += walking(stand_z, back, start_s=leave_s, num_steps=2, step_s=0.42, first_foot=foot)
    width, uneven = style.between(0.10, 0.14), style.between(-0.02, 0.02)
    return stepping(time_s, steps, width=width, first_z=(from_z, from_z + uneven))


def nod_to_eyes(shape: BodyShape, other: BodyShape, distance_m: float) -> float:
    """How far to nod to look into the other's eyes."""
    return float(np.degrees(np.arctan2(_EYES * (shape.height_m - other.height_m), distance_m)))


def during(time_s: Float[ndarray, " T"], rise_s: Span, fall_s: Span) -> Float[ndarray, " T"]:
    """From 0 to 1 over one span of time and back over a later one, without a jerk; an infinite one never comes."""
    return _eased(time_s, *rise_s) - _eased(time_s, *fall_s)


def blended(first: ndarray, second: ndarray, part: Float[ndarray, " T"]) -> Float[ndarray, "T 3"]:
    """From a place to another one."""
    return first + (second - first) * part[:, None]


def _eased(time_s: ndarray, start_s: float, end_s: float) -> ndarray:
    if not np.isfinite(start_s):
        return np.zeros_like(time_s)
    part = np.clip((time_s - start_s) / (end_s - start_s), 0, 1)
    return part**3 * (part * (6 * part - 15) + 10)


Places = Float[ndarray, "T 3"]
Direction = Places | tuple[float, float, float]


def pose(shape: BodyShape, goals: Goals) -> Posture:
    """Where goals bring a body."""
    return pose_body(shape, reach(shape, goals))


def touching(shape: BodyShape, goals: Goals, wrists_m: Mapping[str, Places], amount: Float[ndarray, " T"]) -> Goals:
    """Goals whose wrists are at places in the body's own world, or on the way there.

    Args:
        wrists_m: Side -> where its wrist shall be.
        amount: 0 leaves a hand where the goals have it, 1 has arrived.
    """
    assert not goals.hands_in_world, "hands must be placed from the shoulder"
    origin, axes = pose(shape, goals).bone("chest")
    hands = goals.hands.copy()
    for side, place in wrists_m.items():
        index, sign = SIDES.index(side), 1 - 2 * SIDES.index(side)
        shoulder = np.array(mirrored(shape.rest_offsets["upper_arm"], sign))
        wanted = (turned(transposed(axes), place - origin) - shoulder) * np.array([sign, 1, 1]) / shape.arm_m
        hands[:, index] += (wanted - hands[:, index]) * amount[:, None]
    return replace(goals, hands=hands)


def pointing(shape: BodyShape, goals: Goals, fingers: Mapping[str, Direction], amount: Float[ndarray, " T"]) -> Goals:
    """Goals whose fingers turn towards directions in the body's own world; a hand not named stays straight."""
    posture = pose(shape, goals)
    along = np.stack([-posture.bone(f"{side}_forearm")[1][:, :, 1] for side in SIDES], axis=1)
    for side, direction in fingers.items():
        index = SIDES.index(side)
        wanted = unit(np.asarray(direction, dtype=np.float64))
        along[:, index] = unit(along[:, index] + (wanted - along[:, index]) * amount[:, None])
    return replace(goals, fingers=along)
