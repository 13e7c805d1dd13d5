"""Compiled loops: where rays intersect solids, floor and walls.

A ray is origin + depth * direction, both linear in the pixel's x and y, so that one code serves the camera (one origin,
depth is the camera's z) and the light (parallel rays). In a solid's own coordinates a ray hits a rounded cone where it
hits one of its two balls or the cone tangent to both: three quadratics. All numbers are doubles: a depth in
millimetres is the same on every machine.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Float32, Int, Int16
from numpy import ndarray

from posecube_studio.compiled import compiled
from posecube_studio.solid import BOX, CONE

_NEAREST_M = 0.02


class Rays(NamedTuple):
    """A lens, as compiled loops take it."""

    place: Float[ndarray, " 3"]
    axes: Float[ndarray, "3 3"]
    scale: float
    center_x: float
    center_y: float
    parallel: bool


class Shapes(NamedTuple):
    """Placed solids, as compiled loops take them.

    Attributes:
        size: Length, radius and end radius of cones.
        blend: Width in metres over which a solid blends with one of its group.
    """

    kind: Int[ndarray, " S"]
    size: Float[ndarray, "S 3"]
    blend: Float[ndarray, " S"]
    group: Int[ndarray, " S"]
    origin: Float[ndarray, "S 3"]
    to_own: Float[ndarray, "S 3 3"]
    normal: Float[ndarray, "S 3 3"]


@compiled
def intersect_solids(
    shapes: Shapes,
    rays: Rays,
    rectangles: Int[ndarray, "S 4"],
    depth: Float[ndarray, "H W"],
    solid: Int16[ndarray, "H W"],
    normal: Float32[ndarray, "H W 3"],
) -> None:
    """Write each solid that lies before what `depth` holds into the three planes.

    Args:
        rectangles: Left, top, right, bottom (ends excluded) of the pixels where a solid may be.
        normal: World directions; of size 0 if they are not wanted, and then nothing blends.
    """
    smooth, group = normal.shape[0] > 0, shapes.group
    for s in range(rectangles.shape[0]):
        origin, direction = _own_rays(shapes, rays, s)
        left, top, right, bottom = rectangles[s]
        kind, blend = shapes.kind[s], shapes.blend[s] if smooth else 0.0
        length, first, last = shapes.size[s]
        slope = (first - last) / length if length > 0.0 else 0.0
        turn = shapes.normal[s]
        for y in range(top, bottom):
            ox0, oy0, oz0 = _in_row(origin, y)
            dx0, dy0, dz0 = _in_row(direction, y)
            ox1, oy1, oz1 = origin[1]
            dx1, dy1, dz1 = direction[1]
            for x in range(left, right):
                ox, oy, oz = ox0 + x * ox1, oy0 + x * oy1, oz0 + x * oz1
                dx, dy, dz = dx0 + x * dx1, dy0 + x * dy1, dz0 + x * dz1
                if kind == CONE:
                    t = _intersect_cone(ox, oy, oz, dx, dy, dz, length, first, last, slope)
                else:
                    t = _intersect_slabs(ox, oy, oz, dx, dy, dz, kind == BOX)
                if not (t > _NEAREST_M and t < depth[y, x] + blend):
                    continue
                if smooth:
                    n = _normal(kind, length, first, slope, turn, ox + t * dx, oy + t * dy, oz + t * dz)
                    _blend(group, s, t, n, blend, y, x, depth, solid, normal)
                else:
                    depth[y, x], solid[y, x] = t, s


@compiled
def _own_rays(shapes: Shapes, rays: Rays, s: int) -> tuple[ndarray, ndarray]:
    """Origin and direction of the rays in a solid's own coordinates: (constant, slope in x, slope in y) by axis."""
    origin, direction = np.zeros((3, 3)), np.zeros((3, 3))
    spread = origin if rays.parallel else direction
    for axis in range(3):
        for k in range(3):
            turn = shapes.to_own[s, axis, k]
            origin[0, axis] += turn * (rays.place[k] - shapes.origin[s, k])
            direction[0, axis] += turn * rays.axes[2, k]
            spread[1, axis] += turn * rays.axes[0, k] / rays.scale
            spread[2, axis] += turn * rays.axes[1, k] / rays.scale
        spread[0, axis] -= spread[1, axis] * rays.center_x + spread[2, axis] * rays.center_y
    return origin, direction


@compiled
def _in_row(line: ndarray, y: int) -> tuple[float, float, float]:
    return line[0, 0] + y * line[2, 0], line[0, 1] + y * line[2, 1], line[0, 2] + y * line[2, 2]


@compiled
def _intersect_cone(
    ox: float,
    oy: float,
    oz: float,
    dx: float,
    dy: float,
    dz: float,
    length: float,
    first: float,
    last: float,
    slope: float,
) -> float:
    """Depth at a ball of radius `first` at the origin, one of radius `last` at y = length, and what spans them."""
    q = dx * dx + dy * dy + dz * dz
    n = ox * dx + oy * dy + oz * dz
    m = ox * ox + oy * oy + oz * oz - first * first
    if length == 0.0:
        return _intersect_ball(q, n, m)
    flat = 1 - slope * slope
    up = oy - slope * first
    a = flat * q - dy * dy
    b = flat * n - dy * up
    side = b * b - a * (flat * m - up * up)  # the squares of the radius cancel in the last factor
    if side > 0.0:
        t = (-b - math.sqrt(side)) / a
        if 0.0 < up + t * dy < flat * length:  # the whole is convex: what is hit here is hit first
            return t
    m_last = m - 2 * length * oy + length * length + first * first - last * last
    return min(_intersect_ball(q, n, m), _intersect_ball(q, n - length * dy, m_last))


