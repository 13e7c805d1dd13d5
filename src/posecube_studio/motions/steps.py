"""A few steps to a place: feet that stay where they stand, hips that follow them, arms that swing along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.ndimage import gaussian_filter1d

from posecube_studio.goals import Goals
from posecube_studio.motions.style import with_tracks

_GRID_S = 0.01
_MARGIN_S = 1.0  # beyond the clip's ends, so that smoothing does not see them
_STANDING = 0.985  # height of the hips on straight but easy legs


@dataclass(frozen=True)
class Footstep:
    """One step along z; lengths in legs.

    Attributes:
        foot: 0 is the left one.
        to_z: Where it comes down.
        height: How high it is lifted on the way.
    """

    foot: int
    lift_s: float
    land_s: float
    to_z: float
    height: float = 0.065


def walking(
    from_z: float, to_z: float, *, start_s: float, num_steps: int, step_s: float, first_foot: int = 0
) -> list[Footstep]:
    """Steps from standing to standing, forwards or backwards along z; the last one closes the feet."""
    steps = []
    for index in range(num_steps):
        lift = start_s + index * step_s
        part = min((index + 1) / max(num_steps - 1, 1), 1.0)
        steps.append(Footstep((first_foot + index) % 2, lift, lift + 1.05 * step_s, from_z + (to_z - from_z) * part))
    return steps


def stepping(
    time_s: Float[ndarray, " T"],
    steps: Sequence[Footstep],
    *,
    width: float = 0.12,
    lead_s: float = 0.0,
    smooth_s: float = 0.11,
    swing: float = 0.75,
    first_z: tuple[float, float] = (0.0, 0.0),
) -> Goals:
    """Goals of somebody who takes these steps and stands before, between and after them.

    Args:
        width: Half the distance between the feet, legs.
        lead_s: How far the hips run ahead of the feet, in time: one who is pushed falls before he steps.
        smooth_s: Over what time the hips even out the feet's coming and going.
        swing: How far the arms go along with the opposite foot.
        first_z: Where the feet stand before the first step.
    """
    grid = np.arange(min(0.0, time_s.min()) - _MARGIN_S, time_s.max() + _MARGIN_S + _GRID_S, _GRID_S)
    feet, lifted = _walk(grid, steps, first_z)
    middle = gaussian_filter1d(feet.mean(axis=1), smooth_s / _GRID_S, mode="nearest")
    ahead = np.interp(time_s + lead_s, grid, middle)
    z = np.stack([np.interp(time_s, grid, feet[:, side]) for side in range(2)], axis=-1)
    up = np.stack([np.interp(time_s, grid, lifted[:, side]) for side in range(2)], axis=-1)
    share = gaussian_filter1d(lifted, 0.08 / _GRID_S, axis=0, mode="nearest")
    onto = np.interp(time_s, grid, share[:, 1] - share[:, 0])  # towards the foot that stays down
    apart = np.interp(time_s, grid, gaussian_filter1d(feet[:, 0] - feet[:, 1], 0.05 / _GRID_S, mode="nearest"))
    feet_xyz = [np.stack([sign * width + 0 * ahead, up[:, side], z[:, side]], axis=-1)
                for side, sign in enumerate((1, -1))]  # fmt: skip
    hands = [_hanging(-sign * swing * 0.5 * apart) for sign in (1, -1)]
    return with_tracks(
        Goals.standing(len(time_s)),
        pelvis=np.stack([0.25 * onto, _STANDING * np.sqrt(1 - np.clip(apart, -1, 1) ** 2 / 4), ahead], axis=-1),
        turn=-9 * apart, twist=14 * apart,
        left_foot=feet_xyz[0], right_foot=feet_xyz[1], left_heel=300 * up[:, 0], right_heel=300 * up[:, 1],
        left_hand=hands[0], right_hand=hands[1],
    )  # fmt: skip


def _walk(grid: ndarray, steps: Sequence[Footstep], first_z: tuple[float, float]) -> tuple[ndarray, ndarray]:
    """Both feet: their z, and how high they are lifted. (G, 2) each."""
    feet, lifted = np.tile(np.array(first_z, dtype=np.float64), (len(grid), 1)), np.zeros((len(grid), 2))
    for step in sorted(steps, key=lambda each: each.lift_s):
        part = np.clip((grid - step.lift_s) / (step.land_s - step.lift_s), 0, 1)
        eased = part * part * (3 - 2 * part)
        feet[:, step.foot] += (step.to_z - feet[-1, step.foot]) * eased
        lifted[:, step.foot] += step.height * np.sin(np.pi * part) ** 2
    return feet, lifted


def _hanging(forward: ndarray) -> ndarray:
    return np.stack([0.14 + 0 * forward, -np.sqrt(0.93 - np.clip(forward, -0.9, 0.9) ** 2), forward + 0.05], axis=-1)
