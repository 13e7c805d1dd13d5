"""Backdrop of one clip: what stands still behind the people, painted once for a camera."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy import ndarray

from posecube.studio.backdrop import PLACES, Noise, Place
from posecube.studio.paint import make_paint
from posecube.studio.raycast import Lens, cast
from posecube.studio.render import SAMPLES, Backing, ShadowMap
from posecube.studio.solid import Solid, SolidTable

_FAR_M = 60.0


def paint_backing(
    place: Place, lens: Lens, *, props: tuple[Solid, ...] = (), near_m: float, rng: np.random.Generator
) -> Backing:
    """Everything that stands still, as this camera sees it.

    Args:
        props: Still solids that belong to the action, on the frame "world".
        near_m: Furniture nearer to the camera than this is left away: it would hide the actor.
    """
    noise = Noise(rng)
    fine = lens.finer(SAMPLES)
    high, wide = lens.size_hw
    colour, _, _, _ = _look(place, fine, noise, props, near_m)
    averaged = colour.reshape(3, high, SAMPLES, wide, SAMPLES).mean(axis=(2, 4)).transpose(1, 2, 0)
    _, depth, points, floor = _look(place, lens, noise, props, near_m)
    sunlit = np.where(floor, place.sunlit, 0.0 if place.room_m is None else place.sunlit * 0.4)
    sunlit = np.where(np.isfinite(depth), sunlit, 0.0)
    dim = _vignette(lens.size_hw)
    return Backing(
        np.ascontiguousarray(averaged * dim[..., None], dtype=np.float32),
        sunlit.astype(np.float32),
        depth.astype(np.float32),
        np.ascontiguousarray(points, dtype=np.float32),
        floor,
    )


def _look(
    place: Place, lens: Lens, noise: Noise, props: tuple[Solid, ...], near_m: float
) -> tuple[ndarray, ndarray, ndarray, ndarray]:
    """Colour (3, H, W), depth, world points and where the floor is, one ray a pixel."""
    high, wide = lens.size_hw
    y, x = np.mgrid[:high, :wide].astype(np.float32)
    rays = lens.unproject(x, y, np.ones_like(x)) - lens.place_m.astype(np.float32)[:, None, None]
    eye = lens.place_m.astype(np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        to_floor = np.where(rays[1] < -1e-5, -eye[1] / rays[1], np.inf)
        depth = to_floor
        if place.room_m is not None:
            for axis, low, up in (
                (0, -place.room_m[0], place.room_m[0]),
                (2, -place.room_m[1], place.room_m[1]),
                (1, -1.0, place.room_m[2]),
            ):
                side = np.where(rays[axis] > 0, up, low)
                depth = np.minimum(depth, np.where(np.abs(rays[axis]) > 1e-7, (side - eye[axis]) / rays[axis], np.inf))
    floor = (depth == to_floor) & (depth < _FAR_M)
    known = np.isfinite(depth) & (depth < _FAR_M)
    points = eye[:, None, None] + rays * np.where(known, depth, _FAR_M)
    colour = np.empty_like(points)
    colour[:, floor] = place.floor(noise, points[:, floor])
    around = ~floor
    far = points if place.room_m is not None else rays * _FAR_M
    colour[:, around] = place.around(noise, far[:, around])
    colour[:, floor] *= np.array(_lit(place, 1.0), dtype=np.float32)[:, None]
    if place.room_m is not None:
        colour[:, around] *= np.array(_lit(place, 0.35), dtype=np.float32)[:, None]
        corner = np.clip(1 - points[1] / 0.5, 0, 1) * 0.22 * around
        colour *= (1 - corner).astype(np.float32)
    depth = np.where(known, depth, np.inf)
    return _furnish(place, lens, props, near_m, colour, depth, points, floor)


def _lit(place: Place, facing: float) -> tuple[float, float, float]:
    """Light on a floor (facing 1) or wall."""
    sun = place.light.direction[1] if facing == 1.0 else facing
    red, green, blue = (sun * s + a for s, a in zip(place.light.sun, place.light.sky, strict=True))
    return red, green, blue


def _furnish(
    place: Place,
    lens: Lens,
    props: tuple[Solid, ...],
    near_m: float,
    colour: ndarray,
    depth: ndarray,
    points: ndarray,
    floor: ndarray,
) -> tuple[ndarray, ndarray, ndarray, ndarray]:
    """Lay still solids and their shadows into the picture."""
    behind = [s for s in place.furniture if lens.project(np.array(s.origin)[None])[1][0] > near_m]
    solids = (*behind, *props)
    if not solids:
        return colour, depth, points, floor
    placed = SolidTable(solids, ["world"]).place(np.zeros((1, 3)), np.eye(3)[None])
    shadows = ShadowMap(place.light, np.array([0.0, 0.5, 0.0]), 6.5, pixels=700)
    shadows.see(placed)
    flat = points.reshape(3, -1)
    dark = shadows.shade(np.ascontiguousarray(flat), bias_m=0.03).reshape(depth.shape) * (place.sunlit * floor)
    colour = colour * (1 - dark).astype(np.float32)
    surface = cast(placed, lens, paint=make_paint(1.75))
    assert surface.normal is not None and surface.colour is not None, "casting with paint gives both"
    left, top = surface.corner_xy
    tall, broad = surface.depth.shape
    window = (slice(top, top + tall), slice(left, left + broad))
    near = surface.depth < depth[window]
    sun = np.clip(np.einsum("i,ihw->hw", place.light.direction.astype(np.float32), surface.normal), 0, 1)
    upward = 0.5 + 0.5 * surface.normal[1]
    for channel in range(3):
        ambient = place.light.ground[channel] + (place.light.sky[channel] - place.light.ground[channel]) * upward
        lit = surface.colour[channel] * (ambient + place.light.sun[channel] * sun)
        colour[channel][window] = np.where(near, lit, colour[channel][window])
    depth[window] = np.where(near, surface.depth, depth[window])
    floor[window] &= ~near
    y, x = np.mgrid[: depth.shape[0], : depth.shape[1]].astype(np.float32)
    reached = np.where(np.isfinite(depth), depth, _FAR_M).astype(np.float32)
    return colour, depth, lens.unproject(x, y, reached), floor


def _vignette(size_hw: tuple[int, int]) -> ndarray:
    y, x = (np.linspace(-1, 1, size) for size in size_hw)
    return (1 - 0.16 * np.clip(x[None, :] ** 2 + y[:, None] ** 2, 0, 2) ** 1.2).astype(np.float32)


def find_place(name: str, lens: Lens) -> Place:
    """A backdrop by its name, its light set for a camera."""
    assert name in PLACES, f"unknown place {name!r}; places are {', '.join(PLACES)}"
    place = PLACES[name]
    return replace(place, light=place.light.turned(lens))
