"""BlazePose: the default pose estimator, fast on a processor and with weights that a wheel carries.

A detector finds people by hips and head; for each, a square turned upright around the hips goes through the landmark
network. Two of its points say where the body is: they give the next frame's square, so that the detector is needed
for newcomers alone. A pose is estimated in each square that a search proposes before it is believed.

Source: BlazePose (2020), section 2; own pre- and post-processing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Float, UInt8
from numpy import ndarray

from posecube.errors import UserError
from posecube.pose.estimators.blazepose.detector import REGION_SCALE, BlazePoseDetector, aligned_region, search_views
from posecube.pose.estimators.blazepose.landmarks import HIP_CENTER, INPUT_SIZE, SIZE_POINT, LandmarkNetwork
from posecube.pose.estimators.darkness import brightened_if_dark
from posecube.pose.estimators.model_files import fetch_model
from posecube.pose.estimators.plausibility import PlausibilityRules, distinct_people, judge_people
from posecube.pose.estimators.regions import box_region, boxes_of_joints, crop_region, map_points
from posecube.pose.estimators.runtime import useful_threads
from posecube.pose.estimators.top_down import BoxDetector
from posecube.pose.types import FramePoses, Region
from posecube.skeleton.layouts import BLAZEPOSE33, COCO17

_COCO_ROWS = [BLAZEPOSE33.index(joint) for joint in COCO17.joints]
_MAX_CANDIDATES = 12
# A newcomer must look more like a person than somebody who is followed already.
_MIN_NEW_SCORE = 0.4
_MIN_SECOND_LOOK_SCORE = 0.1
_LOOSE_RADIUS = 1.15  # the joints do not reach to the fingers, toes and the top of the head
_BOX_SCALE = 1.35  # a detector's box fits tighter than BlazePose's circle


class BlazePose:
    """Detector and landmark network of BlazePose, giving COCO's 17 joints; see PoseEstimator."""

    layout = COCO17

    def __init__(
        self,
        *,
        detector: BoxDetector | None = None,
        detector_path: str | Path | None = None,
        landmarks_path: str | Path | None = None,
        threads: int | None = None,
        rules: PlausibilityRules | None = None,
        min_new_score: float | None = None,
    ) -> None:
        """Load the networks; weights that are not given are fetched once.

        A given detector of boxes tells the own one where to look, which then finds hips and direction: a body bent
        over or lying needs its square turned.

        Args:
            min_new_score: What a search takes for a person; None takes the usual threshold.

        Raises:
            FileNotFoundError: If weights are missing and cannot be fetched.
        """
        threads = useful_threads(threads)
        self.name = "blazepose" if detector is None else "yolox-blazepose"
        self._boxes = detector
        self._rules = rules or PlausibilityRules()
        self._min_new_score = _MIN_NEW_SCORE if min_new_score is None else min_new_score
        self._own = BlazePoseDetector(detector_path or fetch_model("blazepose-detector"), threads=threads)
        self._landmarks = LandmarkNetwork(landmarks_path or fetch_model("blazepose-landmarks"), threads=threads)

    def find_people(self, image_rgb: UInt8[ndarray, "H W 3"], *, thorough: bool = True) -> list[Region]:
        """Search the whole frame; a pose is estimated in each find, so what comes back held a plausible person."""
        poses = self.estimate(image_rgb, self._candidates(image_rgb, thorough=thorough))
        # The first square is the detector's guess; the points found in it give a better one for those in doubt.
        doubtful = np.flatnonzero((poses.score < self._min_new_score) & (poses.score >= _MIN_SECOND_LOOK_SCORE))
        if len(doubtful):
            again = self.estimate(image_rgb, [poses.next_regions[row] for row in doubtful])
            poses = FramePoses.joined([poses, again])
        poses = poses.select(poses.score >= self._min_new_score)
        return list(poses.select(distinct_people(poses, self.layout)).next_regions)

    def estimate(self, image_rgb: UInt8[ndarray, "H W 3"], regions: Sequence[Region]) -> FramePoses:
        """The joints of the person in each region; score 0 where there is no plausible person.

        A region that is dark, and shows nobody well enough to be believed, is looked at once more in more light.
        """
        turned = [self._turned(image_rgb, region) if region.is_guess else region for region in regions]
        crops = [crop_region(image_rgb, region, size_wh=(INPUT_SIZE, INPUT_SIZE)) for region in turned]
        poses = self._estimated(crops, regions, image_rgb.shape[:2])
        doubtful = np.flatnonzero(poses.score < self._min_new_score).tolist()
        lighter = {row: brightened_if_dark(crops[row][0]) for row in doubtful}
        again = {row: (crop, crops[row][1]) for row, crop in lighter.items() if crop is not None}
        if not again:
            return poses
        more = self._estimated(list(again.values()), [regions[row] for row in again], image_rgb.shape[:2])
        rows = np.arange(len(poses))
        for second, first in enumerate(again):
            if more.score[second] > poses.score[first]:
                rows[first] = len(poses) + second
        return FramePoses.joined([poses, more]).select(rows)

    def region_of(self, keypoints_xy: Float[ndarray, "V 2"], confidence: Float[ndarray, " V"]) -> Region:
        """The square around joints that are known about already: around the hips, the shoulders up."""
        seen = confidence > 0
        if not seen.any():
            raise UserError("a region needs at least one joint with confidence above 0, got none")
        hips = self._mean_of(("left_hip", "right_hip"), keypoints_xy, seen)
        shoulders = self._mean_of(("left_shoulder", "right_shoulder"), keypoints_xy, seen)
        points = keypoints_xy[seen].astype(np.float64)
        center = points.mean(axis=0) if hips is None else hips
        up = np.array([0.0, -1.0]) if hips is None or shoulders is None else shoulders - hips
        radius = max(float(np.hypot(*(points - center).T).max()) * _LOOSE_RADIUS, 4.0)
        side = 2 * REGION_SCALE * radius
        return Region((float(center[0]), float(center[1])), (side, side), math.atan2(float(up[0]), -float(up[1])))

    def region_of_box(self, box_xyxy: Sequence[float], *, score: float = 1.0) -> Region:
        """An upright square with the box in its middle."""
        return replace(box_region(box_xyxy, aspect=1.0, scale=_BOX_SCALE, score=score), is_guess=True)

    def _estimated(
        self,
        crops: Sequence[tuple[UInt8[ndarray, "S S 3"], Float[ndarray, "2 3"]]],
        regions: Sequence[Region],
        size_hw: tuple[int, int],
    ) -> FramePoses:
        """What the landmark network sees in crops, each with its map to the frame, judged."""
        keypoints = np.zeros((len(crops), self.layout.num_joints, 2), np.float32)
        confidence = np.zeros((len(crops), self.layout.num_joints), np.float32)
        body_score = np.zeros(len(crops), np.float32)
        following = []
        for row, (crop, to_frame) in enumerate(crops):
            found = self._landmarks(crop)
            points = map_points(found.points_xy.astype(np.float64), to_frame)
            keypoints[row], confidence[row] = points[_COCO_ROWS], found.confidence[_COCO_ROWS]
            body_score[row] = found.body_score
            following.append(aligned_region(points[HIP_CENTER], points[SIZE_POINT]))
        confidence, score = judge_people(keypoints, confidence, self.layout, size_hw=size_hw, rules=self._rules)
        score *= body_score
        boxes = boxes_of_joints(keypoints, confidence, [region.box_xyxy for region in regions])
        next_regions = tuple(region.scored(value) for region, value in zip(following, score.tolist(), strict=True))
        return FramePoses(keypoints, confidence, boxes, score, next_regions)

    def _candidates(self, image_rgb: UInt8[ndarray, "H W 3"], *, thorough: bool) -> list[Region]:
        if self._boxes is not None:
            boxes, score = self._boxes.find_boxes(image_rgb)
            found = [self.region_of_box(box, score=value) for box, value in zip(boxes, score.tolist(), strict=True)]
        else:
            found = self._aligned(image_rgb, search_views(image_rgb.shape[:2], thorough=thorough))
        return found[:_MAX_CANDIDATES]

    def _turned(self, image_rgb: UInt8[ndarray, "H W 3"], square: Region) -> Region:
        """The region of whom the own detector sees in the middle of a square; the square itself without a detection."""
        for region in self._aligned(image_rgb, [square]):
            offset = np.abs(np.subtract(square.center_xy, region.center_xy))
            if (offset < np.array(square.size_wh) / 4).all():
                return region
        return square

    def _aligned(self, image_rgb: UInt8[ndarray, "H W 3"], views: Sequence[Region]) -> list[Region]:
        seen = self._own.detect(image_rgb, views)
        return [
            aligned_region(points[0], points[1], score=score)
            for points, score in zip(seen.points_xy, seen.score.tolist(), strict=True)
        ]

    def _mean_of(self, joints: Sequence[str], keypoints_xy: ndarray, seen: ndarray) -> ndarray | None:
        rows = [row for row in map(self.layout.index, joints) if seen[row]]
        return keypoints_xy[rows].mean(axis=0).astype(np.float64) if rows else None
