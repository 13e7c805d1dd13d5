"""3D joints to the image of a virtual camera, so that heatmap networks can read them."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.skeleton.layout import SkeletonLayout

CAMERA_DISTANCE = 4.0  # in body heights; perspective is weak when it is large
IMAGE_SIZE_PX = 512  # side of the square image


def project(
    keypoints: Float32[ndarray, "M T V 3"],
    confidence: Float32[ndarray, "M T V"],
    *,
    yaw: float = 0.0,
    pitch: float = 0.0,
    distance_m: float | None = None,
) -> Float32[ndarray, "M T V 2"]:
    """Turn the scene about the middle of its joints and project it to the image of a virtual camera.

    Args:
        keypoints: Metres; x right, y up, z away from the sensor.
        yaw: Turn about the vertical axis, radians.
        pitch: Tilt about the horizontal axis, radians.
        distance_m: From the camera to the middle; None takes ``CAMERA_DISTANCE`` of the scene's height.

    Returns:
        Pixels of a square image of side IMAGE_SIZE_PX, y down.
    """
    seen = keypoints[confidence > 0]
    if len(seen) == 0:
        return np.zeros((*keypoints.shape[:-1], 2), dtype=np.float32)
    low, high = seen.min(axis=0), seen.max(axis=0)
    height_m = max(float(high[1] - low[1]), 0.1)
    turn = rotation(yaw, pitch)
    turned = (keypoints - (low + high) / 2) @ turn.T
    distance_m = height_m * CAMERA_DISTANCE if distance_m is None else distance_m
    depth = np.maximum(turned[..., 2] / distance_m + 1, 0.1)
    scale = IMAGE_SIZE_PX / (2 * height_m)
    image = np.empty((*keypoints.shape[:-1], 2), dtype=np.float32)
    image[..., 0] = IMAGE_SIZE_PX / 2 + scale * turned[..., 0] / depth
    image[..., 1] = IMAGE_SIZE_PX / 2 - scale * turned[..., 1] / depth
    return image


def facing_yaw(
    keypoints: Float32[ndarray, "M T V 3"], confidence: Float32[ndarray, "M T V"], layout: SkeletonLayout
) -> float:
    """The turn, in radians, after which the subject's shoulders and hips lie across the image at first.

    The first third of the frames decides; 0 where the joints are not there.
    """
    across = np.zeros(3)
    beginning = slice(0, max(1, keypoints.shape[1] // 3))
    for part in ("shoulder", "hip"):
        if f"left_{part}" not in layout.joints:
            continue
        left, right = layout.index(f"left_{part}"), layout.index(f"right_{part}")
        seen = (confidence[0, beginning, left] > 0) & (confidence[0, beginning, right] > 0)
        across += (keypoints[0, beginning, left] - keypoints[0, beginning, right])[seen].sum(axis=0)
    return math.atan2(across[2], across[0]) if np.hypot(across[0], across[2]) > 1e-6 else 0.0


def rotation(yaw: float, pitch: float, *, vertical: Literal["y", "z"] = "y") -> Float32[ndarray, "3 3"]:
    """Turn about the vertical axis by ``yaw``, then about x by ``pitch``; radians."""
    cos_yaw, sin_yaw, cos_pitch, sin_pitch = math.cos(yaw), math.sin(yaw), math.cos(pitch), math.sin(pitch)
    about_vertical = np.array([[cos_yaw, 0, sin_yaw], [0, 1, 0], [-sin_yaw, 0, cos_yaw]])
    if vertical == "z":
        about_vertical = np.array([[cos_yaw, -sin_yaw, 0], [sin_yaw, cos_yaw, 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, cos_pitch, -sin_pitch], [0, sin_pitch, cos_pitch]])
    return (about_x @ about_vertical).astype(np.float32)
