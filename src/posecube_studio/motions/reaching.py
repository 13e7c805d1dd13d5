"""Poses that must touch something: where a hand goes so that its palm is at a place, and poses played one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube_studio.body import SIDES, BodyShape, Posture, pose_body
from posecube_studio.goals import Goals, reach
from posecube_studio.grasp import palm_point
from posecube_studio.motions.style import Key, Pose, Style, Value, both_sides, keyed, with_tracks
from posecube_studio.rotation import transposed, turned

Place = Callable[[Posture], Float[ndarray, "T 3"]]
Step = tuple[float, Pose]

_CLOSE_M = 0.0005
_ROUNDS, _SHARE = 16, 0.8  # of the miss that each round makes good: the palm turns with the forearm


def with_palm(shape: BodyShape, pose: Pose, side: str, place: Place, *, out_m: float = 0.0) -> Pose:
    """The pose with the hand of one side moved so that its palm is at a place, or as near as the arm goes.

    Args:
        place: World place, which may depend on the posture.
        out_m: What comes to the place lies so far before the palm.
    """
    start: Value = (-0.1, -0.4, 0.6)
    pose = both_sides({f"{side}_hand": start} | pose)
    index, outward = SIDES.index(side), np.array([1 - 2 * SIDES.index(side), 1, 1])
    goals = with_tracks(Goals.standing(1), **pose)
    nearest, hand = np.inf, goals.hands[0, index]
    for _ in range(_ROUNDS):
        posture = pose_body(shape, reach(shape, goals))
        miss = place(posture) - palm_point(posture, side, out_m=out_m)
        if np.linalg.norm(miss) < nearest:
            nearest, hand = float(np.linalg.norm(miss)), goals.hands[0, index]
        if nearest < _CLOSE_M:
            break
        own = turned(transposed(posture.bone("chest")[1]), miss) * outward / shape.arm_m
        goals = with_tracks(goals, **{f"{side}_hand": goals.hands[:, index] + _SHARE * own})
    return pose | {f"{side}_hand": tuple(hand.tolist())}


def on_bone(bone: str, place_m: tuple[float, float, float]) -> Place:
    """A place that rides on a bone."""
    return lambda posture: posture.point(bone, place_m)


def in_world(x_m: float, y_m: float, z_m: float) -> Place:
    """A place that stays where it is."""
    return lambda posture: np.array([[x_m, y_m, z_m]])


def played(time_s: Float[ndarray, " T"], steps: Sequence[Step], *, base: Goals, within_s: float) -> Goals:
    """Poses one after the other; a step says how many seconds it takes to come to its pose, and the first is held.

    What a pose does not name stays as it was; an empty pose is a rest.

    Args:
        base: What the tracks that no pose names do.
        within_s: Steps that take longer altogether are done faster.
    """
    ends = np.cumsum([lasts_s for lasts_s, _ in steps])
    now = both_sides(steps[0][1])
    keys: list[Key] = [(0.0, now)]
    for end, (_, pose) in zip(ends, steps, strict=True):
        now = now | both_sides(pose)
        keys.append((float(end / ends[-1]), now))
    return keyed(time_s, keys, duration_s=min(float(ends[-1]), within_s), base=base)


def knees_over_feet(goals: Goals, outward: float) -> Goals:
    """Knees that point ahead and somewhat outward, however far the pelvis is pitched."""
    pitch = np.radians(goals.pelvis_deg[:, 0])
    return with_tracks(goals, knee=np.stack([outward + 0 * pitch, np.sin(pitch), np.cos(pitch)], axis=-1))


def blended(low: Pose, high: Pose, part: float) -> Pose:
    """A pose on the way from one to another, in the tracks that both name."""
    both = [name for name in low if name in high]
    values = {name: np.asarray(low[name]) + part * np.subtract(high[name], low[name]) for name in both}
    return {name: tuple(value.tolist()) if value.ndim else float(value) for name, value in values.items()}


def standing_pose(style: Style) -> Pose:
    """Standing with hanging arms, on feet that the base of the motion places."""
    hang = (style.between(0.10, 0.2), -0.95, style.between(0.04, 0.12))
    return {
        "pelvis": (0, 0.985, -0.03), "pitch": 1, "bend": style.between(0, 5), "twist": 0, "lean": 0,
        "left_hand": hang, "right_hand": hang, "elbow": (0.45, -0.55, -0.7),
        "nod": style.between(0, 8), "look": style.between(-20, 20),
    }  # fmt: skip
