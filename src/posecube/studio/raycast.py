"""Solids to surfaces: exact ray intersection, vectorised over the pixels of each solid's own rectangle.

Every ray is origin + depth * direction, both linear in the pixel's x and y, so that one code serves the camera (one
origin, depth is the camera's z) and the light (parallel rays). In a solid's own coordinates a ray meets a rounded cone
where it meets one of its two balls or the cone tangent to both: three quadratics whose coefficients are polynomials of
x and y over the rectangle.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, Int16
from numpy import ndarray

from posecube.studio.solid import BOX, CONE, PlacedSolids, Solid

Paint = Callable[[Solid, Float32[ndarray, "3 N"]], Float32[ndarray, "3 N"]]

_NONE = np.int16(-1)


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


@dataclass
class Surface:
    """What each ray of a raster window meets first; where it meets nothing, depth is infinite and solid is -1.

    Attributes:
        corner_xy: Top left pixel of the window in the raster.
        depth: Along the lens's forward axis, metres.
        normal: World directions, axes first; present if asked for.
        colour: Linear RGB, channels first; present if asked for.
    """

    corner_xy: tuple[int, int]
    depth: Float32[ndarray, "H W"]
    solid: Int16[ndarray, "H W"]
    normal: Float32[ndarray, "3 H W"] | None = None
    colour: Float32[ndarray, "3 H W"] | None = None


def cast(placed: PlacedSolids, lens: Lens, *, paint: Paint | None = None) -> Surface:
    """Meet every solid with the rays of its rectangle and keep the nearest.

    Args:
        paint: Colours points of a solid, given in its frame's coordinates; None leaves out normals and colours, and
            with them the solids that cast no shadow.
    """
    rectangles = _rectangles(placed, lens)
    known = [index for index, rectangle in enumerate(rectangles) if rectangle is not None]
    if paint is None:
        known = [index for index in known if placed.solids[index].cast_shadow or not lens.parallel]
    if not known:
        return _empty((0, 0), (1, 1), shaded=paint is not None)
    bounds = np.array([rectangles[index] for index in known])
    left, top = bounds[:, :2].min(axis=0)
    right, bottom = bounds[:, 2:].max(axis=0)
    surface = _empty((int(left), int(top)), (int(bottom - top), int(right - left)), shaded=paint is not None)
    rays = _own_rays(placed, lens, rectangles)
    for index in known:
        _cast_one(placed, index, rays, rectangles[index], surface, paint)
    return surface


def _empty(corner_xy: tuple[int, int], size_hw: tuple[int, int], *, shaded: bool) -> Surface:
    depth = np.full(size_hw, np.inf, dtype=np.float32)
    solid = np.full(size_hw, _NONE)
    if not shaded:
        return Surface(corner_xy, depth, solid)
    return Surface(corner_xy, depth, solid, np.zeros((3, *size_hw), np.float32), np.zeros((3, *size_hw), np.float32))


def _rectangles(placed: PlacedSolids, lens: Lens) -> list[tuple[int, int, int, int] | None]:
    """Pixel rectangle (left, top, right, bottom; ends excluded) of each solid, None where it is out of view."""
    low, high = np.empty((len(placed.solids), 3)), np.empty((len(placed.solids), 3))
    for index, solid in enumerate(placed.solids):
        wide = max(solid.radius, solid.end_radius) if solid.kind == CONE else 1.0
        low[index] = (-wide, -solid.radius if solid.kind == CONE else -1.0, -wide)
        high[index] = (wide, solid.length + solid.end_radius if solid.kind == CONE else 1.0, wide)
    picks = np.array([[(corner >> axis) & 1 for axis in range(3)] for corner in range(8)], dtype=bool)
    corners = np.where(picks[None], high[:, None], low[:, None])
    world = placed.origins_m[:, None] + np.einsum("sij,scj->sci", placed.to_world, corners)
    pixels, depth = lens.project(world)
    first = np.floor(pixels.min(axis=1)).astype(np.int64)
    last = np.ceil(pixels.max(axis=1)).astype(np.int64) + 1
    first = np.maximum(first, 0)
    last = np.minimum(last, np.array(lens.size_hw[::-1]))
    seen = (first < last).all(axis=1) & (lens.parallel | (depth.min(axis=1) > 0.05))
    return [
        (int(f[0]), int(f[1]), int(end[0]), int(end[1])) if ok else None
        for f, end, ok in zip(first, last, seen, strict=True)
    ]


def _cast_one(
    placed: PlacedSolids,
    index: int,
    rays: _Rays,
    rectangle: tuple[int, int, int, int] | None,
    surface: Surface,
    paint: Paint | None,
) -> None:
    assert rectangle is not None, "only solids in view are cast"
    left, top, right, bottom = rectangle
    solid = placed.solids[index]
    x = np.arange(left, right, dtype=np.float32) - np.float32((left + right - 1) / 2)
    y = np.arange(top, bottom, dtype=np.float32) - np.float32((top + bottom - 1) / 2)
    rows, columns, depth = (_meet_cone if solid.kind == CONE else _meet_slabs)(solid, rays, index, x, y)
    if not len(rows):
        return
    window = surface.depth.shape[1]
    flat = (rows + (top - surface.corner_xy[1])) * window + (columns + (left - surface.corner_xy[0]))
    total = depth + np.float32(rays.start[index])
    before = surface.depth.ravel()[flat]
    near = (total < before + np.float32(solid.blend_m if paint else 0)) & (total > 0.02)
    if not near.all():
        flat, total, before, depth = flat[near], total[near], before[near], depth[near]
        rows, columns = rows[near], columns[near]
    if paint is None:
        surface.depth.ravel()[flat] = total
        surface.solid.ravel()[flat] = index
        return
    own = rays.at(index, x[columns], y[rows], depth)
    normal = _normals(placed, index, own)
    colour = paint(solid, _in_frame(solid, own))
    _merge(surface, index, flat, total, before, normal, colour, solid.blend_m)


def _merge(
    surface: Surface,
    index: int,
    flat: ndarray,
    depth: ndarray,
    before: ndarray,
    normal: ndarray,
    colour: ndarray,
    blend_m: float,
) -> None:
    """Write the nearer surface; within the blend width depth and normal pass smoothly from one to the other."""
    assert surface.normal is not None and surface.colour is not None, "merging needs the shaded planes"
    wins = depth < before
    normals, colours = surface.normal.reshape(3, -1), surface.colour.reshape(3, -1)
    solids = surface.solid.ravel()
    if blend_m > 0:
        close = np.flatnonzero(np.abs(depth - before) < blend_m)
        if len(close):
            where = flat[close]
            part = 0.5 + 0.5 * (before[close] - depth[close]) / np.float32(blend_m)
            normal[:, close] = normals[:, where] + (normal[:, close] - normals[:, where]) * part
            smooth = before[close] + (depth[close] - before[close]) * part
            depth[close] = smooth - np.float32(blend_m) * part * (1 - part)
            losers = close[~wins[close]]
            surface.depth.ravel()[flat[losers]] = depth[losers]
            normals[:, flat[losers]] = normal[:, losers]
    if not wins.all():
        flat, depth, normal, colour = flat[wins], depth[wins], normal[:, wins], colour[:, wins]
    surface.depth.ravel()[flat] = depth
    solids[flat] = index
    normals[:, flat] = normal
    colours[:, flat] = colour


@dataclass(frozen=True)
class _Rays:
    """Rays in the own coordinates of S solids: origin + depth * direction.

    Linear forms are stored as (constant, slope in x, slope in y), products of two as coefficients of
    (1, x, y, xx, xy, yy); x and y count from the middle of each solid's rectangle.
    """

    origin: Float32[ndarray, "S 3 3"]
    direction: Float32[ndarray, "S 3 3"]
    start: Float[ndarray, " S"]  # depth in metres at which `origin` lies: near the solid, for precision
    along_along: Float32[ndarray, "S 6"]  # direction . direction
    away_along: Float32[ndarray, "S 6"]  # origin . direction
    away_away: Float32[ndarray, "S 6"]  # origin . origin
    parallel: bool

    def at(self, index: int, x: ndarray, y: ndarray, depth: ndarray) -> Float32[ndarray, "3 N"]:
        """Points along one solid's rays."""
        origin, direction = self.origin[index], self.direction[index]
        points = np.empty((3, len(x)), dtype=np.float32)
        for axis in range(3):
            along = direction[0, axis] if self.parallel else _line_over(direction[:, axis], x, y)
            points[axis] = depth * along
            points[axis] += _line_over(origin[:, axis], x, y)
        return points


