"""RTMPose and other top-down models of the same family as .onnx: SimCC or heatmaps, told apart by their outputs.

SimCC gives each joint a distribution over the crop's columns and one over its rows, at twice the crop's resolution;
heatmap models (HRNet, ViTPose) give one map a joint, commonly at a quarter of it.

Source: RTMPose (2023), SimCC (2022), HRNet (2019); the input normalisation is that of all published models of the
family. Heatmap peaks move a quarter of a cell towards the higher neighbour, as those models were evaluated.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float, Float32, UInt8
from numpy import ndarray

from posecube.errors import UserError
from posecube.pose.estimators.plausibility import PlausibilityRules
from posecube.pose.estimators.regions import crop_region, map_points
from posecube.pose.estimators.runtime import load_runtime, useful_threads
from posecube.pose.estimators.top_down import BoxDetector, TopDown
from posecube.pose.types import FramePoses, Region
from posecube.skeleton.layouts import COCO17, HALPE26

_MEAN_RGB = np.array([123.675, 116.28, 103.53], np.float32)  # of ImageNet
_STD_RGB = np.array([58.395, 57.12, 57.375], np.float32)
_CROP_SCALE = 1.25
_DEFAULT_SIZE_WH = (192, 256)  # for files that leave the input's size open
# SimCC's peaks are no probabilities: on people they lie around 0.5 to 1 and pass 1 now and then.
_CONFIDENT_PEAK = 1.0


class RtmPose(TopDown):
    """A top-down .onnx of COCO-17 or Halpe-26 joints; see PoseEstimator. It gives COCO-17."""

    name = "rtmpose"
    layout = COCO17

    def __init__(
        self,
        path: str | Path,
        *,
        detector: BoxDetector | None,
        threads: int | None = None,
        device: str = "auto",
        rules: PlausibilityRules | None = None,
    ) -> None:
        """Load the model.

        Raises:
            FileNotFoundError: If there is no such file.
            UserError: If its input or outputs are not those of a SimCC or heatmap model.
        """
        self._path = Path(path)
        self._runtime = load_runtime(path, threads=useful_threads(threads), device=device)
        shape = self._runtime.input_shapes[0]
        if len(self._runtime.input_shapes) != 1 or len(shape) != 4 or shape[1] != 3:
            raise UserError(f"{path}: a top-down pose model takes one image (1, 3, height, width), this takes {shape}")
        self._size_wh = (shape[3] or _DEFAULT_SIZE_WH[0], shape[2] or _DEFAULT_SIZE_WH[1])
        super().__init__(detector=detector, aspect=self._size_wh[0] / self._size_wh[1], scale=_CROP_SCALE, rules=rules)

    def estimate(self, image_rgb: UInt8[ndarray, "H W 3"], regions: Sequence[Region]) -> FramePoses:
        """The joints of the person in each region; score 0 where there is no plausible person."""
        keypoints = np.zeros((len(regions), 17, 2), np.float32)
        confidence = np.zeros((len(regions), 17), np.float32)
        for row, region in enumerate(regions):
            crop, to_frame = crop_region(image_rgb, region, size_wh=self._size_wh)
            planes = ((crop - _MEAN_RGB) / _STD_RGB).transpose(2, 0, 1)[None]
            points, seen = self._decode(self._runtime(planes))
            keypoints[row], confidence[row] = map_points(points, to_frame)[:17], seen[:17]
        return self.judged(keypoints, confidence, regions, size_hw=image_rgb.shape[:2])

    def _decode(self, outputs: Sequence[ndarray]) -> tuple[Float[ndarray, "V 2"], Float[ndarray, " V"]]:
        shapes = [output.shape for output in outputs]
        if len(outputs) == 2 and all(output.ndim == 3 for output in outputs):
            decoded = decode_simcc(outputs[0][0], outputs[1][0], size_wh=self._size_wh)
        elif outputs and outputs[0].ndim == 4:
            decoded = decode_heatmaps(outputs[0][0], size_wh=self._size_wh)
        else:
            raise UserError(
                f"{self._path}: expected two outputs (1, joints, bins) or a heatmap (1, joints, h, w), got {shapes}"
            )
        known = (COCO17.num_joints, HALPE26.num_joints, 133)  # whole-body models begin with COCO's joints, like Halpe
        if len(decoded[1]) not in known:
            raise UserError(f"{self._path}: expected a model of {known} joints, this gives {len(decoded[1])}")
        return decoded


def decode_simcc(
    columns: Float[ndarray, "V X"], rows: Float[ndarray, "V Y"], *, size_wh: tuple[int, int]
) -> tuple[Float32[ndarray, "V 2"], Float32[ndarray, " V"]]:
    """Joints in crop pixels and confidence from one distribution over columns and one over rows.

    A joint's confidence is the lower of its two peaks'. Bin i of a model with k bins a pixel lies at pixel i / k.
    """
    bins = np.stack([columns.argmax(axis=1), rows.argmax(axis=1)], axis=1)
    per_pixel = np.array([columns.shape[1] / size_wh[0], rows.shape[1] / size_wh[1]])
    peak = np.minimum(columns.max(axis=1), rows.max(axis=1)) / _CONFIDENT_PEAK
    return (bins / per_pixel).astype(np.float32), np.clip(peak, 0, 1).astype(np.float32)


def decode_heatmaps(
    heatmaps: Float[ndarray, "V h w"], *, size_wh: tuple[int, int]
) -> tuple[Float32[ndarray, "V 2"], Float32[ndarray, " V"]]:
    """Joints in crop pixels and confidence from one map a joint; peaks at a map's rim stay where they are."""
    num_joints, height, width = heatmaps.shape
    flat = heatmaps.reshape(num_joints, -1)
    rows, columns = np.unravel_index(flat.argmax(axis=1), (height, width))
    cells = np.stack([columns, rows], axis=1).astype(np.float32)
    within = (columns > 0) & (columns < width - 1) & (rows > 0) & (rows < height - 1)
    joint, x, y = np.flatnonzero(within), columns[within], rows[within]
    slope_x = heatmaps[joint, y, x + 1] - heatmaps[joint, y, x - 1]
    slope_y = heatmaps[joint, y + 1, x] - heatmaps[joint, y - 1, x]
    cells[within] += 0.25 * np.sign(np.stack([slope_x, slope_y], axis=1))
    # Cell i of a map covers `stride` pixels; the models place it at the first of them, i * stride.
    stride = np.array(size_wh) / (width, height)
    return (cells * stride).astype(np.float32), np.clip(flat.max(axis=1), 0, 1).astype(np.float32)
