"""From light to pixels: motion blur, a sensor that runs out of light, the curve that a screen expects.

Pictures come as linear light, in which 0.2 is a mid grey in full light. A darker clip has the same light times less.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from jaxtyping import Float32, UInt8
from numpy import ndarray

MID_GREY = 0.43
"""What a mid grey of full light is on the screen, as a share of full scale."""

_KNEE, _SHOULDER = 0.12, 0.42  # highlights bend instead of breaking off
_READ_SHARE = 0.02  # read noise, as a share of the grain's strength: 1 electron where full scale is 7000
_COLOUR_SHARE = 0.35  # of the grain's strength that differs between red, green and blue
_BLACK = (2.0e-4, 1.5e-4, 2.4e-4)  # linear: black is 3 to 4 levels of 255 with a tinge of purple, as in ARID's videos
_GRAIN_SHIFTS = 64
_TOE = 2.0e-4  # linear: what noise takes below black bends to a dark grey instead of being cut off
_FINEST_STEP_PX = 1.25  # between the copies that motion blur averages
_MOST_COPIES = 16


def encode(linear_rgb: Float32[ndarray, "H W 3"]) -> Float32[ndarray, "H W 3"]:
    """Linear light, 0 or more, to a screen's share of full scale: a soft shoulder, then nearly sRGB's curve."""
    over = linear_rgb * np.float32(_KNEE)
    over += 1
    over *= linear_rgb
    over /= linear_rgb * np.float32(_SHOULDER) + 1
    return np.sqrt(over, out=over)


def decode(display: Float32[ndarray, "H W 3"]) -> Float32[ndarray, "H W 3"]:
    """A screen's share of full scale back to linear light."""
    square = np.square(display, dtype=np.float32)
    half = 1 - _SHOULDER * square  # the shoulder turned round: a quadratic equation
    return np.asarray(2 * square / (half + np.sqrt(half * half + 4 * _KNEE * square)), dtype=np.float32)


def light_of(dark: float) -> float:
    """Share of full light in which a mid grey, shown as 0.43 in full light, is shown as 0.43 ** dark."""
    shown, full = decode(np.array([MID_GREY**dark, MID_GREY], dtype=np.float32))
    return float(shown / full)


def expose(
    linear_rgb: Float32[ndarray, "H W 3"], *, dark: float, noise: float, rng: np.random.Generator
) -> UInt8[ndarray, "H W 3"]:
    """What the camera stores of a picture.

    Noise is made where it arises, in linear light: photons arrive by chance, so its variance grows with the light, and
    reading them out adds some that is always there. Both grow against the signal as light goes: a mid grey at dark 4
    has 12 times the relative noise of full light. Part of the grain is coloured.

    Args:
        linear_rgb: In full light, 0 or more.
        dark: Gamma whose correction brings a mid grey back; 1 is full light.
        noise: Standard deviation of a mid grey in full light, as a share of full scale.

    Source: shot and read noise as in Foi et al. 2008, Poissonian-Gaussian noise, equation 1 (the Poisson part normal).
    """
    light = light_of(dark)
    seen = linear_rgb * np.float32(light)
    seen += np.array(_BLACK, dtype=np.float32) * np.float32(min(1, 160 * light))  # always far below a mid grey
    if noise > 0:
        spread = seen * np.float32(4 * noise**2)  # behind the square root, shot noise is `noise` at every level
        spread += np.float32((_READ_SHARE * noise) ** 2)
        np.sqrt(spread, out=spread)
        spread *= _grain((seen.shape[0], seen.shape[1]), rng)
        seen += spread
        seen += np.sqrt(seen * seen + np.float32(_TOE**2))
        seen *= np.float32(0.5)
    return np.asarray(cv2.convertScaleAbs(encode(seen), alpha=255))


def _grain(size_hw: tuple[int, int], rng: np.random.Generator) -> Float32[ndarray, "H W 3"]:
    """Normal noise with standard deviation 1: two windows of a fixed field, so that frames hardly ever share one."""
    field = _grain_field(size_hw)
    height, width = size_hw
    (top, left), (low, right) = rng.integers(0, _GRAIN_SHIFTS, size=(2, 2))
    return field[top : top + height, left : left + width] + field[low : low + height, right : right + width][::-1]


@lru_cache(maxsize=4)
def _grain_field(size_hw: tuple[int, int]) -> Float32[ndarray, "H W 3"]:
    """Grain with variance one half: grey, and a coloured part in coarser grains as a camera's demosaicing leaves it."""
    rng = np.random.default_rng(7)
    shape = (size_hw[0] + _GRAIN_SHIFTS, size_hw[1] + _GRAIN_SHIFTS)
    grey = rng.normal(size=(*shape, 1))
    colour: ndarray = np.asarray(cv2.GaussianBlur(rng.normal(size=(*shape, 3)), (0, 0), 1.0))
    colour -= colour.mean(axis=-1, keepdims=True)
    colour /= colour.std()
    field = (np.sqrt(1 - _COLOUR_SHARE**2) * grey + _COLOUR_SHARE * colour) / np.sqrt(2)
    return np.ascontiguousarray(field, dtype=np.float32)