def _own_rays(placed: PlacedSolids, lens: Lens, rectangles: list[tuple[int, int, int, int] | None]) -> _Rays:
    middle = np.array([_middle(rectangle) for rectangle in rectangles])
    to_own = placed.to_own @ lens.axes.T
    offset = (placed.origins_m - lens.place_m) @ lens.axes.T
    start = offset[:, 2].copy()
    across = np.zeros((len(middle), 3, 3))
    across[:, 0, :2] = (middle - np.array(lens.center_xy)) / lens.scale
    across[:, 1, 0] = across[:, 2, 1] = 1 / lens.scale
    forward = np.zeros_like(across)
    forward[:, 0, 2] = 1
    direction = forward if lens.parallel else across + forward
    origin = across + start[:, None, None] * forward if lens.parallel else start[:, None, None] * direction
    origin[:, 0] -= offset
    turn = to_own.transpose(0, 2, 1)
    origin, direction = origin @ turn, direction @ turn
    return _Rays(
        origin.astype(np.float32),
        direction.astype(np.float32),
        start,
        _products(direction, direction),
        _products(origin, direction),
        _products(origin, origin),
        lens.parallel,
    )


def _middle(rectangle: tuple[int, int, int, int] | None) -> tuple[float, float]:
    if rectangle is None:
        return 0.0, 0.0
    left, top, right, bottom = rectangle
    return (left + right - 1) / 2, (top + bottom - 1) / 2


