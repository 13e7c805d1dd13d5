"""Exact truth as pictures for people: depth and flow in colour."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float, UInt8
from numpy import ndarray

from posecube_studio.depth_sensor import HOLE


def depth_colours(
    depth_m: Float[ndarray, "H W"], *, near_m: float | None = None, far_m: float | None = None
) -> UInt8[ndarray, "H W 3"]:
    """Near is yellow, far is blue, what was not measured is black; equal steps of depth look equally different.

    The colours are matplotlib's "plasma", in which lightness falls evenly from near to far, so that it also reads in
    grey and for the colour-blind.

    Args:
        depth_m: 0 where it was not measured, infinite where there is nothing, which is as far as can be.
        near_m: What is yellow; None takes the nearest depth, but for 1 % of the pixels. Give both for a clip: the
            colours of its frames mean the same only then.
        far_m: What is blue; None takes the farthest finite depth, but for 1 %.
    """
    measured = depth_m > HOLE
    finite = depth_m[measured & np.isfinite(depth_m)]
    usual = np.percentile(finite, [1, 99]) if len(finite) else (0.0, 1.0)
    near = float(usual[0]) if near_m is None else near_m
    far = max(float(usual[1]) if far_m is None else far_m, near + 1e-6)
    nearness = np.clip((far - np.where(measured, depth_m, far)) / (far - near), 0, 1)
    colours = cv2.applyColorMap(np.rint(nearness * 255).astype(np.uint8), cv2.COLORMAP_PLASMA)
    return np.where(measured[..., None], colours[..., ::-1], 0).astype(np.uint8)


def flow_wheel(flow_xy: Float[ndarray, "H W 2"], *, full: float | None = None) -> UInt8[ndarray, "H W 3"]:
    """Hue is where something moves to, saturation is how far; white rests.

    As papers on optical flow show it: red moves right, yellow-green down, cyan left, violet up.

    Args:
        flow_xy: Right and down, in any unit; what is not finite comes out black.
        full: Length that is fully coloured; None takes the longest, but for 1 % of the moving pixels. Give it for a
            clip: the colours of its frames mean the same only then.

    Source: the wheel after Baker et al. 2011, a database and evaluation methodology for optical flow, figure 6; with
    the hues of HSV.
    """
    known = np.isfinite(flow_xy).all(axis=-1)
    flow = np.where(known[..., None], flow_xy, 0).astype(np.float32)
    length = np.sqrt(np.einsum("hwc,hwc->hw", flow, flow))
    if full is None:
        full = _longest(length)
    hue = np.degrees(np.arctan2(flow[..., 1], flow[..., 0])) % 360
    saturation = np.minimum(length / np.float32(max(full, 1e-12)), 1)
    value = known.astype(np.float32)
    rgb = cv2.cvtColor(np.dstack([hue, saturation, value]).astype(np.float32), cv2.COLOR_HSV2RGB)
    return np.rint(rgb * 255).astype(np.uint8)


def scene_flow_colours(flow_m: Float[ndarray, "H W 3"], *, full_m: float | None = None) -> UInt8[ndarray, "H W 3"]:
    """Red is motion to the right, green down, blue away, each against the mid grey of what rests.

    Args:
        flow_m: Right, down and away, metres; what is not finite comes out black.
        full_m: Length along one axis that has the full colour; None and its use as in `flow_wheel`.
    """
    known = np.isfinite(flow_m).all(axis=-1, keepdims=True)
    flow = np.where(known, flow_m, 0)
    if full_m is None:
        full_m = _longest(np.sqrt((flow * flow).sum(axis=-1)))
    shade = 127.5 + 127.5 * np.clip(flow / max(full_m, 1e-12), -1, 1)
    return np.where(known, np.rint(shade), 0).astype(np.uint8)


def wheel(size_px: int) -> UInt8[ndarray, "H W 3"]:
    """The legend of `flow_wheel`: a disc whose every point is coloured as a motion there from the middle."""
    across = (np.arange(size_px, dtype=np.float32) + 0.5) * 2 / size_px - 1
    motion = np.stack(np.meshgrid(across, across), axis=-1)
    disc = flow_wheel(motion, full=1.0)
    disc[np.hypot(motion[..., 0], motion[..., 1]) > 1] = 255
    return disc


def _longest(length: Float[ndarray, "H W"]) -> float:
    """Of what moves at all, but for 1 %: a few wild pixels shall not pale the others."""
    moving = length[length > 0.05 * length.max()]
    return float(np.percentile(moving, 99)) if len(moving) else 1.0
