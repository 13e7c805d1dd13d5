"""Jumps: crouch, push off, fly as gravity has it, land on the toes, give in the knees."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.interpolate import CubicHermiteSpline, PchipInterpolator

from posecube_studio.body import BodyShape
from posecube_studio.goals import Goals
from posecube_studio.motions.footwork import Tread, beside, eased, facing, on_feet, swung_arm, tread
from posecube_studio.motions.style import Style, with_tracks

_GRAVITY_M_S2 = 9.81
_STANDS, _LEAVES = 0.985, 1.05  # height of the hips, in legs: at rest, and on the toes at take-off
_LAST_LANDING_S = 2.7  # so that a clip ends standing
_LEAST_S = 0.07  # a push-off is no shorter


@dataclass(frozen=True)
class _Leap:
    """Times of one jump: deepest crouch, off the floor, on the floor, deepest again."""

    crouch_s: float
    off_s: float
    on_s: float
    caught_s: float


def jump(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """From both feet, once or several times, on the spot or forward; some hop on one foot."""
    forward = style.chance(0.35)
    hops = style.chance(0.2)
    count = round(style.between(2.6, 4.4)) if hops else round(style.between(0.6, 3.4))
    rise_m = style.between(0.06, 0.14) if hops else style.between(0.14, 0.36) * (1.1 - 0.12 * count)
    depth = style.between(0.08, 0.13) if hops else style.between(0.16, 0.30)
    gravity = _GRAVITY_M_S2 / shape.leg_m
    speed = np.sqrt(2 * gravity * rise_m / shape.leg_m)
    leaps = _leaps(
        style, count, flight_s=2 * speed / gravity, pushed_s=2.0 * (_LEAVES - _STANDS + depth) / speed, hops=hops
    )
    hips = _hips(leaps, speed, depth)(time_s)
    length = (style.between(0.15, 0.35) if hops or count > 1 else style.between(0.5, 1.0)) if forward else 0.0
    way = _way(leaps, length)
    feet, heels = _feet(style, leaps, way, time_s, rise=np.maximum(hips - _LEAVES, 0), hops=hops)
    ahead = way(time_s) - length * len(leaps) / 2
    arms = _arms(style, leaps, time_s, size=0.4 if hops else 1.0)
    goals = with_tracks(arms, pelvis=np.stack([0 * hips, hips, ahead - 0.10 * np.maximum(0.93 - hips, 0)], axis=-1))
    goals = on_feet(goals, feet, heels, toes_out_deg=style.between(3, 10))
    side = 1 if style.chance(0.5) else -1
    return facing(goals, side * (style.between(20, 110) if forward else style.between(0, 45)))


def _leaps(style: Style, count: int, *, flight_s: float, pushed_s: float, hops: bool) -> list[_Leap]:
    leaps: list[_Leap] = []
    crouch_s = style.between(0.15, 0.5 if count > 1 else 1.0) + 0.42
    rest_s = style.between(0.10, 0.20) * (0.4 if hops else 1)  # in the crouch between two, where the arms swing back
    for _ in range(count):
        off_s = crouch_s + max(pushed_s, _LEAST_S)
        on_s = off_s + flight_s
        if leaps and on_s > _LAST_LANDING_S:
            break
        leaps.append(_Leap(crouch_s, off_s, on_s, on_s + max(0.8 * pushed_s, _LEAST_S)))
        crouch_s = leaps[-1].caught_s + rest_s
    return leaps


def _hips(leaps: list[_Leap], speed: float, depth: float) -> CubicHermiteSpline:
    """Height of the hips over time: between leaving and landing the cubic is gravity's parabola."""
    knots = [(-1.0, _STANDS, 0.0), (leaps[0].crouch_s - 0.42, _STANDS, 0.0)]
    for leap in leaps:
        knots += [
            (leap.crouch_s, _STANDS - depth, 0.0),
            (leap.off_s, _LEAVES, speed),
            (leap.on_s, _LEAVES, -speed),
            (leap.caught_s, _STANDS - 0.8 * depth, 0),
        ]
    knots += [(knots[-1][0] + 0.45, _STANDS, 0.0), (knots[-1][0] + 100.0, _STANDS, 0.0)]
    return CubicHermiteSpline(*np.array(knots).T)


