"""What two people do with each other: push, hug, shake hands.

Each moves in coordinates of their own, facing z, and stands in the scene so that they face each other along x. The
sway of both comes before the contact is solved, so that hands meet in spite of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube.studio.body import SIDES, BodyShape, Posture
from posecube.studio.goals import Goals
from posecube.studio.motions.contact import Places, pointing, pose, touching
from posecube.studio.motions.steps import Step, stepping, walking
from posecube.studio.motions.style import Style, alive, with_tracks

_EYES = 0.93  # of the height
_PALM = 0.045  # from the wrist, of the height
Pair = tuple[BodyShape, BodyShape]


@dataclass(frozen=True)
class Role:
    """What one of two people does, and where in the scene they do it: turned to the left, then shifted."""

    goals: Goals
    turn_deg: float
    shift_m: tuple[float, float, float]


@dataclass(frozen=True)
class Together:
    """A motion program for two; the first is the one who pushes."""

    act: Callable[[Pair, Style, ndarray], tuple[Role, Role]]


@dataclass(frozen=True)
class _Facing:
    """Two people face to face: the first at the origin looks along z, the second at a distance looks back.

    Attributes:
        beside_m: How far each stands to their own left of the line between them.
    """

    distance_m: float
    beside_m: float = 0.0

    def across(self, points_m: Float[ndarray, "*N 3"]) -> Float[ndarray, "*N 3"]:
        """One's own coordinates to the other's, either way."""
        return points_m * np.array([-1, 1, -1]) + np.array([-2 * self.beside_m, 0, self.distance_m])

    def roles(self, goals: tuple[Goals, Goals], *, swapped: bool) -> tuple[Role, Role]:
        """Places in the scene, whose middle is between them; the first is at the left unless they swap."""
        side = -1.0 if swapped else 1.0
        x, z = -side * self.distance_m / 2, -side * self.beside_m
        return Role(goals[0], side * 90.0, (x, 0.0, z)), Role(goals[1], -side * 90.0, (-x, 0.0, -z))


def handshake(shapes: Pair, style: Style, time_s: ndarray) -> tuple[Role, Role]:
    """They come near or stand ready, right hands meet, shake two to five times and let go."""
    shakes, hertz, size_m = round(style.between(1.6, 5.4)), style.between(2.1, 2.9), style.between(0.025, 0.06)
    facing = _Facing(style.between(0.72, 0.80) * (shapes[0].arm_m + shapes[1].arm_m))
    meet_s = style.between(1.1, 1.4)
    let_go_s = meet_s + 0.15 + shakes / hertz
    amount = _eased(time_s, meet_s - 0.5, meet_s) - _eased(time_s, let_go_s, let_go_s + 0.5)
    shaking = np.sin(2 * np.pi * hertz * (time_s - meet_s)) * size_m
    shaking *= _eased(time_s, meet_s - 0.05, meet_s + 0.2) - _eased(time_s, let_go_s - 0.2, let_go_s + 0.1)
    height_m = style.between(0.57, 0.62) * (shapes[0].height_m + shapes[1].height_m) / 2
    done = []
    for shape, other in (shapes, shapes[::-1]):
        come = _come(shape, style, time_s, arrive_s=meet_s, stands=0.35)
        met = with_tracks(come, nod=_nod(shape, other, facing.distance_m), bend=style.between(4, 12) * amount,
                          twist=come.spine_deg[:, 2] + style.between(6, 14) * amount)  # fmt: skip
        swaying = alive(met, style, time_s)
        wrist = np.stack([-0.018 + 0 * amount, height_m + shaking, facing.distance_m / 2 - _PALM * shape.height_m
                          + 0 * amount], axis=-1)  # fmt: skip
        reached = touching(shape, swaying, {"right": wrist}, amount)
        reached = with_tracks(reached, right_elbow=(0.45, -0.9, -0.5))
        done.append(pointing(shape, reached, {"right": (0.0, 0.05, 1.0)}, amount))
    return facing.roles((done[0], done[1]), swapped=style.chance(0.5))


def hug(shapes: Pair, style: Style, time_s: ndarray) -> tuple[Role, Role]:
    """They come near with open arms, embrace, hold and pat each other's back, and most part again."""
    facing = _Facing(style.between(0.32, 0.36), beside_m=style.between(0.028, 0.045))
    meet_s, hold_s = style.between(1.3, 1.6), style.between(1.0, 1.7)
    part_s = meet_s + hold_s if style.chance(0.7) else np.inf
    near = _eased(time_s, meet_s - 0.45, meet_s + 0.1) - _eased(time_s, part_s - 0.05, part_s + 0.45)
    around = _eased(time_s, meet_s - 0.15, meet_s + 0.30) - _eased(time_s, part_s - 0.15, part_s + 0.35)
    taller = shapes[0].height_m - shapes[1].height_m
    over = [_arms_over(taller), _arms_over(-taller)]
    bodies = []
    for index, shape in enumerate(shapes):
        come = _come(shape, style, time_s, arrive_s=meet_s, leave_s=part_s, stand_z=-0.04)
        stoop = np.clip(60 * (taller if index == 0 else -taller), -3, 10)
        opened = [_open_arm(side in over[index]) for side in SIDES]
        hands = [come.hands[:, side] + (opened[side] - come.hands[:, side]) * _bump(near)[:, None] for side in range(2)]
        bodies.append(alive(with_tracks(
            come, left_hand=hands[0], right_hand=hands[1], pitch=3.0 * near, bend=(style.between(3, 6) + stoop) * near,
            lean=style.between(4, 7) * near, tilt=style.between(2, 8) * near, look=style.between(-12, 8) * near,
            nod=_nod(shape, shapes[1 - index], 0.8) * (1 - near) + (style.between(6, 14) - 0.6 * stoop) * near,
        ), style, time_s, amount=0.6))  # fmt: skip
    pats = np.clip(np.sin(2 * np.pi * style.between(1.6, 2.6) * (time_s - meet_s)), 0, 1) * style.between(0.0, 0.035)
    done = [
        _embrace(shapes[i], bodies[i], pose(shapes[1 - i], bodies[1 - i]), facing, around, pats * (i == 0), over[i])
        for i in range(2)
    ]
    return facing.roles((done[0], done[1]), swapped=style.chance(0.5))


