"""FramePeople: who was seen in one frame, as pose estimators write it down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64
from numpy import ndarray

# Further away than any picture reaches: such a joint is a mistake of the file.
_FURTHEST_PX = 1e5


@dataclass(frozen=True)
class FramePeople:
    """The P people seen in one frame.

    Attributes:
        keypoints_xy: Pixels, 0 where confidence is. (P, V, 2)
        confidence: In [0, 1]. (P, V)
        ids: Each person's number from frame to frame as the file gives it, None where it gives none.
    """

    keypoints_xy: Float32[ndarray, "P V 2"]
    confidence: Float32[ndarray, "P V"]
    ids: tuple[int | None, ...]

    @classmethod
    def of(cls, people: Sequence[tuple[Float64[ndarray, " values"], int | None]], *, num_joints: int) -> FramePeople:
        """Make it of flat lists x, y, confidence, x, y, ... and each person's number; see ``seen_joints``.

        People without any joint, and joints beyond ``num_joints`` (faces, hands), are left out.
        """
        if not people:
            return cls(np.zeros((0, num_joints, 2), np.float32), np.zeros((0, num_joints), np.float32), ())
        values = np.stack([values[: 3 * num_joints] for values, _ in people]).reshape(len(people), num_joints, 3)
        keypoints_xy, confidence = seen_joints(values)
        seen = np.flatnonzero(confidence.any(axis=-1))
        return cls(keypoints_xy[seen], confidence[seen], tuple(people[index][1] for index in seen.tolist()))


def seen_joints(
    values: Float64[ndarray, "*dims V 3"],
) -> tuple[Float32[ndarray, "*dims V 2"], Float32[ndarray, "*dims V"]]:
    """Coordinates and confidence of joints x, y, confidence.

    Joints that are not finite or further away than any picture reaches are missing; confidence is clipped to [0, 1].
    """
    is_given = (np.abs(values[..., :2]) < _FURTHEST_PX).all(axis=-1)  # refuses NaN too
    confidence = np.nan_to_num(values[..., 2], nan=0, posinf=1, neginf=0).clip(0, 1).astype(np.float32) * is_given
    keypoints_xy = np.where(confidence[..., None] > 0, values[..., :2], 0).astype(np.float32)
    return keypoints_xy, confidence
