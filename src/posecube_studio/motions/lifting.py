"""Things lifted from the floor, and balls thrown: with one hand or two, stooping or squatting, over- or underhand."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from posecube_studio.body import BodyShape
from posecube_studio.goals import Goals
from posecube_studio.motions.footwork import facing
from posecube_studio.motions.reaching import Step, in_world, knees_over_feet, on_bone, played, standing_pose, with_palm
from posecube_studio.motions.style import Pose, Style, with_tracks

_WITHIN_S = 3.4


def pick_up(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Down to what lies before the feet, by a squat or by a stoop; a grasp; up with it to the belly or the chest."""
    two_hands, squatting = style.chance(0.5), style.chance(0.5)
    width, ahead = style.between(0.15, 0.22), 0.0 if two_hands else style.between(0.0, 0.2)
    flat: Pose = {"pelvis": (0, 0.985 - width**2 / 3 - ahead**2 / 2, -0.03), "heel": 0}  # legs apart reach less far
    grasp = _at_floor(shape, style, squatting=squatting, two_hands=two_hands)
    carrying = _carrying(shape, style, two_hands=two_hands)
    steps: list[Step] = [
        (style.between(0.05, 0.6), standing_pose(style) | flat), (style.between(0.75, 1.2), grasp),
        (style.between(0.1, 0.3), {}), (style.between(0.7, 1.2), carrying | flat),
        (style.between(0.2, 0.6), {"look": style.between(-25, 25), "nod": style.between(0, 18)}),
    ]  # fmt: skip
    standing = with_tracks(
        Goals.standing(len(time_s)), left_foot=(width, 0, ahead), right_foot=(-width, 0, 0), toes=style.between(8, 20)
    )
    goals = knees_over_feet(played(time_s, steps, base=standing, within_s=_WITHIN_S), 0.35)
    return facing(goals, style.between(-40, 40))


