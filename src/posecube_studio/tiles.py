"""Sheets of captioned pictures: rows of tiles under headings, on a dark ground."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from numpy import ndarray
from PIL import Image

from posecube.errors import UserError
from posecube.files import write_bytes
from posecube.video.drawing.panel import Color, paste, rounded_box, shortened, text_panel

_GROUND: Color = (19, 21, 26)
_BRIGHT: Color = (240, 242, 245)
_DIM: Color = (158, 165, 176)
_QUALITIES = range(92, 40, -2)


class Sheet:
    """A picture that grows downwards; all lengths are pixels.

    Args:
        caption_px: Letter size of captions; headings are larger.
    """

    def __init__(self, *, width: int, margin: int = 40, gap: int = 14, caption_px: int = 21, radius: int = 7) -> None:
        self.inner_width = width - 2 * margin
        self._margin, self._gap, self._caption, self._radius = margin, gap, caption_px, radius
        self._strips = [self._ground(margin)]

    def tile_width(self, columns: int) -> int:
        """Width of each of so many tiles in a row."""
        return (self.inner_width - (columns - 1) * self._gap) // columns

    def title(self, text: str, note: str) -> None:
        """The name of it all on the left, a note on the right."""
        strip = self._ground(round(3.1 * self._caption))
        self._write(strip, text, 0, 0, size=round(1.9 * self._caption), color=_BRIGHT, bold=True)
        panel = text_panel(note, self._caption, _DIM)
        paste(strip, panel, x=self._margin + self.inner_width - panel.size_hw[1], y=round(0.75 * self._caption))
        self._strips.append(strip)

    def heading(self, text: str, note: str = "") -> None:
        """What follows, and what there is to see in it."""
        strip = self._ground(round(2.9 * self._caption))
        across = self._write(
            strip, text, 0, round(0.75 * self._caption), size=round(1.25 * self._caption), color=_BRIGHT, bold=True
        )
        self._write(strip, note, across + self._caption, round(0.98 * self._caption), size=self._caption, color=_DIM)
        self._strips.append(strip)

    def row(self, tiles: Sequence[tuple[str, UInt8[ndarray, "H W 3"]]]) -> None:
        """Pictures of one height side by side, each with its caption below; without any captions no room is left.

        Pixels that whole numbers leave over widen the gaps, so that all rows end at the same margin.
        """
        captioned = any(caption for caption, _ in tiles)
        height = tiles[0][1].shape[0]
        strip = self._ground(height + (round(1.9 * self._caption) if captioned else self._gap))
        steps = max(1, len(tiles) - 1)
        spare = self.inner_width - sum(image.shape[1] for _, image in tiles) - steps * self._gap
        spare = spare if 0 <= spare < len(tiles) else 0
        taken = 0
        for index, (caption, image) in enumerate(tiles):
            left = taken + index * self._gap + index * spare // steps
            self._lay(strip, image, left)
            self._write(
                strip, shortened(caption, self._caption, image.shape[1]), left, height + round(0.2 * self._caption),
                size=self._caption, color=_DIM,
            )  # fmt: skip
            taken += image.shape[1]
        self._strips.append(strip)

    def image(self) -> UInt8[ndarray, "H W 3"]:
        """All of it."""
        return np.concatenate([*self._strips, self._ground(self._margin // 2)])

    def _ground(self, height: int) -> UInt8[ndarray, "h W 3"]:
        return np.full((height, self.inner_width + 2 * self._margin, 3), _GROUND, dtype=np.uint8)

    def _lay(self, strip: ndarray, image: ndarray, left: int) -> None:
        height, width = image.shape[:2]
        area = strip[:height, self._margin + left : self._margin + left + width]
        opaque = rounded_box(height, width, self._radius)[..., None]
        area[...] = np.rint(area * (1 - opaque) + image * opaque)

    def _write(self, strip: ndarray, text: str, x: int, y: int, *, size: int, color: Color, bold: bool = False) -> int:
        """Write into a strip and say where the text ends."""
        panel = text_panel(text, size, color, bold=bold)
        paste(strip, panel, x=self._margin + x, y=y)
        return x + panel.size_hw[1]


def write_image(path: Path, image: UInt8[ndarray, "H W 3"], *, max_bytes: int = 600_000) -> None:
    """Write a PNG, or a JPEG as good as fits into so many bytes.

    Raises:
        UserError: If the name is of neither.
        OSError: If the file cannot be written.
    """
    kind = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg"}.get(path.suffix.lower())
    if kind is None:
        raise UserError(f"{path}: expected a name that ends in .png or .jpg")
    if kind == "png":
        data = _encoded(image, kind, optimize=True)
    else:
        for quality in _QUALITIES:
            data = _encoded(image, kind, quality=quality, optimize=True, progressive=True)
            if len(data) <= max_bytes:
                break
    write_bytes(path, data)


def _encoded(image: UInt8[ndarray, "H W 3"], kind: str, **options: int | bool) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, kind, **options)
    return buffer.getvalue()
