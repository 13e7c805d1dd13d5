"""From place to place: walking, running, turning round. Feet that bear weight stay where they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube_studio.body import BodyShape
from posecube_studio.goals import Goals
from posecube_studio.motions.footwork import (
    Course,
    Stride,
    Tread,
    arc,
    beside,
    eased,
    on_feet,
    rolled,
    swung_arm,
    travelled,
    tread,
)
from posecube_studio.motions.style import Style, mixed, with_tracks

_BACK_ELBOW = (0.30, -0.25, -1.0)


def walk(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Any way across the room, straight or in an arc, from a stand or already going; the heel lands first."""
    period, step_length = style.between(0.95, 1.25), style.between(1.1, 1.5)
    start = style.between(0.0, 0.5) if style.chance(0.4) else -style.between(1.5, 2.5)
    stride = Stride(start, period, 0.4, int(2 * (time_s[-1] - start) / period) + 4, style.chance(0.5))
    course = _across(style, time_s, speed=step_length / period, start_s=start + 0.1, ramp_s=0.8 * period)
    width, lift = style.between(0.06, 0.11), style.between(0.05, 0.09)
    push, strike = style.between(34, 48), style.between(12, 20)
    feet, heels = [], []
    for sign, swings in zip((1, -1), stride.swings(), strict=True):
        foot = tread(course, time_s, swings, left=sign * width)
        lifted = foot.raised(lift * np.sin(np.pi * foot.swing) ** 1.5)
        rolling, heel = rolled(shape, lifted, push_deg=push, strike_deg=strike, period_s=period)
        feet.append(rolling)
        heels.append(heel)
    goals = _walking_body(style, stride, course(time_s), time_s)
    return on_feet(goals, feet, heels, toes_out_deg=style.between(3, 10))


def _walking_body(style: Style, stride: Stride, at: ndarray, time_s: ndarray) -> Goals:
    """Pelvis over the feet; chest and arms turn against the legs."""
    beat, going = stride.beat(time_s), stride.going(time_s)
    swing, elbow = style.between(10, 30) * going * np.cos(beat - 0.3), style.between(8, 26)
    bounce, sway = style.between(0.012, 0.022), style.between(0.015, 0.035)
    x, z = beside(at, sway * going * np.sin(beat), 0.02 * going).T
    arms = [swung_arm(6 + side * swing, elbow + 0.3 * np.abs(swing), outward=0.13) for side in (-1, 1)]
    glance = np.sin(2 * np.pi * time_s / style.between(2.2, 4) + style.between(0, 6))
    return with_tracks(
        Goals.standing(len(time_s)),
        pelvis=np.stack([x, 0.985 - (0.022 + bounce * np.cos(2 * beat - 0.6)) * going, z], axis=-1),
        turn=at[:, 2] - 6 * going * np.cos(beat), twist=style.between(6, 12) * going * np.cos(beat),
        roll=3 * going * np.sin(beat), pitch=3 * going, bend=style.between(0, 7), nod=style.between(-4, 8),
        look=style.between(0, 16) * glance, left_hand=arms[0], right_hand=arms[1], elbow=_BACK_ELBOW,
    )  # fmt: skip


