"""Kicks and punches of a right-hander whose target lies along z, as keyed poses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy import ndarray

from posecube_studio.body import BodyShape, mirrored
from posecube_studio.goals import Goals
from posecube_studio.motions.footwork import facing, swung_arm
from posecube_studio.motions.style import Key, Pose, Style, keyed, with_tracks
from posecube_studio.rotation import about, trunk_turn

_KICKS_LAST_S = 2.9  # at most, so that a clip ends in the stance


def kick(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Once or twice with one leg: to the front at hip height, to the side, or low as one kicks a ball."""
    low, to_side = style.chance(0.4), style.chance(0.45)
    count = 2 if style.chance(0.55) else 1
    pause, pace = style.between(0.05, 0.25), style.between(0.95, 1.3)
    if low:
        stance, poses = _ball_kick(shape, style)
    elif to_side:
        stance, poses = _side_kick(shape, style)
    else:
        stance, poses = _front_kick(shape, style)
    at = style.between(0.15, 0.45) if count == 2 else style.between(0.3, 1.3)
    pace = min(pace, (_KICKS_LAST_S - at - count * pause) / (count * poses[-1][0]))
    keys: list[Key] = [(0.0, stance), (at, stance)]
    for _ in range(count):
        keys += [(at + pace * after_s, pose) for after_s, pose in poses]
        at = keys[-1][0] + pause
        keys.append((at, poses[-1][1]))
    goals = _timed(time_s, keys)
    other_leg = style.chance(0.3)
    return facing(goals.mirrored() if other_leg else goals, style.between(-60, 60))


def _timed(time_s: ndarray, keys: Sequence[Key]) -> Goals:
    """Keyed poses whose times are seconds."""
    end_s = keys[-1][0]
    return keyed(time_s, [(at / end_s, pose) for at, pose in keys], duration_s=end_s)


def _leg(
    shape: BodyShape, pose: Pose, *, raised_deg: float, knee_deg: float, aside_deg: float = 0.0, ankle_deg: float = 30.0
) -> Pose:
    """A pose with its right leg in the air, given by angles: the thigh from hanging, forward or (90) to the right.

    Args:
        ankle_deg: How far the foot is stretched from its right angle to the shank.
    """
    pelvis_deg = np.radians([float(pose.get(track, 0.0)) for track in ("pitch", "roll", "turn")])  # type: ignore[arg-type]
    hip = np.asarray(pose["pelvis"]) * shape.leg_m + np.array([0.0, shape.ankle_m - shape.rest_offsets["thigh"][1], 0])
    hip = hip + trunk_turn(*pelvis_deg) @ np.array(mirrored(shape.rest_offsets["thigh"], -1))
    toward = about("y", pelvis_deg[2] - np.radians(aside_deg))
    thigh = toward @ about("x", -np.radians(raised_deg)) @ np.array([0.0, -1.0, 0.0])
    shank = toward @ about("x", -np.radians(raised_deg - knee_deg)) @ np.array([0.0, -1.0, 0.0])
    ankle = hip + 0.995 * (shape.thigh_m * thigh + shape.shank_m * shank)
    yaw = pelvis_deg[2] - np.radians(min(aside_deg, 30.0))
    lift = np.radians(ankle_deg - (raised_deg - knee_deg) * np.cos(np.radians(aside_deg)))
    toes = np.array([0.0, -shape.ankle_m, 0.075 * shape.height_m])
    flat = ankle + about("y", yaw) @ (about("x", lift) @ toes - toes)
    place = (flat - np.array([0.0, shape.ankle_m, 0.0])) / shape.leg_m
    across, up, ahead = toward @ np.array([0.0, np.sin(np.radians(raised_deg)), np.cos(np.radians(raised_deg))])
    x, _, z = about("y", -pelvis_deg[2]) @ np.array([across, 0.0, ahead])
    return pose | {
        "right_foot": tuple(place), "right_heel": float(np.degrees(lift)), "right_toes": float(-np.degrees(yaw)),
        "right_knee": (float(-x), float(up), float(z)),
    }  # fmt: skip


def _front_kick(shape: BodyShape, style: Style) -> tuple[Pose, list[Key]]:
    """The knee comes up, the shin snaps forward at hip height, and back."""
    width, back = style.between(0.09, 0.13), style.between(0.05, 0.3)
    high, lean = style.between(72, 100), style.between(-16, -6)
    guard = _guard(style)
    stance: Pose = guard | {
        "pelvis": (0, 0.965, 0), "turn": -14.0, "pitch": 2.0, "bend": 4.0, "twist": 0.0, "lean": 0.0, "roll": 0.0,
        "left_foot": (width, 0, 0.14), "right_foot": (-width, 0, -back), "left_heel": 0.0, "right_heel": 0.0,
        "left_toes": 8.0, "right_toes": 24.0, "right_knee": (0.12, 0, 1.0), "left_knee": (0.12, 0, 1.0), "nod": 4.0,
    }  # fmt: skip
    over: Pose = guard | {"pelvis": (width - 0.03, 0.965, 0.08), "left_toes": 20.0}
    chamber = _leg(shape, over | {"pitch": -4.0, "turn": 4.0, "bend": 8.0}, raised_deg=high + 4, knee_deg=112)
    snapped = _leg(
        shape, over | {"pitch": float(lean), "turn": 14.0, "bend": 2.0, "nod": 14.0, "twist": -10.0},
        raised_deg=high, knee_deg=6, ankle_deg=style.between(0, 40),
    )  # fmt: skip
    recoiled = _leg(shape, over | {"pitch": -2.0, "turn": 4.0, "bend": 8.0, "twist": 0.0}, raised_deg=high - 8,
                    knee_deg=105)  # fmt: skip
    return stance, [(0.34, chamber), (0.47, snapped), (0.54, snapped), (0.72, recoiled), (1.08, stance)]


