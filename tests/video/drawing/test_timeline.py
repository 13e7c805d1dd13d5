"""The timeline: bars where the segments are, a cursor where the time is."""

import numpy as np
import pytest

from posecube.video.drawing.timeline import Segment, draw_timeline, label_colors, timeline_height

SHAPE = (240, 400, 3)
SEGMENTS = [Segment(0, 4, "squat"), Segment(5, 10, "pushup"), Segment(4, 5, None)]


def grey():
    return np.full(SHAPE, 100, np.uint8)


def columns_of(image, color):
    """Columns in which a colour is found."""
    return np.nonzero((np.abs(image.astype(int) - color).max(axis=2) <= 2).any(axis=0))[0]


def test_bars_stand_where_the_segments_are():
    image = draw_timeline(grey(), SEGMENTS, 4.5, 10)
    top = SHAPE[0] - timeline_height(SHAPE, SEGMENTS)
    tracks = image[top : top + timeline_height(SHAPE, SEGMENTS) // 3]
    colors = label_colors(["squat", "pushup"])
    squat, pushup = columns_of(tracks, colors["squat"]), columns_of(tracks, colors["pushup"])
    length = pushup.max() + 1 - squat.min()
    assert squat.min() + pushup.max() == pytest.approx(SHAPE[1], abs=2)
    assert len(squat) / length == pytest.approx(0.4, abs=0.02)
    assert len(pushup) / length == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(("time_s", "share"), [(0, 0), (2.5, 0.25), (10, 1), (-3, 0), (99, 1)])
def test_the_cursor_stands_where_the_time_is(time_s, share):
    image = draw_timeline(grey(), [], time_s, 10)
    top = SHAPE[0] - timeline_height(SHAPE, [])
    white = columns_of(image[top + 4 : top + 8], (255, 255, 255))
    margin = 12
    assert white.mean() == pytest.approx(margin + share * (SHAPE[1] - 2 * margin), abs=3)


def test_rows_make_room_up_to_six_and_the_frame_above_stays():
    heights = [timeline_height(SHAPE, [Segment(0, 1, "squat", row)]) for row in range(9)]
    assert heights[1] < heights[2] < heights[5] == heights[8]
    image = draw_timeline(grey(), [Segment(0, 1, "squat", 8)], 0, 1)
    assert (image[: SHAPE[0] - heights[8]] == 100).all()


@pytest.mark.parametrize("shape", [(240, 400, 3), (1080, 1920, 3), (90, 60, 3), (3, 3, 3), (1, 1, 3)])
def test_any_frame_any_segments(shape):
    segments = [Segment(-5, 50, "a very long name " * 5), Segment(7, 7, "none"), Segment(9, 2, "backwards")]
    segments += [Segment(i, i + 1, f"action {i}", i % 3) for i in range(30)]
    image = np.full(shape, 100, np.uint8)
    assert draw_timeline(image, segments, 3, 10).shape == shape
    assert (image == 100).all()
    assert draw_timeline(image, segments, 3, 10, in_place=True) is image


def test_colours_follow_the_first_appearance():
    colors = label_colors(["squat", None, "pushup", "squat"])
    assert list(colors) == ["squat", "pushup"]
    assert colors["squat"] != colors["pushup"]
    assert label_colors(["squat", "pushup", "situp"])["pushup"] == colors["pushup"]


def test_a_duration_is_needed():
    with pytest.raises(ValueError, match="needs a duration above 0 s, got 0"):
        draw_timeline(grey(), [], 0, 0)
