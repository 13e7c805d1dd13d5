"""One pushes, the other staggers back and catches themselves."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from posecube_studio.body import SIDES, Posture
from posecube_studio.goals import Goals
from posecube_studio.motions.pairs import PALM, Facing, Pair, Places, Role, blended, during, pointing, pose, touching
from posecube_studio.motions.steps import Footstep, stepping, walking
from posecube_studio.motions.style import Style, alive, with_tracks

_DRAWN = np.array([0.02, -0.30, 0.34])  # a hand at one's own chest
_BENT = 0.80  # of an arm's length when the palms arrive: the push straightens it
_PALM_M = 0.02  # from the middle of the hand to the palm's skin


def push(shapes: Pair, style: Style, time_s: ndarray) -> tuple[Role, Role]:
    """The first steps up and thrusts both hands, or one, at the other's chest."""
    hit_s, hold_s = style.between(0.9, 1.25), style.between(0.16, 0.22)
    sides = SIDES if style.chance(0.65) else (SIDES[1] if style.chance(0.8) else SIDES[0],)
    pushed = _stagger(style, time_s, hit_s, style.between(0.85, 1.3))
    pushing = _thrust(style, time_s, hit_s, hit_s + hold_s, sides)
    chest = _chest_places(pose(shapes[1], pushed), sides)
    facing = Facing(_distance_m(pose(shapes[0], pushing), chest, int(np.argmin(np.abs(time_s - hit_s)))))
    pressed = during(time_s, (hit_s - 0.27, hit_s), (hit_s + hold_s, hit_s + hold_s + 0.45))
    wrists = {side: facing.across(place) - _palm_from_wrist(shapes[0].height_m) for side, place in chest.items()}
    met = touching(shapes[0], pushing, wrists, pressed)
    met = pointing(shapes[0], met, dict.fromkeys(sides, (0.0, 0.95, 0.3)), pressed)
    return facing.roles(met, pushed, swapped=style.chance(0.5))


def _thrust(style: Style, time_s: ndarray, hit_s: float, end_s: float, sides: tuple[str, ...]) -> Goals:
    """Draw the hands to the chest, step forward, throw the trunk ahead, drop the hands."""
    foot, stride = int(style.chance(0.5)), style.between(0.34, 0.5)
    drawn = during(time_s, (hit_s - 0.65, hit_s - 0.22), (end_s + 0.1, end_s + 0.7))
    thrown = during(time_s, (hit_s - 0.2, end_s), (end_s + 0.1, end_s + 0.7))
    steps = [Footstep(foot, hit_s - 0.38, hit_s + 0.02, stride)]
    if style.chance(0.6):
        close_s = end_s + style.between(0.15, 0.4)
        steps.append(Footstep(1 - foot, close_s, close_s + 0.45, stride))
    goals = stepping(time_s, steps, width=0.13, swing=0.3, lead_s=0.04)
    hands = {f"{side}_hand": blended(goals.hands[:, SIDES.index(side)], _DRAWN, drawn) for side in sides}
    turn_deg = {SIDES: 0.0, ("right",): 14.0, ("left",): -14.0}[sides]
    goals = with_tracks(
        goals, **hands, bend=style.between(8, 15) * thrown - 5 * (drawn - thrown), pitch=5 * thrown, nod=-4 * thrown,
        twist=goals.spine_deg[:, 2] + turn_deg * thrown, pelvis=_lowered(goals, 0.03 * drawn),
    )  # fmt: skip
    return alive(goals, style, time_s)


def _stagger(style: Style, time_s: ndarray, hit_s: float, strength: float) -> Goals:
    """The chest goes first, then hips and feet; the arms fly up and come down again."""
    foot, num_steps, step_s = int(style.chance(0.5)), 2 + int(style.chance(0.5)), style.between(0.26, 0.32)
    back = -0.36 * strength * (num_steps - 1)
    steps = walking(0.0, back, start_s=hit_s + 0.10, num_steps=num_steps, step_s=step_s, first_foot=foot)
    goals = stepping(time_s, steps, width=0.13, lead_s=0.03, smooth_s=0.06, swing=0.3)
    blow = during(time_s, (hit_s, hit_s + 0.22), (hit_s + 0.32, hit_s + 0.95)) * strength
    flung = during(time_s, (hit_s + 0.04, hit_s + 0.34), (hit_s + 0.55, hit_s + 1.25))
    whipped = during(time_s, (hit_s, hit_s + 0.12), (hit_s + 0.2, hit_s + 0.7))
    flown = np.array([style.between(0.45, 0.72), style.between(-0.62, -0.25), style.between(0.25, 0.52)])
    hands = {f"{side}_hand": blended(goals.hands[:, index], flown * style.between(0.8, 1.05), flung)
             for index, side in enumerate(SIDES)}  # fmt: skip
    goals = with_tracks(
        goals, **hands, bend=-20 * blow, pitch=-8 * blow, nod=16 * whipped + 5 * blow,
        twist=goals.spine_deg[:, 2] + style.between(-8, 8) * blow, pelvis=_lowered(goals, 0.04 * blow),
    )  # fmt: skip
    return alive(goals, style, time_s)


def _lowered(goals: Goals, depth: ndarray) -> ndarray:
    return goals.pelvis - np.array([0.0, 1.0, 0.0]) * depth[:, None]


def _chest_places(pushed: Posture, sides: tuple[str, ...]) -> dict[str, Places]:
    """Where palms meet the other's chest: below the collar bones. The other's right is before one's own left hand."""
    tall = pushed.shape.height_m
    out = {"left": -1, "right": 1}
    wide = 0.052 if len(sides) == 2 else 0.035
    return {side: pushed.point("chest", (out[side] * wide * tall, 0.118 * tall, 0.056 * tall)) for side in sides}


def _distance_m(pushing: Posture, chest: dict[str, Places], frame: int) -> float:
    """How far apart two people stand if arms that are still bent reach the chest in a frame."""
    near, distances = Facing(0.0), []
    for side, places in chest.items():
        shoulder = pushing.bone(f"{side}_upper_arm")[0][frame]
        x, y, z = near.across(places[frame]) - _palm_from_wrist(pushing.shape.height_m) - shoulder
        reach = _BENT * pushing.shape.arm_m
        distances.append(np.sqrt(max(reach**2 - x * x - y * y, 0.01)) - z)
    return float(np.mean(distances))


def _palm_from_wrist(height_m: float) -> ndarray:
    """Of a hand whose fingers point up and whose palm faces ahead."""
    return np.array([0.0, PALM * height_m, _PALM_M])
