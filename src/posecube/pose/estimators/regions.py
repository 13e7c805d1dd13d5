"""Regions of interest: around boxes and joints, cut out of a frame without aliasing, and mapped back."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from jaxtyping import Float, Float32, Float64, UInt8
from numpy import ndarray

from posecube.pose.types import Region


def crop_region(
    image_rgb: UInt8[ndarray, "H W 3"],
    region: Region,
    *,
    size_wh: tuple[int, int],
    border: tuple[int, int, int] = (0, 0, 0),
) -> tuple[UInt8[ndarray, "h w 3"], Float64[ndarray, "2 3"]]:
    """The region resampled upright to a size, and the affine map from crop pixels to frame pixels.

    A region more than twice the crop's size is first shrunk by a whole factor with area averaging, inside its own
    bounding box only; sampling the full frame directly would alias thin limbs away. Outside of the frame lies `border`.
    """
    to_frame = region_to_frame(region, size_wh)
    factor = int(min(region.size_wh[0] / size_wh[0], region.size_wh[1] / size_wh[1]))
    origin = (0, 0)
    if factor >= 2:
        image_rgb, origin = _shrunk(image_rgb, region, factor)
    factor = max(factor, 1)
    if image_rgb.size == 0:
        return np.full((size_wh[1], size_wh[0], 3), border, np.uint8), to_frame
    to_source = to_frame / factor
    to_source[:, 2] += (0.5 - np.asarray(origin)) / factor - 0.5
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    crop = cv2.warpAffine(
        image_rgb, to_source, size_wh, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=border
    )
    return np.asarray(crop, dtype=np.uint8), to_frame


def region_to_frame(region: Region, size_wh: tuple[int, int]) -> Float64[ndarray, "2 3"]:
    """The affine map from pixel centres of a crop to pixel centres of the frame."""
    scale_x, scale_y = region.size_wh[0] / size_wh[0], region.size_wh[1] / size_wh[1]
    cosine, sine = math.cos(region.angle_rad), math.sin(region.angle_rad)
    linear = np.array([[cosine * scale_x, -sine * scale_y], [sine * scale_x, cosine * scale_y]])
    middle = np.array([size_wh[0] / 2 - 0.5, size_wh[1] / 2 - 0.5])
    return np.column_stack([linear, np.asarray(region.center_xy) - linear @ middle])


def map_points(points_xy: Float[ndarray, "*P 2"], affine: Float[ndarray, "2 3"]) -> Float[ndarray, "*P 2"]:
    """Points moved by an affine map."""
    return points_xy @ affine[:, :2].T + affine[:, 2]


def box_region(box_xyxy: Sequence[float], *, aspect: float, scale: float, score: float = 1.0) -> Region:
    """The smallest upright region of a shape around a box, enlarged."""
    left, top, right, bottom = (float(edge) for edge in box_xyxy)
    width, height = max(right - left, 1.0), max(bottom - top, 1.0)
    size_wh = max(width, height * aspect) * scale, max(height, width / aspect) * scale
    return Region(((left + right) / 2, (top + bottom) / 2), size_wh, score=min(max(score, 0.0), 1.0))


def boxes_of_joints(
    keypoints_xy: Float[ndarray, "P V 2"], confidence: Float[ndarray, "P V"], otherwise: Sequence[Sequence[float]]
) -> Float32[ndarray, "P 4"]:
    """The box around the joints that were seen; where there are none, the box given for that person."""
    boxes = np.empty((len(keypoints_xy), 4), np.float32)
    for row, (points, visible) in enumerate(zip(keypoints_xy, confidence > 0, strict=True)):
        seen = points[visible]
        boxes[row] = [*seen.min(axis=0), *seen.max(axis=0)] if len(seen) else otherwise[row]
    return boxes


def _shrunk(
    image_rgb: UInt8[ndarray, "H W 3"], region: Region, factor: int
) -> tuple[UInt8[ndarray, "h w 3"], tuple[int, int]]:
    """The part of the frame under the region, shrunk by a whole factor; and where in the frame it starts."""
    height, width = image_rgb.shape[:2]
    left, top, right, bottom = region.box_xyxy
    left, top = max(0, math.floor(left) - factor), max(0, math.floor(top) - factor)
    columns = (min(width, math.ceil(right) + factor) - left) // factor
    rows = (min(height, math.ceil(bottom) + factor) - top) // factor
    if columns < 1 or rows < 1:
        return image_rgb[:0], (left, top)
    part = image_rgb[top : top + rows * factor, left : left + columns * factor]
    small = cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8), (left, top)
