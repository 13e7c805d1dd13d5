"""BlazePose's landmark network: 33 body points and 6 auxiliary ones in a 256 x 256 crop of one person.

The network gives each point twice: regressed coordinates, and a 64 x 64 heatmap. The heatmap is what tells a person
from a bag: measured, its peak near the regressed shoulders and hips is above 0.44 on 95 % of real people and below
0.35 on 75 % of invented ones, while visibility and presence are above 0.9 on both. So it gives the confidence; and
the coordinates are refined on it, which makes them shake a third less when the crop is moved a little.

Source: BlazePose (2020), sections 2.3 and 2.4; own decoding.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Float32, UInt8
from numpy import ndarray

from posecube.pose.estimators.runtime import load_runtime

INPUT_SIZE = 256
HIP_CENTER, SIZE_POINT = 33, 34  # auxiliary points that say where the body is
_NUM_POINTS = 39
_HEATMAP_SIZE = 64
_STEP = INPUT_SIZE / _HEATMAP_SIZE  # heatmap cell i lies at landmark coordinate 4 i (measured: no bias of half a cell)
_RADIUS = 3  # cells around the regressed point in which its heatmap is believed
_REFINED_FROM, _REFINED_FULLY = 0.3, 0.6  # peaks between which refinement sets in
_UNSEEN_PEAK, _CONFIDENT_PEAK = 0.15, 0.8  # peaks that mean confidence 0 and 1
# Leaving out the mask and the 3D points cuts their layers off, and a third of the time with them.
_OUTPUTS = ("Identity", "Identity_1", "Identity_3")


@dataclass(frozen=True)
class Landmarks:
    """The points of one crop.

    Attributes:
        points_xy: In crop pixels, a whole number is a pixel's centre. (39, 2)
        confidence: From the heatmap's peak near the point and its presence, in [0, 1]. (39,)
        body_score: The network's own flag whether a body is there, in [0, 1]; too high by itself: it is for bags, too.
    """

    points_xy: Float32[ndarray, "39 2"]
    confidence: Float32[ndarray, " 39"]
    body_score: float


class LandmarkNetwork:
    """Runs the network on crops."""

    def __init__(self, path: str | Path, *, threads: int = 1) -> None:
        self._runtime = load_runtime(path, threads=threads, outputs=_OUTPUTS)

    def __call__(self, crop_rgb: UInt8[ndarray, "256 256 3"]) -> Landmarks:
        """The points of the person in the crop."""
        raw, flag, heatmaps = self._runtime(crop_rgb[None].astype(np.float32) * np.float32(1 / 255))
        return decode_landmarks(raw.reshape(_NUM_POINTS, 5), heatmaps[0], body_score=float(flag[0, 0]))


def decode_landmarks(
    raw: Float[ndarray, "39 5"], heatmap_logits: Float[ndarray, "64 64 39"], *, body_score: float
) -> Landmarks:
    """Points and confidences from the network's outputs: x, y, z, visibility and presence of each point."""
    points = raw[:, :2] / _STEP
    peak, refined = _near_point(points, heatmap_logits)
    weight = np.clip((peak - _REFINED_FROM) / (_REFINED_FULLY - _REFINED_FROM), 0, 1)[:, None]
    points = (points + weight * (refined - points)) * _STEP - 0.5
    confidence = np.clip((peak - _UNSEEN_PEAK) / (_CONFIDENT_PEAK - _UNSEEN_PEAK), 0, 1) * sigmoid(raw[:, 4])
    return Landmarks(points.astype(np.float32), confidence.astype(np.float32), body_score)


def sigmoid(logits: Float[ndarray, "*N"]) -> Float[ndarray, "*N"]:
    """The logistic function, without overflow."""
    return 1 / (1 + np.exp(-np.clip(logits, -80, 80)))


def _near_point(
    points: Float[ndarray, "P 2"], heatmap_logits: Float[ndarray, "h w P"]
) -> tuple[Float[ndarray, " P"], Float[ndarray, "P 2"]]:
    """The heatmap's peak near each point and its centre of mass there, in cells; 0 outside of the map."""
    offsets = np.arange(-_RADIUS, _RADIUS + 1)
    cells = np.floor(points + 0.5).astype(np.int64)
    columns, rows = cells[:, 0, None, None] + offsets, cells[:, 1, None, None] + offsets[:, None]
    height, width, num_points = heatmap_logits.shape
    on_map = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    channel = np.arange(num_points)[:, None, None]
    logits = heatmap_logits[np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1), channel]
    heat = np.where(on_map, sigmoid(logits), 0)
    mass = np.maximum(heat.sum(axis=(1, 2)), 1e-9)
    center = np.stack([(heat * columns).sum(axis=(1, 2)), (heat * rows).sum(axis=(1, 2))], axis=1) / mass[:, None]
    return heat.max(axis=(1, 2)), center
