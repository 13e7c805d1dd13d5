"""Several skeletons on one body: keep the best.

Detectors see one person twice, as a whole and as a part; boxes do not tell that from two people hugging, joints do.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from posecube.pose.estimators.loading import FramePoses
from posecube.pose.tracking.body_distance import best_of_each_body, body_size_px, joint_distance
from posecube.skeleton import SkeletonLayout

_SAME_BODY_TORSOS = 0.5
# A skeleton that lies inside a better one and is far smaller was drawn onto a part of that body.
_PART_SIZE = 0.6
_PART_INSIDE = 0.8


def distinct_people(poses: FramePoses, layout: SkeletonLayout) -> Int[ndarray, " K"]:
    """Rows of the people to keep, the surest first: one skeleton a body."""
    if not len(poses):
        return np.zeros(0, np.int64)
    points, confidence = poses.keypoints_xy, poses.confidence
    size = np.array([body_size_px(xy, sure, layout) for xy, sure in zip(points, confidence, strict=True)])
    distance = joint_distance(points, confidence, points, confidence, first_size_px=size, second_size_px=size)
    groups = best_of_each_body(distance, poses.score, same_body=_SAME_BODY_TORSOS)
    kept: list[int] = []
    for row in (group[0] for group in groups):
        if not any(_is_part_of(poses, row, size[row], other, size[other]) for other in kept):
            kept.append(row)
    return np.array(kept, dtype=np.int64)


def _is_part_of(poses: FramePoses, part: int, part_size: float, whole: int, whole_size: float) -> bool:
    seen = poses.keypoints_xy[part][poses.confidence[part] > 0]
    left, top, right, bottom = poses.boxes_xyxy[whole]
    inside = (seen >= [left, top]).all(axis=1) & (seen <= [right, bottom]).all(axis=1)
    is_smaller = part_size < _PART_SIZE * whole_size
    return bool(is_smaller and len(seen) and inside.mean() >= _PART_INSIDE)
