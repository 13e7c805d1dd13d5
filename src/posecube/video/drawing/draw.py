"""Draw what was recognised: people, the label bar at the top and the timeline at the bottom.

Each function returns a new image; with ``in_place=True`` it draws into the given one, which saves copying.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
from jaxtyping import UInt8
from numpy import ndarray

from posecube.skeleton.layout import SkeletonLayout
from posecube.video.drawing.panel import GREY, WHITE, Color, letter_size, paste, shortened, text_panel
from posecube.video.drawing.people import DrawnPerson, draw_people, draw_skeletons, draw_tags
from posecube.video.drawing.timeline import NO_ACTION, Segment, draw_timeline, label_colors, timeline_height

__all__ = ["DrawnPerson", "Segment", "draw_frame", "draw_label_bar", "draw_people", "draw_timeline", "label_colors"]

_PLAIN_COLOR: Color = (99, 102, 241)  # of a label that has no colour in the timeline


def draw_frame(
    image_rgb: UInt8[ndarray, "H W 3"],
    people: Sequence[DrawnPerson],
    *,
    layout: SkeletonLayout,
    label: str | None = None,
    score: float | None = None,
    segments: Sequence[Segment] = (),
    time_s: float = 0.0,
    duration_s: float = 0.0,
) -> UInt8[ndarray, "H W 3"]:
    """Draw everything onto a copy of a frame; the timeline only where a duration is given.

    Tags keep clear of the bar and of the timeline. A label has one colour in both.

    Raises:
        UserError: If a person's joints are not those of the layout.
    """
    image = image_rgb.copy()
    bottom = image.shape[0]
    draw_skeletons(image, people, layout=layout)
    colors = label_colors(segment.label for segment in segments)
    draw_label_bar(image, label, score, color=colors.get(label), in_place=True)
    if duration_s > 0:
        draw_timeline(image, segments, time_s, duration_s, in_place=True)
        bottom -= timeline_height(image.shape, segments)
    draw_tags(image, people, top=_bar_height(image), bottom=bottom)
    return image


def draw_label_bar(
    image_rgb: UInt8[ndarray, "H W 3"],
    text: str | None,
    score: float | None = None,
    *,
    color: Color | None = None,
    in_place: bool = False,
) -> UInt8[ndarray, "H W 3"]:
    """Draw a translucent bar at the top with the action's name and its score, as a number and as a line.

    Without a text the bar says that no known action is seen; the score, in [0, 1], is then left out. The colour is that
    of the line and of the mark before the name.
    """
    image = image_rgb if in_place else image_rgb.copy()
    size, height = _bar_text_size(image), _bar_height(image)
    bar = image[:height]
    bar[...] = cv2.convertScaleAbs(bar, alpha=0.38)
    accent = (color or _PLAIN_COLOR) if text else GREY
    margin, mark = round(size * 0.7), max(2, round(size * 0.22))
    top = (height - size) // 2
    image[top : top + size, margin : margin + mark] = accent
    left, right = margin + mark + round(size * 0.45), image.shape[1] - margin
    if text and score is not None:
        number = text_panel(f"{score:.0%}", size, WHITE)
        right -= number.size_hw[1]
        paste(image, number, x=right, y=(height - number.size_hw[0]) // 2)
        right -= margin
        line = max(2, size // 9)
        image[height - line : height, : round(min(max(score, 0.0), 1.0) * image.shape[1])] = accent
    words = shortened(text or NO_ACTION, size, max(1, right - left), bold=bool(text))
    title = text_panel(words, size, WHITE if text else GREY, bold=bool(text))
    paste(image, title, x=left, y=(height - title.size_hw[0]) // 2)
    return image


def _bar_text_size(image: UInt8[ndarray, "H W 3"]) -> int:
    return letter_size(image.shape, 0.029)


def _bar_height(image: UInt8[ndarray, "H W 3"]) -> int:
    return min(round(_bar_text_size(image) * 2.1), image.shape[0])
