"""What every pose estimator promises, and the records it gives: regions to look at, poses found in them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
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
        score: How sure the detector is that a person is there, in [0, 1].
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
        confidence: How sure each joint is, in [0, 1]; 0 means not seen (the coordinates then mean nothing). (P, V)
        boxes_xyxy: Box around the joints that were seen; the region's box where none was. (P, 4)
        score: How sure it is a whole, plausible person, in [0, 1]; exactly 0 where the region held none. (P,)
        next_regions: Where to look for the same person in the next frame. (P)
    """

    keypoints_xy: Float32[ndarray, "P V 2"]
    confidence: Float32[ndarray, "P V"]
    boxes_xyxy: Float32[ndarray, "P 4"]
    score: Float32[ndarray, " P"]
    next_regions: tuple[Region, ...] = field(default=())

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


class PoseEstimator(Protocol):
    """Finds people in a frame and the joints of each; holds no state between frames.

    The caller (tracking) decides when to search the whole frame and otherwise follows `FramePoses.next_regions`.
    """

    name: str
    layout: SkeletonLayout

    def find_people(self, image_rgb: UInt8[ndarray, "H W 3"], *, thorough: bool = True) -> list[Region]:
        """Search the whole frame; duplicates are already suppressed, the surest comes first.

        A thorough search looks for small people too and costs several times as much: take it for the first frames and
        every second or two; a quick one serves in between.
        """
        ...

    def estimate(self, image_rgb: UInt8[ndarray, "H W 3"], regions: Sequence[Region]) -> FramePoses:
        """The joints of the person in each region; a region without a plausible person gets score 0."""
        ...

    def region_of(self, keypoints_xy: Float[ndarray, "V 2"], confidence: Float[ndarray, " V"]) -> Region:
        """The region to look at for a person whose joints are about there (predicted or of an earlier frame).

        Raises:
            UserError: If no joint has confidence above 0.
        """
        ...

    def region_of_box(self, box_xyxy: Sequence[float]) -> Region:
        """The region to look at for a person inside a given box (left, top, right, bottom in pixels)."""
        ...


_TRUSTING_BOX_SCORE = 0.1
ESTIMATORS = ("blazepose", "blazepose-own", "yolox-blazepose", "yolox-movenet", "rtmpose")


def load_estimator(name: str | Path = "blazepose", *, threads: int | None = None) -> PoseEstimator:
    """Load a pose estimator by its name, or an RTMPose or HRNet style .onnx by its path.

    "blazepose" finds people with YOLOX where its file is at hand, else with its own detector; "blazepose-own" and
    "yolox-blazepose" insist on one of the two. The others need YOLOX; an .onnx given by its path looks at the whole
    frame where YOLOX is not at hand.

    Args:
        name: One of ESTIMATORS, or a file.
        threads: Cores that one call may use; None takes two where there are two.

    Raises:
        UserError: If there is no estimator of that name, or the file is no pose model.
        FileNotFoundError: If a model file is missing and cannot be fetched.
    """
    return _load(name, threads=threads, trusting=False)


def load_trusting_estimator(name: str | Path = "blazepose", *, threads: int | None = None) -> PoseEstimator:
    """The same one, which gives doubtful people too, with low scores: for `surest_person`; tracking follows shadows.

    Raises:
        UserError: As `load_estimator`.
        FileNotFoundError: As `load_estimator`.
    """
    return _load(name, threads=threads, trusting=True)


def _load(name: str | Path, *, threads: int | None, trusting: bool) -> PoseEstimator:
    from posecube.pose.estimators.blazepose.estimator import BlazePose
    from posecube.pose.estimators.model_files import fetch_model, find_model
    from posecube.pose.estimators.movenet import MoveNet
    from posecube.pose.estimators.rtmpose import RtmPose
    from posecube.pose.estimators.runtime import useful_threads
    from posecube.pose.estimators.yolox import YoloxDetector
    from posecube.pose.tracking.plausibility import TRUSTING_RULES, PlausibilityRules

    threads = useful_threads(threads)
    rules = TRUSTING_RULES if trusting else PlausibilityRules()

    def yolox(path: Path) -> YoloxDetector:
        if trusting:
            return YoloxDetector(path, threads=threads, min_score=_TRUSTING_BOX_SCORE)
        return YoloxDetector(path, threads=threads)

    def blazepose(path: Path | None) -> BlazePose:
        detector = yolox(path) if path else None
        if trusting:
            return BlazePose(detector=detector, threads=threads, rules=rules, min_new_score=rules.min_score)
        return BlazePose(detector=detector, threads=threads)

    yolox_at_hand = find_model("yolox-nano")
    match str(name):
        case "blazepose":
            return blazepose(yolox_at_hand)
        case "blazepose-own":
            return blazepose(None)
        case "yolox-blazepose":
            return blazepose(fetch_model("yolox-nano"))
        case "yolox-movenet":
            detector = yolox(fetch_model("yolox-nano"))
            return MoveNet(fetch_model("movenet-lightning"), detector=detector, threads=threads, rules=rules)
        case "rtmpose":
            detector = yolox(fetch_model("yolox-nano"))
            return RtmPose(fetch_model("rtmpose-m"), detector=detector, threads=threads, rules=rules)
    if Path(name).suffix == "":
        raise UserError(
            f"unknown pose estimator {str(name)!r}; known: {', '.join(ESTIMATORS)}, or the path of an .onnx"
        )
    detector_at_hand = yolox(yolox_at_hand) if yolox_at_hand else None
    return RtmPose(name, detector=detector_at_hand, threads=threads, rules=rules)


def boxes_of_joints(
    keypoints_xy: Float[ndarray, "P V 2"], confidence: Float[ndarray, "P V"], otherwise: Sequence[Sequence[float]]
) -> Float32[ndarray, "P 4"]:
    """The box around the joints that were seen; where there are none, the box given for that person."""
    boxes = np.empty((len(keypoints_xy), 4), np.float32)
    for row, (points, sure) in enumerate(zip(keypoints_xy, confidence, strict=True)):
        seen = points[sure > 0]
        boxes[row] = [*seen.min(axis=0), *seen.max(axis=0)] if len(seen) else otherwise[row]
    return boxes
