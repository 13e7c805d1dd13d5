"""The strip above the picture: the video's action and its score."""

from __future__ import annotations

from jaxtyping import UInt8
from numpy import ndarray

from posecube.video.drawing.panel import (
    GREY,
    STRIP,
    WHITE,
    Color,
    fill,
    letter_size,
    paste,
    shortened,
    shown,
    text_panel,
)

NO_ACTION = "no known action"
_PLAIN_COLOR: Color = (99, 102, 241)  # of a label that has no colour in the timeline


def title_height(picture_hw: tuple[int, int]) -> int:
    """Rows of pixels that the title takes above a picture."""
    return round(_text_size(picture_hw) * 1.9)


def draw_title(
    strip_rgb: UInt8[ndarray, "h W 3"],
    text: str | None,
    score: float | None = None,
    *,
    picture_hw: tuple[int, int],
    color: Color | None = None,
) -> None:
    """Fill a strip with the action's name and its score, as a number and as a line.

    Without a text the strip says that no known action is seen; the score, in [0, 1], is then left out.

    Args:
        strip_rgb: The rows above the picture, `title_height` of them.
        color: Of the line and of the mark before the name.
    """
    size, (height, width) = _text_size(picture_hw), strip_rgb.shape[:2]
    fill(strip_rgb, STRIP)
    accent = (color or _PLAIN_COLOR) if text else GREY
    margin, mark = round(size * 0.7), max(2, round(size * 0.22))
    top = (height - size) // 2
    strip_rgb[top : top + size, margin : margin + mark] = accent
    left, right = margin + mark + round(size * 0.45), width - margin
    if text and score is not None:
        number = text_panel(f"{score:.0%}", size, WHITE)
        right -= number.size_hw[1]
        paste(strip_rgb, number, x=right, y=(height - number.size_hw[0]) // 2)
        right -= margin
        line = max(2, size // 9)
        fill(strip_rgb[height - line :, : round(min(max(score, 0.0), 1.0) * width)], accent)
    words = shortened(shown(text or NO_ACTION), size, max(1, right - left), bold=bool(text))
    title = text_panel(words, size, WHITE if text else GREY, bold=bool(text))
    paste(strip_rgb, title, x=left, y=(height - title.size_hw[0]) // 2)


def _text_size(picture_hw: tuple[int, int]) -> int:
    return letter_size(picture_hw, 0.029, at_least=13)
