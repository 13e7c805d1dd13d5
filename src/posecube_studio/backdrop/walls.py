"""Walls and ceiling of a room, unrolled: each wall is a pattern with panels on it.

Sides are 0 behind an actor who faces +z, 1 at x = -a, 2 at z = +b, 3 at x = +a. On each the first coordinate runs from
left to right as one sees it from inside, zero in the middle; the second is the height.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from posecube_studio.backdrop.pattern import Pattern, Tone, edge, mix
from posecube_studio.backdrop.place import Colours, Painting, Points, SurfaceNoise

NUM_SIDES = 4
_CEILING = 4
_CORNER_M = 0.45  # width over which light fades into a corner

Drawing = Callable[[SurfaceNoise, ndarray, ndarray], Colours]  # right and up from the panel's lower middle, metres


@dataclass(frozen=True)
class WallPanel:
    """Something flat on a wall; see the module's text for sides and coordinates."""

    side: int
    middle_m: float
    half_m: float
    low_m: float
    high_m: float
    draw: Drawing

    def lay(self, colour: Colours, noise: SurfaceNoise, along: ndarray, up: ndarray) -> None:
        across = along - np.float32(self.middle_m)
        inside = np.flatnonzero((np.abs(across) < self.half_m) & (up > self.low_m) & (up < self.high_m))
        if len(inside):
            colour[:, inside] = self.draw(noise, across[inside], up[inside] - np.float32(self.low_m))


def paint_walls(
    room_m: tuple[float, float, float],
    wall: Pattern | Sequence[Pattern],
    *,
    panels: Sequence[WallPanel] = (),
    skirting: tuple[Tone, float] | None = ("efece4", 0.09),
    ceiling: Pattern,
    strength: Sequence[float] = (1.0, 0.93, 0.96, 0.97),
) -> Painting:
    """The painting of a whole room's walls and ceiling.

    Args:
        wall: One pattern for all sides, or one for each.
        skirting: Tone and height of the board along the floor.
        strength: How much light falls on each side.
    """
    walls = [wall] * NUM_SIDES if callable(wall) else list(wall)

    def paint_side(noise: SurfaceNoise, side: int, along: ndarray, up: ndarray) -> Colours:
        colour = walls[side](noise, along + np.float32(11 * side), up)
        if skirting is not None:
            colour = mix(colour, skirting[0], edge(skirting[1] - up))
        for panel in panels:
            if panel.side == side:
                panel.lay(colour, noise, along, up)
        half = room_m[0] if side % 2 == 0 else room_m[1]
        corner = np.clip(1 - (half - np.abs(along)) / _CORNER_M, 0, 1)
        top = np.clip(1 - (room_m[2] - up) / _CORNER_M, 0, 1)
        shade = 0.16 * corner * corner + 0.10 * top * top
        return colour * (np.float32(strength[side]) * (1 - shade)).astype(np.float32)

    def paint(noise: SurfaceNoise, points: Points) -> Colours:
        points = points.astype(np.float32, copy=False)
        colour = np.empty_like(points)
        sides = _sides(points, room_m)
        for side in range(NUM_SIDES):
            here = np.flatnonzero(sides == side)
            if len(here):
                colour[:, here] = paint_side(noise, side, *_unrolled(points[:, here], side))
        above = np.flatnonzero(sides == _CEILING)
        if len(above):
            colour[:, above] = ceiling(noise, points[0, above], points[2, above])
        return colour

    return paint


def _sides(points: Points, room_m: tuple[float, float, float]) -> ndarray:
    """Which side (or the ceiling) each point lies on: the plane that is nearest."""
    x, y, z = points
    to_x, to_z, to_top = np.abs(np.abs(x) - room_m[0]), np.abs(np.abs(z) - room_m[1]), np.abs(y - room_m[2])
    wall = np.where(to_x < to_z, np.where(x < 0, 1, 3), np.where(z < 0, 0, 2))
    return np.where(to_top < np.minimum(to_x, to_z), _CEILING, wall).astype(np.int8)


def _unrolled(points: Points, side: int) -> tuple[ndarray, ndarray]:
    x, y, z = points
    return (x, -z, -x, z)[side], y


def stand_at(side: int, room_m: tuple[float, float, float]) -> tuple[ndarray, ndarray]:
    """Axes (columns: right, up, into the room) and foot of a side's middle, for what stands along it."""
    right = np.array([(1, 0, 0), (0, 0, -1), (-1, 0, 0), (0, 0, 1)][side], dtype=np.float64)
    up = np.array([0.0, 1.0, 0.0])
    inwards = np.cross(right, up)
    half = room_m[1] if side % 2 == 0 else room_m[0]
    return np.stack([right, up, inwards], axis=1), -half * inwards
