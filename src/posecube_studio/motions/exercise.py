"""Exercises: cyclic motions of the gym, each a wave between two ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy import ndarray

from posecube_studio.body import BodyShape
from posecube_studio.goals import Goals
from posecube_studio.motions.style import Key, Style, Value, keyed, mixed, wave, with_tracks


def jumping_jacks(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Arms swing from the thighs to overhead while the feet jump apart; two hops a cycle."""
    period = style.between(1.4, 1.75)
    opened = wave(time_s, period_s=period, sharpness=0.35)
    hop = np.abs(np.sin(2 * np.pi * time_s / period)) ** 1.5 * style.between(0.05, 0.11)
    top, spread = style.between(150, 172), style.between(0.30, 0.42)
    angle = np.radians(mixed(12, top, opened))
    length = mixed(0.96, style.between(0.84, 0.97), opened)
    hand = np.stack([np.sin(angle) * length, -np.cos(angle) * length, mixed(0.05, 0.12, opened)], axis=-1)
    feet = mixed(0.09, spread, opened)
    rise = np.maximum(hop - 0.02, 0)
    goals = Goals.standing(len(time_s))
    return with_tracks(
        goals,
        pelvis=np.stack([0 * hop, 0.975 + hop - spread * 0.22 * opened, 0 * hop], axis=-1),
        pitch=2.0, bend=mixed(3, -2, opened), hand=hand, elbow=(0.5, -0.3, -0.6),
        left_foot=np.stack([feet, rise, 0 * rise], axis=-1), right_foot=np.stack([-feet, rise, 0 * rise], axis=-1),
        heel=np.minimum(hop * 420, 32), toes=mixed(6, 16, opened),
    )  # fmt: skip


