"""Depth and scene flow as 16-bit PNG files, and back."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float32, UInt16
from numpy import ndarray

from posecube.errors import UserError

DEPTH_STEP_M = 0.001
FLOW_STEP_M = 0.0001
FLOW_ZERO = 32768
_LARGEST = 65535


def write_depth(path: Path, depth_m: Float32[ndarray, "H W"]) -> None:
    """Write millimetres; 0 where there is nothing, or nothing nearer than 65.535 m.

    Args:
        depth_m: Infinite or 0 where there is nothing.
    """
    steps = np.rint(np.where(np.isfinite(depth_m), depth_m, 0) / DEPTH_STEP_M)
    _write(path, np.where(steps <= _LARGEST, steps, 0).astype(np.uint16))


def read_depth(path: str | Path) -> Float32[ndarray, "H W"]:
    """Metres; 0 where there is nothing.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If it is no 16-bit picture of one channel.
    """
    return _read(Path(path), num_axes=2).astype(np.float32) * np.float32(DEPTH_STEP_M)


def write_flow(path: Path, flow_m: Float32[ndarray, "H W 3"]) -> None:
    """Write steps of 0.1 mm counted from 32768, x in red, y in green, z in blue; 0 in all three where it is unknown.

    Motion of more than 3.2767 m a frame does not fit and counts as unknown.

    Args:
        flow_m: NaN where it is unknown.
    """
    with np.errstate(invalid="ignore"):
        steps = np.rint(flow_m.astype(np.float64) / FLOW_STEP_M) + FLOW_ZERO
        is_known = ((steps > 0) & (steps <= _LARGEST)).all(axis=-1, keepdims=True)
    _write(path, np.where(is_known, steps, 0).astype(np.uint16)[..., ::-1])  # OpenCV takes blue first


def read_flow(path: str | Path) -> Float32[ndarray, "H W 3"]:
    """Metres from this frame to the next along x (right), y (down) and z (away); NaN where it is unknown.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If it is no 16-bit picture of three channels.
    """
    steps = _read(Path(path), num_axes=3)[..., ::-1]
    metres = (steps.astype(np.float32) - FLOW_ZERO) * np.float32(FLOW_STEP_M)
    metres[(steps == 0).any(axis=-1)] = np.nan
    return metres


def _write(path: Path, image: UInt16[ndarray, "H W *C"]) -> None:
    encoded, data = cv2.imencode(".png", np.ascontiguousarray(image))
    assert encoded, "a 16-bit image can be encoded as PNG"
    path.write_bytes(data.tobytes())


def _read(path: Path, *, num_axes: int) -> UInt16[ndarray, "H W *C"]:
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such file; expected a PNG of the studio")
    data = np.frombuffer(path.read_bytes(), np.uint8)
    image = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if len(data) else None
    if image is None or image.dtype != np.uint16 or image.ndim != num_axes:
        got = "no picture" if image is None else f"{image.dtype} {image.shape}"
        channels = "three channels" if num_axes == 3 else "one channel"
        raise UserError(f"{path}: expected a 16-bit PNG of {channels}, got {got}; is it whole?")
    return np.asarray(image)
