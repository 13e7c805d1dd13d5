"""Frame: one picture of a video with its time; converted to RGB only when it is looked at."""

from __future__ import annotations

from typing import Protocol

import cv2
import numpy as np
from jaxtyping import UInt8
from numpy import ndarray

from posecube.errors import UserError


class DecodedImage(Protocol):
    """A decoded picture that has not been converted to RGB yet."""

    def to_rgb(self, size_hw: tuple[int, int]) -> UInt8[ndarray, "H W 3"]:
        """Convert and scale in one step."""
        ...


class Frame:
    """One frame of a video.

    Conversion to RGB happens at the first look at ``image_rgb`` and is kept, so a frame that is never looked at costs
    its decoding alone. A frame holds its decoded picture until then: keep tens of frames, not thousands.

    Attributes:
        index: Number of the frame among those delivered, from 0.
        time_s: Seconds since the first frame.
        size_hw: Height and width of ``image_rgb``.
    """

    __slots__ = ("_decoded", "_image_rgb", "index", "size_hw", "time_s")

    def __init__(
        self,
        index: int,
        time_s: float,
        image_rgb: UInt8[ndarray, "H W 3"] | None = None,
        *,
        decoded: DecodedImage | None = None,
        size_hw: tuple[int, int] | None = None,
    ) -> None:
        """Make a frame of an image, or of a decoded one still to be converted to ``size_hw``."""
        if image_rgb is not None:
            if image_rgb.ndim != 3 or image_rgb.shape[2] != 3 or image_rgb.dtype != np.uint8:
                raise UserError(f"a frame's image must be uint8 (H, W, 3), got {image_rgb.dtype} {image_rgb.shape}")
            size_hw = (image_rgb.shape[0], image_rgb.shape[1])
        assert size_hw is not None, "a frame needs an image, or a decoded one and its size"
        self.index = index
        self.time_s = time_s
        self.size_hw = size_hw
        self._image_rgb = image_rgb
        self._decoded = decoded

    @property
    def image_rgb(self) -> UInt8[ndarray, "H W 3"]:
        """The frame in RGB. The array is shared by all who look: do not write into it."""
        if self._image_rgb is None:
            assert self._decoded is not None, "a frame needs an image or a decoded one"
            self._image_rgb = self._decoded.to_rgb(self.size_hw)
            self._decoded = None
        return self._image_rgb

    def resized(self, max_side: int) -> UInt8[ndarray, "h w 3"]:
        """The frame with its longer side at most ``max_side`` pixels; never enlarged, ``image_rgb`` if it fits already.

        Before ``image_rgb`` was looked at, the decoded picture is converted straight to the small size.
        """
        size_hw = fitted_size(self.size_hw, max_side)
        if size_hw == self.size_hw:
            return self.image_rgb
        if self._image_rgb is None and self._decoded is not None:
            return self._decoded.to_rgb(size_hw)
        return np.asarray(cv2.resize(self.image_rgb, size_hw[::-1], interpolation=cv2.INTER_AREA))

    def __repr__(self) -> str:
        return f"Frame(index={self.index}, time_s={self.time_s:.3f}, size_hw={self.size_hw})"


def fitted_size(size_hw: tuple[int, int], max_side: int | None) -> tuple[int, int]:
    """The largest size of the same shape whose longer side is at most ``max_side``; never larger than ``size_hw``.

    Raises:
        UserError: If max_side is below 1.
    """
    if max_side is None:
        return size_hw
    if max_side < 1:
        raise UserError(f"max_side must be at least 1 pixel, got {max_side}")
    scale = max_side / max(size_hw)
    if scale >= 1:
        return size_hw
    return max(1, round(size_hw[0] * scale)), max(1, round(size_hw[1] * scale))