def blur(
    linear_rgb: Float32[ndarray, "H W 3"], flow_px: Float32[ndarray, "H W 2"], *, shutter: float
) -> Float32[ndarray, "H W 3"]:
    """Motion blur of a frame along its optical flow, open half of the time before it and half after.

    So the joints' true places are in the middle of their streaks. What moves is blurred along its own way; then what
    is next to something that moves more is covered by it for the part of the time in which it passes.

    Args:
        flow_px: How far each pixel moves from this frame to the next, x and y; finite.
        shutter: Share of the time between two frames for which the shutter is open; 0 gives the picture itself.

    Source: the two looks (own way, strongest way around) after Guertin et al. 2014, a fast and stable feature-aware
    motion blur filter; here the second only adds what passes over a pixel.
    """
    half_way = flow_px * np.float32(shutter / 2)
    length = np.sqrt(np.einsum("hwc,hwc->hw", half_way, half_way))
    reach = float(length.max())
    if reach < 0.1:
        return linear_rgb
    blurred = _drag(linear_rgb, half_way, reach)
    around = _strongest_around(half_way, length, reach)
    passed = np.sqrt(np.einsum("hwc,hwc->hw", around, around)) > length + np.float32(0.5)
    if passed.any():
        _pass_over(linear_rgb, blurred, around, length, passed)
    return blurred


def _drag(image: ndarray, half_way: Float32[ndarray, "H W 2"], reach: float) -> Float32[ndarray, "H W 3"]:
    """Average over each pixel's own way, from one end to the other."""
    moving = np.einsum("hwc,hwc->hw", half_way, half_way) > 0.01
    window = _window(moving)
    way = half_way[window]
    place = _pixels(window)
    steps = _steps(reach)
    total = np.zeros((*way.shape[:2], 3), dtype=np.float32)
    for step in steps:
        total += _sample(image, place + way * step)
    blurred = image.copy()
    blurred[window] = total * np.float32(1 / len(steps))
    return blurred


def _pass_over(image: ndarray, blurred: ndarray, around: ndarray, length: ndarray, passed: ndarray) -> None:
    """Lay what moves past a pixel over what is there, in place, by the share of the time in which it is there."""
    window = _window(passed)
    way, place, still = around[window], _pixels(window), blurred[window].copy()
    distance = np.sqrt(np.einsum("hwc,hwc->hw", way, way))
    source = np.dstack([image, length])
    total = np.zeros_like(still)
    steps = _steps(float(distance.max()))
    for step in steps:
        there = _sample(source, place + way * step)
        gets_here = there[..., 3] > abs(step) * distance - np.float32(0.5)
        total += np.where(gets_here[..., None], there[..., :3], still)
    total *= np.float32(1 / len(steps))
    blurred[window] = np.where(passed[window][..., None], total, still)


def _strongest_around(half_way: ndarray, length: ndarray, reach: float) -> Float32[ndarray, "H W 2"]:
    """The longest way in the neighbourhood of each pixel that anything can come from, in tiles."""
    tile = max(2, int(np.ceil(reach)))
    height, width = length.shape
    tall, wide = -(-height // tile), -(-width // tile)
    padded = np.zeros((tall * tile, wide * tile, 3), dtype=np.float32)
    padded[:height, :width, :2], padded[:height, :width, 2] = half_way, length
    tiles = padded.reshape(tall, tile, wide, tile, 3).transpose(0, 2, 1, 3, 4).reshape(tall * wide, tile * tile, 3)
    best = tiles[np.arange(tall * wide), tiles[..., 2].argmax(axis=1)].reshape(tall, wide, 3)
    for axis in (0, 1):
        near = np.stack([best, _moved(best, 1, axis), _moved(best, -1, axis)])
        best = np.take_along_axis(near, near[..., 2].argmax(axis=0)[None, ..., None], axis=0)[0]
    return np.repeat(np.repeat(best[..., :2], tile, axis=0), tile, axis=1)[:height, :width]


def _moved(values: ndarray, by: int, axis: int) -> ndarray:
    """Values of the neighbour; at the border the pixel's own."""
    places = np.clip(np.arange(values.shape[axis]) + by, 0, values.shape[axis] - 1)
    return np.take(values, places, axis=axis)


def _window(chosen: ndarray) -> tuple[slice, slice]:
    """The rectangle around chosen pixels."""
    rows, columns = np.flatnonzero(chosen.any(axis=1)), np.flatnonzero(chosen.any(axis=0))
    if not len(rows):
        return slice(0, 0), slice(0, 0)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _pixels(window: tuple[slice, slice]) -> Float32[ndarray, "H W 2"]:
    """Columns and rows of the pixels of a window."""
    x, y = np.arange(window[1].start, window[1].stop), np.arange(window[0].start, window[0].stop)
    return np.stack(np.meshgrid(x, y), axis=-1).astype(np.float32)


def _steps(reach: float) -> Float32[ndarray, " N"]:
    """Moments of the exposure, -1 to 1: enough that copies of the picture lie next to each other."""
    count = int(np.clip(np.ceil(2 * reach / _FINEST_STEP_PX), 2, _MOST_COPIES))
    return ((np.arange(count, dtype=np.float32) + np.float32(0.5)) * np.float32(2 / count)) - np.float32(1)


def _sample(image: ndarray, place: Float32[ndarray, "H W 2"]) -> ndarray:
    return np.asarray(cv2.remap(image, place[..., 0], place[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
