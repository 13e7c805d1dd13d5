"""Skeletons and joints that are too doubtful are left out, and frames that show nobody then.

Skeletons found in the dark are many and poor. Low thresholds when they are found, and these here, keep what is good of
them.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float32
from numpy import ndarray


def above_thresholds(
    confidence: Float32[ndarray, "M T V"], *, skeleton: float, joint: float
) -> Float32[ndarray, "M T V"]:
    """Confidence of the joints that stay, 0 for all others.

    A person stays in a frame if the mean confidence of all its joints there is above ``skeleton``; of a person who
    stays a joint does if its own confidence is above ``joint``. A threshold of 0 leaves out nobody who was seen.

    Source: DSC3D section III.C, equation 2; both thresholds are 0.3 there. Which score of a skeleton is meant is not
    said: the mean confidence of its joints is our reading.
    """
    sure_people = confidence.mean(axis=-1, keepdims=True) > skeleton
    return np.where(sure_people & (confidence > joint), confidence, np.float32(0))


def shown_frames(confidence: Float32[ndarray, "M T V"]) -> Bool[ndarray, " T"]:
    """Frames that show a joint of somebody; all of them where none does, so that a clip never gets lost."""
    shown = np.asarray((confidence > 0).any(axis=(0, 2)))
    return shown if shown.any() else np.ones(len(shown), dtype=bool)


def denoised(
    keypoints: Float32[ndarray, "M T V C"], confidence: Float32[ndarray, "M T V"], *, skeleton: float, joint: float
) -> tuple[Float32[ndarray, "M t V C"], Float32[ndarray, "M t V"]]:
    """The joints above both thresholds, without the frames in which nobody is left.

    Time closes over what is left out. A clip in which nobody is left anywhere keeps its frames, empty. Two thresholds
    of 0 change nothing.

    Source: DSC3D section III.C, equation 2.
    """
    if skeleton == 0 and joint == 0:
        return keypoints, confidence
    confidence = above_thresholds(confidence, skeleton=skeleton, joint=joint)
    shown = shown_frames(confidence)
    return (keypoints, confidence) if shown.all() else (keypoints[:, shown], confidence[:, shown])
