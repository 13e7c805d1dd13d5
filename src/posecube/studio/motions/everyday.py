"""Everyday motions: standing about, waving, walking, playing the guitar."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from posecube.studio.body import BodyShape
from posecube.studio.goals import Goals
from posecube.studio.motions.style import Style, mixed, wave, with_tracks


def idle(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Standing: the weight shifts, the head looks about."""
    shift = np.sin(2 * np.pi * time_s / style.between(3.5, 6.0) + style.between(0, 6.28))
    goals = Goals.standing(len(time_s))
    width = style.between(0.1, 0.16)
    return with_tracks(
        goals,
        pelvis=np.stack([0.03 * shift, 0.985 - 0.006 * shift**2, 0 * shift], axis=-1), roll=2.0 * shift,
        lean=-2.0 * shift, look=18 * np.sin(2 * np.pi * time_s / style.between(4, 7) + style.between(0, 6.28)),
        nod=4.0, hand=(style.between(0.1, 0.2), -0.95, 0.08), left_foot=(width, 0, 0), right_foot=(-width, 0, 0.02),
    )  # fmt: skip


def wave_hand(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """The right hand goes up and swings from side to side."""
    up = np.clip(time_s / 0.6, 0, 1) ** 2 * (3 - 2 * np.clip(time_s / 0.6, 0, 1))
    swing = np.sin(2 * np.pi * time_s / style.between(0.55, 0.8)) * up
    out, high, size = style.between(0.34, 0.5), style.between(0.38, 0.62), style.between(0.14, 0.22)
    raised = np.stack([out + size * swing, high - 0.06 * swing**2, 0.22 + 0 * swing], axis=-1)
    goals = idle(shape, style, time_s)
    hand = goals.hands[:, 1] + (raised - goals.hands[:, 1]) * up[:, None]
    return with_tracks(goals, right_hand=hand, right_elbow=mixed((0.45, -0.55, -0.7), (0.8, -0.9, 0.05), up), look=0.0)


def walk(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """A steady walk along z; the stance foot stays where it is, the other swings past it."""
    period, stride = style.between(1.0, 1.2), style.between(1.15, 1.4)
    phase = time_s / period
    speed = stride / period
    travel = speed * (time_s - time_s.mean())
    feet, heels = [], []
    for sign, start in ((1, 0.0), (-1, 0.5)):
        step, within = np.divmod(phase + start, 1.0)
        swing = np.clip((within - 0.6) / 0.4, 0, 1)
        eased = swing * swing * (3 - 2 * swing)
        z = (step + eased - start + 0.3) * stride - speed * time_s.mean()
        feet.append(np.stack([sign * 0.08 + 0 * z, 0.13 * np.sin(np.pi * swing) ** 1.3, z], axis=-1))
        push = np.clip((within - 0.38) / 0.25, 0, 1) * (1 - np.clip((within - 0.66) / 0.2, 0, 1))
        heels.append(46 * push - 14 * np.sin(np.pi * np.clip((within - 0.8) / 0.3, 0, 1)))
    beat = 2 * np.pi * phase
    swing_deg = style.between(18, 30)
    hands = []
    for sign in (1, -1):
        angle = np.radians(swing_deg) * sign * np.cos(beat + np.pi) + 0.08
        hands.append(np.stack([0.14 + 0 * angle, -0.95 * np.cos(angle), 0.95 * np.sin(angle) + 0.02], axis=-1))
    return with_tracks(
        Goals.standing(len(time_s)),
        pelvis=np.stack([0.02 * np.sin(beat), 0.965 - 0.018 * np.cos(2 * beat - 0.6), travel], axis=-1),
        turn=-5 * np.cos(beat), twist=9 * np.cos(beat), roll=3 * np.sin(beat), pitch=3.0, bend=2.0,
        left_foot=feet[0], right_foot=feet[1], left_heel=heels[0], right_heel=heels[1], toes=6.0,
        left_hand=hands[0], right_hand=hands[1],
    )  # fmt: skip


def strum_guitar(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Standing with a guitar: the left hand on the neck, the right hand up and down over the strings."""
    strum = wave(time_s, period_s=style.between(0.38, 0.6))
    beat = np.sin(2 * np.pi * time_s / style.between(1.0, 1.6))
    left_out, width = style.between(0.34, 0.5), style.between(0.12, 0.18)
    slide = np.sin(2 * np.pi * time_s / style.between(1.8, 3.0)) * 0.05
    left = np.stack([left_out + slide, -0.44 + 0.25 * slide, 0.50 + 0 * slide], axis=-1)
    size = style.between(0.08, 0.15)
    right = np.stack([-0.10 + 0.3 * size * strum, -0.66 + size * (1 - 2 * strum), 0.44 + 0 * strum], axis=-1)
    goals = Goals.standing(len(time_s))
    return with_tracks(
        goals,
        pelvis=np.stack([0.015 * beat, 0.98 - 0.008 * np.abs(beat), 0 * beat], axis=-1), turn=style.between(-14, 4),
        roll=1.5 * beat, bend=5.0, lean=-1.5 * beat, nod=style.between(4, 14), look=style.between(0, 25), tilt=3 * beat,
        left_hand=left, left_elbow=(0.5, -1.0, -0.2), right_hand=right, right_elbow=(1.0, -0.35, -0.35),
        left_foot=(width, 0, 0.03), right_foot=(-width, 0, 0),
    )  # fmt: skip