def throw(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """A ball held before the belly, then thrown over the shoulder, swung from below, or pushed off the chest."""
    kinds = (_overhand, _underhand, _chest_pass)
    swing = kinds[int(style.between(0, 2.999))](style)
    ready = _holding(shape, style, half_m=0.10)
    feet: Pose = {"left_foot": (0.15, 0, 0.0), "right_foot": (-0.15, 0, -0.04), "heel": 0}
    steps = [(style.between(0.05, 0.8), ready | feet), *swing]
    standing = with_tracks(Goals.standing(len(time_s)), toes=10.0)
    aside = style.between(22, 60) * (1 if style.chance(0.5) else -1)  # past the camera
    return facing(knees_over_feet(played(time_s, steps, base=standing, within_s=_WITHIN_S), 0.2), aside)


def _overhand(style: Style) -> list[Step]:
    wind, stride, slow = style.between(-62, -40), style.between(0.26, 0.42), style.between(0.85, 1.25)
    back = (style.between(0.5, 0.7), style.between(0.15, 0.4), -0.42)
    drawn: Pose = {
        "pelvis": (-0.03, 0.95, -0.07), "turn": wind, "twist": -14, "bend": -2, "lean": -4, "nod": 0,
        "look": -0.8 * wind, "right_hand": back, "right_elbow": (1.0, -0.1, -0.5), "left_hand": (0.3, -0.05, 0.75),
        "left_elbow": (0.7, -0.7, -0.2), "left_foot": (0.14, 0.07, 0.5 * stride), "left_heel": 10,
    }  # fmt: skip
    planted: Pose = {"pelvis": (0, 0.92, 0.14), "turn": 0.7 * wind, "left_foot": (0.13, 0, stride), "left_heel": 0}
    released: Pose = {
        "pelvis": (0, 0.93, 0.22), "turn": 14, "twist": 14, "bend": 10, "lean": 6, "look": -8, "right_heel": 24,
        "right_hand": (0.22, style.between(0.35, 0.6), 0.72), "right_elbow": (0.9, -0.3, 0.2),
        "left_hand": (0.2, -0.5, 0.15), "left_elbow": (0.5, -0.6, -0.6),
    }  # fmt: skip
    through: Pose = {
        "pelvis": (0, 0.92, 0.24), "turn": 22, "twist": 18, "bend": 24, "right_heel": 36, "nod": -10,
        "right_hand": (-0.38, -0.4, 0.55), "right_elbow": (0.7, -0.4, -0.1),
    }  # fmt: skip
    return [
        (0.6 * slow, drawn), (0.16 * slow, planted), (0.19, released), (0.22, through), (0.6, _watching(style, stride)),
    ]  # fmt: skip


def _underhand(style: Style) -> list[Step]:
    stride, slow, stoop = style.between(0.2, 0.36), style.between(0.85, 1.25), style.between(10, 24)
    drawn: Pose = {
        "pelvis": (-0.02, 0.93, -0.03), "turn": style.between(-30, -14), "twist": -8, "pitch": stoop, "bend": stoop,
        "nod": -stoop, "look": 16, "right_hand": (0.14, style.between(-0.78, -0.6), -0.62),
        "right_elbow": (0.5, -0.5, -0.6), "left_hand": (0.2, -0.5, 0.5), "left_foot": (0.14, 0.05, 0.5 * stride),
    }  # fmt: skip
    released: Pose = {
        "pelvis": (0, 0.92, 0.14), "turn": 8, "twist": 6, "pitch": 0.5 * stoop, "bend": 8, "nod": -6, "look": -4,
        "right_hand": (-0.05, style.between(-0.4, -0.1), 0.9), "left_hand": (0.25, -0.75, -0.1), "right_heel": 18,
        "left_foot": (0.13, 0, stride),
    }  # fmt: skip
    through: Pose = {"pitch": 2, "bend": 2, "right_hand": (-0.1, style.between(0.2, 0.5), 0.8), "right_heel": 24}
    return [(0.65 * slow, drawn), (0.26 * slow, released), (0.2, through), (0.7, _watching(style, stride))]


def _chest_pass(style: Style) -> list[Step]:
    stride, slow, high = style.between(0.0, 0.3), style.between(0.85, 1.25), style.between(-0.35, 0.25)
    drawn: Pose = {
        "pelvis": (0, 0.93, -0.08), "bend": -2, "hand": (-0.14, -0.2 + 0.4 * high, 0.34), "elbow": (1.0, -0.6, -0.2),
        "nod": 0, "look": 0, "left_foot": (0.15, 0.04 if stride > 0.1 else 0, 0.5 * stride),
    }  # fmt: skip
    released: Pose = {
        "pelvis": (0, 0.95, 0.12), "bend": 8, "hand": (-0.14, high, 0.9), "left_foot": (0.15, 0, stride),
        "right_heel": 16,
    }  # fmt: skip
    through: Pose = {"hand": (-0.06, high - 0.08, 0.93), "bend": 10}
    return [(0.55 * slow, drawn), (0.26 * slow, released), (0.15, through), (0.7, _watching(style, stride))]


def _watching(style: Style, stride: float) -> Pose:
    """After the throw: nearly upright over both feet, arms sinking, the eyes on the ball."""
    return {
        "pelvis": (0, 0.965, 0.4 * stride), "turn": 4, "twist": 2, "pitch": 2, "bend": 4, "lean": 0, "nod": 0,
        "look": 0, "hand": (0.15, -0.88, style.between(0.15, 0.4)), "elbow": (0.5, -0.6, -0.6), "right_heel": 12,
    }  # fmt: skip


def _at_floor(shape: BodyShape, style: Style, *, squatting: bool, two_hands: bool) -> Pose:
    """The palms beside or on what lies before the feet."""
    if squatting:
        low, pitch, bend = style.between(0.44, 0.54), style.between(26, 36), style.between(46, 60)
        pose: Pose = {"heel": style.between(0, 16), "nod": style.between(-16, 0)}
    else:
        low, pitch, bend = style.between(0.78, 0.86), style.between(62, 72), style.between(40, 54)
        pose = {"heel": 0, "nod": style.between(-24, -6)}
    pose |= {"pelvis": (0, low, -0.24), "pitch": pitch, "bend": bend, "look": 0, "twist": 0, "lean": 0}
    pose["elbow"] = (0.7, -0.2, -0.6)
    ahead, palm_m = style.between(0.36, 0.44), style.between(0.10, 0.16)
    if two_hands:
        half = style.between(0.12, 0.17)
        pose = with_palm(shape, pose, "left", in_world(half, palm_m, ahead))
        return with_palm(shape, pose, "right", in_world(-half, palm_m, ahead))
    pose |= {"lean": style.between(-14, -4), "twist": style.between(0, 12), "look": -6}
    if not squatting and style.chance(0.6):
        knee = on_bone("left_thigh", (0.0, -0.85 * shape.thigh_m, 0.06 * shape.height_m))
        pose = with_palm(shape, pose, "left", knee)
    else:
        pose |= {"left_hand": (0.2, style.between(-0.9, -0.6), style.between(-0.3, 0.3))}
    return with_palm(shape, pose, "right", in_world(style.between(-0.18, -0.04), palm_m, ahead))


def _carrying(shape: BodyShape, style: Style, *, two_hands: bool) -> Pose:
    """Upright again, at the belly or the chest."""
    if two_hands:
        return _holding(shape, style, half_m=style.between(0.12, 0.17))
    place = on_bone("chest", tuple(np.array([-0.06, style.between(-0.05, 0.08), 0.19]) * shape.height_m))
    return with_palm(shape, standing_pose(style) | {"right_elbow": (0.5, -0.8, -0.4)}, "right", place)


def _holding(shape: BodyShape, style: Style, *, half_m: float) -> Pose:
    """Something between both palms before the trunk."""
    pose = standing_pose(style) | {"pitch": 0, "bend": style.between(-4, 2), "turn": 0, "elbow": (0.7, -0.7, -0.4)}
    high, ahead = style.between(-0.05, 0.06) * shape.height_m, style.between(0.17, 0.20) * shape.height_m
    for side, sign in (("left", 1), ("right", -1)):
        pose = with_palm(shape, pose, side, on_bone("chest", (sign * half_m, high, ahead)))
    return pose
