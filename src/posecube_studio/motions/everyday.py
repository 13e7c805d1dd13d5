"""Everyday motions on one place: standing about, waving, playing the guitar."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube_studio.body import BodyShape
from posecube_studio.goals import ELBOW_BACK, HANGING, Goals
from posecube_studio.motions.footwork import eased, facing
from posecube_studio.motions.style import Style, mixed, wave, with_tracks

# Places of both hands and elbows, and half the share of all people up to this line who keep them so.
_ARMS = (
    (0.22, HANGING, ELBOW_BACK),
    (0.29, (0.06, -0.62, 0.06), (1.0, -0.2, -0.35)),  # on the hips
    (0.37, (-0.44, -0.34, 0.38), (0.8, -0.8, 0.3)),  # crossed
    (0.44, (-0.27, -0.78, 0.30), (0.8, -0.4, -0.4)),  # clasped before the body
    (0.50, (-0.22, -0.80, -0.26), (0.8, -0.3, -0.6)),  # behind the back
)


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


def stand_about(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Idle, with the arms as people keep them: hanging, on the hips, crossed, before or behind the body."""
    goals = idle(shape, style, time_s)
    pick, starts_s = style.between(0, 1), style.between(-2.0, 1.6)
    # The middle of the range, the typical way, is the first: hanging.
    _, hand, elbow = next(kept for kept in _ARMS if abs(pick - 0.5) <= kept[0])
    part = eased((time_s - starts_s) / style.between(0.6, 1.0))
    hands = goals.hands + part[:, None, None] * (np.array(hand) - goals.hands)
    goals = with_tracks(goals, elbow=mixed(ELBOW_BACK, elbow, part))
    return facing(replace(goals, hands=hands), style.between(-50, 50))


def wave_hand(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """The right hand, or both, goes up and swings from side to side, from the elbow or from the wrist."""
    goals = idle(shape, style, time_s)
    both, from_wrist, lowers = style.chance(0.2), style.chance(0.35), style.chance(0.6)
    start, raise_s, period = style.between(0.05, 0.6), style.between(0.4, 0.7), style.between(0.42, 0.8)
    stop = start + raise_s + style.between(1.2, 1.9) if lowers else np.inf
    up = eased((time_s - start) / raise_s) * eased(1 - (time_s - stop) / raise_s)
    beat = 2 * np.pi * (time_s - start - raise_s) / period
    high, size = style.between(0, 1), style.between(0.03, 0.06) if from_wrist else style.between(0.13, 0.22)
    raised = mixed((0.42, 0.10, 0.40), (0.24, 0.78, 0.16), np.full(len(time_s), high))
    sides = (0, 1) if both else (1,)
    hands, elbows = goals.hands.copy(), goals.elbows.copy()
    for side in sides:
        swing = np.stack([size * np.sin(beat), -0.3 * size * np.sin(beat) ** 2, 0 * beat], axis=-1)
        hands[:, side] += up[:, None] * (raised + up[:, None] * swing - goals.hands[:, side])
        elbows[:, side] = mixed(ELBOW_BACK, (0.8, -0.9, 0.05), up)
    goals = with_tracks(goals, look=goals.neck_deg[:, 2] * (1 - up), roll=goals.pelvis_deg[:, 1] * (1 - 0.5 * up))
    fingers = _waving_fingers(up, style.between(28, 45) * np.sin(beat), sides) if from_wrist else None
    return facing(replace(goals, hands=hands, elbows=elbows, fingers=fingers), style.between(-40, 40))


def _waving_fingers(up: ndarray, tilt_deg: ndarray, sides: tuple[int, ...]) -> Float[ndarray, "T 2 3"]:
    """World direction of the fingers: down, on the way up forward, and at the top swinging to the sides."""
    fingers = np.tile(np.array([0.0, -1.0, 0.1]), (len(up), 2, 1))
    risen, tilt = np.pi * up, np.radians(tilt_deg) * up
    for side in sides:
        outward = np.sin(tilt) * (1 - 2 * side)
        fingers[:, side] = np.stack([outward, -np.cos(risen) * np.cos(tilt), 0.1 + np.sin(risen)], axis=-1)
    return fingers


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
