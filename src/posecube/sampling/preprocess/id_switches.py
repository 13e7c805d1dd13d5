"""ID switches undone: two people whom a tracker took for each other."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Float32
from numpy import ndarray


def without_id_switches(
    keypoints: Float32[ndarray, "M T V C"], confidence: Float32[ndarray, "M T V"]
) -> tuple[Float32[ndarray, "M T V C"], Float32[ndarray, "M T V"]]:
    """The same two people, changing places wherever the first is nearer to where the second stood a frame before.

    Nearness is the mean distance of joints seen in both frames. Where there is none nothing changes, and clips of other
    numbers of people stay as they are.

    Source: the public code of MotionBERT. There a missing joint counts as one at the origin, and confidences stay where
    they were.
    """
    if len(keypoints) != 2 or keypoints.shape[1] < 2:
        return keypoints, confidence
    to_itself = _distance(keypoints, confidence, before=0)
    to_other = _distance(keypoints, confidence, before=1)
    is_switched: Bool[ndarray, " T"] = np.concatenate([[False], np.cumsum(to_itself > to_other) % 2 == 1])
    if not is_switched.any():
        return keypoints, confidence
    return (
        np.where(is_switched[:, None, None], keypoints[::-1], keypoints),
        np.where(is_switched[:, None], confidence[::-1], confidence),
    )


def _distance(
    keypoints: Float32[ndarray, "M T V C"], confidence: Float32[ndarray, "M T V"], *, before: int
) -> Float[ndarray, " T-1"]:
    """From the first person of each frame but the first to somebody of the frame before; NaN where none is seen."""
    both = (confidence[0, 1:] > 0) & (confidence[before, :-1] > 0)
    moved = np.where(both[..., None], keypoints[0, 1:] - keypoints[before, :-1], 0)
    num_joints = both.sum(axis=-1)
    total = np.linalg.norm(moved, axis=-1).sum(axis=-1)
    return np.where(num_joints > 0, total / np.maximum(num_joints, 1), np.nan)
