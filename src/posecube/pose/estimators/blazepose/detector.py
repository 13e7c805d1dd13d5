"""BlazePose's person detector: anchors, decoding, and the search of a frame in overlapping tiles.

The network sees 224 x 224 pixels and answers for 2254 anchors with a score, a box around the head and four points:
hip centre, full-body size-and-direction point, shoulder centre, upper-body size-and-direction point.

Source: BlazePose (2020), section 2.2; anchors and the region rule as published with the model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float, Float32, Int, UInt8
from numpy import ndarray

from posecube.pose.estimators.darkness import brightened_if_dark
from posecube.pose.estimators.regions import crop_region, map_points
from posecube.pose.estimators.runtime import load_runtime
from posecube.pose.similarity import box_iou
from posecube.pose.types import Region

INPUT_SIZE = 224
_STRIDES = (8, 16, 32, 32, 32)
_ANCHORS_PER_CELL_AND_LAYER = 2
REGION_SCALE = 1.25  # the landmark network was trained on regions this much larger than the aligned circle


@dataclass(frozen=True)
class Candidates:
    """What the detector takes for people, in pixels of the frame.

    Attributes:
        boxes_xyxy: Head boxes. (D, 4)
        points_xy: Hip centre, size point, shoulder centre, upper-body size point. (D, 4, 2)
        score: In [0, 1]. (D,)
    """

    boxes_xyxy: Float[ndarray, "D 4"]
    points_xy: Float[ndarray, "D 4 2"]
    score: Float[ndarray, " D"]

    def select(self, rows: Int[ndarray, " K"]) -> Candidates:
        """Only some of them."""
        return Candidates(self.boxes_xyxy[rows], self.points_xy[rows], self.score[rows])


@cache
def anchor_centers() -> Float32[ndarray, "A 2"]:
    """Centres (x, y) of the 2254 anchors in [0, 1]; layers of one stride share their cells."""
    centers = []
    for stride in sorted(set(_STRIDES)):
        cells = math.ceil(INPUT_SIZE / stride)
        at = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        grid = np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2)
        centers.append(np.repeat(grid, _ANCHORS_PER_CELL_AND_LAYER * _STRIDES.count(stride), axis=0))
    return np.concatenate(centers)


def decode_candidates(
    raw: Float[ndarray, "A 12"], logits: Float[ndarray, " A"], *, min_score: float = 0.5
) -> Candidates:
    """Boxes and points in units of the input image, [0, 1], of the anchors whose score is high enough."""
    score = 1 / (1 + np.exp(-np.clip(logits, -80, 80)))
    rows = np.flatnonzero(score >= min_score)
    center = anchor_centers()[rows, None]
    pairs = (
        raw[rows].reshape(-1, 6, 2) / INPUT_SIZE
    )  # centre, size, four points; all but the size relative to the anchor
    middle, size, points = pairs[:, :1] + center, pairs[:, 1:2], pairs[:, 2:] + center
    boxes = np.concatenate([middle - size / 2, middle + size / 2], axis=-1)[:, 0]
    return Candidates(boxes, points, score[rows])


def merge_overlapping(candidates: Candidates, *, min_iou: float = 0.3) -> Candidates:
    """Weighted non-maximum suppression: each group becomes its score-weighted mean with the best one's score."""
    boxes, points, score = candidates.boxes_xyxy, candidates.points_xy, candidates.score
    left = np.argsort(-score, kind="stable")
    merged: list[tuple[ndarray, ndarray, float]] = []
    while len(left):
        overlaps = box_iou(boxes[left[:1]], boxes[left])[0] > min_iou
        overlaps[0] = True
        group = left[overlaps]
        weight = score[group] / score[group].sum()
        merged.append((weight @ boxes[group], np.einsum("d,dpc->pc", weight, points[group]), float(score[left[0]])))
        left = left[~overlaps]
    return Candidates(
        np.array([box for box, _, _ in merged]).reshape(-1, 4),
        np.array([point for _, point, _ in merged]).reshape(-1, 4, 2),
        np.array([value for _, _, value in merged]),
    )


def aligned_region(hip_xy: Float[ndarray, " 2"], size_xy: Float[ndarray, " 2"], *, score: float = 1.0) -> Region:
    """The square around a person: centred on the hips, reaching to the size point, turned so that this points up."""
    across, down = np.asarray(size_xy, float) - hip_xy
    side = max(2 * REGION_SCALE * math.hypot(across, down), 1.0)
    return Region(
        (float(hip_xy[0]), float(hip_xy[1])), (side, side), math.atan2(across, -down), score=min(max(score, 0.0), 1.0)
    )