def _side_kick(shape: BodyShape, style: Style) -> tuple[Pose, list[Key]]:
    """The trunk leans away and the leg is driven out to the side."""
    width, high, lean = style.between(0.10, 0.15), style.between(64, 88), style.between(14, 26)
    guard = _guard(style)
    stance: Pose = guard | {
        "pelvis": (0, 0.965, 0), "turn": 0.0, "pitch": 2.0, "bend": 4.0, "lean": 0.0, "roll": 0.0, "look": -30.0,
        "left_foot": (width, 0, 0), "right_foot": (-width, 0, 0), "left_heel": 0.0, "right_heel": 0.0,
        "left_toes": 10.0, "right_toes": 12.0, "right_knee": (0.12, 0, 1.0), "left_knee": (0.2, 0, 1.0),
    }  # fmt: skip
    over: Pose = guard | {"pelvis": (width + 0.02, 0.965, 0.0), "look": -60.0, "left_toes": 30.0}
    chamber = _leg(
        shape, over | {"roll": 10.0, "lean": 6.0, "turn": 8.0}, raised_deg=78, knee_deg=110, aside_deg=35, ankle_deg=5
    )
    out = _leg(
        shape, over | {"roll": float(lean), "lean": float(lean) * 0.7, "turn": 14.0},
        raised_deg=high, knee_deg=4, aside_deg=86, ankle_deg=5,
    )  # fmt: skip
    return stance, [(0.38, chamber), (0.54, out), (0.66, out), (0.86, chamber), (1.20, stance)]


def _ball_kick(shape: BodyShape, style: Style) -> tuple[Pose, list[Key]]:
    """A step with the left foot, the right leg swings back, through, and on; the left arm comes forward."""
    width, step, through = style.between(0.08, 0.12), style.between(0.25, 0.45), style.between(46, 78)
    behind, out = style.between(25, 40), style.between(0.2, 0.5)
    hang: Pose = {"left_hand": (0.12, -0.96, 0.05), "right_hand": (0.12, -0.96, 0.05), "elbow": (0.6, -0.4, -0.7)}
    stance: Pose = hang | {
        "pelvis": (0, 0.98, 0), "turn": 0.0, "pitch": 2.0, "bend": 3.0, "twist": 0.0, "nod": 16.0, "roll": 0.0,
        "left_foot": (width, 0, 0), "right_foot": (-width, 0, 0), "left_heel": 0.0, "right_heel": 0.0,
        "left_toes": 8.0, "right_toes": 8.0, "right_knee": (0.12, 0, 1.0), "left_knee": (0.12, 0, 1.0),
    }  # fmt: skip
    lifted: Pose = {"left_foot": (width, 0.07, step * 0.55), "left_heel": 10.0, "pelvis": (-0.02, 0.965, step * 0.35),
                    "right_foot": (-width, 0, 0), "right_heel": 12.0}  # fmt: skip
    wound = _leg(
        shape, {"pelvis": (0.04, 0.945, step * 0.8), "turn": -22.0, "pitch": 4.0, "twist": 14.0, "nod": 24.0,
                "roll": 0.0, "left_foot": (width, 0, step), "left_heel": 0.0, "left_hand": (0.2 + out, -0.35, 0.5),
                "right_hand": (0.4, -0.8, -0.3)},
        raised_deg=-behind, knee_deg=88, ankle_deg=35,
    )  # fmt: skip
    struck = _leg(
        shape, {"pelvis": (0.05, 0.97, step), "turn": 4.0, "roll": 5.0, "pitch": -2.0, "twist": -4.0, "bend": 10.0,
                "left_foot": (width, 0, step), "left_hand": (0.3, -0.7, 0.3), "right_hand": (0.45, -0.8, 0.0)},
        raised_deg=30, knee_deg=46, ankle_deg=15,
    )  # fmt: skip
    passed = _leg(
        shape, {"pelvis": (0.04, 0.97, step + 0.06), "turn": 22.0, "pitch": -8.0, "twist": -18.0, "nod": 12.0,
                "roll": 5.0, "left_foot": (width, 0, step), "left_heel": 0.0, "left_hand": (0.2, -0.8, -0.3),
                "right_hand": (0.2 + out, -0.5, 0.3)},
        raised_deg=through, knee_deg=14, ankle_deg=40,
    )  # fmt: skip
    down: Pose = stance | {"pelvis": (0, 0.97, step), "left_foot": (width, 0, step), "right_foot": (-width, 0, step)}
    return stance, [(0.22, lifted), (0.44, wound), (0.60, struck), (0.74, passed), (0.82, passed), (1.25, down)]


