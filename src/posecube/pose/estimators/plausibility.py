"""Is this skeleton a person, and one of their own? Estimators answer for every region, also for a pool and a bag.

Judged on coordinates and confidences alone, so it serves every estimator. What helps, in order: joints of the torso
that were really seen, no joint outside of the frame, no hand without an arm, limbs of human proportions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float, Float32, Int
from numpy import ndarray

from posecube.pose.similarity import TORSO_JOINTS, best_of_each_body, body_size_px, joint_distance
from posecube.pose.types import FramePoses
from posecube.skeleton import SkeletonLayout

# Usual lengths between joints in metres, of adults; only their ratios matter.
_LIMB_METRES = {
    ("left_shoulder", "right_shoulder"): 0.36,
    ("left_hip", "right_hip"): 0.22,
    ("left_shoulder", "left_hip"): 0.52,
    ("right_shoulder", "right_hip"): 0.52,
    ("left_shoulder", "left_elbow"): 0.30,
    ("right_shoulder", "right_elbow"): 0.30,
    ("left_elbow", "left_wrist"): 0.26,
    ("right_elbow", "right_wrist"): 0.26,
    ("left_hip", "left_knee"): 0.42,
    ("right_hip", "right_knee"): 0.42,
    ("left_knee", "left_ankle"): 0.42,
    ("right_knee", "right_ankle"): 0.42,
}
_HEAD = ("head", "nose", "left_eye", "right_eye", "left_ear", "right_ear")
_SAME_BODY_TORSOS = 0.5
# A skeleton that lies inside a better one and is far smaller was drawn onto a part of that body.
_PART_SIZE = 0.6
_PART_INSIDE = 0.8


@dataclass(frozen=True)
class PlausibilityRules:
    """Thresholds, measured on people, bags, pools and close-ups found by BlazePose's detector.

    Attributes:
        min_score: A skeleton below this is no person.
        min_joints: So many joints must have been seen.
        seen_confidence: What counts as seen, for counting joints and measuring limbs.
        max_limb_ratio: A limb longer than this many times what the other limbs suggest has a wrong joint.
        max_wrong_limbs: Fraction of such limbs above which the whole skeleton is wrong.
        min_size_px: Smallest side of a body, to refuse skeletons collapsed into a point.
        max_chain_ratio: A hand's confidence over its elbow's, an ankle's over its knee's, at most.
    """

    min_score: float = 0.25
    min_joints: int = 5
    seen_confidence: float = 0.2
    max_limb_ratio: float = 2.5
    max_wrong_limbs: float = 0.25
    min_size_px: float = 8.0
    max_chain_ratio: float = 2.0


# For videos in which somebody is known to be: hardly anything is refused, each joint's confidence says the rest.
LOW_THRESHOLD_RULES = PlausibilityRules(min_score=0.02, min_joints=3, seen_confidence=0.1, max_wrong_limbs=0.5)


def judge_people(
    keypoints_xy: Float[ndarray, "P V 2"],
    confidence: Float[ndarray, "P V"],
    layout: SkeletonLayout,
    *,
    size_hw: tuple[int, int],
    rules: PlausibilityRules | None = None,
) -> tuple[Float32[ndarray, "P V"], Float32[ndarray, " P"]]:
    """Confidence without invented joints, and how plausible each person is, 0 for no person.

    The score is the geometric mean of how well the torso and how well the whole body was seen. Shoulders and hips
    outside of the frame do not count against the torso (then the head must be seen), but they do against the body.
    """
    rules = rules or PlausibilityRules()
    inside = joints_inside(keypoints_xy, size_hw)
    cleaned = np.where(inside, confidence, 0).astype(np.float32)
    cleaned = limited_by_chain(cleaned, layout, max_ratio=rules.max_chain_ratio)
    score = np.zeros(len(cleaned), np.float32)
    for row, points in enumerate(keypoints_xy):
        seen = cleaned[row] >= rules.seen_confidence
        wrong = stretched_limbs(points, seen, layout, max_ratio=rules.max_limb_ratio)
        cleaned[row, usual_limbs(layout)[0][wrong, 1]] = 0
        if _holds_together(points, seen, wrong, rules):
            score[row] = _how_well_seen(cleaned[row], inside[row], layout)
    score[score < rules.min_score] = 0
    return cleaned, score


def distinct_people(poses: FramePoses, layout: SkeletonLayout) -> Int[ndarray, " K"]:
    """Rows of the people to keep, the most confident first: one skeleton a body.

    Detectors see one person twice, as a whole and as a part; boxes do not tell that from two people hugging, joints do.
    """
    if not len(poses):
        return np.zeros(0, np.int64)
    points, confidence = poses.keypoints_xy, poses.confidence
    size = np.array([body_size_px(xy, seen, layout) for xy, seen in zip(points, confidence, strict=True)])
    distance = joint_distance(points, confidence, points, confidence, first_size_px=size, second_size_px=size)
    groups = best_of_each_body(distance, poses.score, same_body=_SAME_BODY_TORSOS)
    kept: list[int] = []
    for row in (group[0] for group in groups):
        if not any(_is_part_of(poses, row, size[row], other, size[other]) for other in kept):
            kept.append(row)
    return np.array(kept, dtype=np.int64)


def joints_inside(keypoints_xy: Float[ndarray, "*P V 2"], size_hw: tuple[int, int]) -> Bool[ndarray, "*P V"]:
    """Which joints lie within the frame; a whole number is a pixel's centre."""
    limit = np.array(size_hw[::-1]) - 0.5
    return np.asarray(((keypoints_xy >= -0.5) & (keypoints_xy <= limit)).all(axis=-1))


