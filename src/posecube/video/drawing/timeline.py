"""The strip at the bottom of a frame: what was done when, and where in time the frame is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
from jaxtyping import UInt8
from numpy import ndarray

from posecube.errors import UserError
from posecube.video.drawing.panel import (
    BLACK,
    GREY,
    WHITE,
    Canvas,
    Color,
    Panel,
    letter_size,
    paste,
    rounded_box,
    shortened,
    text_mask,
    text_panel,
)

_LABEL_COLORS: tuple[Color, ...] = (
    (52, 211, 153),
    (96, 165, 250),
    (251, 191, 36),
    (244, 114, 182),
    (167, 139, 250),
    (45, 212, 191),
    (248, 113, 113),
    (163, 230, 53),
    (253, 186, 116),
    (125, 211, 252),
)
_MAX_ROWS = 6
NO_ACTION = "no known action"


@dataclass(frozen=True)
class Segment:
    """A stretch of time with one action.

    Attributes:
        label: None means no known action; it is drawn as an empty track.
        row: Track on which it is drawn, counted from the top: one for each person.
    """

    start_s: float
    end_s: float
    label: str | None
    row: int = 0


def label_colors(labels: Iterable[str | None]) -> dict[str | None, Color]:
    """A colour for each label in the order of first appearance; they repeat after ten."""
    known = dict.fromkeys(label for label in labels if label is not None)
    return {label: _LABEL_COLORS[number % len(_LABEL_COLORS)] for number, label in enumerate(known)}


def draw_timeline(
    image_rgb: UInt8[ndarray, "H W 3"],
    segments: Sequence[Segment],
    time_s: float,
    duration_s: float,
    *,
    in_place: bool = False,
) -> UInt8[ndarray, "H W 3"]:
    """Draw the segments as coloured bars, a cursor at the present time, the labels' legend and the clock.

    Segments are cut to the time from 0 to ``duration_s``. The drawn strip is kept as long as they stay the same.

    Raises:
        UserError: If the duration is not positive.
    """
    if not duration_s > 0:
        raise UserError(f"a timeline needs a duration above 0 s, got {duration_s}")
    image = image_rgb if in_place else image_rgb.copy()
    height, width = image.shape[:2]
    sizes = _Sizes.of(image.shape, segments)
    top = height - sizes.height
    band = image[max(0, top) :]
    band[...] = cv2.convertScaleAbs(band, alpha=0.38)
    paste(image, _strip(tuple(segments), float(duration_s), sizes), x=0, y=top)
    _draw_cursor(image, min(max(time_s / duration_s, 0.0), 1.0), top, sizes)
    clock = text_panel(f"{_clock(time_s)} / {_clock(duration_s)}", sizes.text, WHITE)
    paste(image, clock, x=width - sizes.margin - clock.size_hw[1], y=top + sizes.legend_y(clock.size_hw[0]))
    return image


def timeline_height(shape: tuple[int, ...], segments: Sequence[Segment]) -> int:
    """Rows of pixels that the timeline takes at the bottom of a frame."""
    return _Sizes.of(shape, segments).height


@dataclass(frozen=True)
class _Sizes:
    """Sizes of the strip in pixels."""

    width: int
    rows: int
    margin: int
    text: int
    track: int
    gap: int

    @classmethod
    def of(cls, shape: tuple[int, ...], segments: Sequence[Segment]) -> _Sizes:
        rows = min(_MAX_ROWS, 1 + max((segment.row for segment in segments), default=0))
        text = letter_size(shape, 0.017)
        track = max(4, round(text * (0.75 if rows == 1 else 0.55)))
        return cls(shape[1], rows, round(text * 1.1), text, track, max(1, track // 4))

    @property
    def tracks(self) -> int:
        return self.rows * (self.track + self.gap) - self.gap

    @property
    def tracks_y(self) -> int:
        return round(self.text * 0.7)

    @property
    def height(self) -> int:
        return self.tracks_y + self.tracks + round(self.text * 2.2)

    @property
    def length(self) -> int:
        return max(1, self.width - 2 * self.margin)

    def legend_y(self, text_height: int) -> int:
        return self.tracks_y + self.tracks + round(self.text * 1.1) - text_height // 2


@lru_cache(maxsize=4)
def _strip(segments: tuple[Segment, ...], duration_s: float, sizes: _Sizes) -> Panel:
    """Everything that does not move: tracks, bars and legend."""
    canvas = Canvas((sizes.height, sizes.width))
    for row in range(sizes.rows):
        track = rounded_box(sizes.track, sizes.length, sizes.track / 3)
        canvas.fill(track, WHITE, x=sizes.margin, y=sizes.tracks_y + row * (sizes.track + sizes.gap), opacity=0.16)
    colors = label_colors(segment.label for segment in segments)
    for segment in segments:
        if segment.label is not None and segment.row < sizes.rows:
            _fill_bar(canvas, segment, duration_s, colors[segment.label], sizes)
    _write_legend(canvas, colors, sizes)
    return canvas.panel()


def _fill_bar(canvas: Canvas, segment: Segment, duration_s: float, color: Color, sizes: _Sizes) -> None:
    start, end = (min(max(time / duration_s, 0.0), 1.0) for time in (segment.start_s, segment.end_s))
    left, right = round(start * sizes.length), round(end * sizes.length)
    if right <= left:
        return
    y = sizes.tracks_y + segment.row * (sizes.track + sizes.gap)
    canvas.fill(rounded_box(sizes.track, right - left, sizes.track / 3), color, x=sizes.margin + left, y=y)


def _write_legend(canvas: Canvas, colors: dict[str | None, Color], sizes: _Sizes) -> None:
    """A dot and the name of each label, left to right as far as they fit beside the clock."""
    x, dot = sizes.margin, round(sizes.text * 0.62)
    end = sizes.width - sizes.margin - round(sizes.text * 8.5)
    entries: list[tuple[str, Color]] = [(str(label), color) for label, color in colors.items()]
    for number, (label, color) in enumerate(entries or [(NO_ACTION, GREY)]):
        text = shortened(label, sizes.text, max(1, end - x - 2 * dot))
        if len(text) < min(3, len(label)):
            rest = text_mask(f"+{len(entries) - number}", sizes.text)
            canvas.fill(rest, GREY, x=x, y=sizes.legend_y(rest.shape[0]))
            return
        mask = text_mask(text, sizes.text)
        if colors:
            canvas.fill(rounded_box(dot, dot, dot / 2), color, x=x, y=sizes.legend_y(dot))
            x += round(1.6 * dot)
        canvas.fill(mask, WHITE if colors else GREY, x=x, y=sizes.legend_y(mask.shape[0]), opacity=0.92)
        x += mask.shape[1] + round(sizes.text * 1.2)


def _draw_cursor(image: UInt8[ndarray, "H W 3"], fraction: float, top: int, sizes: _Sizes) -> None:
    x = sizes.margin + fraction * sizes.length
    half = max(1.0, sizes.text / 11)
    overhang = max(2, round(sizes.track * 0.3))
    y, bottom = top + sizes.tracks_y - overhang, top + sizes.tracks_y + sizes.tracks + overhang
    for grown, color in ((max(1, round(half * 0.7)), BLACK), (0, WHITE)):
        left, right = round(x - half - grown), round(x + half + grown)
        image[max(0, y - grown) : bottom + grown + 1, max(0, left) : right + 1] = color


def _clock(time_s: float) -> str:
    """Minutes and seconds, with hours where there are some."""
    minutes, seconds = divmod(max(0, int(time_s)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
