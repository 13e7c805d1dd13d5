"""Light for dark videos, before a pose estimator sees them."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from jaxtyping import UInt8
from numpy import ndarray


def gamma_correct(
    image_rgb: UInt8[ndarray, "*shape"], gamma: float, *, constant: float = 1.0
) -> UInt8[ndarray, "*shape"]:
    """Brighten an image by ``255 * constant * (value / 255) ** (1 / gamma)``, the same for every channel.

    The result is truncated to whole numbers and cut at 255. Black stays black; with ``constant`` 1 white stays white.

    Args:
        image_rgb: Any shape; it is not changed.
        gamma: Above 1 brightens, 1 changes nothing. The published work on dark videos uses 2.5.
        constant: Factor on the result.

    Raises:
        ValueError: If gamma or constant is not a positive number.

    Source: gamma intensity correction as the DSC3D and ARID papers use it, ``v_out = c * v_in ** (1 / gamma)``.
    """
    if image_rgb.dtype != np.uint8:
        raise ValueError(f"gamma correction needs a uint8 image, got {image_rgb.dtype}")
    table = _gamma_table(float(gamma), float(constant))
    return np.asarray(cv2.LUT(image_rgb, table)).reshape(image_rgb.shape)


@lru_cache(maxsize=16)
def _gamma_table(gamma: float, constant: float) -> UInt8[ndarray, 256]:
    for name, value in (("gamma", gamma), ("constant", constant)):
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be a positive number, got {value}")
    levels = np.arange(256, dtype=np.float64) / 255
    return np.clip(255 * constant * levels ** (1 / gamma), 0, 255).astype(np.uint8)
