"""Onto a chair and up from it: the feet stay, the trunk bows so that the weight is over them while the hips travel."""

from __future__ import annotations

from numpy import ndarray

from posecube_studio.body import BodyShape
from posecube_studio.goals import Goals
from posecube_studio.motions.footwork import facing
from posecube_studio.motions.reaching import Step, knees_over_feet, on_bone, played, standing_pose, with_palm
from posecube_studio.motions.style import Pose, Style, with_tracks

SEAT_BELOW_HIP = 0.050  # of the body's height: what of a sitting body lies below its hip joints
_WITHIN_S = 3.2


def sit_down(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Some look for the chair first; the hips go back and down, then the trunk comes upright and the hands rest."""
    upright, seated = standing_pose(style), _seated(shape, style)
    above = _above_the_chair(shape, style, seated)
    down_s = style.between(0.95, 1.5)
    steps: list[Step] = [(style.between(0.05, 0.6), upright)]
    if style.chance(0.4):  # over one shoulder, at the seat
        side = 1 if style.chance(0.5) else -1
        steps.append((style.between(0.35, 0.5), {"look": 58 * side, "nod": 22, "twist": 12 * side}))
    landed = seated | {"pitch": style.between(14, 24), "bend": style.between(8, 18), "nod": 0}
    steps += [(0.5 * down_s, above), (0.5 * down_s, landed), (style.between(0.4, 0.7), seated)]
    return _acted(style, time_s, steps)


def stand_up(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """The trunk bows, the hips leave the chair and come over the feet, the body straightens; the hands may push."""
    upright, seated = standing_pose(style), _seated(shape, style)
    above = _above_the_chair(shape, style, seated)
    rise_s = style.between(0.8, 1.3)
    bowed = seated | {"pitch": style.between(30, 42), "bend": style.between(12, 24), "nod": -8, "look": 0}
    if style.chance(0.5):  # the hands are there already; else still where they rested
        bowed |= {name: above[name] for name in ("left_hand", "right_hand")}
    steps: list[Step] = [(style.between(0.1, 0.7), seated), (style.between(0.4, 0.65), bowed)]
    steps += [
        (0.4 * rise_s, above),
        (0.6 * rise_s, upright),
        (style.between(0.2, 0.5), {"look": style.between(-25, 25)}),
    ]
    return _acted(style, time_s, steps)


def _acted(style: Style, time_s: ndarray, steps: list[Step]) -> Goals:
    width, ahead = style.between(0.12, 0.21), style.between(-0.05, 0.05)
    standing = with_tracks(
        Goals.standing(len(time_s)), left_foot=(width, 0, max(ahead, 0)), right_foot=(-width, 0, max(-ahead, 0)),
        toes=style.between(5, 16),
    )  # fmt: skip
    goals = knees_over_feet(played(time_s, steps, base=standing, within_s=_WITHIN_S), style.between(0.12, 0.3))
    return facing(goals, style.between(-40, 40))


def _seated(shape: BodyShape, style: Style) -> Pose:
    """On a seat of 0.42 to 0.48 m, hands on the thighs or in the lap."""
    hip_m = style.between(0.42, 0.48) + SEAT_BELOW_HIP * shape.height_m
    pose: Pose = {
        "pelvis": (0, (hip_m - shape.ankle_m) / shape.leg_m, style.between(-0.52, -0.44)), "twist": 0, "lean": 0,
        "pitch": style.between(-10, 6), "bend": style.between(2, 12), "elbow": (style.between(0.5, 0.9), -0.7, -0.5),
        "nod": style.between(-2, 10), "look": style.between(-25, 25),
    }  # fmt: skip
    lap, along = style.chance(0.3), style.between(0.5, 0.85)
    for side, sign in (("left", 1), ("right", -1)):
        if lap:
            place = on_bone("pelvis", (0.02 * sign, 0.05 * shape.height_m, 0.16 * shape.height_m))
        else:  # on top of the thigh, whose front is up
            place = on_bone(f"{side}_thigh", (0.0, -along * shape.thigh_m, 0.055 * shape.height_m))
        pose = with_palm(shape, pose, side, place)
    return pose


def _above_the_chair(shape: BodyShape, style: Style, seated: Pose) -> Pose:
    """Half way: bowed, arms forward for balance, on the thighs, or one hand back at the seat."""
    pose: Pose = {
        "pelvis": (0, style.between(0.74, 0.82), style.between(-0.34, -0.24)), "twist": 0, "lean": 0,
        "pitch": style.between(30, 44), "bend": style.between(10, 22), "nod": style.between(-14, 6),
        "look": style.between(-10, 10), "elbow": (0.5, -0.5, -0.7),
    }  # fmt: skip
    if style.chance(0.4):
        for side in ("left", "right"):
            place = on_bone(f"{side}_thigh", (0.0, -0.8 * shape.thigh_m, 0.06 * shape.height_m))
            pose = with_palm(shape, pose, side, place)
        return pose
    swung = (style.between(0.05, 0.2), style.between(-0.9, -0.7), style.between(0.3, 0.6))
    back = (0.2, -0.92, -0.22) if style.chance(0.3) else swung
    return pose | {"left_hand": swung, "right_hand": back}
