"""Motions that have no name here: what people do that a recogniser must not take for something that it knows.

Strength exercises, postures, gestures at random. Each is drawn from wide ranges: what counts is that they are of people
and of no class, not what they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.interpolate import PchipInterpolator

from posecube_studio.body import BodyShape
from posecube_studio.goals import ELBOW_BACK, HANGING, Goals
from posecube_studio.motions import exercise
from posecube_studio.motions.everyday import idle
from posecube_studio.motions.footwork import facing
from posecube_studio.motions.moving import walk
from posecube_studio.motions.style import Style, Value, mixed, wave, with_tracks
from posecube_studio.motions.variants import sit


def gestures(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Arms go from place to place at random, one or both, while somebody stands, sits or walks."""
    pick = style.between(0, 1)
    goals = idle(shape, style, time_s) if pick < 0.45 else sit(shape, style, time_s)
    if pick > 0.8:
        goals = walk(shape, style, time_s)
    hands, elbows = goals.hands.copy(), goals.elbows.copy()
    together, one = style.chance(0.4), style.chance(0.3)
    pause_s = style.between(0.3, 1.6)
    shared = _wandering(style, time_s, pause_s)
    for side in (0, 1):
        if one and side == 0:
            continue
        hands[:, side] = shared if together else _wandering(style, time_s, pause_s)
        elbows[:, side] = (style.between(0.4, 1.0), style.between(-0.9, 0.1), style.between(-0.5, 0.3))
    return facing(replace(goals, hands=hands, elbows=elbows), style.between(-60, 60) if pick < 0.8 else 0.0)


