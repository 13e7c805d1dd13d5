"""Light for dark videos, before a pose estimator sees them."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import cv2
import numpy as np
from jaxtyping import Float, UInt8
from numpy import ndarray

from posecube.errors import UserError
from posecube.video.frame import Frame

Method = Literal["gamma", "adaptive", "clahe"]

PUBLISHED_GAMMA = 2.5  # of the DSC3D paper
_TARGET_GREY = 0.25  # measured on dark clips: detectors find most people there
_GAMMA_RANGE = (1.0, 8.0)  # light enough is left alone; beyond it there is nothing but noise
_GAMMA_MEMORY_S = 1.0
_GAMMA_STEP = 0.05  # as fine as tables are made: a step changes no value by more than 3 of 255
_CLAHE_TILES = 8
_CLAHE_CLIP = 3.0


@dataclass(frozen=True)
class Enhancement:
    """How frames are made brighter.

    Attributes:
        method: "gamma": the same curve for every frame, see ``gamma_correct``. "adaptive": the curve that brings a
            frame's mean grey to ``target``, followed slowly so that nothing flickers; frames that are light enough stay
            as they are. "clahe": contrast made equal in parts of the frame, on lightness alone, after ``gamma``.
        gamma: None takes the method's own: 2.5 for "gamma", 1 for "clahe". "adaptive" finds its own.
        constant: Factor on what the curve gives.
        target: Mean grey that "adaptive" wants, as a fraction of white.
        average: Each frame is averaged with so many neighbours on either side first: less noise, more blur.
    """

    method: Method = "gamma"
    gamma: float | None = None
    constant: float = 1.0
    target: float = _TARGET_GREY
    average: int = 0

    def __post_init__(self) -> None:
        if self.method not in get_args(Method):
            raise UserError(f"unknown enhancement {self.method!r}; choose one of: {', '.join(get_args(Method))}")
        if self.method == "adaptive" and self.gamma is not None:
            raise UserError(f"adaptive enhancement finds its own gamma: leave gamma {self.gamma:g} out")
        for name, value in (("gamma", self.curve), ("constant", self.constant)):
            if not (math.isfinite(value) and value > 0):
                raise UserError(f"{name} must be above 0, got {value}")
        if not 0 < self.target < 1:
            raise UserError(f"target must lie between 0 and 1, got {self.target}")
        if self.average < 0:
            raise UserError(f"average must be 0 or more neighbours, got {self.average}")

    @property
    def curve(self) -> float:
        """The gamma of the first step; 1 where there is none."""
        if self.gamma is not None:
            return self.gamma
        return PUBLISHED_GAMMA if self.method == "gamma" else 1.0

    def __str__(self) -> str:
        text = f"adaptive to {self.target:g}" if self.method == "adaptive" else f"{self.method} {self.curve:g}"
        if self.constant != 1:
            text += f" times {self.constant:g}"
        return text + (f", averaged over {2 * self.average + 1} frames" if self.average else "")


def enhanced(frames: Iterable[Frame], enhancement: Enhancement) -> Iterator[Frame]:
    """The same frames, brighter; memory holds the few that are averaged."""
    if enhancement.average:
        frames = _averaged(frames, enhancement.average)
    if enhancement.method == "adaptive":
        yield from _adapted(frames, enhancement)
        return
    for frame in frames:
        image = gamma_correct(frame.image_rgb, enhancement.curve, constant=enhancement.constant)
        if enhancement.method == "clahe":
            image = equalised(image)
        yield Frame(frame.index, frame.time_s, image)


def gamma_correct(
    image_rgb: UInt8[ndarray, "*shape"], gamma: float, *, constant: float = 1.0
) -> UInt8[ndarray, "*shape"]:
    """Brighten an image by ``255 * constant * (value / 255) ** (1 / gamma)``, the same for every channel.

    The result is truncated to whole numbers and cut at 255. Black stays black; with ``constant`` 1 white stays white.

    Args:
        image_rgb: Any shape; it is not changed.
        gamma: Above 1 brightens, 1 changes nothing. The published work on dark videos uses 2.5.
        constant: Factor on the result.

    Raises:
        UserError: If gamma or constant is not a positive number.

    Source: gamma intensity correction as the DSC3D and ARID papers use it, ``v_out = c * v_in ** (1 / gamma)``.
    """
    if image_rgb.dtype != np.uint8:
        raise UserError(f"gamma correction needs a uint8 image, got {image_rgb.dtype}")
    table = _gamma_table(float(gamma), float(constant))
    return np.asarray(cv2.LUT(image_rgb, table)).reshape(image_rgb.shape)


def equalised(image_rgb: UInt8[ndarray, "H W 3"]) -> UInt8[ndarray, "H W 3"]:
    """Contrast made equal in 8 x 8 parts of the image (CLAHE), on its lightness; colours keep their hue.

    Source: Zuiderveld 1994, contrast limited adaptive histogram equalisation, as OpenCV computes it.
    """
    lightness_and_colour = cv2.cvtColor(image_rgb, cv2.COLOR_RGB2LAB)
    equaliser = cv2.createCLAHE(_CLAHE_CLIP, (_CLAHE_TILES, _CLAHE_TILES))
    lightness_and_colour[..., 0] = equaliser.apply(lightness_and_colour[..., 0])
    return np.asarray(cv2.cvtColor(lightness_and_colour, cv2.COLOR_LAB2RGB))


def gamma_for(image_rgb: UInt8[ndarray, "H W 3"], target: float) -> float:
    """The gamma that brings an image's mean to a fraction of white, between 1 and 8.

    An image whose mean is above the target already has 1: nothing is made darker.
    """
    frequency = np.bincount(image_rgb.reshape(-1), minlength=256) / image_rgb.size
    levels = np.arange(256) / 255
    low, high = _GAMMA_RANGE
    if float(frequency @ levels) >= target:
        return low
    for _ in range(12):  # halvings: the mean grows with gamma
        middle = (low + high) / 2
        low, high = (middle, high) if float(frequency @ levels ** (1 / middle)) < target else (low, middle)
    return (low + high) / 2


def _adapted(frames: Iterable[Frame], enhancement: Enhancement) -> Iterator[Frame]:
    """Frames under a gamma that follows the light within a second; it is that of the first frame at first."""
    gamma, last_s = math.nan, 0.0
    for frame in frames:
        wanted = gamma_for(frame.image_rgb, enhancement.target)
        weight = 1.0 if math.isnan(gamma) else 1 - math.exp(-max(frame.time_s - last_s, 0.0) / _GAMMA_MEMORY_S)
        gamma, last_s = wanted if math.isnan(gamma) else gamma + weight * (wanted - gamma), frame.time_s
        stepped = round(gamma / _GAMMA_STEP) * _GAMMA_STEP
        image = gamma_correct(frame.image_rgb, stepped, constant=enhancement.constant)
        yield Frame(frame.index, frame.time_s, image)


def _averaged(frames: Iterable[Frame], radius: int) -> Iterator[Frame]:
    """Each frame as the mean of itself and its neighbours; at the ends of those that there are."""
    window: deque[tuple[Frame, Float[ndarray, "H W 3"]]] = deque()
    done = 0  # how many frames of the window were handed out, all at its front

    def oldest() -> Frame:
        middle = window[done][0]
        mean = np.mean([image for _, image in list(window)[max(done - radius, 0) : done + radius + 1]], axis=0)
        return Frame(middle.index, middle.time_s, np.rint(mean).astype(np.uint8))

    for frame in frames:
        window.append((frame, frame.image_rgb.astype(np.float32)))
        if len(window) > done + radius:
            yield oldest()
            done += 1
        if done > radius:
            window.popleft()
            done -= 1
    while done < len(window):
        yield oldest()
        done += 1


@lru_cache(maxsize=256)
def _gamma_table(gamma: float, constant: float) -> UInt8[ndarray, 256]:
    for name, value in (("gamma", gamma), ("constant", constant)):
        if not (np.isfinite(value) and value > 0):
            raise UserError(f"{name} must be a positive number, got {value}")
    levels = np.arange(256, dtype=np.float64) / 255
    return np.clip(255 * constant * levels ** (1 / gamma), 0, 255).astype(np.uint8)