@compiled
def _intersect_ball(q: float, n: float, m: float) -> float:
    """The first root of q t t + 2 n t + m."""
    square = n * n - q * m
    return (-n - math.sqrt(square)) / q if square > 0.0 else np.inf


@compiled
def _intersect_slabs(ox: float, oy: float, oz: float, dx: float, dy: float, dz: float, is_box: bool) -> float:
    """Depth at a box, or a flat cylinder along y, that reaches from -1 to 1 along each of its axes."""
    enter, leave = _slab(oy, dy)
    if is_box:
        for o, d in ((ox, dx), (oz, dz)):
            one, two = _slab(o, d)
            enter, leave = max(enter, one), min(leave, two)
    else:
        q, n, m = dx * dx + dz * dz, ox * dx + oz * dz, ox * ox + oz * oz - 1
        square = n * n - q * m
        if square <= 0.0:
            return np.inf
        root = math.sqrt(square)
        enter, leave = max(enter, (-n - root) / q), min(leave, (-n + root) / q)
    return enter if enter < leave else np.inf


@compiled
def _slab(o: float, d: float) -> tuple[float, float]:
    if d == 0.0:
        return (-np.inf, np.inf) if abs(o) <= 1 else (np.inf, -np.inf)
    one, two = (-1 - o) / d, (1 - o) / d
    return min(one, two), max(one, two)


@compiled
def _normal(
    kind: int, length: float, first: float, slope: float, turn: ndarray, x: float, y: float, z: float
) -> tuple[float, float, float]:
    """World direction away from a solid at a point of its surface, given in own coordinates."""
    if kind == CONE:
        if length > 0.0:
            y -= min(max((y - first * slope) / (1 - slope * slope), 0.0), length)
    elif kind == BOX:
        most = max(abs(x), abs(y), abs(z))
        x, y, z = x if abs(x) == most else 0.0, y if abs(y) == most else 0.0, z if abs(z) == most else 0.0
    elif abs(y) > 0.999:
        x = z = 0.0
    else:
        y = 0.0
    nx = turn[0, 0] * x + turn[0, 1] * y + turn[0, 2] * z
    ny = turn[1, 0] * x + turn[1, 1] * y + turn[1, 2] * z
    nz = turn[2, 0] * x + turn[2, 1] * y + turn[2, 2] * z
    over = 1 / (math.sqrt(nx * nx + ny * ny + nz * nz) + 1e-12)
    return nx * over, ny * over, nz * over


@compiled
def _blend(
    group: ndarray,
    s: int,
    t: float,
    n: tuple[float, float, float],
    blend: float,
    y: int,
    x: int,
    depth: ndarray,
    solid: ndarray,
    normal: ndarray,
) -> None:
    """The nearer surface wins; within the blend width depth and normal pass smoothly from one to the other."""
    before, other = depth[y, x], solid[y, x]
    wins, part = t < before, 1.0
    if other >= 0 and abs(t - before) < blend and group[other] == group[s]:
        part = 0.5 + 0.5 * (before - t) / blend
        t = before + (t - before) * part - blend * part * (1 - part)
    elif not wins:
        return
    depth[y, x] = t
    normal[y, x, 0] += (n[0] - normal[y, x, 0]) * part
    normal[y, x, 1] += (n[1] - normal[y, x, 1]) * part
    normal[y, x, 2] += (n[2] - normal[y, x, 2]) * part
    if wins:
        solid[y, x] = s


@compiled
def intersect_room(
    rays: Rays,
    half_x: float,
    half_z: float,
    ceiling: float,
    far: float,
    depth: Float[ndarray, "H W"],
    floor: Bool[ndarray, "H W"],
) -> None:
    """Fill depth with that of the floor y = 0, of four walls and of a ceiling; infinite from `far` on.

    A wall that the eye stands behind is not there.

    Args:
        ceiling: Its height; 0 is outdoors, without walls.
        floor: Becomes true where the floor is seen.
    """
    walls = ((0, half_x), (2, half_z), (1, ceiling))
    d = np.empty(3)
    for y in range(depth.shape[0]):
        down = (y - rays.center_y) / rays.scale
        for x in range(depth.shape[1]):
            right = (x - rays.center_x) / rays.scale
            for k in range(3):
                d[k] = rays.axes[2, k] + right * rays.axes[0, k] + down * rays.axes[1, k]
            to_floor = -rays.place[1] / d[1] if d[1] < 0.0 else np.inf
            nearest = to_floor
            if ceiling > 0.0:
                for axis, reach in walls:
                    if d[axis] != 0.0 and (axis != 1 or d[axis] > 0.0):
                        t = (math.copysign(reach, d[axis]) - rays.place[axis]) / d[axis]
                        nearest = min(nearest, t) if t > 0.0 else nearest
            known = 0.0 < nearest < far
            depth[y, x] = nearest if known else np.inf
            floor[y, x] = known and nearest == to_floor