def dance(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Hips, arms and feet to a beat, each in a way of its own."""
    beat = 2 * np.pi * time_s / style.between(0.5, 1.4)
    sway, dip = style.between(0.02, 0.12), style.between(0.0, 0.14)
    steps = style.between(0.0, 0.25)
    goals = gestures(shape, style, time_s)
    width = style.between(0.12, 0.3)
    lift = [np.maximum(np.sin(beat / 2 + shift), 0) * style.between(0.0, 0.2) for shift in (0, np.pi)]
    moved = steps * np.sin(beat / 4)
    return with_tracks(
        replace(goals, feet=Goals.standing(len(time_s)).feet, feet_in_world=True),
        pelvis=np.stack([sway * np.sin(beat / 2) + moved, 0.96 - dip * np.sin(beat) ** 2, 0 * beat], axis=-1),
        roll=style.between(0, 12) * np.sin(beat / 2), twist=style.between(0, 25) * np.sin(beat / 2 + 1),
        turn=style.between(0, 60) * np.sin(beat / 6), lean=style.between(0, 12) * np.sin(beat / 2 + 2),
        bend=style.between(0, 12), nod=style.between(-6, 12),
        left_foot=np.stack([width + moved, lift[0], 0 * beat], axis=-1),
        right_foot=np.stack([-width + moved, lift[1], 0 * beat], axis=-1), toes=style.between(5, 25),
    )  # fmt: skip


@dataclass(frozen=True)
class _Lift:
    """A strength exercise of the arms: hands and elbows at both ends, and the trunk's pitch at both."""

    start: Value
    end: Value
    elbow: Value
    pitch: tuple[float, float] = (2.0, 2.0)
    seated: bool = False
    dip: float = 0.0


_LIFTS: tuple[_Lift, ...] = (
    _Lift((0.30, 0.02, 0.12), (0.14, 0.94, 0.04), (0.4, -1.0, 0.2)),  # overhead press
    _Lift((0.10, -0.96, 0.06), (0.10, -0.36, 0.42), (0.1, -1.0, -0.2)),  # biceps curl
    _Lift((0.10, -0.96, 0.06), (0.90, -0.06, 0.12), (0.4, 0.1, -0.9)),  # side raise
    _Lift((0.08, -0.96, 0.10), (0.06, -0.06, 0.94), (0.6, -0.5, -0.4)),  # front raise
    _Lift((0.05, -0.85, 0.50), (0.12, -0.42, 0.05), (0.4, 0.3, -1.0), (60.0, 66.0)),  # bent row
    _Lift((0.05, -0.95, 0.30), (0.06, -0.96, 0.10), ELBOW_BACK, (72.0, 4.0), dip=0.10),  # deadlift
    _Lift((0.40, 0.85, 0.12), (0.42, 0.04, 0.18), (1.0, -0.8, 0.0), seated=True),  # lat pull-down
    _Lift((0.04, -0.20, 0.92), (0.14, -0.36, 0.20), (0.5, -0.6, -0.8), seated=True),  # seated row
    _Lift((0.10, 0.30, -0.10), (0.06, 0.94, 0.04), (0.3, 0.9, 0.3)),  # triceps overhead
    _Lift((0.80, 0.0, 0.40), (0.05, -0.02, 0.92), (0.9, -0.3, -0.3)),  # chest fly, standing
    _Lift((0.16, 0.93, 0.06), (-0.05, -0.75, 0.5), (0.6, -0.4, 0.2), (0.0, 45.0), dip=0.12),  # wood chop, ball slam
)


def lift_weights(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """One of the exercises of the arms, both together or one after the other."""
    chosen = _LIFTS[min(int(style.between(0, len(_LIFTS))), len(_LIFTS) - 1)]
    period = style.between(1.2, 3.6)
    part = wave(time_s, period_s=period, sharpness=style.between(0.0, 0.6))
    other = wave(time_s + period / 2, period_s=period) if style.chance(0.25) else part
    goals = sit(shape, style, time_s) if chosen.seated else idle(shape, style, time_s)
    goals = with_tracks(
        goals,
        left_hand=mixed(chosen.start, chosen.end, part), right_hand=mixed(chosen.start, chosen.end, other),
        elbow=chosen.elbow, pitch=mixed(chosen.pitch[0], chosen.pitch[1], part),
    )  # fmt: skip
    pelvis = goals.pelvis.copy()
    pelvis[:, 1] -= chosen.dip * np.abs(mixed(chosen.pitch[0], chosen.pitch[1], part)) / 60
    pelvis[:, 2] -= 0.002 * mixed(chosen.pitch[0], chosen.pitch[1], part)
    return facing(replace(goals, pelvis=pelvis), style.between(-60, 60))


def lunge(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """One foot far before the other or to the side, down and up; split squats, lunges, step-ups."""
    down = wave(time_s, period_s=style.between(1.4, 3.4), sharpness=style.between(0, 0.5))
    ahead, aside = (style.between(0.45, 0.8), 0.1) if style.chance(0.7) else (0.0, style.between(0.5, 0.8))
    stays = style.chance(0.5)
    far = ahead if stays else ahead * np.clip(down * 1.6, 0, 1)
    low = 0.97 - style.between(0.22, 0.42) * down - (0.08 if stays else 0)
    side = 0.1 + (aside - 0.1) * (1 if stays else np.clip(down * 1.6, 0, 1))
    arms = ((0.06, -0.62, 0.06), HANGING, (-0.24, -0.36, 0.44))
    pick = min(int(style.between(0, 3)), 2)
    left = np.stack([side + 0 * down, 0 * down, far + 0 * down], axis=-1)
    goals = with_tracks(
        Goals.standing(len(time_s)),
        pelvis=np.stack([0.4 * (side - 0.1) * (1 + 0 * down), low, 0.5 * far + 0 * down], axis=-1),
        pitch=mixed(2, style.between(2, 26), down), hand=arms[pick], elbow=(1.0, -0.4, -0.4),
        left_foot=left, right_foot=(-0.12, 0, 0), toes=6.0, right_heel=mixed(6, 50, down) if aside <= 0.1 else 0.0,
        knee=(0.1, 0.0, 1.0),
    )  # fmt: skip
    return facing(goals, style.between(-90, 90))


def duck_walk(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Steps with bent knees, low all the time, hands at the face, before the body or on the knees."""
    beat = 2 * np.pi * time_s / style.between(0.8, 1.8)
    low, step = style.between(0.5, 0.78), style.between(0.08, 0.3)
    hands = ((0.05, -0.05, 0.36), (-0.1, -0.3, 0.6), (0.06, -0.75, 0.4))
    pick = min(int(style.between(0, 3)), 2)
    feet = [
        np.stack(
            [sign * 0.14 + 0 * beat, 0.08 * np.maximum(np.sin(beat + shift), 0), step * np.cos(beat + shift)], axis=-1
        )
        for sign, shift in ((1, 0), (-1, np.pi))
    ]
    goals = with_tracks(
        Goals.standing(len(time_s)),
        pelvis=np.stack([0.05 * np.sin(beat), low + 0.03 * np.sin(2 * beat), -0.1 + 0 * beat], axis=-1),
        pitch=style.between(8, 36), roll=4 * np.sin(beat), twist=8 * np.sin(beat), hand=hands[pick],
        elbow=(0.3, -1.0, -0.1), left_foot=feet[0], right_foot=feet[1], knee=(0.3, 0, 1.0),
    )  # fmt: skip
    return facing(goals, style.between(-90, 90))


def _moved(style: Style, time_s: ndarray) -> ndarray:
    """A slow wave from -1 to 1; of some people hardly any."""
    slow = np.sin(2 * np.pi * time_s / style.between(1.0, 4.0))
    return slow * (0.12 if style.chance(0.4) else 1.0)


def leg_raise(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """On the back, the straight legs up and down, or held."""
    raised = np.radians(style.between(10, 80) * (0.5 + 0.5 * _moved(style, time_s)))
    foot = np.stack([0.06 + 0 * raised, -0.97 * np.cos(raised), 0.97 * np.sin(raised)], axis=-1)
    lying = replace(Goals.standing(len(time_s)), feet_in_world=False)
    goals = with_tracks(lying, pelvis=(0, 0.06, 0), pitch=-90.0, hand=HANGING, foot=foot, heel=20.0)
    return facing(goals, style.between(-90, 90))


def seated_twist(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """On the floor, leaning back with the feet before the body, the chest and the hands go from side to side."""
    goals = with_tracks(
        Goals.standing(len(time_s)),
        pelvis=(0, 0.08, 0), pitch=style.between(-50, -25), twist=35 * _moved(style, time_s),
        bend=style.between(10, 25), hand=(-0.2, -0.5, 0.6), elbow=(0.7, -0.8, 0),
        left_foot=(0.08, style.between(0, 0.25), 0.75), right_foot=(-0.08, style.between(0, 0.25), 0.75),
    )  # fmt: skip
    return facing(goals, style.between(-90, 90))


def hips_high(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Hands and feet on the floor, the hips the highest: a dog that stretches, a pike."""
    goals = with_tracks(
        Goals.standing(len(time_s)),
        pelvis=(0, style.between(0.6, 0.85), -0.1), pitch=style.between(95, 135) + 6 * _moved(style, time_s),
        nod=-10.0, hand=(0.1, 0.85, 0.25), elbow=(0.9, 0.1, -0.3), left_foot=(0.12, 0, -0.45),
        right_foot=(-0.12, 0, -0.45), heel=style.between(0, 30),
    )  # fmt: skip
    return facing(goals, style.between(-90, 90))


def kneeling(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """On the knees, upright or on all fours."""
    part = 0.5 + 0.5 * _moved(style, time_s)
    goals = with_tracks(
        replace(Goals.standing(len(time_s)), feet_in_world=False),
        pelvis=(0, 0.5, 0), pitch=style.between(0, 80) + 16 * part, foot=(0.06, -0.5, -0.5),
        hand=mixed((0.05, -0.6, 0.4), (0.06, -0.4, 0.85), part),
    )  # fmt: skip
    return facing(goals, style.between(-90, 90))


def bridge(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """On the back with the feet on the floor, the hips raised and lowered, or held."""
    part = 0.5 + 0.5 * _moved(style, time_s)
    goals = with_tracks(
        Goals.standing(len(time_s)),
        pelvis=np.stack([0 * part, 0.14 + 0.14 * part, 0 * part], axis=-1), pitch=-94 + 28 * part, hand=HANGING,
        left_foot=(0.12, 0, 0.45), right_foot=(-0.12, 0, 0.45),
    )  # fmt: skip
    return facing(goals, style.between(-90, 90))


def plank(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """The upper end of a push-up, held; some draw the knees forward in turn."""
    held = exercise.pushup(shape, style, np.full(len(time_s), 0.0))
    if style.chance(0.5):
        return held
    beat = 2 * np.pi * time_s / style.between(0.6, 1.8)
    feet = held.feet.copy()
    for side, shift in ((0, 0.0), (1, np.pi)):
        forward = np.maximum(np.sin(beat + shift), 0)
        feet[:, side, 2] += style.between(0.4, 0.7) * forward
        feet[:, side, 1] += 0.08 * forward
    return replace(held, feet=feet)


def burpee(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """From standing down to the hands, the feet thrown back to a plank and drawn in again, up, and maybe a jump."""
    phase = (time_s / style.between(2.0, 4.5) + style.between(0, 1)) % 1
    keys = np.array([0.0, 0.18, 0.32, 0.5, 0.66, 0.82, 0.9, 1.0])
    jump = style.between(0.0, 0.22)

    def through(*values: float) -> ndarray:
        return PchipInterpolator(keys, np.array(values))(phase)

    height = through(0.98, 0.45, 0.35, 0.33, 0.45, 0.98, 0.98 + jump, 0.98)
    back = through(0.0, -0.75, -0.85, -0.85, -0.75, 0.0, 0.0, 0.0)
    air = np.maximum(height - 0.99, 0)
    foot = through(0.0, 0.0, -0.85, -0.85, 0.0, 0.0, 0.0, 0.0)
    arms = np.stack(
        [
            through(0.1, 0.06, 0.06, 0.06, 0.06, 0.1, 0.1, 0.1),
            through(-0.96, -0.5, -0.1, -0.1, -0.5, -0.9, 0.9, -0.96),
            through(0.06, 0.75, 0.95, 0.95, 0.75, 0.1, 0.1, 0.06),
        ],
        axis=-1,
    )
    left = np.stack([0.12 + 0 * foot, air, back * 0 + foot + 0.3 * back], axis=-1)
    goals = with_tracks(
        Goals.standing(len(time_s)),
        pelvis=np.stack([0 * height, height, back * 0.55 + 0.45 * foot], axis=-1),
        pitch=through(2, 62, 84, 84, 62, 4, 0, 2), bend=through(3, 22, 0, 0, 22, 4, 0, 3), hand=arms,
        elbow=ELBOW_BACK, left_foot=left, right_foot=left * np.array([-1, 1, 1]),
        heel=through(0, 20, 60, 60, 20, 0, 30, 0), knee=(0.2, 0, 1.0),
    )  # fmt: skip
    return facing(goals, style.between(-100, 100))


def held_pose(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """A posture taken slowly and held: an archer's, a yogi's, a statue's."""
    goals = gestures(shape, style, time_s)
    first, last = int(style.between(0, len(time_s) - 1)), int(style.between(0, len(time_s) - 1))
    part = np.clip((time_s - style.between(-1.5, 1.0)) / style.between(0.6, 2.5), 0, 1)
    part = part * part * (3 - 2 * part)
    return replace(goals, hands=goals.hands[first] + part[:, None, None] * (goals.hands[last] - goals.hands[first]))


def hop_about(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Hops, skips and high knees on the spot with arms that are busy with something else."""
    beat = 2 * np.pi * time_s / style.between(0.4, 0.9)
    hop = style.between(0.0, 0.08) * np.abs(np.sin(beat / 2))
    knees = style.between(0.1, 0.5)
    goals = gestures(shape, style, time_s)
    lifts = [hop + knees * np.maximum(np.sin(beat / 2 + shift), 0) for shift in (0, np.pi)]
    return with_tracks(
        replace(goals, feet=Goals.standing(len(time_s)).feet, feet_in_world=True),
        pelvis=np.stack([0 * hop, 0.97 + hop, 0 * hop], axis=-1), pitch=style.between(0, 12),
        left_foot=np.stack([0.1 + 0 * hop, lifts[0], 0.4 * (lifts[0] - hop)], axis=-1),
        right_foot=np.stack([-0.1 + 0 * hop, lifts[1], 0.4 * (lifts[1] - hop)], axis=-1), heel=20.0,
    )  # fmt: skip


def _wandering(style: Style, time_s: ndarray, pause_s: float) -> Float[ndarray, "T 3"]:
    """A hand that goes from one random place within reach to the next, and dwells there."""
    count = max(3, int((time_s[-1] if len(time_s) else 1) / pause_s) + 3)
    places = np.array([_place(style) for _ in range(count)])
    at = (np.arange(count) - style.between(0, 1)) * pause_s
    return PchipInterpolator(at, places)(np.clip(time_s, at[0], at[-1]))


def _place(style: Style) -> tuple[float, float, float]:
    azimuth, height = np.radians(style.between(-40, 110)), np.radians(style.between(-85, 85))
    far = style.between(0.35, 0.97)
    across = far * np.cos(height)
    return float(across * np.sin(azimuth)), float(far * np.sin(height)), float(across * np.cos(azimuth))
