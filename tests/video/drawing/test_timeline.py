"""The timeline: bars where the segments are, people's numbers before them, a cursor where the time is."""

import numpy as np
import pytest

from posecube.video.drawing.panel import person_color
from posecube.video.drawing.timeline import Segment, _legend, _Sizes, draw_timeline, label_colors, timeline_height

PICTURE = (240, 400)
SEGMENTS = [Segment(0, 4, "squat"), Segment(5, 10, "pushup"), Segment(4, 5, None)]


def strip(segments, time_s=0.0, duration_s=10.0, picture_hw=PICTURE):
    rows = np.zeros((timeline_height(picture_hw, segments), picture_hw[1], 3), np.uint8)
    draw_timeline(rows, segments, time_s, duration_s, picture_hw=picture_hw)
    return rows


def columns_of(image, color):
    """Columns in which a colour is found."""
    return np.nonzero((np.abs(image.astype(int) - color).max(axis=2) <= 2).any(axis=0))[0]


def test_bars_stand_where_the_segments_are():
    image = strip(SEGMENTS, 4.5)
    tracks = image[: len(image) // 3]
    colors = label_colors(["squat", "pushup"])
    squat, pushup = columns_of(tracks, colors["squat"]), columns_of(tracks, colors["pushup"])
    length = pushup.max() + 1 - squat.min()
    assert squat.min() + pushup.max() == pytest.approx(PICTURE[1], abs=2)
    assert len(squat) / length == pytest.approx(0.4, abs=0.02)
    assert len(pushup) / length == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(("time_s", "share"), [(0, 0), (2.5, 0.25), (10, 1), (-3, 0), (99, 1)])
@pytest.mark.parametrize("person", [None, 3])
def test_the_cursor_stands_where_the_time_is(time_s, share, person):
    segments = [Segment(0, 10, None, 0, person)]
    sizes = _Sizes.of(PICTURE, tuple(segments))
    white = columns_of(strip(segments, time_s)[sizes.track_y(0) : sizes.track_y(0) + 3, sizes.tracks_x - 3 :], 255)
    assert white.mean() == pytest.approx(3 + share * sizes.length, abs=3)


def test_every_row_says_whose_it_is():
    segments = [Segment(0, 5, "squat", 0, 4), Segment(2, 9, None, 1, 7), Segment(6, 9, "squat", 0, 4)]
    image, sizes = strip(segments), _Sizes.of(PICTURE, tuple(segments))
    for row, person in ((0, 4), (1, 7)):
        middle = sizes.top + row * sizes.pitch + sizes.pitch // 2
        badge = columns_of(image[middle - 2 : middle + 2], person_color(person))
        assert len(badge) and badge.max() < sizes.tracks_x
    assert _Sizes.of(PICTURE, tuple(SEGMENTS)).tracks_x < sizes.tracks_x


def test_rows_make_room_up_to_six():
    heights = [
        timeline_height(PICTURE, [Segment(0, 1, "squat", row, row) for row in range(last + 1)]) for last in range(9)
    ]
    assert heights[1] < heights[2] < heights[5] == heights[8]


def test_a_legend_that_does_not_fit_takes_a_second_line():
    narrow = (320, 200)
    few, many = [Segment(0, 1, "squat")], [Segment(i, i + 1, f"a long action {i}") for i in range(9)]
    sizes = _Sizes.of(narrow, tuple(many))
    entries = _legend(many, sizes)
    assert {entry.line for entry in entries} == {0, 1} and entries[-1].text.startswith("+")
    assert timeline_height(narrow, few) < timeline_height(narrow, many)
    assert len({(entry.x, entry.line) for entry in entries}) == len(entries)


@pytest.mark.parametrize("picture_hw", [(240, 400), (1080, 1920), (90, 60), (3, 3), (1, 1)])
def test_any_frame_any_segments(picture_hw):
    segments = [Segment(-5, 50, "a very long name " * 5), Segment(7, 7, "none"), Segment(9, 2, "backwards")]
    segments += [Segment(i, i + 1, f"action {i}", i % 3, i % 3 * 100) for i in range(30)]
    assert strip(segments, 3, picture_hw=picture_hw).any()


def test_colours_follow_the_first_appearance():
    colors = label_colors(["squat", None, "pushup", "squat"])
    assert list(colors) == ["squat", "pushup"]
    assert colors["squat"] != colors["pushup"]
    assert label_colors(["squat", "pushup", "situp"])["pushup"] == colors["pushup"]


def test_a_duration_is_needed():
    with pytest.raises(ValueError, match="needs a duration above 0 s, got 0"):
        draw_timeline(np.zeros((40, 400, 3), np.uint8), [], 0, 0, picture_hw=PICTURE)