def push(shapes: Pair, style: Style, time_s: ndarray) -> tuple[Role, Role]:
    """One steps up and thrusts both hands, or one, at the other's chest, who staggers back and catches themselves."""
    hit_s, hold_s = style.between(0.9, 1.25), style.between(0.16, 0.22)
    sides = SIDES if style.chance(0.65) else (SIDES[1] if style.chance(0.8) else SIDES[0],)
    strength = style.between(0.85, 1.3)
    pushed = _stagger(shapes[1], style, time_s, hit_s, strength)
    pushing = _thrust(style, time_s, hit_s, hold_s, sides)
    facing, first = _Facing(0.0), pose(shapes[0], pushing)
    chest = _chest_places(pose(shapes[1], pushed), sides)
    straight = float(np.mean([_needed(first, facing.across(chest[side]), side, time_s, hit_s) for side in sides]))
    facing = _Facing(straight)
    pressed = _eased(time_s, hit_s - 0.22, hit_s) - _eased(time_s, hit_s + hold_s, hit_s + hold_s + 0.45)
    below = np.array([0.0, _PALM * shapes[0].height_m, 0.02])
    wrists = {side: facing.across(place) - below for side, place in chest.items()}
    met = touching(shapes[0], pushing, wrists, pressed)
    up = pointing(shapes[0], met, dict.fromkeys(sides, (0.0, 0.95, 0.3)), np.clip(pressed, 0, 1))
    return facing.roles((up, pushed), swapped=style.chance(0.5))


