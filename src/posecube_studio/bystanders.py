"""People in the background, who do something else and have no truth: behind the performers, for every camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube.skeleton import find_layout
from posecube_studio.lens import Lens
from posecube_studio.performance import Performer, perform
from posecube_studio.rotation import unit

FIRST_NUMBER = 1000
"""Bystanders are people from this number on: nobody who performs in a set, so no split is mixed."""

CLEARANCE_M = 1.5  # from the performers
_APART_M = 0.8  # from each other
_FROM_WALL_M = 0.2
_ACTS = ("idle", "idle", "walk", "wave")  # what needs no prop; standing about is the most usual
_TRIES = 60
_GOOD, _USABLE = 0.7, 0.3
_FRAMES_SEEN = 9
_NTU25 = find_layout("ntu25")


def place_bystanders(
    count: int,
    *,
    joints_m: Float[ndarray, "M T V 3"],
    lenses: Sequence[Lens],
    time_s: Float[ndarray, " T"],
    room_m: tuple[float, float, float] | None,
    rng: np.random.Generator,
) -> tuple[Performer, ...]:
    """Find places behind the performers that all cameras see, and let people stand, wave or walk past there.

    Args:
        joints_m: The performers' joints in the world.
        lenses: The cameras that matter.
        room_m: Half width, half depth and height of the room; None is outdoors.
    """
    walls_m = np.array(room_m[:2] if room_m else [np.inf, np.inf]) - _FROM_WALL_M
    numbers = FIRST_NUMBER + rng.choice(1000, size=count, replace=False)
    crowd = list(joints_m)
    placed: list[Performer] = []
    for number in numbers:
        for act in (str(rng.choice(_ACTS)), "idle"):  # there may be no room to walk, but always some to stand
            played = perform(act, subject=int(number), seed=int(rng.integers(2**31)), time_s=time_s).performers[0]
            tried = [_somewhere(replace(played, grip=False), act, joints_m, lenses, rng) for _ in range(_TRIES)]
            scores = [_score(each, joints_m, crowd, lenses, walls_m) for each in tried]
            best = next((index for index, score in enumerate(scores) if score > _GOOD), int(np.argmax(scores)))
            if scores[best] > _USABLE:
                break
        placed.append(tried[best])
        crowd.append(tried[best].posture.joints(_NTU25))
    return tuple(placed)


def _somewhere(
    somebody: Performer, act: str, joints_m: ndarray, lenses: Sequence[Lens], rng: np.random.Generator
) -> Performer:
    """The person at a random place beyond the performers; who walks goes across the picture."""
    middle = joints_m.mean(axis=(0, 1, 2)) * np.array([1, 0, 1])
    toward = np.mean([unit((lens.place_m - middle) * np.array([1, 0, 1])) for lens in lenses], axis=0)
    behind_deg = np.degrees(np.arctan2(-toward[0], -toward[2])) + rng.uniform(-60, 60)
    distance = CLEARANCE_M + rng.uniform(0.2, 2.4)
    across_deg = 90 * rng.choice([-1, 1]) + rng.uniform(-25, 25)
    turn_deg = behind_deg + (across_deg if act == "walk" else rng.uniform(-180, 180))
    radians = np.radians(behind_deg)
    x, _, z = middle + distance * np.array([np.sin(radians), 0.0, np.cos(radians)])
    return replace(somebody, posture=somebody.posture.placed(float(turn_deg), (float(x), 0.0, float(z))))


def _score(
    somebody: Performer,
    joints_m: Float[ndarray, "M T V 3"],
    crowd: Sequence[ndarray],
    lenses: Sequence[Lens],
    walls_m: Float[ndarray, " 2"],
) -> float:
    """How well all cameras see the person behind the performers, 0 to 1; below 0 in a wall or too near somebody.

    The least of the cameras counts, so that a place is good for all of them.
    """
    joints = somebody.posture.joints(_NTU25)
    step = max(1, joints.shape[0] // _FRAMES_SEEN)
    near = [_gap(joints[::step], other[::step]) for other in crowd]
    wanted = [CLEARANCE_M if index < len(joints_m) else _APART_M for index in range(len(crowd))]
    beyond_m = float((np.abs(joints[..., [0, 2]]) - walls_m).max())
    short = max(beyond_m, *(limit - gap for limit, gap in zip(wanted, near, strict=True)))
    if short > 0:
        return -float(short)
    shares = [_seen_behind(joints[::step], joints_m[:, ::step], lens) for lens in lenses]
    return 0.9 * min(shares) + 0.1 * float(np.mean(shares))


def _gap(first_m: Float[ndarray, "T V 3"], second_m: Float[ndarray, "T V 3"]) -> float:
    """Least distance between two people over the floor, of the same moment."""
    between = first_m[:, :, None, [0, 2]] - second_m[:, None, :, [0, 2]]
    return float(np.linalg.norm(between, axis=-1).min())


def _seen_behind(joints: Float[ndarray, "T V 3"], performers: Float[ndarray, "M T V 3"], lens: Lens) -> float:
    """Share of the joints that are in the picture and farther away than the performers."""
    pixels, depth = lens.project(joints)
    inside = ((pixels >= 0) & (pixels < lens.size_hw[::-1])).all(axis=-1) & (depth > 0)
    farthest = lens.project(performers)[1].mean(axis=-1).max(axis=0)
    return float((inside & (depth > farthest[:, None])).mean())
