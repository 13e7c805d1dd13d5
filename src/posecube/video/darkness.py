"""From light to pixels: a sensor that runs out of light, and the curve that a screen expects.

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

DARK_NOISE = 0.008
"""Sensor noise of a dark video: standard deviation of a mid grey in full light, as a share of full scale."""

_KNEE, _SHOULDER = 0.12, 0.42  # highlights bend instead of breaking off
_READ_SHARE = 0.02  # read noise, as a share of the grain's strength: 1 electron where full scale is 7000
_COLOUR_SHARE = 0.35  # of the grain's strength that differs between red, green and blue
_BLACK = (2.0e-4, 1.5e-4, 2.4e-4)  # linear: black is 3 to 4 levels of 255 with a tinge of purple, as in ARID's videos
_LUMINANCE = (0.2126, 0.7152, 0.0722)
_FADING = 0.15  # a camera takes colour back as it turns its gain up: in ARID little is left of it
_GRAIN_SHIFTS = 64
_TOE = 2.0e-4  # linear: what noise takes below black bends to a dark grey instead of being cut off


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
    has 14 times the relative noise of full light. Part of the grain is coloured. The colours of things fade in the
    dark, and black stays a little above 0.

    Args:
        linear_rgb: In full light, 0 or more.
        dark: Gamma whose correction brings a mid grey back; 1 is full light.
        noise: Standard deviation of a mid grey in full light, as a share of full scale.

    Source: shot and read noise as in Foi et al. 2008, Poissonian-Gaussian noise, equation 1 (the Poisson part normal).
    """
    light = light_of(dark)
    seen: ndarray = np.asarray(cv2.transform(linear_rgb, _colour_matrix(light)))
    if noise > 0:
        spread = seen * np.float32(4 * noise**2)  # behind the square root, shot noise is `noise` at every level
        spread += np.float32((_READ_SHARE * noise) ** 2)
        np.sqrt(spread, out=spread)
        spread *= _grain((seen.shape[0], seen.shape[1]), rng)
        seen += spread
        seen += np.sqrt(seen * seen + np.float32(_TOE**2))
        seen *= np.float32(0.5)
    return np.asarray(cv2.convertScaleAbs(encode(seen), alpha=255))


def _colour_matrix(light: float) -> Float32[ndarray, "3 4"]:
    """Light to what is left of it, colours to what is left of them, and the sensor's own black."""
    kept = light**_FADING
    colours = kept * np.eye(3) + (1 - kept) * np.array(_LUMINANCE)
    black = np.array(_BLACK) * min(1, 160 * light)  # always far below a mid grey
    return np.column_stack([light * colours, black]).astype(np.float32)


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
