"""MoveNet: one person's COCO-17 joints from a small crop in two to four milliseconds; boxes come from a detector.

Source: the published single-pose models: uint8 or int32 RGB in, square; (1, 1, 17, 3) out: y, x in [0, 1], confidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float, UInt8
from numpy import ndarray

from posecube.errors import UserError
from posecube.pose.estimators.plausibility import PlausibilityRules
from posecube.pose.estimators.regions import crop_region, map_points
from posecube.pose.estimators.runtime import load_runtime, useful_threads
from posecube.pose.estimators.top_down import BoxDetector, TopDown
from posecube.pose.types import FramePoses, Region
from posecube.skeleton.layouts import COCO17

_CROP_SCALE = 1.25  # of the box; the network was trained on crops with some room around the person


class MoveNet(TopDown):
    """MoveNet on boxes around people; see PoseEstimator."""

    name = "yolox-movenet"
    layout = COCO17

    def __init__(
        self,
        path: str | Path,
        *,
        detector: BoxDetector | None,
        threads: int | None = None,
        rules: PlausibilityRules | None = None,
    ) -> None:
        """Load a single-pose model.

        Raises:
            UserError: If the file is not a MoveNet single-pose model.
        """
        super().__init__(detector=detector, aspect=1.0, scale=_CROP_SCALE, rules=rules)
        self._runtime = load_runtime(path, threads=useful_threads(threads))
        shape = self._runtime.input_shapes[0]
        if len(shape) != 4 or shape[3] != 3 or shape[1] is None or shape[2] is None:
            raise UserError(f"{path}: MoveNet takes an image (1, height, width, 3) of fixed size, this takes {shape}")
        self._size_wh = (shape[2], shape[1])

    def estimate(self, image_rgb: UInt8[ndarray, "H W 3"], regions: Sequence[Region]) -> FramePoses:
        """The joints of the person in each region; score 0 where there is no plausible person."""
        keypoints = np.zeros((len(regions), 17, 2), np.float32)
        confidence = np.zeros((len(regions), 17), np.float32)
        for row, region in enumerate(regions):
            crop, to_frame = crop_region(image_rgb, region, size_wh=self._size_wh)
            points, seen = decode_movenet(self._runtime(crop[None])[0], size_wh=self._size_wh)
            keypoints[row], confidence[row] = map_points(points, to_frame), seen
        return self.judged(keypoints, confidence, regions, size_hw=image_rgb.shape[:2])


def decode_movenet(
    output: Float[ndarray, "1 1 17 3"], *, size_wh: tuple[int, int]
) -> tuple[Float[ndarray, "17 2"], Float[ndarray, " 17"]]:
    """Joints in crop pixels, where a whole number is a pixel's centre, and their confidence.

    Raises:
        UserError: If the output is not MoveNet's.
    """
    if output.shape != (1, 1, 17, 3):
        raise UserError(f"expected MoveNet's output (1, 1, 17, 3), got {output.shape}")
    return output[0, 0, :, 1::-1] * np.array(size_wh) - 0.5, np.clip(output[0, 0, :, 2], 0, 1)