def _products(first: Float[ndarray, "S 3 3"], second: Float[ndarray, "S 3 3"]) -> Float32[ndarray, "S 6"]:
    """Coefficients of the dot product of two linear forms."""
    table = first @ second.transpose(0, 2, 1)
    parts = (table[:, 0, 0], table[:, 0, 1] + table[:, 1, 0], table[:, 0, 2] + table[:, 2, 0])
    squares = (table[:, 1, 1], table[:, 1, 2] + table[:, 2, 1], table[:, 2, 2])
    return np.stack(parts + squares, axis=-1).astype(np.float32)


def _line_over(c: ndarray, x: ndarray, y: ndarray) -> ndarray:
    """A linear form at pixels, or over a rectangle if y is a column."""
    return (x * c[1] + c[0]) + y * c[2]


def _square_over(c: ndarray, x: ndarray, y: ndarray) -> ndarray:
    """A quadratic form over a rectangle; x is a row, y a column."""
    values = (c[0] + x * (c[1] + x * c[3])) + y * (c[2] + y * c[5])
    values += (c[4] * y) * x
    return values


def _meet_cone(solid: Solid, rays: _Rays, index: int, x: ndarray, y: ndarray) -> tuple[ndarray, ndarray, ndarray]:
    """Nearest meeting with a rounded cone: rows and columns of the rectangle, and depth from the rays' start."""
    first, last = solid.radius, solid.end_radius
    x, y = x[None, :], y[:, None]
    q = rays.along_along[index, 0] if rays.parallel else _square_over(rays.along_along[index], x, y)
    n = (_line_over if rays.parallel else _square_over)(rays.away_along[index], x, y)
    m = _square_over(rays.away_away[index], x, y)
    m -= np.float32(first**2)
    disc = n * n - q * m
    if solid.length == 0:
        rows, columns = np.nonzero(disc > 0)
        depth = (-n[rows, columns] - np.sqrt(disc[rows, columns])) / _pick(q, rows, columns)
        return rows, columns, depth
    length, slope = np.float32(solid.length), (first - last) / solid.length
    assert abs(slope) < 1, "one end of a rounded cone lies within the other"
    direction, origin = rays.direction[index, :, 1], rays.origin[index, :, 1]
    dy = direction[0] if rays.parallel else _line_over(direction, x, y)
    oy = _line_over(origin, x, y)
    m_last = m - (2 * length) * oy
    m_last += np.float32(solid.length**2 + first**2 - last**2)
    n_last = n - length * dy
    disc_last = n_last * n_last - q * m_last
    flat2 = np.float32(1 - slope**2)
    oy -= np.float32(slope * first)
    a = flat2 * q - dy * dy
    b = flat2 * n - dy * oy
    disc_side = b * b - a * (flat2 * m - oy * oy)  # the squares of the radius cancel in the last factor
    rows, columns = np.nonzero(np.maximum(np.maximum(disc, disc_last), disc_side) > 0)
    q1, depth = _pick(q, rows, columns), np.full(len(rows), np.inf, dtype=np.float32)
    with np.errstate(invalid="ignore", divide="ignore"):
        for ball_n, ball_disc in ((n, disc), (n_last, disc_last)):
            np.fmin(depth, (-ball_n[rows, columns] - np.sqrt(ball_disc[rows, columns])) / q1, out=depth)
        side = (-b[rows, columns] - np.sqrt(disc_side[rows, columns])) / _pick(a, rows, columns)
        height = oy[rows, columns] + side * _pick(dy, rows, columns)
        np.fmin(depth, np.where((height > 0) & (height < flat2 * length), side, np.inf), out=depth)
    met = np.isfinite(depth)
    return (rows, columns, depth) if met.all() else (rows[met], columns[met], depth[met])


