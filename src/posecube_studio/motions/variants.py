"""Other ways to do what has a name: squats without a bar, wide, jumped, held at a wall; both arms waved; sitting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy import ndarray

from posecube_studio.body import BodyShape
from posecube_studio.goals import ELBOW_BACK, HANGING, Goals
from posecube_studio.motions import exercise
from posecube_studio.motions.everyday import idle
from posecube_studio.motions.footwork import facing
from posecube_studio.motions.style import Style, Value, mixed, wave, with_tracks

Arms = tuple[Value, Value, Value]
"""Hands of somebody who stands, hands at the bottom, elbows; (outward, up, forward) from the shoulder, in arms."""

_SQUATTING_ARMS: tuple[Arms, ...] = (
    ((0.02, -0.12, 0.92), (0.02, 0.0, 0.94), (0.6, -0.8, 0.0)),  # stretched forward all the time
    (HANGING, (0.02, -0.05, 0.92), (0.5, -0.7, -0.4)),  # rise as the body goes down
    ((-0.24, -0.36, 0.44), (-0.24, -0.30, 0.48), (0.8, -0.7, 0.2)),  # clasped before the chest
    ((0.06, -0.62, 0.06), (0.06, -0.62, 0.06), (1.0, -0.2, -0.35)),  # on the hips
    ((0.10, 0.20, 0.02), (0.10, 0.20, 0.02), (1.0, 0.2, 0.3)),  # at the head
    (HANGING, (0.06, -0.96, 0.14), ELBOW_BACK),  # hanging, maybe with weights
    ((0.16, 0.93, 0.06), (0.18, 0.93, 0.02), (0.9, 0.2, -0.3)),  # overhead
    ((0.34, -0.06, 0.02), (0.34, -0.04, 0.02), (0.2, -1.0, -0.3)),  # at a bar on the shoulders
)


def squat_free(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Down and up at any tempo, the arms wherever people have them, on feet from narrow to wide."""
    down = wave(time_s, period_s=style.between(1.2, 4.2), sharpness=style.between(0.0, 0.6))
    depth, back = style.between(0.30, 0.60), style.between(0.12, 0.32)
    return _squatted(style, down, depth=depth, back=back, width=style.between(0.12, 0.28), toes=style.between(6, 26))


