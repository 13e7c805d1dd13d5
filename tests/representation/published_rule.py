"""The published drawing rule, written down slowly and in double precision: what the fast drawing must equal."""

import numpy as np
from numpy import ndarray


def slow_map(start: ndarray, end: ndarray, height: float, size_hw: tuple[int, int], sigma: float) -> ndarray:
    """One Gaussian line, cut to its rectangle widened by 3 sigma; a spot where start and end are one point."""
    y, x = np.mgrid[: size_hw[0], : size_hw[1]]
    along = end - start
    share = ((x - start[0]) * along[0] + (y - start[1]) * along[1]) / max(along @ along, 1e-12)
    share = np.clip(share, 0, 1)
    squared = (x - start[0] - share * along[0]) ** 2 + (y - start[1] - share * along[1]) ** 2
    low, high = np.minimum(start, end) - 3 * sigma, np.maximum(start, end) + 3 * sigma
    first, last = np.maximum(np.trunc(low), 0), np.trunc(high) + 1
    inside = (x >= first[0]) & (x < last[0]) & (y >= first[1]) & (y < last[1])
    return np.where(inside, height * np.exp(-squared / 2 / sigma**2), 0)


def slow_limb_map(
    ends: ndarray, heights: ndarray, size_hw: tuple[int, int], sigma: float, eps: float = 1e-4
) -> ndarray:
    """One limb of one person in one frame; ends (2, 2), heights (2,)."""
    if heights.min() < eps:
        return np.zeros(size_hw)
    if ((ends[1] - ends[0]) ** 2).sum() < 1:
        return slow_map(ends[0], ends[0], heights[0], size_hw, sigma)
    return slow_map(ends[0], ends[1], heights.min(), size_hw, sigma)


def slow_volume(
    keypoints: ndarray,
    confidence: ndarray,
    size_hw: tuple[int, int],
    *,
    sigma: float = 0.6,
    limbs: list[tuple[int, int]] | None = None,
    eps: float = 1e-4,
    combine: str = "max",
) -> ndarray:
    """Joints, or limbs where they are given, of keypoints (M, T, V, 2) and confidence (M, T, V)."""
    num_people, num_frames, num_joints = confidence.shape
    pairs = limbs or [(joint, joint) for joint in range(num_joints)]
    volume = np.zeros((num_people, len(pairs), num_frames, *size_hw))
    for person in range(num_people):
        for frame in range(num_frames):
            for channel, pair in enumerate(pairs):
                ends = keypoints[person, frame, list(pair)].astype(np.float64)
                heights = confidence[person, frame, list(pair)].astype(np.float64)
                volume[person, channel, frame] = slow_limb_map(ends, heights, size_hw, sigma, eps)
    return volume.max(0) if combine == "max" else volume.sum(0)