def _pick(values: ndarray, rows: ndarray, columns: ndarray) -> ndarray:
    """Values at pixels; a scalar is the same everywhere."""
    return values[rows, columns] if np.ndim(values) else values


def _meet_slabs(solid: Solid, rays: _Rays, index: int, x: ndarray, y: ndarray) -> tuple[ndarray, ndarray, ndarray]:
    """Nearest meeting with a box, or a flat cylinder along y, that reaches from -1 to 1 along each of its axes."""
    x, y = x[None, :], y[:, None]
    shape = (y.shape[0], x.shape[1])
    enter, leave = np.full(shape, -np.inf, dtype=np.float32), np.full(shape, np.inf, dtype=np.float32)
    lines = [
        (_line_over(rays.origin[index, :, axis], x, y), _line_over(rays.direction[index, :, axis], x, y))
        for axis in range(3)
    ]
    with np.errstate(invalid="ignore", divide="ignore"):
        for o, d in lines if solid.kind == BOX else lines[1:2]:
            one, two = (-1 - o) / d, (1 - o) / d
            enter, leave = np.maximum(enter, np.minimum(one, two)), np.minimum(leave, np.maximum(one, two))
        if solid.kind != BOX:
            (ox, dx), (oz, dz) = lines[0], lines[2]
            q, n, m = dx * dx + dz * dz, ox * dx + oz * dz, ox * ox + oz * oz - 1
            root = np.sqrt(n * n - q * m)
            enter, leave = np.maximum(enter, (-n - root) / q), np.minimum(leave, (-n + root) / q)
        rows, columns = np.nonzero(enter < leave)
    return rows, columns, enter[rows, columns]


def _normals(placed: PlacedSolids, index: int, own: ndarray) -> Float32[ndarray, "3 N"]:
    solid = placed.solids[index]
    if solid.kind == CONE:
        normal = own.copy()
        if solid.length:
            slope = (solid.radius - solid.end_radius) / solid.length
            center = (own[1] - np.float32(solid.radius * slope)) / np.float32(1 - slope**2)
            normal[1] -= np.clip(center, 0, np.float32(solid.length))
    elif solid.kind == BOX:
        size = np.abs(own)
        normal = np.where(size == size.max(axis=0), own, 0)
    else:
        flat = np.abs(own[1]) > 0.999
        normal = np.stack([np.where(flat, 0, own[0]), np.where(flat, own[1], 0), np.where(flat, 0, own[2])])
    world = placed.normals[index].astype(np.float32) @ normal
    world /= np.sqrt(np.einsum("in,in->n", world, world)) + np.float32(1e-12)
    return world


def _in_frame(solid: Solid, own: ndarray) -> Float32[ndarray, "3 N"]:
    """Own points in the coordinates of the frame the solid rides on."""
    matrix = (np.asarray(solid.axes) * np.asarray(solid.scale)).astype(np.float32)
    return matrix @ own + np.array(solid.origin, dtype=np.float32)[:, None]
