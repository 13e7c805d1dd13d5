"""How far estimated joints are from known ones, counted in torsos: errors, and PCK, the fraction near enough.

A torso is the distance from the left shoulder to the right hip in the picture, as usual for PCK; a body bent towards
the camera has a short one, and is judged more strictly.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from posecube.pose.similarity import match
from posecube.skeleton import SkeletonLayout

_FARTHEST_TORSOS = 1.0  # mean distance of the joints beyond which a skeleton is not this person's


def torso_px(keypoints_xy: Float[ndarray, "*N V 2"], layout: SkeletonLayout) -> Float[ndarray, "*N"]:
    """Distance from the left shoulder to the right hip; at least a pixel."""
    across = keypoints_xy[..., layout.index("left_shoulder"), :] - keypoints_xy[..., layout.index("right_hip"), :]
    return np.maximum(np.hypot(across[..., 0], across[..., 1]), 1.0)


def joint_offsets(
    estimated_xy: Float[ndarray, "P V 2"],
    confidence: Float[ndarray, "P V"],
    true_xy: Float[ndarray, "M V 2"],
    layout: SkeletonLayout,
) -> Float[ndarray, "M V 2"]:
    """Estimated minus true place of each person's joints in one frame, in torsos; not a number where there is none.

    Skeletons go to the people whose joints they are nearest to, all at once; one that is a torso away on average from
    everybody is left out.

    Args:
        confidence: 0 where a joint was not estimated.
    """
    offsets = np.full(true_xy.shape, np.nan)
    if not len(estimated_xy):
        return offsets
    each = (estimated_xy[None] - true_xy[:, None]) / torso_px(true_xy, layout)[:, None, None, None]
    seen = confidence > 0
    distance = np.where(seen, np.hypot(each[..., 0], each[..., 1]), 0).sum(axis=-1) / np.maximum(seen.sum(axis=-1), 1)
    for person, row in match(np.where(seen.any(axis=-1) & (distance < _FARTHEST_TORSOS), distance, np.inf)):
        offsets[person] = np.where(seen[row][:, None], each[person, row], np.nan)
    return offsets


def pck(offsets: Float[ndarray, "*N 2"], counted: Bool[ndarray, "*N"], *, within: float) -> float:
    """Percentage of correct keypoints: of the joints that count, the fraction estimated within so many torsos.

    A joint that was not estimated is wrong. Not a number where none counts.
    """
    if not counted.any():
        return float("nan")
    distance = np.hypot(offsets[..., 0], offsets[..., 1])[counted]
    return float(100 * (distance <= within).mean())  # not a number is never within
