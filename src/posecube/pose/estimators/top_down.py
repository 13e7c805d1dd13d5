"""What estimators that work on boxes share: search by a detector, a crop of fixed shape, the judging of what came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from jaxtyping import Float, Float32, UInt8
from numpy import ndarray

from posecube.errors import UserError
from posecube.pose.estimators.plausibility import PlausibilityRules, judge_people
from posecube.pose.estimators.regions import box_region, boxes_of_joints
from posecube.pose.types import FramePoses, Region
from posecube.skeleton import SkeletonLayout

_MAX_PEOPLE = 20
_MIN_SEEN = 0.2
# Joints reach neither to the top of the head nor to the fingers and toes; a detector's box does.
_JOINTS_TO_BOX = 1.15


class BoxDetector(Protocol):
    """Anything that finds boxes around people, such as YoloxDetector."""

    def find_boxes(self, image_rgb: UInt8[ndarray, "H W 3"]) -> tuple[Float[ndarray, "P 4"], Float[ndarray, " P"]]:
        """Boxes in pixels of the frame and their scores, the most confident first."""
        ...


class TopDown:
    """Boxes to upright regions of one shape; the half of a PoseEstimator that does not depend on the network."""

    layout: SkeletonLayout

    def __init__(
        self, *, detector: BoxDetector | None, aspect: float, scale: float, rules: PlausibilityRules | None = None
    ) -> None:
        """Without a detector there is one region: the whole frame. `aspect` is width by height of a region."""
        self._detector = detector
        self._aspect = aspect
        self._scale = scale
        self._rules = rules or PlausibilityRules()

    def find_people(self, image_rgb: UInt8[ndarray, "H W 3"], *, thorough: bool = True) -> list[Region]:
        """Search the whole frame; the detector sees small people as well, so thorough is no different."""
        if self._detector is None:
            height, width = image_rgb.shape[:2]
            return [box_region((-0.5, -0.5, width - 0.5, height - 0.5), aspect=self._aspect, scale=1.0)]
        boxes, score = self._detector.find_boxes(image_rgb)
        found = [self.region_of_box(box, score=value) for box, value in zip(boxes, score.tolist(), strict=True)]
        return found[:_MAX_PEOPLE]

    def region_of(self, keypoints_xy: Float[ndarray, "V 2"], confidence: Float[ndarray, " V"]) -> Region:
        """The region around joints that are known about already.

        Raises:
            UserError: If no joint has confidence above 0.
        """
        seen = confidence >= min(_MIN_SEEN, float(confidence.max(initial=0)))
        if not (seen & (confidence > 0)).any():
            raise UserError("a region needs at least one joint with confidence above 0, got none")
        points = keypoints_xy[seen].astype(np.float64)
        low, high = points.min(axis=0), points.max(axis=0)
        middle, half = (low + high) / 2, np.maximum((high - low) / 2, 4.0) * _JOINTS_TO_BOX
        return self.region_of_box([*(middle - half), *(middle + half)])

    def region_of_box(self, box_xyxy: Sequence[float], *, score: float = 1.0) -> Region:
        """The upright region around a box, with some room."""
        return box_region(box_xyxy, aspect=self._aspect, scale=self._scale, score=score)

    def judged(
        self,
        keypoints_xy: Float32[ndarray, "P V 2"],
        confidence: Float32[ndarray, "P V"],
        regions: Sequence[Region],
        *,
        size_hw: tuple[int, int],
    ) -> FramePoses:
        """The network's answers as FramePoses: implausible people get score 0, the rest their next region."""
        confidence, score = judge_people(keypoints_xy, confidence, self.layout, size_hw=size_hw, rules=self._rules)
        following = [
            self.region_of(points, seen).scored(value) if value > 0 else region
            for points, seen, value, region in zip(keypoints_xy, confidence, score.tolist(), regions, strict=True)
        ]
        boxes = boxes_of_joints(keypoints_xy, confidence, [region.box_xyxy for region in regions])
        return FramePoses(keypoints_xy, confidence, boxes, score, tuple(following))
