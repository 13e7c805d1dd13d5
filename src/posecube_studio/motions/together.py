"""What two people do with each other in peace: shake hands, hug."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from posecube_studio.body import SIDES, BodyShape, Posture
from posecube_studio.goals import ELBOW_BACK, Goals
from posecube_studio.motions.pairs import (
    PALM,
    Direction,
    Facing,
    Pair,
    Places,
    Role,
    blended,
    during,
    nod_to_eyes,
    pointing,
    pose,
    touching,
    walk_up,
)
from posecube_studio.motions.style import Style, alive, with_tracks

_AS_TALL_M = 0.12  # people who differ less in height hug as equals
_OPEN_ARM = {"over": np.array([0.42, 0.10, 0.72]), "under": np.array([0.62, -0.36, 0.58])}
_ROUND_ELBOW = {"over": np.array([0.9, 0.75, 0.1]), "under": np.array([1.0, -0.35, -0.1])}


def handshake(shapes: Pair, style: Style, time_s: ndarray) -> tuple[Role, Role]:
    """They come near or stand ready, right hands meet, shake two to five times and let go."""
    shakes, size_m = round(style.between(1.6, 5.4)), style.between(0.025, 0.06)
    hertz = max(style.between(2.1, 2.9), shakes / 1.9)  # many shakes are fast ones
    facing = Facing(style.between(0.72, 0.80) * (shapes[0].arm_m + shapes[1].arm_m))
    meet_s = style.between(0.95, 1.3)
    let_go_s = meet_s + 0.15 + shakes / hertz
    amount = during(time_s, (meet_s - 0.5, meet_s), (let_go_s, let_go_s + 0.5))
    shaking = np.sin(2 * np.pi * hertz * (time_s - meet_s)) * size_m
    shaking *= during(time_s, (meet_s - 0.05, meet_s + 0.2), (let_go_s - 0.2, let_go_s + 0.1))
    height_m = style.between(0.57, 0.62) * (shapes[0].height_m + shapes[1].height_m) / 2
    done = []
    for shape, other in (shapes, shapes[::-1]):
        come = walk_up(style, time_s, arrive_s=meet_s, chance_of_standing=0.35)
        bow, twist = style.between(4, 12), style.between(6, 14)
        met = with_tracks(come, nod=nod_to_eyes(shape, other, facing.distance_m), bend=bow * amount,
                          twist=come.spine_deg[:, 2] + twist * amount, right_elbow=(0.45, -0.9, -0.5))  # fmt: skip
        palm = np.stack([0 * shaking, height_m + shaking, facing.distance_m / 2 + 0 * shaking], axis=-1)
        wrist = palm - np.array([0.018, 0.0, PALM * shape.height_m])  # palm to palm, half a hand to either side
        reached = touching(shape, alive(met, style, time_s), {"right": wrist}, amount)
        done.append(pointing(shape, reached, {"right": (0.0, 0.05, 1.0)}, amount))
    return facing.roles(done[0], done[1], swapped=style.chance(0.5))


def hug(shapes: Pair, style: Style, time_s: ndarray) -> tuple[Role, Role]:
    """They come near with open arms, embrace, hold and pat each other's back, and most part again."""
    facing = Facing(style.between(0.32, 0.36), beside_m=style.between(0.028, 0.045))
    meet_s, hold_s = style.between(1.3, 1.6), style.between(1.0, 1.7)
    part_s = meet_s + hold_s if style.chance(0.7) else np.inf
    near = during(time_s, (meet_s - 0.45, meet_s + 0.1), (part_s - 0.05, part_s + 0.45))
    opened = during(time_s, (meet_s - 0.85, meet_s - 0.2), (part_s, part_s + 0.75))
    around = during(time_s, (meet_s - 0.15, meet_s + 0.30), (part_s - 0.15, part_s + 0.35))
    bodies = []
    for shape, other in (shapes, shapes[::-1]):
        come = walk_up(style, time_s, arrive_s=meet_s, leave_s=part_s, stand_z=-0.04)
        bodies.append(alive(_leaning_in(shape, other, come, style, near, opened), style, time_s, amount=0.6))
    pats_m = np.clip(np.sin(2 * np.pi * style.between(1.6, 2.6) * (time_s - meet_s)), 0, 1) * style.between(0, 0.035)
    first = _embrace(shapes[0], bodies[0], pose(shapes[1], bodies[1]), facing, around, pats_m)
    second = _embrace(shapes[1], bodies[1], pose(shapes[0], bodies[0]), facing, around, 0 * pats_m)
    return facing.roles(first, second, swapped=style.chance(0.5))


def _leaning_in(shape: BodyShape, other: BodyShape, come: Goals, style: Style, near: ndarray, opened: ndarray) -> Goals:
    """The trunk bends to the other, the taller one's more; heads pass each other at the left; arms open."""
    stoop = float(np.clip(60 * (shape.height_m - other.height_m), -3, 10))
    arms = _arms(shape, other)
    hands = {f"{side}_hand": blended(come.hands[:, index], _OPEN_ARM[arms[side]], opened)
             for index, side in enumerate(SIDES)}  # fmt: skip
    bend, lean, tilt = style.between(3, 6), style.between(4, 7), style.between(2, 8)
    look, nod = style.between(-12, 8), style.between(6, 14)
    return with_tracks(
        come, **hands, pitch=3.0 * near, bend=(bend + stoop) * near, lean=lean * near, tilt=tilt * near,
        look=look * near, nod=nod_to_eyes(shape, other, 0.8) * (1 - near) + (nod - 0.6 * stoop) * near,
    )  # fmt: skip


def _arms(shape: BodyShape, other: BodyShape) -> dict[str, str]:
    """Which arms lie over the other's shoulders: with equals the right one, else the taller one's both."""
    taller_m = shape.height_m - other.height_m
    if abs(taller_m) < _AS_TALL_M:
        return {"left": "under", "right": "over"}
    return dict.fromkeys(SIDES, "over" if taller_m > 0 else "under")


def _embrace(shape: BodyShape, goals: Goals, other: Posture, facing: Facing, amount: ndarray, pats_m: ndarray) -> Goals:
    """Both palms on the other's back: of an arm over the shoulder high, of one under the arm low."""
    wrists: dict[str, Places] = {}
    fingers: dict[str, Direction] = {}
    elbows: dict[str, Places] = {}
    arms, tall = _arms(shape, other.shape), other.shape.height_m
    for side, sign in zip(SIDES, (1, -1), strict=True):
        is_over = arms[side] == "over"
        # At one's own left is the other's right. They stand somewhat to each other's right, where arms end sooner.
        x, z = (-0.045, -0.086) if side == "left" else (0.090, -0.072)
        back = other.point("chest", (x * tall, (0.125 if is_over else 0.030) * tall, z * tall))
        wrists[side] = facing.across(back) + np.array([0.0, 0.0, 1.0]) * pats_m[:, None]
        fingers[side] = (-sign * 1.0, -0.35 if is_over else 0.25, -0.2 if side == "left" else 0.05)
        elbows[f"{side}_elbow"] = blended(np.array(ELBOW_BACK), _ROUND_ELBOW[arms[side]], 1 - (1 - amount) ** 2)
    round_the_other = with_tracks(touching(shape, goals, wrists, amount), **elbows)
    return pointing(shape, round_the_other, fingers, amount**2)
