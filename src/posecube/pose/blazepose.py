"""BlazePose: the default pose estimator, fast on a processor and with weights that a wheel carries.

A detector finds people by hips and head; for each, a square turned upright around the hips goes through the landmark
network (256 x 256 in; 33 body points and 6 auxiliary ones out, each with visibility and presence, and a flag whether a
body is there). Two of the auxiliary points say where the body is: they give the next frame's square, so the detector
is needed only for newcomers.

Source: BlazePose (2020), sections 2.2 to 2.4; own pre- and post-processing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float, UInt8
from numpy import ndarray

from posecube.pose.blazepose_detector import REGION_SCALE, BlazePoseDetector, aligned_region, whole_frame
from posecube.pose.crop import crop_region, map_points
from posecube.pose.estimator import FramePoses, Region, boxes_of_joints
from posecube.pose.models import fetch_model
from posecube.pose.runtime import load_runtime, useful_threads
from posecube.skeleton.layouts import BLAZEPOSE33, COCO17

INPUT_SIZE = 256
_OUTPUTS = ("Identity", "Identity_1")  # landmarks and flag; leaving the mask's layers out saves 40 % of the time
_HIP_CENTER, _SIZE_POINT = 33, 34  # auxiliary landmarks
_COCO_ROWS = [BLAZEPOSE33.index(joint) for joint in COCO17.joints]
_MIN_FLAG = 0.5


class BlazePose:
    """Detector and landmark network of BlazePose, giving COCO's 17 joints; see PoseEstimator."""

    name = "blazepose"
    layout = COCO17

    def __init__(
        self,
        *,
        detector_path: str | Path | None = None,
        landmarks_path: str | Path | None = None,
        threads: int | None = None,
    ) -> None:
        threads = useful_threads(threads)
        self._detector = BlazePoseDetector(detector_path or fetch_model("blazepose-detector"), threads=threads)
        path = landmarks_path or fetch_model("blazepose-landmarks")
        self._landmarks = load_runtime(path, threads=threads, outputs=_OUTPUTS)

    def find_people(self, image_rgb: UInt8[ndarray, "H W 3"], *, thorough: bool = True) -> list[Region]:
        """Search the whole frame."""
        seen = self._detector.detect(image_rgb, [whole_frame(image_rgb.shape[:2])])
        return [
            aligned_region(points[0], points[1], score=score)
            for points, score in zip(seen.points_xy, seen.score.tolist(), strict=True)
        ]

    def estimate(self, image_rgb: UInt8[ndarray, "H W 3"], regions: Sequence[Region]) -> FramePoses:
        """The joints of the person in each region; score 0 where there is no plausible person."""
        people = [self._estimate_one(image_rgb, region) for region in regions]
        keypoints = np.array([person[0] for person in people], np.float32).reshape(-1, COCO17.num_joints, 2)
        confidence = np.array([person[1] for person in people], np.float32).reshape(-1, COCO17.num_joints)
        score = np.array([person[2] for person in people], np.float32)
        boxes = boxes_of_joints(keypoints, confidence, [region.box_xyxy for region in regions])
        return FramePoses(keypoints, confidence, boxes, score, tuple(person[3] for person in people))

    def region_of(self, keypoints_xy: Float[ndarray, "V 2"], confidence: Float[ndarray, " V"]) -> Region:
        """The square around joints that are already known about."""
        seen = confidence > 0
        if not seen.any():
            raise ValueError("a region needs at least one joint with confidence above 0, got none")
        points = keypoints_xy[seen].astype(float)
        hips = [row for row in (COCO17.index("left_hip"), COCO17.index("right_hip")) if seen[row]]
        shoulders = [row for row in (COCO17.index("left_shoulder"), COCO17.index("right_shoulder")) if seen[row]]
        center = keypoints_xy[hips].mean(axis=0) if hips else points.mean(axis=0)
        up = keypoints_xy[shoulders].mean(axis=0) - center if hips and shoulders else np.array([0.0, -1.0])
        radius = max(float(np.hypot(*(points - center).T).max()) * 1.1, 4.0)
        angle = math.atan2(float(up[0]), -float(up[1]))
        side = 2 * REGION_SCALE * radius
        return Region((float(center[0]), float(center[1])), (side, side), angle)

    def region_of_box(self, box_xyxy: Sequence[float]) -> Region:
        """An upright square with the box in its middle."""
        left, top, right, bottom = box_xyxy
        side = max(right - left, bottom - top, 1.0) * REGION_SCALE
        return Region(((left + right) / 2, (top + bottom) / 2), (side, side))

    def _estimate_one(self, image_rgb: ndarray, region: Region) -> tuple[ndarray, ndarray, float, Region]:
        crop, to_frame = crop_region(image_rgb, region, size_wh=(INPUT_SIZE, INPUT_SIZE))
        raw, flag = self._landmarks(crop[None].astype(np.float32) / 255)
        landmarks = raw.reshape(-1, 5)
        points = map_points(landmarks[:, :2] - 0.5, to_frame)
        visibility, presence = 1 / (1 + np.exp(-landmarks[:, 3:5].T))
        keypoints = points[_COCO_ROWS]
        inside = ((keypoints >= 0) & (keypoints <= np.array(image_rgb.shape[1::-1]) - 1)).all(axis=-1)
        score = float(flag[0, 0])
        confidence = (visibility * presence)[_COCO_ROWS] * inside
        following = aligned_region(points[_HIP_CENTER], points[_SIZE_POINT], score=score)
        return keypoints, confidence, score if score >= _MIN_FLAG else 0.0, following
