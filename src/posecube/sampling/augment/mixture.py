"""One person's arms on another's legs: motions that are human, and of no class."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool
from numpy import ndarray

from posecube.errors import UserError
from posecube.sampling.augment.augmentation import LEGS
from posecube.skeleton import SkeletonLayout, SkeletonSequence

_LOWER_BODY = (*LEGS, "hip", "pelvis")


def with_legs_of(upper: SkeletonSequence, lower: SkeletonSequence) -> SkeletonSequence:
    """The first person of ``upper`` from the hips up, on the legs of the first person of ``lower``.

    The legs take the time of the arms, come to their hips in every frame and to their size for the whole clip.

    Raises:
        UserError: If the two have other joints, or other axes, than each other.
    """
    if upper.layout != lower.layout or upper.num_axes != lower.num_axes:
        raise UserError("arms and legs must be of one layout and as many axes")
    is_leg = leg_joints(upper.layout)
    hips = [upper.layout.index(f"{side}_hip") for side in ("left", "right")]
    times = np.linspace(0, lower.num_frames - 1, upper.num_frames).round().astype(int)
    legs, seen = lower.keypoints[:1, times], lower.confidence[:1, times]
    factor = _torso(upper) / _torso(lower)
    middle = legs[:, :, hips].mean(axis=2, keepdims=True)
    to = upper.keypoints[:1, :, hips].mean(axis=2, keepdims=True)
    moved = (legs - middle) * factor + to
    return upper.replaced(
        keypoints=np.where(is_leg[:, None], moved, upper.keypoints[:1]).astype(np.float32),
        confidence=np.where(is_leg, seen, upper.confidence[:1]),
    )


def leg_joints(layout: SkeletonLayout) -> Bool[ndarray, " V"]:
    """Which joints are of the legs, hips among them."""
    return np.array([joint.endswith(_LOWER_BODY) for joint in layout.joints])


def _torso(sequence: SkeletonSequence) -> float:
    """Median length from the shoulders' middle to the hips' middle, of the first person; 1 where it is not seen."""
    shoulders, hips = (
        [sequence.layout.index(f"{side}_{part}") for side in ("left", "right")] for part in ("shoulder", "hip")
    )
    seen = (sequence.confidence[0][:, [*shoulders, *hips]] > 0).all(axis=1)
    if not seen.any():
        return 1.0
    upper, lower = (sequence.keypoints[0][seen][:, pair].mean(axis=1) for pair in (shoulders, hips))
    return max(float(np.median(np.linalg.norm(upper - lower, axis=-1))), 1e-6)
