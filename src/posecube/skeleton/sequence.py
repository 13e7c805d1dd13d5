"""SkeletonSequence: the poses of the people in one clip, the record that passes from pose to store to sampling."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.errors import UserError
from posecube.skeleton.layout import SkeletonLayout


@dataclass(frozen=True)
class SkeletonSequence:
    """The joints of M people over T frames; checks itself when made.

    Attributes:
        keypoints: Coordinates (M, T, V, C): pixels for C = 2 (a whole number is a pixel's centre), metres for C = 3.
            Where confidence is 0 the coordinates mean nothing.
        confidence: Of each joint, in [0, 1]; 0 means it was not seen. (M, T, V)
        layout: Names of the V joints.
        size_hw: Frame height and width in pixels; (0, 0) for 3D joints, which have no frame.
        fps: Frames a second, None where the source does not say.
        label: Class index, None where unknown.
        name: Unique name of the clip within its store.
    """

    keypoints: Float32[ndarray, "M T V C"]
    confidence: Float32[ndarray, "M T V"]
    layout: SkeletonLayout
    size_hw: tuple[int, int]
    fps: Fraction | None = None
    label: int | None = None
    name: str = ""

    def __post_init__(self) -> None:
        where = f"sequence {self.name!r}" if self.name else "sequence"
        keypoints = np.ascontiguousarray(self.keypoints, dtype=np.float32)
        confidence = np.ascontiguousarray(self.confidence, dtype=np.float32)
        if keypoints.ndim != 4 or keypoints.shape[-1] not in (2, 3):
            raise UserError(f"{where}: keypoints must be (M, T, V, 2 or 3), got {keypoints.shape}")
        if confidence.shape != keypoints.shape[:3]:
            raise UserError(
                f"{where}: confidence must be {keypoints.shape[:3]} like the keypoints, got {confidence.shape}"
            )
        if keypoints.shape[2] != self.layout.num_joints:
            raise UserError(
                f"{where}: layout {self.layout.name} has {self.layout.num_joints} joints, got {keypoints.shape[2]}"
            )
        if 0 in keypoints.shape[:2]:
            raise UserError(f"{where}: at least one person and one frame are needed, got shape {keypoints.shape}")
        if not (np.isfinite(confidence).all() and confidence.min() >= 0 and confidence.max() <= 1):
            raise UserError(f"{where}: confidence must lie in [0, 1], got {confidence.min()} to {confidence.max()}")
        if not np.isfinite(keypoints[confidence > 0]).all():
            raise UserError(
                f"{where}: keypoints must be finite where confidence is above 0; give NaN joints confidence 0"
            )
        if keypoints.shape[-1] == 2 and min(self.size_hw) <= 0:
            raise UserError(
                f"{where}: a frame size (height, width) above 0 is needed for 2D joints, got {self.size_hw}"
            )
        object.__setattr__(self, "keypoints", keypoints)
        object.__setattr__(self, "confidence", confidence)

    @classmethod
    def trusted(
        cls,
        *,
        keypoints: Float32[ndarray, "M T V C"],
        confidence: Float32[ndarray, "M T V"],
        layout: SkeletonLayout,
        size_hw: tuple[int, int],
        fps: Fraction | None,
        label: int | None,
        name: str,
    ) -> SkeletonSequence:
        """Make a sequence without its checks, for arrays that have passed them before.

        The store reads through this: it checks every sequence when it is written, and a check on each read would cost
        more than the read. Everything else makes sequences in the usual way.
        """
        sequence = object.__new__(cls)
        sequence.__dict__.update(
            keypoints=keypoints,
            confidence=confidence,
            layout=layout,
            size_hw=size_hw,
            fps=fps,
            label=label,
            name=name,
        )
        return sequence

    def __repr__(self) -> str:
        people, frames, joints, axes = self.keypoints.shape
        size = f" in {self.size_hw[1]}x{self.size_hw[0]}" if axes == 2 else ""
        shape = f"{people} people x {frames} frames x {joints} joints x {axes}{size}"
        return f"SkeletonSequence({self.name!r}: {shape}, {self.layout.name}, label {self.label})"

    @property
    def num_people(self) -> int:
        """M."""
        return self.keypoints.shape[0]

    @property
    def num_frames(self) -> int:
        """T."""
        return self.keypoints.shape[1]

    @property
    def num_axes(self) -> int:
        """2 for pixels, 3 for metres."""
        return self.keypoints.shape[3]

    def replaced(self, **fields: Any) -> SkeletonSequence:
        """A copy with some fields changed, checked anew."""
        return replace(self, **fields)