def squat(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Down until the thighs are level, hips back, and up again; the hands hold the bar on the shoulders."""
    down = wave(time_s, period_s=style.between(2.2, 3.0), sharpness=0.3)
    depth, back = style.between(0.44, 0.58), style.between(0.18, 0.28)
    lean, width = style.between(24, 38), style.between(0.17, 0.24)
    stand = np.stack([0 * down, 0.975 - depth * down, -0.02 - back * down], axis=-1)
    return with_tracks(
        Goals.standing(len(time_s)),
        pelvis=stand, pitch=mixed(3, lean, down), bend=mixed(4, style.between(4, 12), down), nod=mixed(-4, -26, down),
        hand=(style.between(0.28, 0.5), -0.04, -0.02), elbow=(0.15, -1.0, -0.35),
        left_foot=(width, 0, 0), right_foot=(-width, 0, 0), toes=18.0, knee=(0.42, 0.0, 1.0),
    )  # fmt: skip


def pushup(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """A straight body turns about the toes; the hands stay where they are."""
    down = wave(time_s, period_s=style.between(1.3, 1.9), sharpness=0.2)
    leg, height = shape.leg_m, shape.height_m
    lift = np.radians(74.0)  # of the heels; the toes' balls stay at z = 0
    back, down_to = 0.075 * height, shape.ankle_m
    ankle = np.array([down_to * np.cos(lift) + back * np.sin(lift), down_to * np.sin(lift) - back * np.cos(lift)])
    hip_to_shoulder = shape.rest_offsets["spine"][1] + shape.rest_offsets["chest"][1] + 0.142 * height
    plank = leg + hip_to_shoulder
    top, low = 0.965 * shape.arm_m, style.between(0.16, 0.22)
    sag = style.between(-4, 7)
    slope = np.arcsin((mixed(top, low, down) - ankle[0]) / plank)
    hip = np.stack([0 * down, ankle[0] + leg * np.sin(slope), ankle[1] + leg * np.cos(slope)], axis=-1)
    hip[:, 1] -= shape.ankle_m
    width = (shape.rest_offsets["upper_arm"][0] * 1.32 + style.between(0, 0.08)) / leg
    reach_z = (ankle[1] + plank * np.cos(np.arcsin((top - ankle[0]) / plank)) + 0.01) / leg
    hands = np.array([[width, 0.04 / leg, reach_z], [-width, 0.04 / leg, reach_z]])
    fingers = np.array([[0.1, -0.18, 1.0], [-0.1, -0.18, 1.0]])
    ball = -0.075 * height / leg  # the feet stand on their balls, which stay at z = 0
    goals = with_tracks(
        Goals.standing(len(time_s)),
        pelvis=hip / leg, pitch=90 - np.degrees(slope) + sag / 2, bend=-sag, nod=mixed(-28, -38, down),
        elbow=(style.between(0.7, 1.1), 0.12, -0.75),
        left_foot=(0.09, 0, ball), right_foot=(-0.09, 0, ball), heel=74.0, toes=2.0, knee=(0.02, 0.0, 1.0),
    )  # fmt: skip
    shape_of = (len(time_s), 2, 3)
    return replace(
        goals, hands=np.broadcast_to(hands, shape_of), hands_in_world=True, fingers=np.broadcast_to(fingers, shape_of)
    )


def situp(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """On the back with bent knees; the trunk rolls up to the thighs, hands at the head."""
    up = wave(time_s, period_s=style.between(2.1, 3.0), sharpness=0.25)
    leg = shape.leg_m
    floor = 0.105 - shape.ankle_m
    hip = np.stack([0 * up, mixed(floor, floor + 0.015, up) / leg, mixed(0.0, 0.05, up)], axis=-1)
    far, width = style.between(0.58, 0.76), style.between(0.09, 0.16)
    crossed = style.chance(0.35)
    hand = mixed((-0.10, 0.34, 0.10), (-0.10, 0.34, 0.22), up)
    if crossed:
        hand = mixed((-0.42, -0.16, 0.34), (-0.42, -0.16, 0.36), up)
    elbow = (1.0, -0.8, 0.4) if crossed else (1.0, 0.25, 0.55)
    return with_tracks(
        Goals.standing(len(time_s)),
        pelvis=hip, pitch=mixed(-84, style.between(-16, -4), up), bend=mixed(-3, style.between(34, 46), up ** 0.8),
        nod=mixed(2, 22, up), hand=hand, elbow=elbow, left_foot=(width, 0, far), right_foot=(-width, 0, far),
        toes=5.0, knee=(0.1, 0.0, 1.0),
    )  # fmt: skip


def pullup(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """The hands hold a bar at a fixed height and the body is drawn up to it; the knees are bent and trail behind."""
    up = wave(time_s, period_s=style.between(1.8, 2.6), sharpness=0.35)
    leg, grip = shape.leg_m, style.between(1.25, 1.7) * shape.rest_offsets["upper_arm"][0]
    hip_to_shoulder = (0.045 + 0.08 + 0.142 + 0.02) * shape.height_m
    hang = np.sqrt((0.97 * shape.arm_m) ** 2 - (grip - shape.rest_offsets["upper_arm"][0]) ** 2) + hip_to_shoulder
    bar = hang + 0.98 * leg + 0.28
    lift = (hang - hip_to_shoulder) - style.between(-0.02, 0.08)
    hip = np.stack([0 * up, (bar - hang + lift * up) / leg, -0.03 - 0.06 * up], axis=-1)
    hands = np.array([[grip, bar, 0.0], [-grip, bar, 0.0]]) / leg
    kick = style.between(0.05, 0.42)
    foot = np.stack([0 * up + 0.06, -0.985 + kick**2 * 0.9 + 0 * up, -kick * mixed(1.0, 0.7, up)], axis=-1)
    goals = with_tracks(
        Goals.standing(len(time_s)),
        pelvis=hip, pitch=mixed(2, -6, up), bend=mixed(0, -8, up), nod=mixed(-8, -22, up),
        elbow=mixed((1.0, -0.5, 0.35), (0.75, -1.0, -0.1), up), foot=foot, heel=30.0, toes=4.0, knee=(0.05, 0.0, 1.0),
    )  # fmt: skip
    return replace(
        goals,
        hands=np.broadcast_to(hands, (len(time_s), 2, 3)),
        hands_in_world=True,
        feet_in_world=False,
        fingers=np.broadcast_to(np.array([0.0, 1.0, 0.0]), (len(time_s), 2, 3)),
    )


def bench_press(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """On a bench on the back: the bar goes from straight arms to the chest and back."""
    low = wave(time_s, period_s=style.between(2.0, 2.9), sharpness=0.25)
    leg = shape.leg_m
    bench = 0.45 + 0.105
    hip = ((bench - shape.ankle_m) / leg) + 0 * low
    shoulder_z = -(0.045 + 0.08 + 0.142) * shape.height_m
    grip = style.between(1.45, 1.85) * shape.rest_offsets["upper_arm"][0]
    height = bench + mixed(0.95 * shape.arm_m, style.between(0.13, 0.17), low)
    along = shoulder_z + mixed(0.02, 0.12, low)
    left = np.stack([grip + 0 * low, height, along], axis=-1) / leg
    width, far = style.between(0.26, 0.36), style.between(0.36, 0.5)
    goals = with_tracks(
        Goals.standing(len(time_s)),
        pelvis=np.stack([0 * low, hip, 0 * low], axis=-1), pitch=-88.0, bend=-4.0, nod=12.0,
        elbow=(1.0, -0.55, -0.9), left_foot=(width, 0, far), right_foot=(-width, 0, far), toes=14.0,
        knee=(0.25, 0.0, 1.0),
    )  # fmt: skip
    hands = np.stack([left, left * np.array([-1, 1, 1])], axis=1)
    fingers = np.broadcast_to(np.array([0.0, 1.0, -0.15]), hands.shape)
    return replace(goals, hands=hands, hands_in_world=True, fingers=fingers)


def jump_rope(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Small hops, elbows at the waist, wrists that circle once a hop."""
    period = style.between(0.42, 0.58)
    circle = 2 * np.pi * time_s / period
    hop = np.maximum(np.sin(circle), 0) ** 1.2 * style.between(0.06, 0.13)
    out, low, size = style.between(0.42, 0.58), style.between(-0.58, -0.46), style.between(0.04, 0.08)
    hand = np.stack([out + 0 * hop, low + size * np.sin(circle), 0.34 + size * np.cos(circle)], axis=-1)
    width = style.between(0.06, 0.1)
    crouch = 0.03 * (1 - np.minimum(hop * 20, 1))
    return with_tracks(
        Goals.standing(len(time_s)),
        pelvis=np.stack([0 * hop, 0.975 + hop - crouch, 0 * hop], axis=-1), pitch=3.0, bend=3.0, nod=4.0,
        hand=hand, elbow=(0.25, -0.6, -0.8),
        left_foot=np.stack([0 * hop + width, hop * 0.9, 0 * hop], axis=-1),
        right_foot=np.stack([0 * hop - width, hop * 0.9, 0 * hop], axis=-1),
        heel=np.minimum(hop * 420, 34), toes=6.0,
    )  # fmt: skip


def clean_and_jerk(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """The bar from the floor to the shoulders in a squat, a stand and a pause, then overhead in a split."""
    grip = style.between(0.3, 0.42)
    split, depth = style.between(0.36, 0.48), style.between(0.42, 0.55)
    rack: dict[str, Value] = {"hand": (grip * 0.55, 0.08, 0.30), "elbow": (0.35, -0.55, 0.8)}
    over: dict[str, Value] = {"hand": (0.36, 0.93, 0.02), "elbow": (1.0, 0.1, 0.15)}
    hang = (grip, -0.92, 0.16)
    left, right = (0.15, 0, 0), (-0.15, 0, 0)
    keys: list[Key] = [
        (0.00, {"pelvis": (0, 0.50, -0.26), "pitch": 52, "bend": 14, "nod": -38, "hand": (grip, -0.86, 0.46),
                "elbow": (0.9, -0.1, -0.4), "left_foot": left, "right_foot": right, "heel": 0}),
        (0.06, {"pelvis": (0, 0.50, -0.26), "pitch": 52, "hand": (grip, -0.86, 0.46), "nod": -38}),
        (0.14, {"pelvis": (0, 0.74, -0.24), "pitch": 46, "bend": 12, "hand": (grip, -0.90, 0.30), "heel": 0}),
        (0.19, {"pelvis": (0, 1.02, -0.02), "pitch": -6, "bend": 0, "hand": hang, "nod": -6, "heel": 22}),
        (0.225, {"pelvis": (0, 0.90, -0.06), "pitch": 4, "hand": (grip, -0.30, 0.30), "elbow": (1.0, 0.6, -0.1)}),
        (0.25, {"elbow": (0.75, -0.75, -0.40)}),
        (0.28, {"pelvis": (0, 1 - depth, -0.16), "pitch": 16, "bend": 4, **rack, "nod": -14, "heel": 0}),
        (0.32, {"pelvis": (0, 1 - depth - 0.03, -0.16), "pitch": 17, **rack}),
        (0.44, {"pelvis": (0, 0.975, -0.02), "pitch": 2, "bend": -2, **rack, "nod": -6}),
        (0.62, {"pelvis": (0, 0.975, -0.02), **rack, "left_foot": left, "right_foot": right}),
        (0.665, {"pelvis": (0, 0.88, -0.02), "pitch": 2, **rack, "heel": 0}),
        (0.695, {"pelvis": (0, 1.0, 0.0), "hand": (0.33, 0.45, 0.22), "elbow": (0.9, -0.2, 0.45), "heel": 16}),
        (0.735, {"pelvis": (0, 0.80, 0.0), **over, "nod": -10, "left_foot": (0.13, 0, split),
                 "right_foot": (-0.13, 0, -split), "left_heel": 0, "right_heel": 38, "bend": 0}),
        (0.82, {"pelvis": (0, 0.80, 0.0), **over, "left_foot": (0.13, 0, split), "right_foot": (-0.13, 0, -split),
                "left_heel": 0, "right_heel": 38}),
        (0.87, {"pelvis": (0, 0.89, 0.0), **over, "left_foot": (0.14, 0.03, 0.1), "right_foot": (-0.13, 0, -split)}),
        (0.93, {"pelvis": (0, 0.975, -0.02), **over, "left_foot": left, "right_foot": (-0.14, 0.02, -0.06), "heel": 0}),
        (1.00, {"pelvis": (0, 0.975, -0.02), **over, "left_foot": left, "right_foot": right, "heel": 0}),
    ]  # fmt: skip
    goals = keyed(time_s, keys, duration_s=style.between(3.8, 4.6))
    return with_tracks(goals, toes=14.0, knee=(0.35, 0.0, 1.0))
