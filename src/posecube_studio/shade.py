"""Compiled loops: light on what the rays have hit.

Points of a surface in the world and in its own frame, the shadow on it, light from sun, sky and ground.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Float32, Int, Int16
from numpy import ndarray

from posecube_studio.compiled import compiled
from posecube_studio.intersect import Rays

_CONTACT_M2 = 0.010  # spread of the darkness under what touches the floor


class Lamp(NamedTuple):
    """A light: direction towards the sun, and linear RGB strengths."""

    toward: Float[ndarray, " 3"]
    sun: Float[ndarray, " 3"]
    sky: Float[ndarray, " 3"]
    ground: Float[ndarray, " 3"]


class Shadow(NamedTuple):
    """What a light sees: share of each pixel's surroundings that is covered, its mean depth and mean squared depth."""

    moments: Float32[ndarray, "P P 3"]
    place: Float[ndarray, " 3"]
    axes: Float[ndarray, "3 3"]
    scale: float
    middle: float


@compiled
def shade_ground(
    colour: Float32[ndarray, "H W 3"],
    points: Float32[ndarray, "H W 3"],
    sunlit: Float32[ndarray, "H W"],
    floor: Bool[ndarray, "H W"],
    shadow: Shadow,
    contacts: Float[ndarray, "N 3"],
) -> None:
    """Darken a backdrop under shadows, and its floor near contacts, in place.

    Args:
        points: World point of each pixel.
        sunlit: Share of a pixel's light that a shadow takes away.
    """
    near = _spread(contacts)
    for row in range(colour.shape[0]):
        for column in range(colour.shape[1]):
            if sunlit[row, column] <= 0.0:
                continue
            x, y, z = points[row, column, 0], points[row, column, 1], points[row, column, 2]
            left = 1 - sunlit[row, column] * _hidden(shadow, x, y, z, 0.03)
            if floor[row, column]:
                left *= 1 - _contact(near, x, z)
            for channel in range(3):
                colour[row, column, channel] *= left


@compiled
def _spread(contacts: ndarray) -> ndarray:
    """Place, fall-off, strength and squared reach of the darkness under points: wide and faint where they are high."""
    spots = np.empty((contacts.shape[0], 5))
    for k in range(contacts.shape[0]):
        x, y, z = contacts[k]
        spread = _CONTACT_M2 + 0.5 * y * y
        spots[k] = (x, z, -0.5 / spread, 0.55 * _CONTACT_M2 / spread, 14 * spread)
    return spots


@compiled
def _contact(spots: ndarray, x: float, z: float) -> float:
    """Darkness of the floor under things that come near it."""
    dark = 0.0
    for k in range(spots.shape[0]):
        away = (spots[k, 0] - x) ** 2 + (spots[k, 1] - z) ** 2
        if away < spots[k, 4]:
            dark += spots[k, 3] * math.exp(spots[k, 2] * away)
    return min(dark, 0.7)


@compiled
def _hidden(shadow: Shadow, x: float, y: float, z: float, bias: float) -> float:
    """How much of the sun is taken away at a world point, 0 to 1."""
    moments, place, axes, size = shadow.moments, shadow.place, shadow.axes, shadow.moments.shape[0]
    px, py, pz = x - place[0], y - place[1], z - place[2]
    u = (axes[0, 0] * px + axes[0, 1] * py + axes[0, 2] * pz) * shadow.scale + shadow.middle
    v = (axes[1, 0] * px + axes[1, 1] * py + axes[1, 2] * pz) * shadow.scale + shadow.middle
    if not (0.0 <= u < size - 1 and 0.0 <= v < size - 1):
        return 0.0
    column, row = int(u), int(v)
    right, down = u - column, v - row
    cover = _between(moments, row, column, 0, right, down)
    if cover <= 0.0:
        return 0.0
    mean = _between(moments, row, column, 1, right, down)
    square = _between(moments, row, column, 2, right, down)
    behind = max(axes[2, 0] * px + axes[2, 1] * py + axes[2, 2] * pz - mean - bias, 0.0)
    variance = max(square - mean * mean, 4e-4)
    lit = variance / (variance + behind * behind)
    return min(cover * 1.1, 1.0) * min(max((1 - lit) * 1.25 - 0.1, 0.0), 1.0)


@compiled
def _between(plane: ndarray, row: int, column: int, k: int, right: float, down: float) -> float:
    """Bilinear, from a pixel to its neighbours on the right and below."""
    above, below = plane[row, column, k], plane[row + 1, column, k]
    above += (plane[row, column + 1, k] - above) * right
    below += (plane[row + 1, column + 1, k] - below) * right
    return above + (below - above) * down


@compiled
def _world(rays: Rays, x: int, y: int, depth: float) -> tuple[float, float, float]:
    """The point of a camera's ray at a depth."""
    right, down = (x - rays.center_x) / rays.scale, (y - rays.center_y) / rays.scale
    place, axes = rays.place, rays.axes
    return (
        place[0] + depth * (axes[2, 0] + right * axes[0, 0] + down * axes[1, 0]),
        place[1] + depth * (axes[2, 1] + right * axes[0, 1] + down * axes[1, 1]),
        place[2] + depth * (axes[2, 2] + right * axes[0, 2] + down * axes[1, 2]),
    )


