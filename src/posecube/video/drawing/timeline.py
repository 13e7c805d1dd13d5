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
    look = _Look.of(image.shape, segments)
    top = height - look.height
    band = image[max(0, top) :]
    band[...] = cv2.convertScaleAbs(band, alpha=0.38)
    paste(image, _strip(tuple(segments), float(duration_s), look), x=0, y=top)
    _draw_cursor(image, min(max(time_s / duration_s, 0.0), 1.0), top, look)
    clock = text_panel(f"{_clock(time_s)} / {_clock(duration_s)}", look.text, WHITE)
    paste(image, clock, x=width - look.margin - clock.size_hw[1], y=top + look.legend_y(clock.size_hw[0]))
    return image


def timeline_height(shape: tuple[int, ...], segments: Sequence[Segment]) -> int:
    """Rows of pixels that the timeline takes at the bottom of a frame."""
    return _Look.of(shape, segments).height


@dataclass(frozen=True)
class _Look:
    """Sizes of the strip in pixels."""

    width: int
    rows: int
    margin: int
    text: int
    track: int
    gap: int

    @classmethod
    def of(cls, shape: tuple[int, ...], segments: Sequence[Segment]) -> _Look:
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
def _strip(segments: tuple[Segment, ...], duration_s: float, look: _Look) -> Panel:
    """Everything that does not move: tracks, bars and legend."""
    canvas = Canvas((look.height, look.width))
    for row in range(look.rows):
        track = rounded_box(look.track, look.length, look.track / 3)
        canvas.fill(track, WHITE, x=look.margin, y=look.tracks_y + row * (look.track + look.gap), opacity=0.16)
    colors = label_colors(segment.label for segment in segments)
    for segment in segments:
        if segment.label is not None and segment.row < look.rows:
            _fill_bar(canvas, segment, duration_s, colors[segment.label], look)
    _write_legend(canvas, colors, look)
    return canvas.panel()


def _fill_bar(canvas: Canvas, segment: Segment, duration_s: float, color: Color, look: _Look) -> None:
    start, end = (min(max(time / duration_s, 0.0), 1.0) for time in (segment.start_s, segment.end_s))
    left, right = round(start * look.length), round(end * look.length)
    if right <= left:
        return
    y = look.tracks_y + segment.row * (look.track + look.gap)
    canvas.fill(rounded_box(look.track, right - left, look.track / 3), color, x=look.margin + left, y=y)


def _write_legend(canvas: Canvas, colors: dict[str | None, Color], look: _Look) -> None:
    """A dot and the name of each label, left to right as far as they fit beside the clock."""
    x, dot = look.margin, round(look.text * 0.62)
    end = look.width - look.margin - round(look.text * 8.5)
    entries: list[tuple[str, Color]] = [(str(label), color) for label, color in colors.items()]
    for number, (label, color) in enumerate(entries or [(NO_ACTION, GREY)]):
        text = shortened(label, look.text, max(1, end - x - 2 * dot))
        if len(text) < min(3, len(label)):
            rest = text_mask(f"+{len(entries) - number}", look.text)
            canvas.fill(rest, GREY, x=x, y=look.legend_y(rest.shape[0]))
            return
        mask = text_mask(text, look.text)
        if colors:
            canvas.fill(rounded_box(dot, dot, dot / 2), color, x=x, y=look.legend_y(dot))
            x += round(1.6 * dot)
        canvas.fill(mask, WHITE if colors else GREY, x=x, y=look.legend_y(mask.shape[0]), opacity=0.92)
        x += mask.shape[1] + round(look.text * 1.2)


def _draw_cursor(image: UInt8[ndarray, "H W 3"], share: float, top: int, look: _Look) -> None:
    x = look.margin + share * look.length
    half = max(1.0, look.text / 11)
    reach = max(2, round(look.track * 0.3))
    y, bottom = top + look.tracks_y - reach, top + look.tracks_y + look.tracks + reach
    for grown, color in ((max(1, round(half * 0.7)), BLACK), (0, WHITE)):
        left, right = round(x - half - grown), round(x + half + grown)
        image[max(0, y - grown) : bottom + grown + 1, max(0, left) : right + 1] = color


def _clock(time_s: float) -> str:
    """Minutes and seconds, with hours where there are some."""
    minutes, seconds = divmod(max(0, int(time_s)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
