"""The rays of a raster: a camera's, or those of a light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray


@dataclass(frozen=True)
class Lens:
    """Rays of a raster: pixel (x, y) looks along axes.T @ (right, down, 1) from a place.

    Attributes:
        place_m: The eye, or the middle of a parallel light's plane, in the world.
        axes: Rows are right, down and forward in the world. (3, 3)
        scale: Pixels a unit of right or down: the focal length, or for parallel rays pixels a metre.
        center_xy: Pixel that looks straight ahead.
        size_hw: Raster size.
        parallel: Whether rays run side by side (light, shadow) instead of from one point (camera).
    """

    place_m: Float[ndarray, " 3"]
    axes: Float[ndarray, "3 3"]
    scale: float
    center_xy: tuple[float, float]
    size_hw: tuple[int, int]
    parallel: bool = False

    def finer(self, factor: int) -> Lens:
        """The same view with factor x factor samples a pixel; pixel centres stay whole numbers in each raster."""
        shift = (factor - 1) / 2
        center = (self.center_xy[0] * factor + shift, self.center_xy[1] * factor + shift)
        size = (self.size_hw[0] * factor, self.size_hw[1] * factor)
        return Lens(self.place_m, self.axes, self.scale * factor, center, size, self.parallel)

    def sees_as(self, other: Lens) -> bool:
        """Whether both have the same rays."""
        if self is other:
            return True
        numbers = (self.scale, self.center_xy, self.size_hw, self.parallel)
        same = numbers == (other.scale, other.center_xy, other.size_hw, other.parallel)
        return same and np.array_equal(self.place_m, other.place_m) and np.array_equal(self.axes, other.axes)

    def project(self, points_m: Float[ndarray, "*N 3"]) -> tuple[Float[ndarray, "*N 2"], Float[ndarray, "*N"]]:
        """World points to pixels and depth; a point behind a camera has depth <= 0 and means nothing."""
        seen = (points_m - self.place_m) @ self.axes.T
        depth = seen[..., 2]
        over = 1.0 if self.parallel else np.where(np.abs(depth) < 1e-6, 1e-6, depth)[..., None]
        return seen[..., :2] / over * self.scale + np.array(self.center_xy), depth

    def unproject(self, x: ndarray, y: ndarray, depth: ndarray) -> ndarray:
        """Pixels at a depth to world points (3, ...), axes first."""
        spread = 1.0 if self.parallel else depth
        right = (x - self.center_xy[0]) / self.scale * spread
        down = (y - self.center_xy[1]) / self.scale * spread
        axes, place = self.axes.astype(depth.dtype), self.place_m.astype(depth.dtype)
        return np.stack([right * axes[0, i] + down * axes[1, i] + depth * axes[2, i] + place[i] for i in range(3)])
