"""What floors and walls are made of: boards, tiles, carpet, stone, grass, bricks; all functions of two coordinates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy import ndarray

from posecube_studio.backdrop.place import Colours, Painting, Points, SurfaceNoise
from posecube_studio.solid import Colour
from posecube_studio.subject import linear

Tone = str | Colour | ndarray  # sRGB as in a web page, linear, or linear for each point (3, N)
Pattern = Callable[[SurfaceNoise, ndarray, ndarray], Colours]  # over a plane's two coordinates, metres


def mix(low: Tone, high: Tone, amount: ndarray) -> Colours:
    """From the first tone (amount 0) to the second (1)."""
    first, second = _spread(low), _spread(high)
    return first + (second - first) * np.clip(amount, 0, 1).astype(np.float32)


def _spread(tone: Tone) -> ndarray:
    if isinstance(tone, ndarray):
        return tone
    return np.array(linear(tone) if isinstance(tone, str) else tone, dtype=np.float32)[:, None]


def line(distance: ndarray, half_width: float, soft: float = 0.006) -> ndarray:
    """1 on a line, 0 beside it."""
    return np.clip((half_width - np.abs(distance)) / soft + 0.5, 0, 1)


def edge(inside: ndarray, soft: float = 0.004) -> ndarray:
    """1 where the distance inwards is positive, 0 outside, with a ramp between."""
    return np.clip(inside / np.float32(soft) + np.float32(0.5), 0, 1)


def on_floor(pattern: Pattern) -> Painting:
    """A pattern laid on the floor."""
    return lambda noise, points: pattern(noise, points[0], points[2])


def planks(light: Tone, dark: Tone, *, width_m: float, length_m: float) -> Pattern:
    """Boards along the second coordinate."""

    def paint(noise: SurfaceNoise, x: ndarray, z: ndarray) -> Colours:
        row = np.floor(x / width_m)
        along = z / length_m + noise.cell(row, row * 0 + 7) * 3
        tone = noise.cell(row, np.floor(along))
        grain = noise.at(x * 60, z * 3 + row * 9, octaves=2)
        beside = line(x / width_m - np.round(x / width_m), 0.012, 0.02)
        seam = np.maximum(beside, line(along - np.round(along), 0.0016, 0.002))
        return mix(light, dark, 0.6 * tone + 0.5 * grain - 0.1) * (1 - 0.45 * seam).astype(np.float32)

    return paint


def tiles(light: Tone, dark: Tone, *, side_m: float, joint: Tone, joint_m: float = 0.004) -> Pattern:
    """Square tiles, each of its own tone."""

    def paint(noise: SurfaceNoise, x: ndarray, z: ndarray) -> Colours:
        column, row = np.floor(x / side_m), np.floor(z / side_m)
        to_joint = np.minimum(_to_edge(x, column, side_m), _to_edge(z, row, side_m))
        tone = 0.6 * noise.cell(column, row) + 0.4 * noise.at(x * 5, z * 5)
        return mix(joint, mix(light, dark, tone), edge(to_joint - joint_m))

    return paint


def _to_edge(x: ndarray, index: ndarray, side_m: float) -> ndarray:
    inside = x - index * np.float32(side_m)
    return np.minimum(inside, side_m - inside)


def bricks(light: Tone, dark: Tone, *, joint: Tone, wide_m: float = 0.24, high_m: float = 0.083) -> Pattern:
    """Courses of bricks, every other one shifted by half a brick; painted ones if tones and joint are alike."""

    def paint(noise: SurfaceNoise, x: ndarray, y: ndarray) -> Colours:
        row = np.floor(y / high_m)
        shifted = x + (row % 2) * np.float32(wide_m / 2)
        column = np.floor(shifted / wide_m)
        to_joint = np.minimum(_to_edge(shifted, column, wide_m), _to_edge(y, row, high_m))
        return mix(joint, mix(light, dark, noise.cell(column, row + 31)), edge(to_joint - 0.006, 0.006))

    return paint


def fleece(light: Tone, dark: Tone) -> Pattern:
    """Carpet: fine fibres over trodden patches."""
    return lambda noise, x, z: mix(light, dark, 0.65 * noise.at(x * 85, z * 85) + 0.35 * noise.at(x * 1.3, z * 1.3))


def terrazzo(base: Tone, fleck: Tone, *, grain: float = 45.0) -> Pattern:
    """Linoleum or ground stone: flecks, and large faint clouds."""

    def paint(noise: SurfaceNoise, x: ndarray, z: ndarray) -> Colours:
        flecks = np.clip((noise.at(x * grain, z * grain) - 0.62) * 6, 0, 1)
        return mix(base, fleck, 0.7 * flecks + 0.22 * noise.at(x * 0.8, z * 0.8))

    return paint


def plaster(tone: Tone, *, depth: float = 0.05) -> Pattern:
    """A painted wall, nearly even."""

    def paint(noise: SurfaceNoise, x: ndarray, y: ndarray) -> Colours:
        cloud = noise.at(x * 0.7, y * 0.7, octaves=2) - np.float32(0.5)
        return _spread(tone) * (1 + np.float32(2 * depth) * cloud)

    return paint


def concrete(light: Tone, dark: Tone, *, joint_m: float | None = None) -> Pattern:
    """Poured floor or pavement, stained; with joints it is paving."""

    def paint(noise: SurfaceNoise, x: ndarray, z: ndarray) -> Colours:
        colour = mix(light, dark, 0.6 * noise.at(x * 0.9, z * 0.9, octaves=3) + 0.4 * noise.at(x * 55, z * 55))
        if joint_m is None:
            return colour
        gap = np.minimum(*(np.abs(at / joint_m - np.round(at / joint_m)) * joint_m for at in (x, z)))
        return colour * (1 - 0.4 * line(gap, 0.008, 0.012)).astype(np.float32)

    return paint


def wallpaper(tone: Tone, second: Tone, *, stripe_m: float) -> Pattern:
    """Two close tones in upright stripes."""

    def paint(noise: SurfaceNoise, x: ndarray, y: ndarray) -> Colours:
        inside = np.abs(x / stripe_m - np.round(x / stripe_m)) * stripe_m
        return mix(tone, second, edge(inside - stripe_m / 4, 0.01) * (0.85 + 0.15 * noise.at(x * 2, y * 2)))

    return paint


def dado(lower: Pattern, upper: Pattern, *, high_m: float, rail: Tone, rail_m: float = 0.03) -> Pattern:
    """A wall in two parts with a rail between."""

    def paint(noise: SurfaceNoise, x: ndarray, y: ndarray) -> Colours:
        colour = np.where(y < high_m, lower(noise, x, y), upper(noise, x, y))
        return mix(colour, rail, line(y - high_m, rail_m))

    return paint


def with_rug(floor: Pattern, pile: Pattern, border: Tone, *, half_m: tuple[float, float]) -> Pattern:
    """A rug in the middle, with a line along its border."""

    def paint(noise: SurfaceNoise, x: ndarray, z: ndarray) -> Colours:
        reach = np.maximum(np.abs(x) / half_m[0], np.abs(z) / half_m[1])
        rug = mix(pile(noise, x, z), border, line(reach - 0.88, 0.02, 0.01))
        return mix(floor(noise, x, z), rug, edge(1 - reach, 0.006))

    return paint


def grass(noise: SurfaceNoise, points: Points, *, low: Tone = "3f7a2c", high: Tone = "5c9a3f", worn: Tone = "7fae52",
          mown: float = 0.25) -> Colours:  # fmt: skip
    """A lawn.

    Args:
        mown: Strength of the mower's stripes.
    """
    x, z = points[0], points[2]
    blade = noise.at(x * 40, z * 40, octaves=3)
    patch = noise.at(x * 0.6, z * 0.6, octaves=3)
    stripe = 0.5 + 0.5 * np.tanh(6 * np.sin(x * 2.2)) if mown else np.float32(0.5)
    return mix(mix(low, high, 0.75 * blade + mown * stripe), worn, 0.35 * patch)
