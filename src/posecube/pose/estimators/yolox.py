"""YOLOX, a person detector for crowded or small people: boxes where BlazePose's own detector sees hips and heads.

Source: YOLOX (2021), section 2; input and output conventions of the published ONNX files: a BGR image in 0..255,
scaled to fit the top left corner and padded with grey 114; per cell of strides 8, 16 and 32 a box centre relative to
the cell, the logarithm of its size, objectness and 80 class scores (both already between 0 and 1).
"""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float, Float32, Float64, Int, UInt8
from numpy import ndarray

from posecube.errors import UserError
from posecube.pose.estimators.runtime import load_runtime
from posecube.pose.similarity import box_iou

_STRIDES = (8, 16, 32)
_PADDING = 114
_PERSON = 0  # its number among COCO's 80 classes


class YoloxDetector:
    """Finds boxes around people."""

    def __init__(
        self,
        path: str | Path,
        *,
        threads: int = 1,
        device: str = "auto",
        min_score: float = 0.4,
        max_iou: float = 0.5,
    ) -> None:
        """Load a YOLOX .onnx.

        Raises:
            UserError: If the model does not look like a YOLOX of 80 classes.
        """
        self._runtime = load_runtime(path, threads=threads, device=device)
        shape = self._runtime.input_shapes[0]
        if len(shape) != 4 or shape[1] != 3 or shape[2] is None or shape[3] is None:
            raise UserError(f"{path}: a YOLOX detector takes (1, 3, height, width) of fixed size, this takes {shape}")
        self._size_hw = (shape[2], shape[3])
        self.min_score = min_score
        self.max_iou = max_iou

    def find_boxes(self, image_rgb: UInt8[ndarray, "H W 3"]) -> tuple[Float64[ndarray, "P 4"], Float32[ndarray, " P"]]:
        """Boxes of people in pixels of the frame with their scores, the most confident first."""
        padded, scale = letterbox(image_rgb, self._size_hw)
        planes = np.ascontiguousarray(padded[..., ::-1].transpose(2, 0, 1)[None], dtype=np.float32)
        boxes, score = decode_people(self._runtime(planes)[0][0], size_hw=self._size_hw, min_score=self.min_score)
        kept = suppress_overlapping(boxes, score, max_iou=self.max_iou)
        # Edges of pixels become centres of pixels: half of one less.
        frame_boxes = np.clip(boxes[kept] / scale, 0, np.array(image_rgb.shape[1::-1] * 2)) - 0.5
        return frame_boxes, score[kept]


def letterbox(image_rgb: UInt8[ndarray, "H W 3"], size_hw: tuple[int, int]) -> tuple[UInt8[ndarray, "h w 3"], float]:
    """The image scaled to fit the top left of a grey canvas, and the scale."""
    height, width = image_rgb.shape[:2]
    scale = min(size_hw[0] / height, size_hw[1] / width)
    fitted_wh = max(1, round(width * scale)), max(1, round(height * scale))
    shrinks = scale < 1
    small = cv2.resize(image_rgb, fitted_wh, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    canvas = np.full((*size_hw, 3), _PADDING, np.uint8)
    canvas[: fitted_wh[1], : fitted_wh[0]] = small
    return canvas, scale


@lru_cache(maxsize=4)
def grid_cells(size_hw: tuple[int, int]) -> tuple[Int[ndarray, "A 2"], Int[ndarray, "A 1"]]:
    """Column and row of each cell, and its stride; finest stride first, row by row."""
    cells, strides = [], []
    for stride in _STRIDES:
        rows, columns = math.ceil(size_hw[0] / stride), math.ceil(size_hw[1] / stride)
        grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).reshape(-1, 2)
        cells.append(grid)
        strides.append(np.full((len(grid), 1), stride))
    return np.concatenate(cells), np.concatenate(strides)


def decode_people(
    raw: Float[ndarray, "A 85"], *, size_hw: tuple[int, int], min_score: float
) -> tuple[Float64[ndarray, "P 4"], Float32[ndarray, " P"]]:
    """Boxes (left, top, right, bottom in input pixels) and scores of the cells that see a person.

    Raises:
        UserError: If the number of cells is not that of the input size.
    """
    cells, strides = grid_cells(size_hw)
    if raw.shape != (len(cells), 85):
        raise UserError(f"expected {len(cells)} cells with 85 numbers from a {size_hw} input, got {raw.shape}")
    score = raw[:, 4] * raw[:, 5 + _PERSON]
    rows = np.flatnonzero(score >= min_score)
    center = (raw[rows, :2].astype(np.float64) + cells[rows]) * strides[rows]
    half = np.exp(raw[rows, 2:4].astype(np.float64)) * strides[rows] / 2
    return np.concatenate([center - half, center + half], axis=1), score[rows]


def suppress_overlapping(
    boxes_xyxy: Float[ndarray, "P 4"], score: Float[ndarray, " P"], *, max_iou: float
) -> Int[ndarray, " K"]:
    """Non-maximum suppression: rows to keep, the most confident first."""
    left = np.argsort(-score, kind="stable")
    overlap = box_iou(boxes_xyxy, boxes_xyxy)
    kept = []
    while len(left):
        kept.append(left[0])
        left = left[1:][overlap[left[0], left[1:]] <= max_iou]
    return np.array(kept, dtype=np.int64)