def _come(
    shape: BodyShape,
    style: Style,
    time_s: ndarray,
    *,
    arrive_s: float,
    stands: float = 0.0,
    leave_s: float = np.inf,
    stand_z: float = 0.0,
) -> Goals:
    """Walk up to the origin, or stand there already; perhaps walk back later.

    Args:
        stands: Probability of having come before.
        stand_z: Where the feet stop, legs.
    """
    step_s, num_steps = style.between(0.44, 0.54), int(style.chance(0.6)) + 2
    from_z = stand_z - style.between(0.32, 0.46) * num_steps
    if style.chance(stands):
        from_z, num_steps = stand_z, 0
    start_s = arrive_s - num_steps * step_s
    steps = walking(from_z, stand_z, start_s=start_s, num_steps=num_steps, step_s=step_s,
                    first_foot=int(style.chance(0.5)))  # fmt: skip
    if np.isfinite(leave_s):
        back = stand_z - style.between(0.35, 0.6)
        steps += walking(stand_z, back, start_s=leave_s, num_steps=2, step_s=0.42, first_foot=int(style.chance(0.5)))
    first = from_z if num_steps else stand_z
    return stepping(time_s, steps, width=style.between(0.10, 0.14), first_z=(first, first + style.between(-0.02, 0.02)))


def _embrace(
    shape: BodyShape, goals: Goals, other: Posture, facing: _Facing, amount: ndarray, pats_m: ndarray, over: tuple
) -> Goals:
    """Both wrists on the other's back: an arm over the shoulder rests high, one below the arm rests low."""
    wrists: dict[str, Places] = {}
    fingers: dict[str, Places | tuple[float, float, float]] = {}
    tall = other.shape.height_m
    for side, sign in zip(SIDES, (1, -1), strict=True):
        high = side in over
        # The other's back seen from behind: what is at one's own left is there too, since they face each other.
        # The other stands somewhat to one's right: the right arm does not reach as far round.
        x, z = (-0.045, -0.086) if side == "left" else (0.090, -0.072)
        place = (x * tall, (0.125 if high else 0.030) * tall, z * tall)
        wrists[side] = facing.across(other.point("chest", place)) + np.array([0, 0, 1.0]) * pats_m[:, None]
        fingers[side] = (-sign * 1.0, -0.35 if high else 0.25, -0.2 if side == "left" else 0.05)
    goals = touching(shape, goals, wrists, amount)
    elbows = {f"{side}_elbow": _toward((0.45, -0.55, -0.70), (0.9, 0.75, 0.1) if side in over else (1.0, -0.35, -0.1),
                                       np.clip(1.6 * amount, 0, 1)) for side in SIDES}  # fmt: skip
    return pointing(shape, with_tracks(goals, **elbows), fingers, np.clip(2 * amount - 1, 0, 1))


def _thrust(style: Style, time_s: ndarray, hit_s: float, hold_s: float, sides: tuple[str, ...]) -> Goals:
    """Draw the hands to the chest, step forward, throw them ahead, drop them."""
    foot, stride = int(style.chance(0.5)), style.between(0.34, 0.5)
    drawn = _eased(time_s, hit_s - 0.65, hit_s - 0.22) - _eased(time_s, hit_s + hold_s + 0.1, hit_s + hold_s + 0.7)
    thrown = _eased(time_s, hit_s - 0.2, hit_s + hold_s) - _eased(time_s, hit_s + hold_s + 0.1, hit_s + hold_s + 0.7)
    steps = [Step(foot, hit_s - 0.38, hit_s + 0.02, stride)]
    if style.chance(0.6):
        close = hit_s + hold_s + style.between(0.15, 0.4)
        steps.append(Step(1 - foot, close, close + 0.45, stride, height=0.07))
    goals = stepping(time_s, steps, width=0.13, swing=0.3, lead_s=0.04)
    cocked = {side: np.array([0.02, -0.30, 0.34]) for side in sides}
    hands = {f"{side}_hand": _blend(goals.hands[:, SIDES.index(side)], place, drawn) for side, place in cocked.items()}
    turn = 0.0 if len(sides) == 2 else 14.0 * (1 if sides[0] == "right" else -1)
    goals = with_tracks(
        goals, **hands, bend=style.between(8, 15) * thrown - 5 * (drawn - thrown), pitch=5 * thrown, nod=-4 * thrown,
        twist=goals.spine_deg[:, 2] + turn * thrown,
    )  # fmt: skip
    low = goals.pelvis - np.array([0.0, 0.03, 0.0]) * drawn[:, None]
    return alive(replace(goals, pelvis=low), style, time_s)


