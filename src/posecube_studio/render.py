"""From placed solids to scene-linear pixels: samples at twice the resolution, light with soft shadows, the backdrop."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from jaxtyping import Bool, Float, Float32, Int, Int16, UInt8
from numpy import ndarray

from posecube_studio.lens import Lens
from posecube_studio.light import Light
from posecube_studio.paint import Painter
from posecube_studio.raycast import Surface, cast, rays_of
from posecube_studio.shade import Shadow, composite, find_in_frames, shade_ground, shade_samples
from posecube_studio.solid import PlacedSolids

SAMPLES = 2  # rays a pixel along each axis
_CONTACT_HEIGHT_M = 0.5
_NEIGHBOURHOODS = (5, 15)  # pixels


@dataclass(frozen=True)
class Backing:
    """What stands still behind the figures, as one camera sees it.

    Attributes:
        colour: Linear RGB lit by everything. (H, W, 3)
        sunlit: Share of that colour which a shadow takes away. (H, W)
        depth_m: Exact at pixel centres; infinite for the sky. (H, W)
        points_m: World point of every pixel (of a far one in the sky). (H, W, 3)
        floor: Pixels that lie on the floor.
    """

    colour: Float32[ndarray, "H W 3"]
    sunlit: Float32[ndarray, "H W"]
    depth_m: Float[ndarray, "H W"]
    points_m: Float32[ndarray, "H W 3"]
    floor: Bool[ndarray, "H W"]


@dataclass(frozen=True)
class RenderedFrame:
    """One rendered frame with its exact truth.

    Attributes:
        depth_m: Exact distance along the camera's axis through each pixel's centre; infinite for the sky.
        measured_depth_m: What the depth sensor of the conditions gives: the same, or that of a Kinect.
        solid: Index of the solid seen at the pixel's centre, -1 for the backdrop.
        person: Who is seen there: performers first, then bystanders; -1 for things and the backdrop.
        flow_m: How far the surface point moves until the next frame, see `scene_flow`; None if it was not asked for,
            and of the last frame.
    """

    image: UInt8[ndarray, "H W 3"]
    depth_m: Float32[ndarray, "H W"]
    measured_depth_m: Float32[ndarray, "H W"]
    solid: Int16[ndarray, "H W"]
    person: Int16[ndarray, "H W"]
    flow_m: Float32[ndarray, "H W 3"] | None = None


def draw(
    placed: PlacedSolids,
    lens: Lens,
    backing: Backing,
    *,
    light: Light,
    shadow: Shadow,
    painter: Painter,
    contacts_m: Float[ndarray, "N 3"],
) -> Float32[ndarray, "H W 3"]:
    """One frame in linear light.

    Args:
        shadow: That of the solids, on everything.
        contacts_m: Points that darken the floor they come near.
    """
    picture = backing.colour.copy()
    low = np.ascontiguousarray(contacts_m[contacts_m[:, 1] < _CONTACT_HEIGHT_M], dtype=np.float64)
    shade_ground(picture, backing.points_m, backing.sunlit, backing.floor, shadow, low)
    draw_over(picture, placed, lens, backing.depth_m, light=light, shadow=shadow, painter=painter, samples=SAMPLES)
    picture *= _vignette(lens.size_hw)
    return picture


def draw_over(
    picture: Float32[ndarray, "H W 3"],
    placed: PlacedSolids,
    lens: Lens,
    behind_m: Float[ndarray, "H W"],
    *,
    light: Light,
    shadow: Shadow,
    painter: Painter,
    samples: int,
) -> None:
    """Draw solids over a picture where they lie before what it shows, in place.

    Args:
        behind_m: Depth of what the picture shows.
        samples: Rays a pixel along each axis.
    """
    fine = lens.finer(samples)
    surface = cast(placed, fine, behind=behind_m, smooth=True)
    chosen = np.flatnonzero(surface.solid >= 0)
    if not len(chosen):
        return
    assert surface.normal is not None, "a smooth cast has normals"
    rays, points = rays_of(fine), np.empty((3, len(chosen)), dtype=np.float32)
    find_in_frames(chosen, surface.depth, surface.solid, rays, placed.frame_origins_m, placed.frame_axes, points)
    reflectance = painter.paint(points, surface.solid.ravel()[chosen].astype(np.int64))
    layer = np.zeros((*lens.size_hw, 4), dtype=np.float32)
    shade_samples(
        chosen, surface.depth, surface.solid, surface.normal, reflectance, _openness(surface, chosen, samples),
        painter.gloss, rays, light.lamp, shadow, samples, layer,
    )  # fmt: skip
    composite(layer, picture)


def _openness(surface: Surface, chosen: Int[ndarray, " N"], samples: int) -> Float32[ndarray, " N"]:
    """Less light where the neighbourhood is a little nearer: creases, armpits, an arm before the chest."""
    high, wide = (side // samples for side in surface.depth.shape)
    rows, columns = np.divmod(chosen, surface.depth.shape[1])
    depth, pixel = surface.depth.ravel()[chosen], rows // samples * wide + columns // samples
    share = np.bincount(pixel, minlength=high * wide).astype(np.float32).reshape(high, wide)
    filled = np.bincount(pixel, weights=depth, minlength=high * wide).astype(np.float32).reshape(high, wide)
    openness = np.ones(len(chosen), dtype=np.float32)
    for width in _NEIGHBOURHOODS:
        nearby, known = (cv2.blur(plane, (width, width)) for plane in (filled, share))
        mean = nearby / np.maximum(known, np.float32(1e-6))
        step = depth.astype(np.float32) - mean.ravel()[pixel]
        hollow = np.clip(step * np.float32(9.0), 0, np.float32(0.32))
        openness *= 1 - hollow * np.clip(np.float32(2.0) - np.float32(2.5) * step, 0, 1)  # no halo around far things
    return openness


@lru_cache(maxsize=8)
def _vignette(size_hw: tuple[int, int]) -> Float32[ndarray, "H W 3"]:
    """What a lens leaves of the light towards the corners."""
    y, x = (np.linspace(-1, 1, size) for size in size_hw)
    left = 1 - 0.16 * np.clip(x[None, :] ** 2 + y[:, None] ** 2, 0, 2) ** 1.2
    return np.repeat(left.astype(np.float32)[..., None], 3, axis=-1)