def _guard(style: Style) -> Pose:
    """Both fists before the chin, or, of those who do not box, arms loosely bent."""
    if style.chance(0.6):
        high, near = style.between(-0.1, 0.1), style.between(0.36, 0.46)
        return {"left_hand": (-0.10, high, near + 0.08), "right_hand": (-0.14, high, near), "elbow": (0.45, -1.0, 0.1)}
    hand = tuple(swung_arm(np.array([style.between(0, 20)]), style.between(40, 80), outward=0.25)[0])
    return {"left_hand": hand, "right_hand": hand, "elbow": (0.6, -0.6, -0.6)}


def punch(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Fists up, then a combination of jabs, crosses and hooks; between them the hand comes back to the chin."""
    stance, width = style.between(0.16, 0.26), style.between(0.10, 0.15)
    low, high = style.between(0.90, 0.95), style.between(-0.04, 0.12)
    guard: Pose = {
        "pelvis": (0, low, 0), "turn": style.between(-42, -22), "twist": 0.0, "pitch": 4.0, "bend": 9.0, "nod": 6.0,
        "look": 26.0, "left_foot": (width, 0, stance), "right_foot": (-width, 0, -stance), "left_toes": -8.0,
        "right_toes": 44.0, "left_heel": 0.0, "right_heel": style.between(4, 14), "lean": 0.0,
        "left_hand": (-0.08, high, 0.50), "right_hand": (-0.12, high - 0.02, 0.36), "elbow": (0.4, -1.0, 0.05),
    }  # fmt: skip
    count, pace = round(style.between(1.6, 5.4)), style.between(0.9, 1.3)
    at = style.between(0.1, 0.5)
    keys: list[Key] = [(0.0, guard), (at, guard)]
    if style.chance(0.5):  # the fists come up first
        hang = (0.12, -0.96, 0.08)
        easy: Pose = guard | {"left_hand": hang, "right_hand": hang, "pelvis": (0, 0.965, 0), "bend": 2.0}
        keys = [(0.0, easy), (at, easy), (at + 0.4, guard)]
    for _ in range(count):
        begins, blow = keys[-1][0] + style.between(0.02, 0.25), _blow(style, guard)
        keys += [(begins, guard)] + [(begins + pace * after_s, guard | pose) for after_s, pose in blow]
    goals = _timed(time_s, keys)
    bounce = style.between(0.0, 0.016) * (1 - np.cos(2 * np.pi * time_s / style.between(0.4, 0.6)))
    goals = with_tracks(goals, pelvis=goals.pelvis - np.stack([0 * bounce, bounce, 0 * bounce], axis=-1))
    return facing(goals, style.between(-50, 50))


def _blow(style: Style, guard: Pose) -> list[Key]:
    """Jab and hook with the left, cross with the right: times from its start, back in the guard at the end."""
    kind, high, far = style.between(0, 3), style.between(-0.12, 0.12), style.between(0.88, 0.95)
    turn, (x, y, z) = float(guard["turn"]), guard["pelvis"]  # type: ignore[arg-type,misc]
    if kind < 1.05:
        hit: Pose = {"left_hand": _ahead(turn - 14, 1, high, far), "left_elbow": (0.7, -0.8, -0.2), "twist": -14.0,
                     "pelvis": (x, y - 0.01, z + 0.08)}  # fmt: skip
        return [(0.13, hit), (0.18, hit), (0.38, {})]
    if kind < 2.1:
        hit = {"right_hand": _ahead(turn + 68, -1, high, far), "right_elbow": (0.7, -0.8, -0.2), "turn": turn + 42,
               "twist": 26.0, "look": -26.0, "right_heel": 34.0, "pelvis": (x, y - 0.02, z + 0.12),
               "right_toes": 14.0}  # fmt: skip
        return [(0.17, hit), (0.23, hit), (0.50, {})]
    wide: Pose = {"left_hand": (0.36, high - 0.10, 0.44), "left_elbow": (0.9, -0.7, -0.2), "twist": 14.0,
                  "turn": turn + 8}  # fmt: skip
    hit = {"left_hand": _ahead(turn - 30, 1, high, 0.64), "left_elbow": (1.0, 0.1, -0.2), "turn": turn - 14,
           "twist": -16.0, "look": 40.0, "left_heel": 24.0, "left_toes": -24.0}  # fmt: skip
    return [(0.15, wide), (0.29, hit), (0.35, hit), (0.60, {})]


def _ahead(chest_deg: float, sign: int, high: float, far: float) -> tuple[float, float, float]:
    """A fist straight ahead in the world, a little inward from its shoulder, whichever way the chest is turned."""
    aside = np.radians(-sign * chest_deg - 10.0)
    return float(far * np.sin(aside)), high, float(far * np.cos(aside))
