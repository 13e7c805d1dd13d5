"""Looking values up in images at scattered places."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32
from numpy import ndarray

_ROW = 4096  # remap takes no side above 32767


def look_up(image: ndarray, x: ndarray, y: ndarray, *, wrap: bool = False) -> Float32[ndarray, "N C"]:
    """Bilinear samples of a float image at any number of places; outside, the border or the image again (wrap)."""
    count = x.size
    rows = max(1, -(-count // _ROW))  # of no places at all, too: a camera may see no floor, or no wall
    map_x, map_y = np.zeros(rows * _ROW, dtype=np.float32), np.zeros(rows * _ROW, dtype=np.float32)
    map_x[:count], map_y[:count] = x.ravel(), y.ravel()
    border = cv2.BORDER_WRAP if wrap else cv2.BORDER_REPLICATE
    found = cv2.remap(image, map_x.reshape(rows, -1), map_y.reshape(rows, -1), cv2.INTER_LINEAR, borderMode=border)
    return np.asarray(found, dtype=np.float32).reshape(rows * _ROW, -1)[:count]