def _way(leaps: list[_Leap], length: float) -> CubicHermiteSpline:
    """Distance ahead over time: at one speed while in the air."""
    knots = [(-100.0, 0.0, 0.0)]
    for index, leap in enumerate(leaps):
        start, pushed, caught = index * length, leap.off_s - leap.crouch_s, leap.caught_s - leap.on_s
        speed = length / (leap.on_s - leap.off_s + (pushed + caught) / 2)
        knots += [
            (leap.crouch_s, start, 0.0),
            (leap.off_s, start + speed * pushed / 2, speed), (leap.on_s, start + length - speed * caught / 2, speed),
            (leap.caught_s, start + length, 0.0),
        ]  # fmt: skip
    knots.append((200.0, knots[-1][1], 0.0))
    return CubicHermiteSpline(*np.array(knots).T)


def _feet(
    style: Style, leaps: list[_Leap], way: CubicHermiteSpline, time_s: ndarray, *, rise: ndarray, hops: bool
) -> tuple[list[Tread], list[Float[ndarray, " T"]]]:
    """Both feet fly with the hips and are drawn up a little; of a hopper the left one stays up all the while."""
    middle = way(leaps[-1].caught_s) / 2

    def course(at_s: ndarray) -> ndarray:
        return np.stack([0 * at_s, way(at_s) - middle, 0 * at_s], axis=-1)

    width, tuck, trailing = style.between(0.08, 0.15), style.between(0.0, 0.12), style.between(0.22, 0.34)
    flights = [(leap.off_s, leap.on_s) for leap in leaps]
    feet, heels = [], []
    for sign in (1, -1):
        foot = tread(course, time_s, flights, left=-0.03 if hops else sign * width)
        feet.append(foot.raised(rise + tuck * np.sin(np.pi * foot.swing) ** 2))
        toes_down = 48 * eased(1 - foot.lifts_s / 0.13) + 24 * (1 - eased(foot.landed_s / 0.10))
        heels.append(np.where(foot.swing > 0, 48 - 24 * foot.swing, toes_down))
    if hops:
        lifted = eased((time_s - leaps[0].crouch_s + 0.4) / 0.4) * eased((leaps[-1].caught_s + 0.4 - time_s) / 0.4)
        at = beside(course(time_s), width, -trailing * lifted)
        feet[0] = replace(feet[0], place=np.stack([at[:, 0], rise + 0.4 * lifted, at[:, 1]], axis=-1))
        heels[0] = 60 * lifted
    return feet, heels


def _arms(style: Style, leaps: list[_Leap], time_s: ndarray, *, size: float) -> Goals:
    """The arms go back in the crouch and are thrown up with the push-off; the trunk bows and stretches."""
    back, up = size * style.between(15, 50) / min(len(leaps), 2), size * style.between(70, 160)
    bow, elbow = size * style.between(18, 34), style.between(12, 45)
    knots = [(0.0, 0.0, 0.0), (leaps[0].crouch_s - 0.40, 2.0, 2.0)]  # time, upper arms forward, trunk bowed
    for leap in leaps:
        middle = (leap.off_s + leap.on_s) / 2
        knots += [(leap.crouch_s - 0.02, -back, bow), (leap.off_s, 0.5 * up, 4.0), (middle, up, 0.0)]
        knots += [(leap.on_s, 0.55 * up, 6.0), (leap.caught_s, 0.1 * up, 0.8 * bow)]
    knots.append((knots[-1][0] + 0.5, 0.0, 0.0))
    at, *tracks = np.array(knots).T
    arm_deg, bow_deg = PchipInterpolator(at, np.stack(tracks, axis=-1))(np.minimum(time_s, at[-1])).T
    out = np.radians(arm_deg + elbow / 2)
    behind = np.stack([0.5 + 0 * out, -np.sin(out), -np.cos(out)], axis=-1)  # of the arm, wherever it points
    return with_tracks(
        Goals.standing(len(time_s)),
        hand=swung_arm(arm_deg, elbow, outward=0.16), elbow=behind, pitch=bow_deg, bend=bow_deg / 2, nod=-bow_deg / 2,
    )  # fmt: skip
