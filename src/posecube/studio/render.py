"""From a posed figure to pixels: geometry at twice the resolution, light with soft shadows, the backdrop behind.

The picture is smooth because four rays are cast a pixel; depth is exact because one more is cast through each pixel's
centre. Everything is linear light until the last step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from jaxtyping import Float32, Int16, UInt8
from numpy import ndarray

from posecube.studio.raycast import Lens, Paint, Surface, cast
from posecube.studio.rotation import unit
from posecube.studio.solid import PlacedSolids
from posecube.studio.texture import look_up

SAMPLES = 2  # rays a pixel along each axis
_SHADOW_PIXELS = 224
_EDGE_SOFTNESS_M = 0.035  # of a shadow


@dataclass(frozen=True)
class Light:
    """A sun (or ceiling lamp) and the light of the surroundings; all linear RGB strengths.

    Attributes:
        toward: Direction towards the sun: in the world, or before `turned` as (right, up, towards the camera).
        ground: Light that comes from below.
    """

    toward: tuple[float, float, float]
    sun: tuple[float, float, float]
    sky: tuple[float, float, float]
    ground: tuple[float, float, float]

    @property
    def direction(self) -> ndarray:
        return unit(np.array(self.toward))

    def turned(self, lens: Lens) -> Light:
        """The light that a photographer would choose: at the same side of this camera wherever it stands."""
        back = unit(-lens.axes[2] * np.array([1.0, 0.0, 1.0]))
        right, up, toward = self.toward
        x, y, z = right * lens.axes[0] + np.array([0.0, up, 0.0]) + toward * back
        return replace(self, toward=(float(x), float(y), float(z)))


@dataclass(frozen=True)
class Backing:
    """What stands still behind the figure, seen by one camera: made once a clip.

    Attributes:
        colour: Linear RGB lit by everything. (H, W, 3)
        sunlit: Share of that colour which a shadow takes away. (H, W)
        depth_m: Exact at pixel centres; infinite for the sky. (H, W)
        points_m: World point of every pixel (of a far one in the sky). (3, H, W)
        floor: Pixels that lie on the floor.
    """

    colour: Float32[ndarray, "H W 3"]
    sunlit: Float32[ndarray, "H W"]
    depth_m: Float32[ndarray, "H W"]
    points_m: Float32[ndarray, "3 H W"]
    floor: ndarray


@dataclass(frozen=True)
class Picture:
    """One rendered frame.

    Attributes:
        depth_m: Distance along the camera's axis through each pixel's centre; infinite for the sky.
        solid: Index of the solid seen at the pixel's centre, -1 for the backdrop.
    """

    image: UInt8[ndarray, "H W 3"]
    depth_m: Float32[ndarray, "H W"]
    solid: Int16[ndarray, "H W"]


class ShadowMap:
    """Depth of the figure as the light sees it, blurred with its square: a soft shadow by Chebyshev's bound.

    Source: Donnelly and Lauritzen 2006, variance shadow maps, section 3.
    """

    def __init__(self, light: Light, center_m: ndarray, radius_m: float, *, pixels: int = _SHADOW_PIXELS) -> None:
        forward = -light.direction
        right = unit(np.cross(forward, np.array([0.3, 0.1, 1.0])))
        axes = np.stack([right, np.cross(forward, right), forward])
        middle = (pixels - 1) / 2
        scale = pixels / (2 * radius_m)
        place = center_m - forward * (radius_m + 2)
        self.lens = Lens(place, axes, scale, (middle, middle), (pixels, pixels), parallel=True)
        self._far = np.float32(2 * radius_m + 8)
        self._moments = np.full((pixels, pixels, 2), self._far, dtype=np.float32)

    def see(self, placed: PlacedSolids) -> None:
        """Take the figure as it stands now."""
        size = self.lens.size_hw
        surface = cast(placed, self.lens)
        depth = np.full(size, self._far, dtype=np.float32)
        left, top = surface.corner_xy
        high, wide = surface.depth.shape
        window = depth[top : top + high, left : left + wide]
        np.minimum(window, surface.depth[: window.shape[0], : window.shape[1]], out=window)
        width = max(3, int(_EDGE_SOFTNESS_M * self.lens.scale * 2) | 1)
        covered = (depth < self._far).astype(np.float32)
        weight = cv2.blur(covered, (width, width))
        depth[covered == 0] = 0
        mean = cv2.blur(depth, (width, width))
        square = cv2.blur(depth * depth, (width, width))
        some = np.maximum(weight, np.float32(1e-6))
        self._moments = np.stack([weight, mean / some, square / some], axis=-1)

    def shade(self, points_m: Float32[ndarray, "3 N"], *, bias_m: float) -> Float32[ndarray, " N"]:
        """How much of the sun is taken away at world points, 0 to 1."""
        lens = self.lens
        axes = lens.axes.astype(np.float32)
        x, y, depth = axes @ (points_m - lens.place_m.astype(np.float32)[:, None])
        scale, middle = np.float32(lens.scale), np.float32(lens.center_xy[0])
        seen = look_up(self._moments, x * scale + middle, y * scale + middle)
        cover, mean, square = seen.T
        behind = np.maximum(depth - mean - np.float32(bias_m), 0)
        variance = np.maximum(square - mean * mean, np.float32(4e-4))
        lit = variance / (variance + behind * behind)
        hidden = np.clip((1 - lit) * np.float32(1.25) - np.float32(0.1), 0, 1)
        return np.clip(cover * np.float32(1.1), 0, 1) * hidden


class Renderer:
    """Draws frames of one clip: one camera, one light, one backdrop."""

    def __init__(self, lens: Lens, light: Light, backing: Backing, shadows: ShadowMap, paint: Paint) -> None:
        self._lens, self._light, self._backing, self._shadows, self._paint = lens, light, backing, shadows, paint
        points = backing.points_m.reshape(3, -1)
        pixels, _ = shadows.lens.project(points.T)
        size = shadows.lens.size_hw[0]
        inside = ((pixels > 0) & (pixels < size - 1)).all(axis=-1) & (backing.sunlit.ravel() > 0)
        self._shaded = np.flatnonzero(inside)
        self._shaded_points = points[:, self._shaded]
        grain = np.random.default_rng(7).normal(0, 1, size=(lens.size_hw[0] + 64, lens.size_hw[1] + 64, 1))
        self._grain = grain.astype(np.float32)

    def draw(
        self, placed: PlacedSolids, *, contacts_m: ndarray, rng: np.random.Generator, noise: float = 0.006
    ) -> Picture:
        """One frame.

        Args:
            contacts_m: Points of the figure that darken the floor they come near. (N, 3)
            noise: Strength of the sensor's grain, of full scale.
        """
        self._shadows.see(placed)
        behind = self._behind(contacts_m)
        fine = cast(placed, self._lens.finer(SAMPLES), paint=self._paint)
        self._lay_over(behind, fine, placed)
        exact = cast(placed, self._lens)
        depth, solid = self._exact(exact)
        top, left = rng.integers(0, 64, size=2)
        high, wide = self._lens.size_hw
        grain = self._grain[top : top + high, left : left + wide]
        encoded = _encode(behind)
        encoded += grain * np.float32(255 * noise)
        return Picture(np.clip(encoded, 0, 255).astype(np.uint8), depth, solid)

    def _behind(self, contacts_m: ndarray) -> Float32[ndarray, "H W 3"]:
        """The backdrop under this frame's shadow."""
        colour = self._backing.colour.copy()
        if not len(self._shaded):
            return colour
        shadow = self._shadows.shade(self._shaded_points, bias_m=0.03)
        shadow *= self._backing.sunlit.ravel()[self._shaded]
        flat = colour.reshape(-1, 3)
        near = _contact(self._shaded_points, contacts_m) * self._backing.floor.ravel()[self._shaded]
        flat[self._shaded] *= ((1 - shadow) * (1 - near))[:, None]
        return colour

    def _lay_over(self, behind: ndarray, fine: Surface, placed: PlacedSolids) -> None:
        """Shade the figure's samples, average them to pixels and lay them over the backdrop, in place."""
        depth_limit = self._backing.depth_m
        left, top = fine.corner_xy
        high, wide = fine.depth.shape
        x0, y0 = left // SAMPLES, top // SAMPLES
        x1, y1 = -(-(left + wide) // SAMPLES), -(-(top + high) // SAMPLES)
        canvas = np.zeros(((y1 - y0) * SAMPLES, (x1 - x0) * SAMPLES, 4), dtype=np.float32)
        rows, columns = np.nonzero(np.isfinite(fine.depth))
        if not len(rows):
            return
        in_front = fine.depth[rows, columns] < depth_limit[(rows + top) // SAMPLES, (columns + left) // SAMPLES]
        rows, columns = rows[in_front], columns[in_front]
        lit = self._shade(fine, rows, columns, placed)
        where = (rows + top - y0 * SAMPLES, columns + left - x0 * SAMPLES)
        canvas[where[0], where[1], :3] = lit.T
        canvas[where[0], where[1], 3] = 1
        small = cv2.resize(canvas, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA)
        window = behind[y0:y1, x0:x1]
        window *= 1 - small[..., 3:]
        window += small[..., :3]

    def _shade(self, fine: Surface, rows: ndarray, columns: ndarray, placed: PlacedSolids) -> Float32[ndarray, "3 N"]:
        assert fine.normal is not None and fine.colour is not None, "the camera casts with paint"
        light, lens = self._light, self._lens.finer(SAMPLES)
        depth, normal, colour = fine.depth[rows, columns], fine.normal[:, rows, columns], fine.colour[:, rows, columns]
        left, top = fine.corner_xy
        points = lens.unproject((columns + left).astype(np.float32), (rows + top).astype(np.float32), depth)
        toward_sun = light.direction.astype(np.float32)
        view = lens.place_m.astype(np.float32)[:, None] - points
        view /= np.sqrt((view * view).sum(axis=0))
        facing = toward_sun @ normal
        shadow = self._shadows.shade(points + normal * np.float32(0.012), bias_m=0.02)
        sun = np.clip(facing * np.float32(0.86) + np.float32(0.14), 0, 1) * (1 - shadow)
        open_sky = _openness(fine.depth)[rows, columns]
        upward = np.float32(0.5) + np.float32(0.5) * normal[1]
        glancing = 1 - np.clip((normal * view).sum(axis=0), 0, 1)
        gloss = np.array([solid.material.gloss for solid in placed.solids], dtype=np.float32)[fine.solid[rows, columns]]
        half = unit_columns(view + toward_sun[:, None])
        shine = gloss * np.clip((half * normal).sum(axis=0), 0, 1) ** 24 * (1 - shadow)
        rim = np.float32(0.16) * glancing**3 * upward
        lit = np.empty_like(colour)
        for channel in range(3):
            around = light.ground[channel] + (light.sky[channel] - light.ground[channel]) * upward
            around = (around * open_sky).astype(np.float32)
            lit[channel] = colour[channel] * (around + np.float32(light.sun[channel]) * sun)
            lit[channel] += np.float32(light.sun[channel]) * shine + np.float32(light.sky[channel]) * rim * open_sky
        return lit

    def _exact(self, exact: Surface) -> tuple[Float32[ndarray, "H W"], Int16[ndarray, "H W"]]:
        depth = self._backing.depth_m.copy()
        solid = np.full(depth.shape, -1, dtype=np.int16)
        left, top = exact.corner_xy
        high, wide = exact.depth.shape
        window = (slice(top, top + high), slice(left, left + wide))
        near = exact.depth < depth[window]
        depth[window] = np.where(near, exact.depth, depth[window])
        solid[window] = np.where(near, exact.solid, -1)
        return depth, solid


def unit_columns(vectors: Float32[ndarray, "3 N"]) -> Float32[ndarray, "3 N"]:
    """Directions of column vectors."""
    return vectors / (np.sqrt((vectors * vectors).sum(axis=0)) + np.float32(1e-9))


def _openness(depth: Float32[ndarray, "H W"]) -> Float32[ndarray, "H W"]:
    """Less light where the neighbourhood is nearer: creases, armpits, an arm before the chest."""
    known = np.isfinite(depth)
    filled = np.where(known, depth, 0)
    openness = np.ones_like(filled)
    for width in (9, 31):
        weight = cv2.blur(known.astype(np.float32), (width, width))
        mean = cv2.blur(filled, (width, width)) / np.maximum(weight, np.float32(1e-6))
        hollow = np.clip((filled - mean) * np.float32(9.0), 0, np.float32(0.32))
        openness *= 1 - hollow
    return openness


def _contact(points: Float32[ndarray, "3 N"], contacts_m: ndarray) -> Float32[ndarray, " N"]:
    """Darkness of the floor under things that come near it."""
    dark = np.zeros(points.shape[1], dtype=np.float32)
    for x, y, z in contacts_m.astype(np.float32):
        if y > 0.5:
            continue
        away = (points[0] - x) ** 2 + (points[2] - z) ** 2
        spread = np.float32(0.010 + 0.5 * y * y)
        dark += np.float32(0.55 * 0.010) / spread * np.exp(-away / (2 * spread))
    return np.minimum(dark, np.float32(0.7))


def _encode(colour: Float32[ndarray, "H W 3"]) -> Float32[ndarray, "H W 3"]:
    """Linear light to 0..255 for a screen: a soft shoulder, then the square root that is nearly sRGB's curve."""
    return np.sqrt(colour * (1 + np.float32(0.12) * colour) / (1 + np.float32(0.42) * colour)) * np.float32(255)
