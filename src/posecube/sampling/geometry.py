"""Crops, resizes and flips of joints: pure functions of coordinates, never of pixels.

A frame's pixel x spans no width of its own: a crop subtracts its left edge and a resize multiplies, as published models
were trained. A flip maps x to W - 1 - x.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from jaxtyping import Float, Float32
from numpy import ndarray

from posecube.sampling.frames import Rng
from posecube.skeleton.layout import SkeletonLayout

BoxXYXY = Float[ndarray, " 4"]
Fit = Literal["squash", "centre_crop"]
FEWEST_JOINTS = 4  # fewer, seen in a whole clip, have no square of their own


def subject_box(
    keypoints_xy: Float32[ndarray, "*M T V 2"],
    confidence: Float32[ndarray, "*M T V"],
    *,
    padding: float = 0.25,
    min_size_px: float = 10.0,
    size_hw: tuple[int, int],
) -> BoxXYXY:
    """The square around every joint that is seen in any frame: the crop that keeps the subject in the centre.

    Args:
        padding: Fraction by which the tight box is widened.
        min_size_px: A tight box thinner than this on either side gives the whole frame.
        size_hw: The frame.

    Returns:
        Left, top, right, bottom in frame pixels, whole numbers; may reach outside the frame.

    Source: PoseConv3D section 4.3, subject-centred cropping; rounding as in the public code.
    """
    seen = keypoints_xy[confidence > 0]
    if len(seen) == 0:
        return whole_frame(size_hw)
    low, high = seen.min(axis=0).astype(np.float64), seen.max(axis=0).astype(np.float64)
    if (high - low).min() < min_size_px:
        return whole_frame(size_hw)
    half = ((high - low) / 2 * (1 + padding)).max()
    centre = (low + high) / 2
    return np.trunc(np.concatenate([centre - half, centre + half]))


def square_around(
    keypoints_xy: Float32[ndarray, "*M T V 2"],
    confidence: Float32[ndarray, "*M T V"],
    *,
    padding: float,
    size_hw: tuple[int, int],
) -> BoxXYXY:
    """The square around every joint that is seen in any frame, to the fraction of a pixel.

    It goes with the joints wherever they are and however large, so coordinates across it tell neither.

    Args:
        padding: Fraction by which the longer side of the joints' box is widened.
        size_hw: The frame. Fewer than four joints, or joints all in one place, give its ``frame_square``.

    Source: crop_scale of the public code of MotionBERT, which gives zeros where there are fewer than four joints.
    """
    seen = keypoints_xy[confidence > 0].astype(np.float64)
    if len(seen) < FEWEST_JOINTS:
        return frame_square(size_hw)
    low, high = seen.min(axis=0), seen.max(axis=0)
    half = (high - low).max() / 2 * (1 + padding)
    if half == 0:
        return frame_square(size_hw)
    centre = (low + high) / 2
    return np.concatenate([centre - half, centre + half])


def whole_frame(size_hw: tuple[int, int]) -> BoxXYXY:
    """The box of the frame itself."""
    return np.array([0, 0, size_hw[1], size_hw[0]], dtype=np.float64)


def frame_square(size_hw: tuple[int, int]) -> BoxXYXY:
    """The square that has the frame's longer side and its left top corner."""
    return np.array([0, 0, max(size_hw), max(size_hw)], dtype=np.float64)


def widened(box_xyxy: BoxXYXY, factor: float) -> BoxXYXY:
    """A box with sides so many times as long about the same middle."""
    centre, half = (box_xyxy[:2] + box_xyxy[2:]) / 2, (box_xyxy[2:] - box_xyxy[:2]) / 2 * factor
    return np.concatenate([centre - half, centre + half])


def crop_and_resize(
    keypoints_xy: Float32[ndarray, "*M T V 2"], box_xyxy: BoxXYXY, size_hw: tuple[int, int], *, fit: Fit = "squash"
) -> Float32[ndarray, "*M T V 2"]:
    """Coordinates in a map of the given size that shows the box.

    Args:
        fit: How a box of another shape than the map's gets into it. "squash" stretches it; "centre_crop" shrinks it
            until it just covers the map and shows its middle, as MMAction2 tests on NTU RGB+D and FineGYM.

    Source: the two test pipelines of the public code; what their steps give, pixel by pixel, is stored and tested.
    """
    width, height = box_xyxy[2:] - box_xyxy[:2]
    resized_hw = covering_size((height, width), size_hw) if fit == "centre_crop" else size_hw
    scale = np.array([resized_hw[1] / width, resized_hw[0] / height], dtype=np.float32)
    margin = [(resized_hw[1] - size_hw[1]) // 2, (resized_hw[0] - size_hw[0]) // 2]
    return (keypoints_xy - box_xyxy[:2].astype(np.float32)) * scale - np.array(margin, dtype=np.float32)


def shown_box(box_xyxy: BoxXYXY, size_hw: tuple[int, int], *, fit: Fit = "squash") -> BoxXYXY:
    """The part of a box that a map of the given size shows after all, in frame pixels."""
    if fit == "squash":
        return box_xyxy
    width, height = box_xyxy[2:] - box_xyxy[:2]
    resized_hw = covering_size((height, width), size_hw)
    scale = np.array([resized_hw[1] / width, resized_hw[0] / height])
    margin = np.array([(resized_hw[1] - size_hw[1]) // 2, (resized_hw[0] - size_hw[0]) // 2])
    left_top = box_xyxy[:2] + margin / scale
    return np.concatenate([left_top, left_top + np.array(size_hw[::-1]) / scale])


def covering_size(box_hw: tuple[float, float], size_hw: tuple[int, int]) -> tuple[int, int]:
    """Whole height and width of a box that is scaled, sides in proportion, until it just covers a map."""
    scale = max(size_hw[0] / box_hw[0], size_hw[1] / box_hw[1])
    return int(box_hw[0] * scale + 0.5), int(box_hw[1] * scale + 0.5)


def random_resized_box(
    box_xyxy: BoxXYXY,
    rng: Rng,
    *,
    area: tuple[float, float] = (0.56, 1.0),
    aspect: tuple[float, float] = (3 / 4, 4 / 3),
) -> BoxXYXY:
    """A random part of a box.

    Args:
        area: Smallest and largest fraction of the box's area.
        aspect: Smallest and largest ratio of width to height, relative to the box's own.
    """
    width, height = box_xyxy[2] - box_xyxy[0], box_xyxy[3] - box_xyxy[1]
    fraction = rng.uniform(*area)
    ratio = math.exp(rng.uniform(math.log(aspect[0]), math.log(aspect[1])))
    part_width = width * min(1.0, math.sqrt(fraction * ratio))
    part_height = height * min(1.0, math.sqrt(fraction / ratio))
    left = box_xyxy[0] + rng.uniform(0.0, width - part_width)
    top = box_xyxy[1] + rng.uniform(0.0, height - part_height)
    return np.array([left, top, left + part_width, top + part_height])


def flip(
    keypoints: Float32[ndarray, "*M T V C"],
    confidence: Float32[ndarray, "*M T V"],
    *,
    layout: SkeletonLayout,
    width_px: float,
) -> tuple[Float32[ndarray, "*M T V C"], Float32[ndarray, "*M T V"]]:
    """Mirror a pose: x becomes width - 1 - x, left and right joints change places. Twice is the identity."""
    mirror = list(layout.joint_mirror)
    mirrored = keypoints[..., mirror, :]
    mirrored[..., 0] = width_px - 1 - mirrored[..., 0]
    return mirrored, confidence[..., mirror]