class BlazePoseDetector:
    """Finds people with BlazePose's own detector, in the whole frame and in tiles of it."""

    def __init__(self, path: str | Path, *, threads: int = 1, min_score: float = 0.4) -> None:
        self._runtime = load_runtime(path, threads=threads)
        self.min_score = min_score

    def detect(self, image_rgb: UInt8[ndarray, "H W 3"], views: Sequence[Region]) -> Candidates:
        """People in each of the views, merged where views overlap; the most confident come first.

        A dark view in which nobody is seen is looked at once more in more light.
        """
        small, factor = _shrunk_once(image_rgb, views)
        found = [self._detect_in(small, view, factor) for view in views]
        return merge_overlapping(
            Candidates(
                np.concatenate([one.boxes_xyxy for one in found]),
                np.concatenate([one.points_xy for one in found]),
                np.concatenate([one.score for one in found]),
            )
        )

    def _detect_in(self, small_rgb: UInt8[ndarray, "h w 3"], view: Region, factor: int) -> Candidates:
        x, y = ((coordinate + 0.5) / factor - 0.5 for coordinate in view.center_xy)
        small_view = Region((x, y), (view.size_wh[0] / factor, view.size_wh[1] / factor), view.angle_rad)
        crop, to_small = crop_region(small_rgb, small_view, size_wh=(INPUT_SIZE, INPUT_SIZE))
        to_frame = to_small * factor
        to_frame[:, 2] += (factor - 1) / 2
        seen = self._candidates_in(crop)
        lighter = brightened_if_dark(crop) if not len(seen.score) else None
        if lighter is not None:
            seen = self._candidates_in(lighter)
        boxes = map_points(seen.boxes_xyxy.reshape(-1, 2, 2) * INPUT_SIZE - 0.5, to_frame).reshape(-1, 4)
        return Candidates(boxes, map_points(seen.points_xy * INPUT_SIZE - 0.5, to_frame), seen.score)

    def _candidates_in(self, crop_rgb: UInt8[ndarray, "S S 3"]) -> Candidates:
        raw, logits = self._runtime(crop_rgb[None].astype(np.float32) / 127.5 - 1)
        return merge_overlapping(decode_candidates(raw[0], logits[0, :, 0], min_score=self.min_score))


def _shrunk_once(image_rgb: UInt8[ndarray, "H W 3"], views: Sequence[Region]) -> tuple[UInt8[ndarray, "h w 3"], int]:
    """The frame as large as its smallest view needs it: shrinking a large frame once is cheaper than for every view."""
    factor = int(min((min(view.size_wh) for view in views), default=0) / INPUT_SIZE)
    if factor < 2:
        return image_rgb, 1
    rows, columns = image_rgb.shape[0] // factor, image_rgb.shape[1] // factor
    whole = image_rgb[: rows * factor, : columns * factor]
    return np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA), dtype=np.uint8), factor


def search_views(size_hw: tuple[int, int], *, thorough: bool) -> list[Region]:
    """Squares of the frame to look at: the whole, tiles as large as its shorter side, and if thorough finer ones.

    The detector needs people of at least 40 % of a view's height. Measured on three people of a third of the frame's
    height: 9 of 79 found in the whole frame, 48 with the coarse tiles, 74 with the fine ones of two thirds.
    """
    height, width = size_hw
    shorter = min(height, width)
    views = [whole_frame(size_hw)]
    if max(height, width) > 1.15 * shorter:
        views += tiles(size_hw, side_px=shorter)
    if thorough:
        views += tiles(size_hw, side_px=shorter * 2 / 3)
    return views


def tiles(size_hw: tuple[int, int], *, side_px: float, max_step: float = 0.5) -> list[Region]:
    """Square views that cover the frame, one beginning at most `max_step` sides after the other."""
    starts = []
    for length in size_hw:
        room = max(length - side_px, 0.0)
        starts.append(np.linspace(0, room, 1 + math.ceil(room / (max_step * side_px) - 1e-6)).tolist())
    middle = side_px / 2 - 0.5
    return [Region((left + middle, top + middle), (side_px, side_px)) for top in starts[0] for left in starts[1]]


def whole_frame(size_hw: tuple[int, int]) -> Region:
    """The square view that holds the whole frame."""
    height, width = size_hw
    side = float(max(height, width))
    return Region(((width - 1) / 2, (height - 1) / 2), (side, side))