def limited_by_chain(
    confidence: Float32[ndarray, "P V"], layout: SkeletonLayout, *, max_ratio: float
) -> Float32[ndarray, "P V"]:
    """Confidence of elbows, wrists, knees and ankles limited by that of the joint they hang on.

    Estimators place feet below a table with some confidence; a foot is not seen without a knee.
    """
    limited = confidence.copy()
    for parent, child in (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle")):
        for side in ("left_", "right_"):
            if side + parent in layout.joints and side + child in layout.joints:
                upper, lower = layout.index(side + parent), layout.index(side + child)
                limited[:, lower] = np.minimum(limited[:, lower], max_ratio * limited[:, upper])
    return limited


def stretched_limbs(
    keypoints_xy: Float[ndarray, "V 2"], seen: Bool[ndarray, " V"], layout: SkeletonLayout, *, max_ratio: float
) -> Bool[ndarray, " E"]:
    """Which limbs are far longer than the body's size allows; a limb with an unseen end is not.

    The body's size is the median over its limbs of length by usual length: foreshortening only makes limbs shorter.
    """
    ends, metres = usual_limbs(layout)
    lengths = np.hypot(*(keypoints_xy[ends[:, 0]] - keypoints_xy[ends[:, 1]]).T)
    measured = seen[ends].all(axis=1)
    if not measured.any():
        return measured
    scale = lengths / metres
    return np.asarray(measured & (scale > max_ratio * np.median(scale[measured])))


def _holds_together(
    keypoints_xy: Float[ndarray, "V 2"], seen: Bool[ndarray, " V"], wrong: Bool[ndarray, " E"], rules: PlausibilityRules
) -> bool:
    if seen.sum() < rules.min_joints or (len(wrong) and wrong.mean() > rules.max_wrong_limbs):
        return False
    return float(np.hypot(*np.ptp(keypoints_xy[seen], axis=0))) >= rules.min_size_px


def _how_well_seen(confidence: Float32[ndarray, " V"], inside: Bool[ndarray, " V"], layout: SkeletonLayout) -> float:
    torso = [layout.index(joint) for joint in TORSO_JOINTS if joint in layout.joints]
    counted = [joint for joint in torso if inside[joint]]
    if len(counted) < len(torso):  # somebody cut off by the frame's edge: the head stands in for the missing half
        counted += [layout.index(joint) for joint in _HEAD if joint in layout.joints]
    if len(counted) < 2:
        return 0.0
    return float(np.sqrt(confidence[counted].mean() * confidence.mean()))


def _is_part_of(poses: FramePoses, part: int, part_size: float, whole: int, whole_size: float) -> bool:
    seen = poses.keypoints_xy[part][poses.confidence[part] > 0]
    left, top, right, bottom = poses.boxes_xyxy[whole]
    inside = (seen >= [left, top]).all(axis=1) & (seen <= [right, bottom]).all(axis=1)
    is_smaller = part_size < _PART_SIZE * whole_size
    return bool(is_smaller and len(seen) and inside.mean() >= _PART_INSIDE)


@lru_cache(maxsize=16)
def usual_limbs(layout: SkeletonLayout) -> tuple[Int[ndarray, "E 2"], Float[ndarray, " E"]]:
    """Limbs of known proportions that a layout has: the rows of their ends, and usual lengths in metres."""
    known = [limb for limb in _LIMB_METRES if limb[0] in layout.joints and limb[1] in layout.joints]
    ends = np.array([[layout.index(joint) for joint in limb] for limb in known], dtype=np.int64).reshape(-1, 2)
    return ends, np.array([_LIMB_METRES[limb] for limb in known])