@compiled
def find_world(rays: Rays, depth: Float[ndarray, "H W"], farthest: float, points: Float32[ndarray, "H W 3"]) -> None:
    """Write the world point of every pixel; where depth is greater, that at the farthest."""
    for y in range(depth.shape[0]):
        for x in range(depth.shape[1]):
            points[y, x] = _world(rays, x, y, min(depth[y, x], farthest))


@compiled
def find_pixels(
    points: Float32[ndarray, "H W 3"], rays: Rays, map_x: Float32[ndarray, "H W"], map_y: Float32[ndarray, "H W"]
) -> None:
    """Write where a camera sees world points; those behind it mean nothing."""
    place, axes = rays.place, rays.axes
    for row in range(points.shape[0]):
        for column in range(points.shape[1]):
            x = points[row, column, 0] - place[0]
            y = points[row, column, 1] - place[1]
            z = points[row, column, 2] - place[2]
            over = rays.scale / (axes[2, 0] * x + axes[2, 1] * y + axes[2, 2] * z)
            map_x[row, column] = (axes[0, 0] * x + axes[0, 1] * y + axes[0, 2] * z) * over + rays.center_x
            map_y[row, column] = (axes[1, 0] * x + axes[1, 1] * y + axes[1, 2] * z) * over + rays.center_y


@compiled
def find_in_frames(
    chosen: Int[ndarray, " N"],
    depth: Float[ndarray, "H W"],
    solid: Int16[ndarray, "H W"],
    rays: Rays,
    origins: Float[ndarray, "S 3"],
    axes: Float[ndarray, "S 3 3"],
    points: Float32[ndarray, "3 N"],
) -> None:
    """Write where chosen samples lie in the coordinates of the frames that their solids ride on."""
    width = depth.shape[1]
    for k in range(len(chosen)):
        row, column = chosen[k] // width, chosen[k] % width
        s = solid[row, column]
        x, y, z = _world(rays, column, row, depth[row, column])
        x, y, z = x - origins[s, 0], y - origins[s, 1], z - origins[s, 2]
        for axis in range(3):
            points[axis, k] = axes[s, 0, axis] * x + axes[s, 1, axis] * y + axes[s, 2, axis] * z


@compiled
def shade_samples(
    chosen: Int[ndarray, " N"],
    depth: Float[ndarray, "H W"],
    solid: Int16[ndarray, "H W"],
    normal: Float32[ndarray, "H W 3"],
    reflectance: Float32[ndarray, "3 N"],
    open_sky: Float32[ndarray, " N"],
    gloss: Float[ndarray, " S"],
    rays: Rays,
    lamp: Lamp,
    shadow: Shadow,
    samples: int,
    layer: Float32[ndarray, "H W 4"],
) -> None:
    """Light chosen samples and add them, samples x samples a pixel, to a layer of colour and coverage."""
    width, weight = depth.shape[1], 1.0 / (samples * samples)
    sx, sy, sz = lamp.toward
    for k in range(len(chosen)):
        row, column = chosen[k] // width, chosen[k] % width
        x, y, z = _world(rays, column, row, depth[row, column])
        nx, ny, nz = _unit(normal[row, column, 0], normal[row, column, 1], normal[row, column, 2])
        vx, vy, vz = _unit(rays.place[0] - x, rays.place[1] - y, rays.place[2] - z)
        hx, hy, hz = _unit(vx + sx, vy + sy, vz + sz)
        unhidden = 1 - _hidden(shadow, x + 0.012 * nx, y + 0.012 * ny, z + 0.012 * nz, 0.02)
        sun = min(max((sx * nx + sy * ny + sz * nz) * 0.86 + 0.14, 0.0), 1.0) * unhidden
        upward = 0.5 + 0.5 * ny
        shine = gloss[solid[row, column]] * max(hx * nx + hy * ny + hz * nz, 0.0) ** 24 * unhidden
        rim = 0.16 * (1 - max(vx * nx + vy * ny + vz * nz, 0.0)) ** 3 * upward
        v, u = row // samples, column // samples
        for channel in range(3):
            sky, ground = lamp.sky[channel], lamp.ground[channel]
            around = (ground + (sky - ground) * upward) * open_sky[k]
            lit = reflectance[channel, k] * (around + lamp.sun[channel] * sun)
            layer[v, u, channel] += weight * (lit + lamp.sun[channel] * shine + sky * rim * open_sky[k])
        layer[v, u, 3] += weight


@compiled
def composite(layer: Float32[ndarray, "H W 4"], picture: Float32[ndarray, "H W 3"]) -> None:
    """Put a layer of colour (times coverage) and coverage over a picture, in place."""
    for row in range(layer.shape[0]):
        for column in range(layer.shape[1]):
            covered = layer[row, column, 3]
            if covered > 0.0:
                for channel in range(3):
                    picture[row, column, channel] *= 1 - covered
                    picture[row, column, channel] += layer[row, column, channel]


@compiled
def _unit(x: float, y: float, z: float) -> tuple[float, float, float]:
    size = math.sqrt(x * x + y * y + z * z) + 1e-9
    return x / size, y / size, z / size
