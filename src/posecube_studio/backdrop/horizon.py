"""Far points in the open: sky, clouds, a line of trees, perhaps houses or a fence; a function of direction alone."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from posecube_studio.backdrop.pattern import Tone, line, mix
from posecube_studio.backdrop.place import Colours, Noise, Painting, Points
from posecube_studio.backdrop.taste import Taste

_ROUND = 64  # units of angle around the horizon: a power of two, so that noise closes without a seam


def paint_horizon(taste: Taste, *, wall: Tone | None = None) -> Painting:
    """What is far away.

    Args:
        wall: Tone of a fence before the trees.
    """
    zenith, haze = (
        taste.tone("6fa5dc", "8fb2d4", "a9b4bd", "7d9cc4"),
        taste.tone("cfe3f4", "dde3e8", "e6e2d8", spread=0.05),
    )
    cloudy, clouds = taste.number(0.52, 0.38, 0.6), taste.tone("ffffff", spread=0.05)
    dark_leaf, leaf = taste.tone("2c4a27", "33452b", "3a4a34"), taste.tone("5c8446", "6d8450", "7d8a55", "5a7652")
    low, rise = taste.number(0.10, 0.06, 0.13), taste.number(0.09, 0.05, 0.13)

    def paint(noise: Noise, points: Points) -> Colours:
        reach = np.hypot(points[0], points[2])
        height = points[1] / reach
        angle = np.arctan2(points[0], points[2]) * np.float32(_ROUND / (2 * np.pi))
        veil = noise.at(angle * 0.5, height * 14, octaves=4, around=_ROUND // 2)
        sky = mix(mix(haze, zenith, height * 2.2), clouds, (veil - cloudy) * 2.2 * np.clip(height * 5, 0, 1))
        top = low + rise * noise.at(angle, angle * 0 + 3, octaves=4, around=_ROUND)
        foliage = noise.at(angle * 8, height * 110, octaves=3)
        trees = mix(dark_leaf, leaf, foliage * 1.3 - 0.2 + (height - 0.05) * 2)
        colour = mix(sky * np.float32(1.15), trees, np.clip((top - height) / 0.006, 0, 1))
        return colour if wall is None else _fenced(colour, wall, noise, angle, height)

    return paint


def _fenced(colour: Colours, wall: Tone, noise: Noise, angle: ndarray, height: ndarray) -> Colours:
    posts = line((angle % 2.0) - 1, 0.03, 0.01)
    mesh = mix(wall, "22372f", 0.25 * noise.at(angle * 32, height * 200) + 0.5 * posts)
    return mix(colour, mesh, np.clip((0.085 - height) / 0.002, 0, 1))