def _stagger(shape: BodyShape, style: Style, time_s: ndarray, hit_s: float, strength: float) -> Goals:
    """The chest goes first, then hips and feet; the arms fly up and come down again."""
    foot, num_steps, step_s = int(style.chance(0.5)), 2 + int(style.chance(0.5)), style.between(0.26, 0.32)
    steps = walking(0.0, -0.36 * strength * (num_steps - 1), start_s=hit_s + 0.10, num_steps=num_steps, step_s=step_s,
                    first_foot=foot)  # fmt: skip
    goals = stepping(time_s, steps, width=0.13, lead_s=0.03, smooth_s=0.06, swing=0.3)
    blow = _eased(time_s, hit_s, hit_s + 0.22) - _eased(time_s, hit_s + 0.32, hit_s + 0.95)
    fling = _eased(time_s, hit_s + 0.04, hit_s + 0.34) - _eased(time_s, hit_s + 0.55, hit_s + 1.25)
    flown = np.array([style.between(0.45, 0.72), style.between(-0.62, -0.25), style.between(0.25, 0.52)])
    hands = {f"{side}_hand": _blend(goals.hands[:, i], flown * style.between(0.8, 1.05), fling)
             for i, side in enumerate(SIDES)}  # fmt: skip
    whip = _eased(time_s, hit_s, hit_s + 0.12) - _eased(time_s, hit_s + 0.2, hit_s + 0.7)
    goals = with_tracks(
        goals, **hands, bend=-20 * strength * blow, pitch=-8 * strength * blow, nod=16 * whip + 5 * blow,
        twist=goals.spine_deg[:, 2] + style.between(-8, 8) * blow,
    )  # fmt: skip
    low = goals.pelvis - np.array([0.0, 0.04, 0.0]) * strength * blow[:, None]
    return alive(replace(goals, pelvis=low), style, time_s)


def _chest_places(pushed: Posture, sides: tuple[str, ...]) -> dict[str, Places]:
    """Where palms meet the other's chest: below the collar bones. The other's right is before one's own left hand."""
    height = pushed.shape.height_m
    out = 0.052 if len(sides) == 2 else 0.035
    return {
        side: pushed.point("chest", ((-1 if side == "left" else 1) * out * height, 0.118 * height, 0.056 * height))
        for side in sides
    }


def _needed(first: Posture, place_m: Places, side: str, time_s: ndarray, at_s: float) -> float:
    """The distance between two people at which an arm reaches a place bent, as it is when a push begins."""
    frame = int(np.argmin(np.abs(time_s - at_s)))
    shape = first.shape
    shoulder = first.bone(f"{side}_upper_arm")[0][frame]
    x, y, z = place_m[frame] - np.array([0, _PALM * shape.height_m, 0.02]) - shoulder
    return float(np.sqrt(max((0.80 * shape.arm_m) ** 2 - x * x - y * y, 0.01)) - z)


def _arms_over(taller_m: float) -> tuple[str, ...]:
    """Which arms lie over the other's shoulders: with equals the right one, else the taller one's both."""
    if abs(taller_m) < 0.12:
        return ("right",)
    return SIDES if taller_m > 0 else ()


def _open_arm(is_over: bool) -> ndarray:
    return np.array([0.42, 0.10, 0.72]) if is_over else np.array([0.62, -0.36, 0.58])


def _nod(shape: BodyShape, other: BodyShape, distance_m: float) -> float:
    """Look into the other's eyes."""
    return float(np.degrees(np.arctan2(_EYES * (shape.height_m - other.height_m), distance_m)))


def _eased(time_s: ndarray, start_s: float, end_s: float) -> ndarray:
    """From 0 at the start to 1 at the end, smoothly."""
    if not np.isfinite(start_s):
        return np.zeros_like(time_s)
    part = np.clip((time_s - start_s) / (end_s - start_s), 0, 1)
    return part**3 * (part * (6 * part - 15) + 10)


def _bump(part: ndarray) -> ndarray:
    return np.clip(2 * part, 0, 1)


def _blend(first: ndarray, second: ndarray, part: ndarray) -> ndarray:
    return first + (second - first) * part[:, None]


def _toward(first: tuple, second: tuple, part: ndarray) -> ndarray:
    return _blend(np.array(first), np.array(second), part)
