"""Panel: a small translucent picture, made once and pasted onto many frames; text and rounded boxes are drawn here.

OpenCV's own line fonts look poor and its true ones need OpenCV 5, so text is set with Pillow in DejaVu Sans, which
matplotlib brings along.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float32, UInt8
from numpy import ndarray
from PIL import Image, ImageDraw, ImageFont

Color = tuple[int, int, int]
WHITE: Color = (255, 255, 255)
GREY: Color = (178, 184, 194)
BLACK: Color = (10, 12, 16)
STRIP: Color = (20, 22, 29)  # ground of the strips above and below the picture
_PERSON_COLORS: tuple[Color, ...] = (
    (99, 102, 241),
    (236, 72, 153),
    (16, 185, 129),
    (234, 179, 8),
    (244, 63, 94),
    (14, 165, 233),
    (168, 85, 247),
    (132, 204, 22),
)


@dataclass(frozen=True, eq=False)
class Panel:
    """Colour weighted by opacity, and what of the frame shines through; both uint8 (h, w, 3)."""

    color: UInt8[ndarray, "h w 3"]
    through: UInt8[ndarray, "h w 3"]

    @property
    def size_hw(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.color.shape[0], self.color.shape[1]


class Canvas:
    """A transparent sheet on which a panel is composed."""

    def __init__(self, size_hw: tuple[int, int]) -> None:
        self.size_hw = size_hw
        self._color = np.zeros((*size_hw, 3), np.float32)
        self._through = np.ones((*size_hw, 1), np.float32)

    def fill(
        self, mask: Float32[ndarray, "h w"], color: Color, *, x: int = 0, y: int = 0, opacity: float = 1.0
    ) -> None:
        """Lay a colour over what is there, where and as strongly as a mask of [0, 1] says; cut at the sheet's edges."""
        room = self.size_hw
        mask = mask[max(0, -y) : max(0, room[0] - y), max(0, -x) : max(0, room[1] - x)]
        x, y = max(0, x), max(0, y)
        area = (slice(y, y + mask.shape[0]), slice(x, x + mask.shape[1]))
        opaque = (opacity * mask)[..., None]
        self._color[area] = self._color[area] * (1 - opaque) + np.asarray(color, dtype=np.float32) * opaque
        self._through[area] *= 1 - opaque

    def panel(self) -> Panel:
        """What was laid down so far, ready to be pasted."""
        through = np.repeat(np.rint(self._through * 255).astype(np.uint8), 3, axis=2)
        return Panel(np.rint(self._color).astype(np.uint8), through)


def paste(image: UInt8[ndarray, "H W 3"], panel: Panel, *, x: int, y: int) -> None:
    """Draw a panel onto an image, in place, its upper left corner at (x, y); what lies outside is cut."""
    left, top = max(0, -x), max(0, -y)
    height = min(panel.size_hw[0], image.shape[0] - y) - top
    width = min(panel.size_hw[1], image.shape[1] - x) - left
    if height <= 0 or width <= 0:
        return
    part = (slice(top, top + height), slice(left, left + width))
    below = image[y + top : y + top + height, x + left : x + left + width]
    shaded = cv2.multiply(below, panel.through[part], scale=1 / 255)
    below[...] = cv2.add(shaded, panel.color[part])


def fill(image: UInt8[ndarray, "H W 3"], color: Color) -> None:
    """Give the whole image one colour; much faster than numpy's broadcasting over three values."""
    cv2.rectangle(image, (0, 0), (image.shape[1], image.shape[0]), color, cv2.FILLED)


def letter_size(size_hw: tuple[int, int], fraction: float, *, at_least: int = 11) -> int:
    """Letter size in pixels: a fraction of the mean side of a frame, but never unreadably small."""
    return max(at_least, round(fraction * (size_hw[0] * size_hw[1]) ** 0.5))


def person_color(person_id: int) -> Color:
    """The colour of a person's number, on the tag and in the timeline; they repeat after eight."""
    return _PERSON_COLORS[(person_id - 1) % len(_PERSON_COLORS)]


def shown(label: str) -> str:
    """A label as it is read by people: on one line, without underscores."""
    return " ".join(label.replace("_", " ").split())


@lru_cache(maxsize=32)
def _font(size_px: int, bold: bool) -> ImageFont.FreeTypeFont:
    import matplotlib  # only for the place of its fonts

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name), size_px)


@lru_cache(maxsize=512)
def text_mask(text: str, size_px: int, *, bold: bool = False) -> Float32[ndarray, "h w"]:
    """One line of text as a mask in [0, 1]; all texts of a size have the same height and share their baseline."""
    font = _font(size_px, bold)
    ascent, descent = font.getmetrics()
    sheet = Image.new("L", (max(1, int(np.ceil(font.getlength(text)))), ascent + descent))
    ImageDraw.Draw(sheet).text((0, 0), text, font=font, fill=255)
    mask = np.asarray(sheet, dtype=np.float32) / 255
    mask.setflags(write=False)
    return mask


@lru_cache(maxsize=256)
def text_panel(text: str, size_px: int, color: Color, *, bold: bool = False) -> Panel:
    """One line of text, ready to be pasted."""
    mask = text_mask(text, size_px, bold=bold)
    canvas = Canvas((mask.shape[0], mask.shape[1]))
    canvas.fill(mask, color)
    return canvas.panel()


@lru_cache(maxsize=512)
def shortened(text: str, size_px: int, max_width: int, *, bold: bool = False) -> str:
    """The text, or as much of it as fits into a width in pixels, with an ellipsis; empty if nothing fits."""
    font = _font(size_px, bold)
    text = " ".join(text.split())  # one line
    if font.getlength(text) <= max_width:
        return text
    for length in range(len(text) - 1, 0, -1):
        candidate = text[:length].rstrip() + "…"
        if font.getlength(candidate) <= max_width:
            return candidate
    return ""


@lru_cache(maxsize=128)
def rounded_box(height: int, width: int, radius: float) -> Float32[ndarray, "h w"]:
    """A box with round corners as a mask in [0, 1] with smooth edges."""
    radius = min(radius, height / 2, width / 2)
    y = np.abs(np.arange(height, dtype=np.float32) - (height - 1) / 2) - (height / 2 - radius)
    x = np.abs(np.arange(width, dtype=np.float32) - (width - 1) / 2) - (width / 2 - radius)
    outside = np.hypot(np.maximum(y, 0)[:, None], np.maximum(x, 0)[None, :])
    inside = np.minimum(np.maximum(y[:, None], x[None, :]), 0)
    mask = np.clip(radius + 0.5 - outside - inside, 0, 1).astype(np.float32)
    mask.setflags(write=False)
    return mask
