"""Motion blur along optical flow, compiled: what rests costs nothing, what moves is looked up along its way.

Each pixel is blurred along its own way; then what moves farther and passes over the pixel covers it for its share of
the time.

Source: two looks, along the pixel's own way and along the strongest way around it, after Guertin et al. 2014, a fast
and stable feature-aware motion blur filter; here the second look only adds what passes over.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube_studio.compiled import compiled

Real = Any  # a float32 that numba infers
Colour = tuple[Real, Real, Real]

_STEP_PX = np.float32(1.0)  # between the looks along a way
_FEWEST_LOOKS, _MOST_LOOKS = 3, 16
_RESTS_PX = np.float32(0.1)


def blur(
    linear_rgb: Float32[ndarray, "H W 3"], flow_px: Float32[ndarray, "H W 2"], *, shutter: float
) -> Float32[ndarray, "H W 3"]:
    """Motion blur of a frame along its optical flow, open half of the time before it and half after.

    So the joints' true places are in the middle of their streaks. What moves is blurred along its own way; then what
    is next to something that moves more is covered by it for the part of the time in which it passes.

    Args:
        flow_px: How far each pixel moves from this frame to the next, x and y; finite.
        shutter: Share of the time between two frames for which the shutter is open; 0 gives the picture itself.
    """
    way = np.asarray(flow_px * np.float32(shutter / 2), dtype=np.float32)
    reach = float(np.sqrt(np.einsum("hwc,hwc->hw", way, way).max()))
    assert np.isfinite(reach), "motion blur needs a finite flow for every pixel"
    if reach < _RESTS_PX:
        return linear_rgb
    tile = max(2, int(np.ceil(reach)))
    blurred = np.empty_like(linear_rgb)
    _blur_all(np.ascontiguousarray(linear_rgb), way, _strongest(way, tile), tile, blurred)
    return blurred


@compiled
def _blur_all(image: ndarray, way: ndarray, strongest: ndarray, tile: int, blurred: ndarray) -> None:
    height, width, _ = image.shape
    for y in range(height):
        for x in range(width):
            dx, dy = way[y, x]
            length = np.sqrt(dx * dx + dy * dy)
            colour = (image[y, x, 0], image[y, x, 1], image[y, x, 2])
            if length > _RESTS_PX:
                colour = _along(image, x, y, dx, dy, length)
            dx, dy, farthest = strongest[y // tile, x // tile]
            if farthest > length + np.float32(0.5):
                colour = _passed(image, way, x, y, dx, dy, farthest, colour)
            blurred[y, x, 0], blurred[y, x, 1], blurred[y, x, 2] = colour


@compiled
def _along(image: ndarray, x: int, y: int, dx: Real, dy: Real, length: Real) -> Colour:
    """Average colour of what the pixel's own surface passes over, the surface itself included."""
    red, green, blue = np.float32(0), np.float32(0), np.float32(0)
    looks = _looks(length)
    for look in range(looks):
        moment = _moment(look, looks)
        r, g, b = _colour(image, x + dx * moment, y + dy * moment)
        red, green, blue = red + r, green + g, blue + b
    share = np.float32(1) / np.float32(looks)
    return red * share, green * share, blue * share


@compiled
def _passed(image: ndarray, way: ndarray, x: int, y: int, dx: Real, dy: Real, farthest: Real, own: Colour) -> Colour:
    """Colour of a pixel beside something that moves: its own, but while the other is there."""
    height, width, _ = image.shape
    red, green, blue = np.float32(0), np.float32(0), np.float32(0)
    looks = _looks(farthest)
    for look in range(looks):
        moment = _moment(look, looks)
        at_x, at_y = x + dx * moment, y + dy * moment
        column = min(max(int(at_x + np.float32(0.5)), 0), width - 1)
        row = min(max(int(at_y + np.float32(0.5)), 0), height - 1)
        moves_x, moves_y = way[row, column]
        comes = np.sqrt(moves_x * moves_x + moves_y * moves_y) > abs(moment) * farthest - np.float32(0.5)
        r, g, b = _colour(image, at_x, at_y) if comes else own
        red, green, blue = red + r, green + g, blue + b
    share = np.float32(1) / np.float32(looks)
    return red * share, green * share, blue * share


@compiled
def _colour(image: ndarray, x: Real, y: Real) -> Colour:
    """Bilinear; beyond the picture its border goes on."""
    height, width, _ = image.shape
    x = min(max(x, np.float32(0)), np.float32(width - 1))
    y = min(max(y, np.float32(0)), np.float32(height - 1))
    left, top = min(int(x), width - 2), min(int(y), height - 2)
    across, down = np.float32(x - left), np.float32(y - top)
    first, second = np.float32(1) - across, np.float32(1) - down
    one, two, three, four = first * second, across * second, first * down, across * down
    a, b, c, d = image[top, left], image[top, left + 1], image[top + 1, left], image[top + 1, left + 1]
    return (
        a[0] * one + b[0] * two + c[0] * three + d[0] * four,
        a[1] * one + b[1] * two + c[1] * three + d[1] * four,
        a[2] * one + b[2] * two + c[2] * three + d[2] * four,
    )


@compiled
def _looks(length: Real) -> int:
    return min(max(int(np.ceil(2 * length / _STEP_PX)), _FEWEST_LOOKS), _MOST_LOOKS)


@compiled
def _moment(look: int, looks: int) -> Real:
    """From -1 to 1, evenly."""
    return np.float32((2 * look + 1) / looks - 1)


@compiled
def _strongest(way: ndarray, tile: int) -> ndarray:
    """Longest way (x, y, length) in each tile of the picture and the eight around it."""
    height, width, _ = way.shape
    tall, wide = -(-height // tile), -(-width // tile)
    own = np.zeros((tall, wide, 3), dtype=np.float32)
    for y in range(height):
        for x in range(width):
            dx, dy = way[y, x]
            length = np.sqrt(dx * dx + dy * dy)
            best = own[y // tile, x // tile]
            if length > best[2]:
                best[0], best[1], best[2] = dx, dy, length
    strongest = np.zeros_like(own)
    for y in range(tall):
        for x in range(wide):
            near = own[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2].copy().reshape(-1, 3)
            strongest[y, x] = near[np.argmax(near[:, 2])]
    return strongest
