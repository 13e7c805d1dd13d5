"""Throws, swings and serves: keyed poses of a right-hander whose target lies along z.

The stance of most is side-on: turned a quarter to the right, the left shoulder towards the target. A hand's place is
(outward, up, forward) from its shoulder in chest axes; shoulders lie 0.65 arms apart, so -0.33 outward is the middle.
"""

from __future__ import annotations

from numpy import ndarray

from posecube_studio.body import BodyShape
from posecube_studio.goals import Goals
from posecube_studio.motions.style import Key, Style, keyed

_OUT_ELBOW = (1.0, -0.25, -0.5)


def tennis_serve(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Toss with the left, racket behind the head, hit at full stretch, land on the left foot."""
    knees, back, bow = style.between(0.80, 0.90), style.between(-16, -6), style.between(38, 56)
    start = style.between(-75, -50)
    keys: list[Key] = [
        (0.00, {"tool": (-0.2, 0.5, 0.8), "pelvis": (0, 0.97, -0.03), "turn": start, "bend": 10, "lean": 0,
                "twist": 0, "look": 30, "nod": 4, "left_hand": (-0.22, -0.42, 0.62),
                "right_hand": (-0.20, -0.50, 0.55), "right_elbow": (0.5, -0.8, -0.5), "left_foot": (0.02, 0, 0.26),
                "right_foot": (-0.1, 0, -0.26), "left_toes": -42, "right_toes": 78, "left_heel": 0, "right_heel": 0}),
        (0.13, {"tool": (0, -0.2, 0.9), "pelvis": (0, 0.95, -0.08), "left_hand": (-0.1, -0.84, 0.35),
                "right_hand": (-0.02, -0.9, 0.2), "bend": 14, "nod": 8}),
        (0.27, {"tool": (0.8, -0.4, -0.3), "left_hand": (0.42, 0.05, 0.72), "right_hand": (0.62, -0.55, -0.42),
                "nod": -12, "lean": -4}),
        (0.40, {"tool": (0.6, 0.7, -0.3), "pelvis": (0, 0.92, 0.02), "turn": start - 12, "bend": -4, "lean": -12,
                "nod": -32, "look": 38, "left_hand": (0.38, 0.88, 0.22), "right_hand": (0.72, -0.02, -0.42),
                "right_elbow": _OUT_ELBOW}),
        (0.49, {"tool": (-0.2, 1, 0.05), "pelvis": (0, knees, 0.06), "turn": start - 8, "bend": back, "lean": -14,
                "nod": -38, "left_hand": (0.30, 0.92, 0.16), "right_hand": (0.34, 0.36, -0.12),
                "right_elbow": (1.0, -0.45, -0.4), "right_foot": (-0.1, 0, -0.2), "left_heel": 8, "right_heel": 30}),
        (0.57, {"tool": (0.1, -0.9, -0.4), "pelvis": (0, 0.99, 0.14), "turn": -38, "bend": -8, "lean": 2, "twist": 10,
                "left_hand": (0.15, 0.35, 0.62), "right_hand": (0.30, 0.02, -0.40), "right_elbow": (0.9, 0.75, 0.1)}),
        (0.63, {"tool": (0.1, 1, 0.15), "pelvis": (0, 1.09, 0.22), "turn": -8, "bend": 6, "lean": 16, "twist": 14,
                "nod": -34, "look": 6, "left_hand": (-0.20, -0.12, 0.45), "right_hand": (0.10, 0.96, 0.18),
                "right_elbow": (1.0, 0.1, 0.2), "left_foot": (0.02, 0.08, 0.3), "right_foot": (-0.1, 0.12, -0.2),
                "left_heel": 50, "right_heel": 58, "left_toes": -25, "right_toes": 45}),
        (0.70, {"tool": (-0.1, -0.3, 0.9), "pelvis": (0, 1.0, 0.36), "turn": 12, "bend": 28, "lean": 12,
                "right_hand": (-0.05, 0.15, 0.92), "right_elbow": (0.8, 0.3, -0.2), "left_foot": (0.05, 0, 0.48),
                "left_heel": 6, "nod": -12}),
        (0.79, {"tool": (-0.6, -0.6, -0.3), "pelvis": (0, 0.86, 0.44), "turn": 26, "pitch": 16, "bend": bow,
                "lean": 4, "twist": 16, "nod": -22, "right_hand": (-0.62, -0.58, 0.42),
                "right_elbow": (0.6, -0.5, 0.4), "left_hand": (-0.1, -0.35, 0.40), "left_foot": (0.05, 0, 0.48),
                "left_heel": 0, "left_toes": 0, "right_foot": (-0.12, 0.50, -0.34), "right_heel": 68,
                "right_toes": 10}),
        (1.00, {"tool": (-0.4, 0.5, 0.7), "pelvis": (0, 0.90, 0.62), "turn": 10, "pitch": 8, "bend": 18, "lean": 0,
                "twist": 4, "nod": -10, "right_hand": (-0.30, -0.55, 0.55), "right_elbow": (0.5, -0.7, -0.4),
                "left_hand": (-0.1, -0.45, 0.55), "right_foot": (-0.24, 0, 0.78), "right_heel": 0, "left_heel": 10}),
    ]  # fmt: skip
    return keyed(time_s, keys, duration_s=style.between(2.0, 2.5))


def tennis_forehand(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Turn and take the racket back, step in, swing low to high, finish over the left shoulder."""
    low = style.between(0.80, 0.90)
    ready = {"left_hand": (-0.18, -0.42, 0.62), "right_hand": (-0.16, -0.46, 0.58), "right_elbow": (0.6, -0.8, -0.3)}
    keys: list[Key] = [
        (0.00, {"tool": (-0.4, 0.5, 0.7), "pelvis": (0, 0.90, -0.05), "turn": -5, "twist": 0, "bend": 16, "look": 0,
                **ready, "lean": 0, "left_foot": (0.24, 0, 0), "right_foot": (-0.24, 0, 0), "left_toes": 12,
                "right_toes": 14, "right_heel": 0}),
        (0.16, {"tool": (0.2, 0.8, 0.4), "pelvis": (-0.05, 0.88, -0.05), "turn": -35, "twist": -12, "look": 24,
                "right_toes": 60, "right_hand": (0.30, -0.18, 0.35), "left_hand": (-0.25, -0.18, 0.70)}),
        (0.36, {"tool": (0.6, 0.6, -0.6), "pelvis": (-0.06, low, -0.08), "turn": -62,
                "twist": style.between(-38, -22), "look": 55, "right_hand": (0.72, style.between(-0.05, 0.25), -0.34),
                "right_elbow": (0.9, -0.5, -0.5), "left_hand": (-0.22, -0.02, 0.82), "left_foot": (0.16, 0.05, 0.14),
                "left_toes": 0}),
        (0.48, {"tool": (0.5, -0.35, -0.8), "pelvis": (0.0, low, 0.02), "turn": -50, "twist": -24,
                "right_hand": (0.66, -0.62, -0.30), "left_foot": (0.08, 0, 0.42), "left_toes": -20,
                "left_hand": (0.05, -0.05, 0.75)}),
        (0.57, {"tool": (0.95, 0, 0.35), "pelvis": (0.02, 0.90, 0.14), "turn": -8, "twist": 2, "bend": 8, "look": 4,
                "lean": 4, "right_hand": (0.42, -0.30, 0.78), "right_elbow": (0.9, -0.8, -0.2),
                "left_hand": (0.30, -0.28, 0.40), "right_heel": 30}),
        (0.68, {"tool": (-0.2, 0.8, 0.6), "pelvis": (0.02, 0.95, 0.20), "turn": 22, "twist": 22,
                "right_hand": (-0.35, 0.22, 0.80), "right_elbow": (0.9, -0.1, 0.2), "left_hand": (0.22, -0.32, 0.32),
                "look": -10}),
        (0.80, {"tool": (-0.5, 0.2, -0.8), "pelvis": (0.02, 0.96, 0.20), "turn": 34, "twist": 30,
                "right_hand": (-0.68, 0.36, 0.36), "right_elbow": (0.4, 0.3, 0.9), "left_hand": (0.05, -0.05, 0.42),
                "look": -32, "right_heel": 46, "right_foot": (-0.22, 0, 0.02), "right_toes": 20}),
        (1.00, {"tool": (-0.4, 0.5, 0.7), "pelvis": (0, 0.90, 0.16), "turn": 5, "twist": 4, "bend": 14, **ready,
                "look": 0, "right_foot": (-0.26, 0, 0.30), "right_heel": 0, "right_toes": 14,
                "left_foot": (0.18, 0, 0.40)}),
    ]  # fmt: skip
    return keyed(time_s, keys, duration_s=style.between(1.4, 1.8))


def bowl(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Four steps down the lane while the ball swings back, a slide on the left foot, release and follow-through."""
    pace, low = style.between(0.9, 1.1), style.between(0.66, 0.76)
    stoop, high = style.between(34, 46), style.between(-0.45, -0.15)
    cross = style.between(0.20, 0.36)
    keys: list[Key] = [
        (0.00, {"pelvis": (0, 0.95, 0), "bend": 12, "pitch": 4, "nod": -2, "twist": 0, "lean": 0, "turn": 0,
                "right_hand": (-0.06, -0.40, 0.52), "left_hand": (-0.42, -0.42, 0.52), "right_elbow": (0.3, -1, -0.4),
                "left_foot": (0.09, 0, 0), "right_foot": (-0.09, 0, 0), "left_heel": 0, "right_heel": 0}),
        (0.14, {"pelvis": (0, 0.94, 0.06 * pace), "right_foot": (-0.09, 0, 0), "left_foot": (0.09, 0, 0)}),
        (0.22, {"right_foot": (-0.09, 0.10, 0.22 * pace)}),
        (0.30, {"pelvis": (0, 0.92, 0.30 * pace), "right_hand": (-0.02, -0.55, 0.76),
                "left_hand": (-0.3, -0.52, 0.72), "right_foot": (-0.09, 0, 0.50 * pace), "left_foot": (0.09, 0, 0),
                "left_heel": 14}),
        (0.38, {"left_foot": (0.09, 0.12, 0.50 * pace), "left_heel": 30}),
        (0.46, {"pelvis": (0, 0.91, 0.78 * pace), "bend": 22, "right_hand": (0.05, -0.97, 0.08),
                "left_hand": (0.45, -0.5, 0.45), "left_foot": (0.08, 0, 1.02 * pace), "left_heel": 0,
                "right_foot": (-0.09, 0, 0.50 * pace), "right_heel": 20, "right_elbow": (0.5, -0.5, -0.6)}),
        (0.54, {"right_foot": (-0.09, 0.12, 1.10 * pace), "right_heel": 30, "right_hand": (0.10, -0.76, -0.58)}),
        (0.62, {"pelvis": (0, 0.87, 1.34 * pace), "bend": stoop - 8, "pitch": 10, "right_hand": (0.12, high, -0.88),
                "left_hand": (0.85, -0.30, 0.25), "right_foot": (-0.10, 0, 1.52 * pace), "right_heel": 0,
                "left_foot": (0.08, 0, 1.02 * pace), "left_heel": 26, "twist": -10}),
        (0.70, {"left_foot": (0.05, 0.03, 1.85 * pace), "left_heel": 8, "right_hand": (0.08, -0.70, -0.62),
                "right_foot": (-0.10, 0, 1.52 * pace), "right_heel": 20}),
        (0.77, {"pelvis": (0.02, low, 1.90 * pace), "bend": stoop, "pitch": 20, "lean": -6, "nod": -34,
                "right_hand": (0.0, -0.98, 0.06), "left_hand": (0.93, -0.12, -0.12),
                "left_foot": (0.02, 0, 2.16 * pace), "left_heel": 0, "right_foot": (0.05, 0.06, 1.34 * pace),
                "right_heel": 62, "right_toes": 20}),
        (0.83, {"pelvis": (0.02, low, 2.02 * pace), "bend": stoop, "pitch": 20, "right_hand": (-0.08, -0.28, 0.92),
                "twist": 4, "right_foot": (cross, 0.10, 1.38 * pace), "left_foot": (0.02, 0, 2.26 * pace)}),
        (0.90, {"pelvis": (0.02, low + 0.03, 2.04 * pace), "bend": stoop - 8, "right_hand": (-0.12, 0.52, 0.72),
                "right_elbow": (0.7, -0.6, 0.1), "left_hand": (0.88, -0.25, -0.30)}),
        (1.00, {"pelvis": (0.02, low + 0.06, 2.04 * pace), "bend": stoop - 14, "pitch": 16, "nod": -26,
                "right_hand": (-0.14, 0.62, 0.50), "left_hand": (0.86, -0.28, -0.30),
                "left_foot": (0.02, 0, 2.26 * pace), "right_foot": (cross + 0.04, 0.10, 1.40 * pace),
                "right_heel": 64}),
    ]  # fmt: skip
    return keyed(time_s, keys, duration_s=style.between(2.1, 2.6))


def baseball_pitch(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Hands together, the left knee up, a long stride, the arm whips over, the right leg follows."""
    knee, stride, bow = style.between(0.42, 0.62), style.between(0.80, 0.98), style.between(46, 62)
    together = {"left_hand": (-0.28, -0.22, 0.45), "right_hand": (-0.28, -0.24, 0.42)}
    keys: list[Key] = [
        (0.00, {"pelvis": (0, 0.98, 0), "turn": -80, "bend": 4, "lean": 0, "twist": 0, "look": 60, "nod": 2,
                **together, "right_elbow": (0.8, -0.8, -0.4), "left_foot": (0, 0, 0.14), "right_foot": (0, 0, -0.14),
                "left_toes": -72, "right_toes": 86, "left_heel": 0, "right_heel": 0,
                "left_elbow": (0.8, -0.8, -0.4)}),
        (0.14, {**together, "left_foot": (0, 0, 0.14), "pelvis": (0, 0.98, -0.06), "left_heel": 0}),
        (0.32, {"pelvis": (0, 0.98, -0.12), "turn": -92, "twist": -8, **together, "left_foot": (-0.20, knee, -0.02),
                "left_heel": 34, "look": 72, "bend": 8}),
        (0.44, {"pelvis": (0, 0.90, 0.05), "turn": -88, "left_foot": (-0.06, 0.22, 0.40), "left_heel": 10,
                "left_hand": (0.50, -0.25, 0.42), "right_hand": (0.42, -0.68, -0.12)}),
        (0.53, {"pelvis": (0, 0.78, 0.34), "turn": -72, "twist": -16, "lean": -6, "bend": -2, "look": 62,
                "left_foot": (0.05, 0, stride), "left_toes": -12, "left_heel": 0, "left_hand": (0.86, 0.06, 0.20),
                "left_elbow": (0.6, -0.8, -0.3), "right_hand": (0.80, 0.05, -0.34), "right_elbow": _OUT_ELBOW,
                "right_foot": (0, 0, -0.14), "right_heel": 28}),
        (0.59, {"pelvis": (0, 0.77, 0.48), "turn": -28, "twist": -14, "bend": -10, "look": 22,
                "right_hand": (0.52, 0.42, -0.28), "right_elbow": (1.0, -0.5, 0.0),
                "left_hand": (0.45, -0.12, 0.40)}),
        (0.65, {"pelvis": (0, 0.77, 0.58), "turn": 4, "twist": 16, "bend": 24, "lean": 14, "look": 0, "nod": -14,
                "right_hand": (0.40, 0.58, 0.62), "right_elbow": (1.0, -0.1, 0.1), "left_hand": (-0.02, -0.42, 0.26),
                "right_foot": (-0.05, 0.06, -0.10), "right_heel": 60, "right_toes": 40}),
        (0.73, {"pelvis": (0, 0.79, 0.68), "turn": 24, "twist": 20, "pitch": 22, "bend": bow, "lean": 6, "nod": -30,
                "right_hand": (-0.58, -0.62, 0.42), "right_elbow": (0.6, 0.2, -0.3),
                "left_hand": (0.12, -0.40, -0.15), "right_foot": (-0.16, 0.52, 0.02), "right_heel": 70,
                "right_toes": 6}),
        (0.84, {"pelvis": (-0.04, 0.84, 0.76), "pitch": 18, "bend": bow - 10, "right_hand": (-0.45, -0.70, 0.30),
                "right_foot": (-0.30, 0.26, 0.52), "right_heel": 26}),
        (1.00, {"pelvis": (-0.12, 0.93, 0.84), "turn": 4, "twist": 0, "pitch": 6, "bend": 16, "lean": 0, "nod": -8,
                "right_hand": (0.02, -0.62, 0.50), "left_hand": (0.0, -0.55, 0.52), "right_foot": (-0.34, 0, 0.88),
                "right_heel": 0, "left_foot": (0.05, 0, stride), "left_elbow": (0.5, -0.7, -0.5)}),
    ]  # fmt: skip
    return keyed(time_s, keys, duration_s=style.between(2.4, 3.2))


def baseball_swing(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Bat above the right shoulder, a short stride, hips and hands come round, it ends behind the left shoulder."""
    low, width = style.between(0.86, 0.93), style.between(0.32, 0.42)
    lift = style.between(0.03, 0.14)
    keys: list[Key] = [
        (0.00, {"tool": (0.1, 0.9, -0.3), "pelvis": (0, low, -0.03), "turn": -84, "twist": -4, "bend": 14, "lean": 0,
                "look": 68, "nod": 2, "right_hand": (0.06, 0.0, 0.36), "right_elbow": (1.0, -0.35, -0.5),
                "left_hand": (-0.72, -0.05, 0.40), "left_elbow": (0.3, -1.0, 0.1), "left_foot": (0, 0, width - 0.06),
                "right_foot": (0, 0, -width), "left_toes": -74, "right_toes": 86, "left_heel": 0, "right_heel": 0,
                "pitch": 6}),
        (0.22, {"left_foot": (0, 0, width - 0.06), "pelvis": (0, low, -0.05), "turn": -84}),
        (0.34, {"tool": (0.15, 0.85, -0.5), "left_foot": (0, lift, width - 0.10), "pelvis": (0, low, -0.08),
                "turn": -94, "twist": -12, "right_hand": (0.20, 0.06, 0.24), "left_hand": (-0.80, 0.02, 0.32),
                "left_heel": 16}),
        (0.46, {"tool": (0.2, 0.8, -0.55), "left_foot": (0, 0, width + 0.10), "left_toes": -48, "left_heel": 0,
                "pelvis": (0, low - 0.03, 0.02), "turn": -76, "right_hand": (0.22, 0.06, 0.20),
                "left_hand": (-0.82, 0.02, 0.30)}),
        (0.54, {"tool": (0.75, -0.1, -0.35), "turn": -34, "twist": -14, "right_hand": (0.04, -0.30, 0.38),
                "left_hand": (-0.60, -0.22, 0.58), "right_heel": 22, "right_toes": 60, "look": 42,
                "right_elbow": (0.4, -1.0, -0.3)}),
        (0.60, {"tool": (0.9, -0.12, 0.4), "turn": 4, "twist": 0, "right_hand": (-0.26, -0.34, 0.72),
                "left_hand": (-0.30, -0.36, 0.74), "lean": -8, "look": 0, "nod": 14, "right_heel": 44,
                "right_toes": 30, "pelvis": (0, low, 0.06)}),
        (0.67, {"tool": (0, 0, 1), "turn": 16, "twist": 18, "right_hand": (-0.52, -0.10, 0.76),
                "left_hand": (0.02, -0.12, 0.86), "left_elbow": (0.8, -0.8, 0.0), "right_elbow": (0.6, -0.9, 0.2)}),
        (0.78, {"tool": (-0.85, 0.25, -0.2), "turn": 24, "twist": 34, "right_hand": (-0.66, 0.26, 0.42),
                "left_hand": (0.22, 0.30, 0.28), "left_elbow": (1.0, -0.4, -0.2), "right_elbow": (0.4, -0.5, 0.8),
                "lean": -4, "bend": 4}),
        (1.00, {"tool": (-0.45, 0, -0.9), "turn": 26, "twist": 38, "right_hand": (-0.70, 0.26, 0.22),
                "left_hand": (0.20, 0.32, 0.10), "right_heel": 48, "right_toes": 20, "pelvis": (0, low + 0.03, 0.08),
                "look": -12, "nod": 0, "left_foot": (0, 0, width + 0.10), "right_foot": (0, 0, -width)}),
    ]  # fmt: skip
    return keyed(time_s, keys, duration_s=style.between(1.5, 2.0))


def golf_swing(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Address, wind up over the right shoulder, down through the ball, finish high over the left."""
    stoop, width, wind = style.between(16, 24), style.between(0.22, 0.30), style.between(-52, -36)
    address = {"left_hand": (-0.30, -0.86, 0.40), "right_hand": (-0.32, -0.88, 0.36)}
    keys: list[Key] = [
        (0.00, {"tool": (0, -0.86, 0.5), "pelvis": (0.03, 0.94, 0), "turn": -90, "pitch": stoop, "bend": 16,
                "lean": 0, "twist": 0, "nod": 22, "look": 0, **address, "left_elbow": (0.4, -0.5, -0.7),
                "right_elbow": (0.4, -0.6, -0.7), "left_foot": (0, 0, width), "right_foot": (0, 0, -width),
                "left_toes": -76, "right_toes": 90, "left_heel": 0, "right_heel": 0}),
        (0.14, {"tool": (0, -0.86, 0.5), **address, "twist": 0, "turn": -90, "left_foot": (0, 0, width)}),
        (0.28, {"tool": (0.75, 0.1, 0.6), "turn": -106, "twist": wind * 0.6, "left_hand": (-0.62, -0.40, 0.62),
                "right_hand": (0.06, -0.42, 0.62), "look": 20}),
        (0.43, {"tool": (-0.55, 0.1, -0.8), "turn": -124, "twist": wind, "left_hand": (-0.62, 0.42, 0.42),
                "right_hand": (0.12, 0.44, 0.26), "right_elbow": (0.7, -1.0, 0.0), "left_heel": style.between(0, 12),
                "look": 48, "pelvis": (0.03, 0.94, -0.05)}),
        (0.48, {"tool": (-0.5, 0.15, -0.8), "turn": -116, "twist": wind + 4, "left_hand": (-0.64, 0.36, 0.44),
                "right_hand": (0.10, 0.38, 0.28)}),
        (0.56, {"tool": (0.8, 0.35, 0.1), "turn": -74, "twist": -18, "left_hand": (-0.52, -0.62, 0.50),
                "right_hand": (-0.06, -0.62, 0.38), "left_heel": 0, "pelvis": (0.03, 0.93, 0.06), "look": 16,
                "right_heel": 8}),
        (0.60, {"tool": (0, -0.9, 0.42), "turn": -56, "twist": -6, "left_hand": (-0.28, -0.88, 0.36),
                "right_hand": (-0.34, -0.84, 0.42), "lean": -8, "look": 0, "right_heel": 18, "pitch": stoop - 2}),
        (0.68, {"tool": (-0.75, -0.2, 0.6), "turn": -28, "twist": 16, "left_hand": (0.22, -0.42, 0.74),
                "right_hand": (-0.58, -0.36, 0.74), "right_heel": 36, "right_toes": 60,
                "left_elbow": (0.6, -0.9, -0.2), "pitch": stoop - 8}),
        (0.82, {"tool": (-0.2, 0.5, -0.8), "turn": 2, "twist": 30, "bend": 0, "pitch": 2, "lean": 0,
                "left_hand": (0.16, 0.40, 0.28), "right_hand": (-0.52, 0.44, 0.50), "left_elbow": (1.0, -0.7, 0.0),
                "right_elbow": (0.2, -0.6, 1.0), "right_heel": 58, "right_toes": 40, "pelvis": (0.0, 0.98, 0.14),
                "nod": 0, "look": -20}),
        (1.00, {"tool": (0.3, -0.2, -0.95), "turn": 10, "twist": 36, "bend": -4, "left_hand": (0.10, 0.44, 0.08),
                "right_hand": (-0.56, 0.46, 0.30), "right_heel": 62, "right_toes": 30, "pelvis": (0.0, 0.98, 0.16),
                "look": -24, "left_foot": (0, 0, width), "right_foot": (0, 0, -width)}),
    ]  # fmt: skip
    return keyed(time_s, keys, duration_s=style.between(1.9, 2.4))
