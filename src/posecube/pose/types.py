"""The records of pose estimation, regions, poses and tracked people, and what every estimator promises."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from jaxtyping import Bool, Float, Float32, Int, UInt8
from numpy import ndarray

from posecube.errors import UserError
from posecube.skeleton import SkeletonLayout


@dataclass(frozen=True)
class Region:
    """A rectangle around one person, turned by an angle; where an estimator looks for the joints.

    Attributes:
        center_xy: Centre in pixels of the full frame; may lie outside of it.
        size_wh: Width and height in pixels, before turning.
        angle_rad: Clockwise turn of the person on the image; 0 is upright.
        score: The detector's confidence that a person is there, in [0, 1].
        is_guess: Whether only a box was known: the person in it may lie or bend over.
    """

    center_xy: tuple[float, float]
    size_wh: tuple[float, float]
    angle_rad: float = 0.0
    score: float = 1.0
    is_guess: bool = False

    def __post_init__(self) -> None:
        if not (min(self.size_wh) > 0 and np.isfinite([*self.center_xy, *self.size_wh, self.angle_rad]).all()):
            raise UserError(f"a region needs a finite centre and a size above 0, got {self.center_xy}, {self.size_wh}")

    @property
    def box_xyxy(self) -> tuple[float, float, float, float]:
        """The upright box around the turned rectangle: left, top, right, bottom."""
        width, height = self.size_wh
        cosine, sine = abs(math.cos(self.angle_rad)), abs(math.sin(self.angle_rad))
        half_w, half_h = (width * cosine + height * sine) / 2, (width * sine + height * cosine) / 2
        x, y = self.center_xy
        return x - half_w, y - half_h, x + half_w, y + half_h

    def scored(self, score: float) -> Region:
        """The same region with another score."""
        return replace(self, score=score)


@dataclass(frozen=True)
class FramePoses:
    """The poses found in one frame: row p belongs to region p that was asked for.

    Attributes:
        keypoints_xy: Joints in pixels of the full frame. (P, V, 2)
        confidence: Of each joint, in [0, 1]; 0 means not seen (the coordinates then mean nothing). (P, V)
        boxes_xyxy: Box around the joints that were seen; the region's box where none was. (P, 4)
        score: Confidence that it is a whole, plausible person, in [0, 1]; 0 where the region held none. (P,)
        next_regions: Where to look for the same person in the next frame. (P)
    """

    keypoints_xy: Float32[ndarray, "P V 2"]
    confidence: Float32[ndarray, "P V"]
    boxes_xyxy: Float32[ndarray, "P 4"]
    score: Float32[ndarray, " P"]
    next_regions: tuple[Region, ...] = ()

    def __post_init__(self) -> None:
        people = len(self.score)
        if self.next_regions and len(self.next_regions) != people:
            raise UserError(f"expected one next region for each of {people} people, got {len(self.next_regions)}")
        if self.keypoints_xy.shape != (*self.confidence.shape, 2) or len(self.confidence) != people:
            raise UserError(
                f"expected keypoints (P, V, 2), confidence (P, V), score (P,), got {self.keypoints_xy.shape}, "
                f"{self.confidence.shape}, {self.score.shape}"
            )
        if self.boxes_xyxy.shape != (people, 4):
            raise UserError(f"expected boxes ({people}, 4), got {self.boxes_xyxy.shape}")

    def __len__(self) -> int:
        return len(self.score)

    def __repr__(self) -> str:
        return f"FramePoses({len(self)} people, {self.confidence.shape[-1]} joints)"

    def select(self, keep: Int[ndarray, " K"] | Bool[ndarray, " P"] | Sequence[int]) -> FramePoses:
        """Only some of the people, by index or by mask."""
        rows = np.arange(len(self))[np.asarray(keep, dtype=None if len(keep) else np.int64)]
        regions = tuple(self.next_regions[row] for row in rows) if self.next_regions else ()
        return FramePoses(
            self.keypoints_xy[rows], self.confidence[rows], self.boxes_xyxy[rows], self.score[rows], regions
        )

    @classmethod
    def joined(cls, parts: Sequence[FramePoses]) -> FramePoses:
        """The people of several answers about one frame in one record."""
        return cls(
            np.concatenate([part.keypoints_xy for part in parts]),
            np.concatenate([part.confidence for part in parts]),
            np.concatenate([part.boxes_xyxy for part in parts]),
            np.concatenate([part.score for part in parts]),
            tuple(region for part in parts for region in part.next_regions),
        )


@dataclass(frozen=True, eq=False)
class TrackedPose:
    """One person in one frame, under the number they keep.

    Attributes:
        id: 1 for the first person to appear, and so on.
        keypoints_xy: Joints in pixels of the frame. (V, 2)
        confidence: Of each joint; 0 means not seen. (V,)
        box_xyxy: Box around the joints that were seen. (4,)
        score: Confidence that it is a whole, plausible person, in (0, 1].
    """

    id: int
    keypoints_xy: Float32[ndarray, "V 2"]
    confidence: Float32[ndarray, " V"]
    box_xyxy: Float32[ndarray, " 4"]
    score: float

    def __repr__(self) -> str:
        return f"TrackedPose(id={self.id}, {len(self.confidence)} joints, score={self.score:.2f})"


class PoseEstimator(Protocol):
    """Finds people in a frame and the joints of each; holds no state between frames.

    The caller (tracking) decides when to search the whole frame and otherwise follows `FramePoses.next_regions`.
    """

    name: str
    layout: SkeletonLayout

    def find_people(self, image_rgb: UInt8[ndarray, "H W 3"], *, thorough: bool = True) -> list[Region]:
        """Search the whole frame; duplicates are already suppressed, the most confident comes first.

        A thorough search looks for small people too and costs several times as much: take it for the first frames and
        every second or two; a quick one serves in between.
        """
        ...

    def estimate(self, image_rgb: UInt8[ndarray, "H W 3"], regions: Sequence[Region]) -> FramePoses:
        """The joints of the person in each region; a region without a plausible person gets score 0."""
        ...

    def region_of(self, keypoints_xy: Float[ndarray, "V 2"], confidence: Float[ndarray, " V"]) -> Region:
        """The region of interest of a person whose joints are about there (predicted or of an earlier frame).

        Raises:
            UserError: If no joint has confidence above 0.
        """
        ...

    def region_of_box(self, box_xyxy: Sequence[float]) -> Region:
        """The region of interest of a person inside a given box (left, top, right, bottom in pixels)."""
        ...