def run(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """A few metres across the room or on the spot: bent arms, high heels, and both feet off the floor between steps."""
    on_spot = style.chance(0.25)
    period, air = style.between(0.64, 0.76), style.between(0.60, 0.68)
    stands, ramp = style.chance(0.5), 0.6
    start = style.between(0.1, 0.5) if stands else -style.between(0.2, 0.5)
    lasts = style.between(1.75, 2.25) - start
    stride = Stride(start, period, air, round(2 * (lasts / period - air)) + 1, style.chance(0.5))
    speed_m_s = 0.0 if on_spot else style.between(2.1, 2.8) if stands else style.between(1.9, 2.3)
    course = _across(style, time_s, speed=speed_m_s / shape.leg_m, start_s=start, ramp_s=ramp,
                     stop_s=stride.end_s - ramp)  # fmt: skip
    knees_up = on_spot and style.chance(0.5)
    width, high = style.between(0.05, 0.08), style.between(0.26, 0.38)
    feet, heels = [], []
    for sign, swings in zip((1, -1), stride.swings(), strict=True):
        foot = tread(course, time_s, swings, left=sign * width, forward=-0.02, early=0.42)
        foot, heel = _kicked_up(shape, foot, high, back=0.26 if on_spot and not knees_up else 0.0, period_s=period)
        feet.append(foot)
        heels.append(heel - (24 * np.sin(np.pi * foot.swing) if knees_up else 0))
    goals = _running_body(style, stride, course(time_s), time_s, lean=4.0 if on_spot else style.between(6, 13))
    return on_feet(goals, feet, heels, toes_out_deg=style.between(2, 6))


def _kicked_up(
    shape: BodyShape, foot: Tread, high: float, *, back: float, period_s: float
) -> tuple[Tread, Float[ndarray, " T"]]:
    """The swing of a running foot: up behind the body, then forward; with the angle of its heel."""
    rise = np.sin(np.pi * foot.swing**0.85) ** 1.4
    line = np.stack([foot.place[:, 0], foot.place[:, 2], foot.heading_deg], axis=-1)
    x, z = beside(line, 0.0, -back * rise).T
    behind = replace(foot, place=np.stack([x, foot.place[:, 1] + high * rise, z], axis=-1))
    rolling, heel = rolled(shape, behind, push_deg=52, strike_deg=6, period_s=period_s)
    return rolling, heel + 60 * np.sin(np.pi * foot.swing) ** 2


def _running_body(style: Style, stride: Stride, at: ndarray, time_s: ndarray, *, lean: float) -> Goals:
    """The trunk leans into the run, lowest over the standing foot; the arms pump."""
    beat, going = stride.beat(time_s), stride.going(time_s)
    swing = style.between(24, 42) * going * np.cos(beat - 0.2)
    elbow, bounce = mixed(14, style.between(80, 105), going), style.between(0.030, 0.045)
    x, z = beside(at, 0.01 * going * np.sin(beat), 0.02 * going).T
    arms = [swung_arm(4 - 18 * going + side * swing, elbow, outward=0.14) for side in (-1, 1)]
    lowest = 2 * np.pi * (1 - stride.air_share)  # twice the beat in the middle of a stance
    return with_tracks(
        Goals.standing(len(time_s)),
        pelvis=np.stack([x, 0.985 - (0.04 + bounce * np.cos(2 * beat - lowest)) * going, z], axis=-1),
        turn=at[:, 2] - 7 * going * np.cos(beat), twist=style.between(10, 18) * going * np.cos(beat),
        pitch=mixed(2, lean, going), bend=4 * going, nod=-0.6 * lean * going, roll=2.5 * going * np.sin(beat),
        left_hand=arms[0], right_hand=arms[1], elbow=_BACK_ELBOW,
    )  # fmt: skip


def turn(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Round on the spot in small steps, a quarter turn up to a whole one, to either side; the head leads."""
    angle = style.between(100, 350) * (1 if style.chance(0.5) else -1)
    period, start = style.between(0.75, 1.0), style.between(0.15, 0.8)
    num_steps = max(3, min(round(abs(angle) / style.between(36, 50)), int(2 * (3.0 - start) / period)))
    stride = Stride(start, period, 0.36, num_steps, left_first=angle > 0)
    first = style.between(-40, 40)

    def course(at_s: ndarray) -> ndarray:
        part = (at_s - start + 0.1) / (stride.end_s - start)
        round_deg = angle * (0.6 * eased(part) + 0.4 * np.clip(part, 0, 1))
        return np.stack([0 * at_s, 0 * at_s, first + round_deg], axis=-1)

    width, lift = style.between(0.09, 0.14), style.between(0.05, 0.09)
    feet, heels = [], []
    for sign, swings in zip((1, -1), stride.swings(), strict=True):
        foot = tread(course, time_s, swings, left=sign * width)
        lifted = foot.raised(lift * np.sin(np.pi * foot.swing) ** 1.5)
        feet.append(lifted)
        heels.append(24 * np.sin(np.pi * eased(lifted.swing)))
    return on_feet(_turning_body(style, stride, course, time_s), feet, heels, toes_out_deg=style.between(4, 12))


def _turning_body(style: Style, stride: Stride, course: Course, time_s: ndarray) -> Goals:
    """The weight goes from foot to foot; head and chest are ahead of the hips."""
    at, beat, going = course(time_s), stride.beat(time_s), stride.going(time_s)
    ahead = course(time_s + 0.25)[:, 2] - at[:, 2]
    x, z = beside(at, 0.03 * going * np.sin(beat), 0.0).T
    out, elbow = style.between(0.12, 0.26), style.between(8, 40)
    swing = style.between(2, 10) * going * np.cos(beat)
    arms = [swung_arm(4 + side * swing, elbow, outward=out + 0.002 * np.abs(ahead)) for side in (-1, 1)]
    return with_tracks(
        Goals.standing(len(time_s)),
        pelvis=np.stack([x, 0.98 - 0.012 * going * (1 + np.cos(2 * beat)), z], axis=-1), turn=at[:, 2],
        twist=style.between(0.2, 0.5) * ahead, look=style.between(0.5, 1.2) * ahead, roll=2.0 * going * np.sin(beat),
        bend=style.between(0, 6), nod=style.between(0, 14), left_hand=arms[0], right_hand=arms[1], elbow=_BACK_ELBOW,
    )  # fmt: skip


def _across(
    style: Style, time_s: ndarray, *, speed: float, start_s: float, ramp_s: float, stop_s: float = np.inf
) -> Course:
    """An arc in any direction but straight away, about the room's middle; speeds up at first, brakes at last."""
    heading = style.between(20, 140) * (1 if style.chance(0.5) else -1)
    bend = style.between(-14, 14) if style.chance(0.6) else 0.0

    def course(at_s: ndarray) -> ndarray:
        way = travelled(at_s - start_s, ramp_s=ramp_s) - travelled(at_s - stop_s, ramp_s=ramp_s)
        return arc(speed * way, heading_deg=heading, bend_deg=bend)

    ends = course(time_s[[0, -1]])
    middle = np.append(ends[:, :2].mean(axis=0), 0.0)
    return lambda at_s: course(at_s) - middle
