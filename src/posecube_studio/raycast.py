"""Solids to surfaces: what every ray of a lens hits first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, Int, Int16
from numpy import ndarray

from posecube_studio.intersect import Rays, Shapes, intersect_solids
from posecube_studio.lens import Lens
from posecube_studio.solid import PlacedSolids

__all__ = ["Lens", "Surface", "cast", "rays_of"]

_NEAR_M = 0.05  # what reaches nearer to a camera may be anywhere in its picture


@dataclass(frozen=True)
class Surface:
    """What each ray of a raster hits first; where it hits no solid, `solid` is -1.

    Attributes:
        depth: Along the lens's forward axis, metres; infinite where there is nothing.
        normal: World directions; None if they were not asked for.
    """

    depth: Float[ndarray, "H W"]
    solid: Int16[ndarray, "H W"]
    normal: Float32[ndarray, "H W 3"] | None = None


def cast(
    placed: PlacedSolids, lens: Lens, *, behind: Float[ndarray, "H W"] | None = None, smooth: bool = False
) -> Surface:
    """Intersect every solid with the rays of its rectangle and keep the nearest; a light sees what casts a shadow.

    Args:
        behind: Depth of what stands behind the solids, or before them; of the same size, or a whole part of it.
        smooth: Whether solids blend with each other where they are made to, and normals are wanted. Without, depth is
            that of the hard surfaces.
    """
    depth = np.full(lens.size_hw, np.inf) if behind is None else _enlarged(behind, lens.size_hw)
    solid = np.full(lens.size_hw, -1, dtype=np.int16)
    normal = np.zeros((*lens.size_hw, 3) if smooth else (0, 0, 3), dtype=np.float32)
    if len(placed.solids):
        table = placed.table
        shapes = Shapes(
            table.kinds, table.sizes_m, table.blends_m, table.groups, placed.origins_m, placed.to_own, placed.normals
        )
        intersect_solids(shapes, rays_of(lens), _rectangles(placed, lens), depth, solid, normal)
    return Surface(depth, solid, normal if smooth else None)


def _enlarged(depth: Float[ndarray, "h w"], size_hw: tuple[int, int]) -> Float[ndarray, "H W"]:
    """A copy in which each pixel is repeated."""
    down, right = size_hw[0] // depth.shape[0], size_hw[1] // depth.shape[1]
    large = np.empty((depth.shape[0], down, depth.shape[1], right))
    large[:] = depth[:, None, :, None]
    return large.reshape(size_hw)


def rays_of(lens: Lens) -> Rays:
    """A lens, as compiled loops take it."""
    x, y = lens.center_xy
    return Rays(
        np.ascontiguousarray(lens.place_m, dtype=np.float64),
        np.ascontiguousarray(lens.axes, dtype=np.float64),
        float(lens.scale),
        float(x),
        float(y),
        lens.parallel,
    )


def _rectangles(placed: PlacedSolids, lens: Lens) -> Int[ndarray, "S 4"]:
    """Pixels of each solid: left, top, right, bottom, ends excluded; an empty rectangle where it is out of view."""
    corners = placed.origins_m[:, None] + np.einsum("sij,scj->sci", placed.to_world, placed.table.corners)
    pixels, depth = lens.project(corners)
    raster = np.array(lens.size_hw[::-1])
    first = np.clip(np.floor(pixels).min(axis=1), 0, raster)
    last = np.clip(np.ceil(pixels).max(axis=1) + 1, 0, raster)
    if lens.parallel:
        last[~placed.table.cast_shadow] = 0
    else:
        around = depth.min(axis=1) < _NEAR_M
        first[around], last[around] = 0, raster
        last[depth.max(axis=1) < _NEAR_M] = 0
    return np.concatenate([first, last], axis=1).astype(np.int64)
