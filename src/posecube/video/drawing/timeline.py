"""The strip below the picture: who did what when, and where in time the frame is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from jaxtyping import UInt8
from numpy import ndarray

from posecube.errors import UserError
from posecube.video.drawing.panel import (
    BLACK,
    GREY,
    STRIP,
    WHITE,
    Canvas,
    Color,
    Panel,
    fill,
    letter_size,
    paste,
    person_color,
    rounded_box,
    shortened,
    shown,
    text_mask,
    text_panel,
)
from posecube.video.drawing.title import NO_ACTION

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
_MAX_LINES = 2  # of the legend


@dataclass(frozen=True)
class Segment:
    """A stretch of time with one action.

    Attributes:
        label: None means no known action; it is drawn as an empty track.
        row: Track on which it is drawn, counted from the top: one for each person.
        person: Number of the person, written before the track.
    """

    start_s: float
    end_s: float
    label: str | None
    row: int = 0
    person: int | None = None


def label_colors(labels: Iterable[str | None]) -> dict[str | None, Color]:
    """A colour for each label in the order of first appearance; they repeat after ten."""
    known = dict.fromkeys(label for label in labels if label is not None)
    return {label: _LABEL_COLORS[number % len(_LABEL_COLORS)] for number, label in enumerate(known)}


def timeline_height(picture_hw: tuple[int, int], segments: Sequence[Segment]) -> int:
    """Rows of pixels that the timeline takes below a picture."""
    return _Sizes.of(picture_hw, tuple(segments)).height


def draw_timeline(
    strip_rgb: UInt8[ndarray, "h W 3"],
    segments: Sequence[Segment],
    time_s: float,
    duration_s: float,
    *,
    picture_hw: tuple[int, int],
) -> None:
    """Fill a strip with the segments as coloured bars, a cursor at the present time, the labels' legend and the clock.

    Segments are cut to the time from 0 to ``duration_s``. What does not move is kept as long as they stay the same.

    Args:
        strip_rgb: The rows below the picture, at least `timeline_height` of them.

    Raises:
        UserError: If the duration is not positive.
    """
    if not duration_s > 0:
        raise UserError(f"a timeline needs a duration above 0 s, got {duration_s}")
    sizes = _Sizes.of(picture_hw, tuple(segments))
    fill(strip_rgb, STRIP)
    paste(strip_rgb, _still(tuple(segments), float(duration_s), sizes), x=0, y=0)
    _draw_cursor(strip_rgb, min(max(time_s / duration_s, 0.0), 1.0), sizes)
    clock = text_panel(f"{_clock(time_s)} / {_clock(duration_s)}", sizes.text, WHITE)
    paste(strip_rgb, clock, x=sizes.width - sizes.margin - clock.size_hw[1], y=sizes.line_y(0, clock.size_hw[0]))


@dataclass(frozen=True)
class _Sizes:
    """Sizes of the strip in pixels.

    Attributes:
        badge: Width of the people's numbers before the tracks, 0 without any.
        pitch: From one track to the next.
        lines: Of the legend.
    """

    width: int
    rows: int
    margin: int
    text: int
    badge: int
    track: int
    pitch: int
    lines: int

    @classmethod
    @lru_cache(maxsize=8)
    def of(cls, picture_hw: tuple[int, int], segments: tuple[Segment, ...]) -> _Sizes:
        rows = min(_MAX_ROWS, 1 + max((segment.row for segment in segments), default=0))
        text = letter_size(picture_hw, 0.017)
        people = [str(segment.person) for segment in segments if segment.person is not None and segment.row < rows]
        badge_text = _badge_text(text)
        widths = [text_mask(person, badge_text, bold=True).shape[1] + badge_text for person in set(people)]
        track = max(4, round(text * (0.75 if rows == 1 else 0.6)))
        pitch = max(track + max(1, track // 4), round(1.5 * badge_text) if people else 0)
        plain = cls(picture_hw[1], rows, round(text * 1.1), text, max(widths, default=0), track, pitch, 1)
        lines = 1 + max((entry.line for entry in _legend(segments, plain)), default=0)
        return cls(**{**plain.__dict__, "lines": lines})

    @property
    def tracks_x(self) -> int:
        return self.margin + (self.badge + round(0.5 * self.text) if self.badge else 0)

    @property
    def length(self) -> int:
        return max(1, self.width - self.margin - self.tracks_x)

    @property
    def rows_height(self) -> int:
        return self.rows * self.pitch

    @property
    def top(self) -> int:
        return round(self.text * 0.55)

    @property
    def height(self) -> int:
        return self.top + self.rows_height + round(self.text * (0.5 + 1.5 * self.lines))

    def track_y(self, row: int) -> int:
        """Where a track begins, in the middle of its row."""
        return self.top + row * self.pitch + (self.pitch - self.track) // 2

    def line_y(self, line: int, text_height: int) -> int:
        """Where something begins that stands in the middle of a line of the legend."""
        return self.top + self.rows_height + round(self.text * (0.95 + 1.5 * line)) - text_height // 2


@dataclass(frozen=True)
class _Entry:
    """One label of the legend, or how many more there are."""

    text: str
    color: Color | None
    x: int
    line: int


@lru_cache(maxsize=4)
def _still(segments: tuple[Segment, ...], duration_s: float, sizes: _Sizes) -> Panel:
    """Everything that does not move: numbers, tracks, bars and legend."""
    canvas = Canvas((sizes.height, sizes.width))
    for row in range(sizes.rows):
        track = rounded_box(sizes.track, sizes.length, sizes.track / 3)
        canvas.fill(track, WHITE, x=sizes.tracks_x, y=sizes.track_y(row), opacity=0.16)
    colors = label_colors(segment.label for segment in segments)
    for segment in segments:
        if segment.label is not None and segment.row < sizes.rows:
            _fill_bar(canvas, segment, duration_s, colors[segment.label], sizes)
    for row, person in {segment.row: segment.person for segment in segments}.items():
        if person is not None and row < sizes.rows:
            _fill_badge(canvas, row, person, sizes)
    for entry in _legend(segments, sizes):
        _write_entry(canvas, entry, sizes)
    return canvas.panel()


def _fill_bar(canvas: Canvas, segment: Segment, duration_s: float, color: Color, sizes: _Sizes) -> None:
    start, end = (min(max(time / duration_s, 0.0), 1.0) for time in (segment.start_s, segment.end_s))
    left, right = round(start * sizes.length), round(end * sizes.length)
    if right > left:
        bar = rounded_box(sizes.track, right - left, sizes.track / 3)
        canvas.fill(bar, color, x=sizes.tracks_x + left, y=sizes.track_y(segment.row))


def _badge_text(text: int) -> int:
    return max(9, round(0.8 * text))


def _fill_badge(canvas: Canvas, row: int, person: int, sizes: _Sizes) -> None:
    """The number of a row's person, in the colour of the tag."""
    number = text_mask(str(person), _badge_text(sizes.text), bold=True)
    height = sizes.pitch - max(1, sizes.pitch // 8)
    y = sizes.top + row * sizes.pitch + (sizes.pitch - height) // 2
    canvas.fill(rounded_box(height, sizes.badge, height / 2), person_color(person), x=sizes.margin, y=y)
    middle = sizes.margin + (sizes.badge - number.shape[1]) // 2
    canvas.fill(number, WHITE, x=middle, y=y + (height - number.shape[0]) // 2)


def _legend(segments: Sequence[Segment], sizes: _Sizes) -> list[_Entry]:
    """Each label where it fits, on as many lines as there may be, and beside the clock on the first."""
    colors = label_colors(segment.label for segment in segments)
    if not colors:
        return [_Entry(shortened(NO_ACTION, sizes.text, _line_end(0, sizes) - sizes.margin), None, sizes.margin, 0)]
    entries: list[_Entry] = []
    x, line = sizes.margin, 0
    for number, (label, color) in enumerate(colors.items()):
        name = shown(str(label))
        width = _dot_space(sizes) + text_mask(name, sizes.text).shape[1]
        last = line == _MAX_LINES - 1
        if x + width > _line_end(line, sizes) and x > sizes.margin and not last:
            x, line, last = sizes.margin, line + 1, True
        fitting = shortened(name, sizes.text, max(1, _line_end(line, sizes) - x - _dot_space(sizes)))
        if len(fitting) < min(3, len(name)):
            if not last:  # the clock leaves no room at all: go below it
                x, line = sizes.margin, line + 1
                fitting = shortened(name, sizes.text, max(1, _line_end(line, sizes) - x - _dot_space(sizes)))
            if len(fitting) < min(3, len(name)):
                return [*entries, _Entry(f"+{len(colors) - number}", None, x, line)]
        entries.append(_Entry(fitting, color, x, line))
        x += _dot_space(sizes) + text_mask(fitting, sizes.text).shape[1] + round(sizes.text * 1.2)
    return entries


def _line_end(line: int, sizes: _Sizes) -> int:
    return sizes.width - sizes.margin - (round(sizes.text * 7.5) if line == 0 else 0)


def _dot_space(sizes: _Sizes) -> int:
    return round(sizes.text)


def _write_entry(canvas: Canvas, entry: _Entry, sizes: _Sizes) -> None:
    mask, x = text_mask(entry.text, sizes.text), entry.x
    if entry.color is not None:
        dot = round(sizes.text * 0.62)
        canvas.fill(rounded_box(dot, dot, dot / 2), entry.color, x=x, y=sizes.line_y(entry.line, dot))
        x += _dot_space(sizes)
    color = GREY if entry.color is None else WHITE
    canvas.fill(mask, color, x=x, y=sizes.line_y(entry.line, mask.shape[0]), opacity=0.92)


def _draw_cursor(strip: UInt8[ndarray, "h W 3"], fraction: float, sizes: _Sizes) -> None:
    x = sizes.tracks_x + fraction * sizes.length
    half = max(1.0, sizes.text / 11)
    overhang = max(2, round(sizes.track * 0.3))
    y, bottom = sizes.track_y(0) - overhang, sizes.track_y(sizes.rows - 1) + sizes.track + overhang
    for grown, color in ((max(1, round(half * 0.7)), BLACK), (0, WHITE)):
        left, right = round(x - half - grown), round(x + half + grown)
        strip[max(0, y - grown) : bottom + grown + 1, max(0, left) : right + 1] = color


def _clock(time_s: float) -> str:
    """Minutes and seconds, with hours where there are some."""
    minutes, seconds = divmod(max(0, int(time_s)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