def squat_wide(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Sumo: feet far apart, toes outward, the trunk upright."""
    down = wave(time_s, period_s=style.between(1.6, 4.2), sharpness=style.between(0.1, 0.6))
    depth = style.between(0.28, 0.48)
    return _squatted(
        style, down, depth=depth, back=style.between(0.02, 0.14), width=style.between(0.32, 0.5),
        toes=style.between(28, 48), lean=style.between(4, 22), outward=style.between(0.8, 1.5),
    )  # fmt: skip


def squat_jump(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Down, and up with a jump."""
    period = style.between(1.0, 2.2)
    phase = (time_s / period + style.between(0, 1)) % 1
    down = np.clip(np.sin(2 * np.pi * phase), 0, 1) ** 0.8
    air = np.where(phase > 0.62, np.sin(np.pi * np.clip((phase - 0.62) / 0.26, 0, 1)), 0) ** 1.2
    goals = _squatted(
        style, down, depth=style.between(0.3, 0.55), back=style.between(0.12, 0.28), width=style.between(0.12, 0.24),
        toes=style.between(6, 20),
    )  # fmt: skip
    rise = style.between(0.10, 0.30) * air
    pelvis, feet, heels = goals.pelvis.copy(), goals.feet.copy(), goals.feet_deg.copy()
    pelvis[:, 1] += rise
    feet[:, :, 1] += np.maximum(rise - 0.02, 0)[:, None]
    heels[..., 0] += 40 * air[:, None]
    return replace(goals, pelvis=pelvis, feet=feet, feet_deg=heels)


def wall_sit(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Held low with an upright back, as at a wall; some slide down first or up at last."""
    whole = np.ones(len(time_s))
    if style.chance(0.5):
        ramp = np.clip((time_s - style.between(0.0, 1.0)) / style.between(0.8, 1.6), 0, 1)
        whole = ramp if style.chance(0.6) else 1 - ramp
    down = whole * (1 + 0.02 * np.sin(2 * np.pi * time_s / style.between(0.8, 2.0)))
    return _squatted(
        style, down, depth=style.between(0.38, 0.52), back=style.between(0.38, 0.48), width=style.between(0.11, 0.2),
        toes=style.between(3, 14), lean=style.between(-4, 4), bend=0.0,
    )  # fmt: skip


def _squatted(
    style: Style, down: ndarray, *, depth: float, back: float, width: float, toes: float, lean: float | None = None,
    outward: float = 0.42, bend: float | None = None,
) -> Goals:  # fmt: skip
    """The body ``down`` from standing (0) to its lowest (1)."""
    lean = style.between(16, 42) if lean is None else lean
    bend = style.between(3, 14) if bend is None else bend
    stood, low, elbow = _SQUATTING_ARMS[min(int(style.between(0, len(_SQUATTING_ARMS))), len(_SQUATTING_ARMS) - 1)]
    stand = np.stack([0 * down, 0.975 - depth * down, -0.02 - back * down], axis=-1)
    return with_tracks(
        Goals.standing(len(down)),
        pelvis=stand, pitch=mixed(3, lean, down), bend=mixed(4, bend, down), nod=mixed(-2, -0.7 * lean, down),
        hand=mixed(stood, low, down), elbow=elbow, left_foot=(width, 0, 0), right_foot=(-width, 0, 0), toes=toes,
        knee=(outward, 0.0, 1.0),
    )  # fmt: skip


def jacks_free(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Jumping jacks of beginners: slower or faster, arms to the shoulders only or with a clap, feet less far."""
    goals = exercise.jumping_jacks(shape, style, time_s * style.between(0.55, 1.35))
    reach, spread = style.between(0.6, 1.05), style.between(0.6, 1.15)
    hands, feet = goals.hands.copy(), goals.feet.copy()
    hands[..., 1] = -0.97 + (hands[..., 1] + 0.97) * reach
    feet[..., 0] *= spread
    return replace(goals, hands=hands, feet=feet)


def situp_free(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Sit-ups with the arms forward, crossed or at the head, all the way or half of it, at any tempo."""
    goals = exercise.situp(shape, style, time_s * style.between(0.6, 1.6))
    pick = style.between(0, 1)
    if pick < 0.4:
        hand = (style.between(0.0, 0.1), style.between(-0.5, 0.3), style.between(0.7, 0.92))
        goals = with_tracks(goals, hand=hand, elbow=(0.6, -0.8, 0.1))
    elif pick < 0.6:
        goals = with_tracks(goals, hand=HANGING, elbow=(0.6, -0.3, -0.6))
    return goals


def pullup_free(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Pull-ups at other tempos, the legs hanging straight, forward or behind."""
    goals = exercise.pullup(shape, style, time_s * style.between(0.6, 1.5))
    forward, bent = style.between(-0.45, 0.5), style.between(0.0, 0.35)
    foot = np.array([0.06, -0.985 + bent, forward])
    feet = np.tile(foot, (len(time_s), 2, 1))
    return replace(goals, feet=feet, feet_in_world=False)


def wave_both(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Both arms swing overhead, together or against each other, as to a ship."""
    goals = idle(shape, style, time_s)
    beat = 2 * np.pi * time_s / style.between(0.5, 1.6) + style.between(0, 6)
    low, high = style.between(15, 70), style.between(10, 40)
    crossing = style.chance(0.5)
    hands, elbows = goals.hands.copy(), goals.elbows.copy()
    for side, sign in ((0, 1), (1, 1 if style.chance(0.6) else -1)):
        angle = np.radians(low / 2 - (high / 2 if crossing else 0) + (low + high) / 2 * np.sin(sign * beat))
        hands[:, side] = np.stack([0.93 * np.sin(angle), 0.93 * np.cos(angle), 0.12 + 0 * angle], axis=-1)
        elbows[:, side] = (0.9, -0.1, -0.2)
    return facing(replace(goals, hands=hands, elbows=elbows), style.between(-60, 60))


def sit(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Sitting on a chair or the floor's edge: hands in the lap, on the knees, at a table, crossed; little moves."""
    seat = style.between(0.42, 0.62)
    far, width = style.between(0.05, 0.55), style.between(0.08, 0.26)
    places = ((-0.12, -0.78, 0.42), (0.0, -0.72, 0.52), (-0.05, -0.45, 0.62), (-0.42, -0.36, 0.36), HANGING)
    hand = places[min(int(style.between(0, len(places))), len(places) - 1)]
    drift = style.wander(time_s, size=style.between(0.0, 0.05), num_axes=6).reshape(len(time_s), 2, 3)
    goals = with_tracks(
        Goals.standing(len(time_s)),
        pelvis=(0, seat, -0.45), pitch=style.between(-14, 14), bend=style.between(0, 24), nod=style.between(-4, 24),
        look=style.between(-30, 30), hand=hand, elbow=(style.between(0.4, 0.9), -0.8, -0.3),
        left_foot=(width, 0, far - 0.4), right_foot=(-width, 0, far - 0.4 + style.between(-0.1, 0.1)),
        toes=style.between(0, 20), knee=(style.between(0.0, 0.5), 0.2, 1.0),
    )  # fmt: skip
    return facing(replace(goals, hands=goals.hands + drift), style.between(-70, 70))
