"""Depth as a time-of-flight camera measures it: noise that grows with distance, ragged edges, holes."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Bool, Float, Float32
from numpy import ndarray

HOLE = 0.0
"""Depth of a pixel that was not measured, as in the files of Kinect recordings."""

RANGE_M = (0.5, 8.0)
_NOISE_M = (0.94e-3, 0.25e-3)  # standard deviation facing the camera: constant, and a square metre
_EDGE = 0.02  # a jump by this share of the distance between neighbours, as of an arm before the chest
_EDGE_HOLES, _EDGE_MIXED = 0.5, 0.2  # shares of the pixels at edges
_LATERAL_PX = 0.5  # standard deviation of where a pixel looks
_FAINTEST = 2.2e-3  # returned light (reflectance x cosine / square metres) at which half of the pixels are lost
_FADING = 0.2  # of its natural logarithm
_REFLECTANCE = 0.4  # infrared, of most cloth, skin and walls


def kinect_depth(
    depth_m: Float32[ndarray, "H W"],
    *,
    focal_px: float,
    rng: np.random.Generator,
    reflectance: Float[ndarray, "H W"] | None = None,
) -> Float32[ndarray, "H W"]:
    """Depth as a Kinect v2 gives it, in whole millimetres; 0 where it gives none.

    - Noise along the axis grows with the square of the distance, 1.5 mm at 1.5 m and 6 mm at 4.5 m, and with the
      slant of the surface.
    - At edges pixels are lost, or mix the light of both sides and float in between; edges are ragged.
    - What returns too little light is lost: dark, slanted and distant things, and all beyond the range.

    Args:
        depth_m: Exact distance along the camera's axis; infinite where there is nothing.
        focal_px: Focal length of the picture, which turns steps of depth into slants.
        reflectance: Share of infrared light that each surface sends back, 0 to 1; None takes 0.4 everywhere.

    Source: Fankhauser et al. 2015, Kinect v2 for mobile robot navigation (noise by distance and angle; loss of dark
    and slanted surfaces); Nguyen et al. 2012, modeling Kinect sensor noise (a quadratic in distance, lateral noise of
    a fraction of a pixel; for the first Kinect). Shares of lost and mixed pixels are our own choice.
    """
    known = np.isfinite(depth_m) & (depth_m > 0)
    exact = np.where(known, depth_m, np.float32(2 * RANGE_M[1])).astype(np.float32)
    edge, facing = _edges_and_facing(exact, focal_px)
    measured = _look_aside(exact, edge, rng)
    spread = np.float32(_NOISE_M[0]) + np.float32(_NOISE_M[1]) * measured * measured
    spread /= np.maximum(facing, np.float32(0.25))
    measured += spread * rng.standard_normal(exact.shape, dtype=np.float32)
    lost = _mix(measured, exact, edge, rng)
    returned = (np.float32(_REFLECTANCE) if reflectance is None else reflectance) * facing / (exact * exact)
    lost |= _is_faint(returned, rng)
    lost |= (measured < RANGE_M[0]) | (measured > RANGE_M[1])
    whole_mm = np.rint(measured * np.float32(1000)) * np.float32(0.001)
    return np.where(lost, np.float32(HOLE), whole_mm)


def _edges_and_facing(depth_m: ndarray, focal_px: float) -> tuple[Bool[ndarray, "H W"], Float32[ndarray, "H W"]]:
    """Where depth jumps, and the cosine between the surface and the ray elsewhere.

    The inverse of a plane's depth is linear in the picture: its second difference is a jump however slanted the plane
    is, and its slope against itself is the tangent of the slant. The flatter side of a pixel is its own surface.
    """
    inverse = 1 / depth_m
    edge = np.zeros(depth_m.shape, dtype=bool)
    slope = np.zeros_like(inverse)
    for axis in (0, 1):
        step = np.diff(inverse, axis=axis)
        nothing = np.zeros_like(np.take(step, [0], axis=axis))
        before = np.concatenate([nothing, step], axis=axis)
        after = np.concatenate([step, nothing], axis=axis)
        edge |= np.abs(after - before) > np.float32(_EDGE) * inverse
        flatter = np.minimum(np.abs(before), np.abs(after)) * np.float32(focal_px)
        slope += flatter * flatter
    inside = (slice(1, -1), slice(1, -1))
    within = np.zeros_like(edge)
    within[inside] = edge[inside]  # at the picture's border one side is unknown
    return within, inverse / np.sqrt(slope + inverse * inverse)


def _look_aside(depth_m: ndarray, edge: ndarray, rng: np.random.Generator) -> Float32[ndarray, "H W"]:
    """Depth with ragged edges: there, pixels show what is beside them."""
    rows, columns = np.nonzero(cv2.dilate(edge.astype(np.uint8), np.ones((3, 3), np.uint8)))
    aside = np.rint(rng.normal(0, _LATERAL_PX, size=(2, len(rows)))).astype(np.int64)
    from_rows = np.clip(rows + aside[0], 0, depth_m.shape[0] - 1)
    from_columns = np.clip(columns + aside[1], 0, depth_m.shape[1] - 1)
    seen = depth_m.copy()
    seen[rows, columns] = depth_m[from_rows, from_columns]
    return seen


def _mix(measured: ndarray, exact: ndarray, edge: ndarray, rng: np.random.Generator) -> Bool[ndarray, "H W"]:
    """Let pixels at edges float between both sides, in place; gives those that are lost instead."""
    rows, columns = np.nonzero(edge)
    lot, share = rng.random((2, len(rows)), dtype=np.float32)
    square = np.ones((3, 3), np.uint8)
    near, far = cv2.erode(exact, square)[rows, columns], cv2.dilate(exact, square)[rows, columns]
    mixes = lot < _EDGE_MIXED
    measured[rows[mixes], columns[mixes]] = (near + share * (far - near))[mixes]
    lost = np.zeros(edge.shape, dtype=bool)
    lost[rows, columns] = lot > 1 - _EDGE_HOLES
    return lost


def _is_faint(returned: ndarray, rng: np.random.Generator) -> Bool[ndarray, "H W"]:
    """Whether too little light comes back, by chance around the threshold."""
    threshold = rng.random(returned.shape, dtype=np.float32)
    threshold /= np.maximum(1 - threshold, np.float32(1e-6))  # odds, whose power is spread as a logistic logarithm
    return np.asarray(returned < _FAINTEST * threshold**_FADING)
