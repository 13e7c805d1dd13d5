"""Is there enough of a person to say what they do? Asked of each frame, and of a whole track.

An estimator answers for a chest in a corner and for a poster as it does for somebody in full view. Whoever names
actions asks here first: heads and shoulders have no action, and what is drawn onto a thing does not move like a person.
Both answers need coordinates and confidences alone, so they serve every estimator, and skeletons from a file.
"""

from __future__ import annotations

import warnings

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from posecube.pose.estimators.plausibility import joints_inside, usual_limbs
from posecube.skeleton import SkeletonLayout

SEEN_CONFIDENCE = 0.2
"""A joint with less is a guess of the estimator's."""

_PARTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
_SIDES = ("left", "right")
# Somebody who sits and plays a guitar, filmed from the hips up, shows shoulders, an arm, a hip and one joint more.
_MIN_BODY_JOINTS = 6
# The size of a body comes from its longer limbs: foreshortening only makes limbs shorter.
_SIZE_PERCENTILE = 80
_MIN_LIMBS = 3
_MIN_MEASURED_FRACTION = 0.5
# How much limbs and size may change from one frame to the next, as a fraction of the body's size, and how much more for
# every second between the two. Measured on 100 tracks of 60 videos at 5 to 73 frames a second: people stay below 0.93
# of it, dancers in a picture that is renewed 12 times a second reach it; a poster has 1.5, a forearm 1.14, people in a
# mirror far behind 1.3, a marching band of 20 pixels a head 0.9 to 1.2.
_SHAKING, _SHAKING_PER_S = 0.115, 0.55
# Frames further apart say nothing about each other, and fewer than so many pairs nothing about the track.
_LONGEST_STEP_S = 0.25
_FEWEST_STEPS = 4


def is_judgeable(
    keypoints_xy: Float[ndarray, "*N V 2"],
    confidence: Float[ndarray, "*N V"],
    layout: SkeletonLayout,
    *,
    size_hw: tuple[int, int],
) -> Bool[ndarray, "*N"]:
    """In which frames enough of a person is in view to say what they do.

    Enough is a shoulder and a hip with a whole arm or a thigh, six joints of trunk and limbs in all; or, where hips are
    out of view, both arms from shoulder to wrist. Heads and shoulders are not enough, nor is a torso without limbs.

    Args:
        size_hw: Of the frame; a joint outside of it is not in view.
    """
    seen = (confidence >= SEEN_CONFIDENCE) & joints_inside(keypoints_xy, size_hw)
    unknown = np.zeros(seen.shape[:-1], dtype=bool)
    joints = {
        f"{side}_{part}": seen[..., layout.index(f"{side}_{part}")] if f"{side}_{part}" in layout.joints else unknown
        for side in _SIDES
        for part in _PARTS
    }

    def num_sides(*parts: str) -> Int[ndarray, "*N"]:
        return np.sum([np.logical_and.reduce([joints[f"{side}_{part}"] for part in parts]) for side in _SIDES], axis=0)

    num_arms = num_sides("shoulder", "elbow", "wrist")
    has_torso = (num_sides("shoulder") > 0) & (num_sides("hip") > 0)
    has_limb = (num_arms > 0) | (num_sides("hip", "knee") > 0)
    is_enough = np.sum(list(joints.values()), axis=0) >= _MIN_BODY_JOINTS
    return np.asarray((has_torso & has_limb & is_enough) | (num_arms == 2))


def moves_like_a_person(
    keypoints_xy: Float[ndarray, "T V 2"],
    confidence: Float[ndarray, "T V"],
    times_s: Float[ndarray, " T"],
    layout: SkeletonLayout,
) -> bool:
    """Whether limbs keep their lengths and the body its size over a track, as those of a person do.

    A skeleton that an estimator draws onto a poster, a forearm or people too small to tell apart is another one in each
    frame. Somebody whose limbs are hardly ever seen does not pass; a track of a few frames, or of frames far apart,
    does: nothing can be said against it.

    Args:
        times_s: When each frame was, ascending; the track may have gaps.
    """
    lengths = _limb_lengths(keypoints_xy, confidence, layout)
    is_measured = np.isfinite(lengths).sum(axis=1) >= _MIN_LIMBS
    if not len(lengths) or is_measured.mean() < _MIN_MEASURED_FRACTION:
        return False
    lengths, times_s = lengths[is_measured], np.asarray(times_s, np.float64)[is_measured]
    step_s = np.diff(times_s)
    shaking = _shaking(lengths) / (_SHAKING + _SHAKING_PER_S * step_s)
    shaking = shaking[(step_s <= _LONGEST_STEP_S) & np.isfinite(shaking)]
    return len(shaking) < _FEWEST_STEPS or float(np.median(shaking)) <= 1


def _limb_lengths(
    keypoints_xy: Float[ndarray, "T V 2"], confidence: Float[ndarray, "T V"], layout: SkeletonLayout
) -> Float[ndarray, "T E"]:
    """Length of each limb over its usual one; not a number where an end was not seen."""
    ends, metres = usual_limbs(layout)
    offsets = keypoints_xy[:, ends[:, 0]] - keypoints_xy[:, ends[:, 1]]
    is_seen = (confidence >= SEEN_CONFIDENCE)[:, ends].all(axis=-1)
    return np.where(is_seen, np.hypot(offsets[..., 0], offsets[..., 1]) / metres, np.nan)


def _shaking(lengths: Float[ndarray, "T E"]) -> Float[ndarray, " T-1"]:
    """From each frame to the next: the mean change of limbs and the change of the whole, over the body's size."""
    size = np.maximum(np.nanpercentile(lengths, _SIZE_PERCENTILE, axis=1), 1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # two frames without a limb in common have no mean
        of_limbs = np.nanmean(np.abs(np.diff(lengths, axis=0)), axis=1)
    return of_limbs / ((size[1:] + size[:-1]) / 2) + np.abs(np.diff(np.log(size)))
