"""Everything together: the picture whole between its two strips."""

import time

import numpy as np
import pytest

from posecube.skeleton.layouts import COCO17
from posecube.video.drawing.draw import DrawnPerson, FramePlan, Segment, draw_frame, label_colors


def grey(size_hw=(240, 400)):
    return np.full((*size_hw, 3), 100, np.uint8)


def body(size_hw=(240, 400), number=1):
    points = np.random.default_rng(number).uniform((0.3, 0.3), (0.7, 0.7), (17, 2)) * size_hw[::-1]
    return DrawnPerson(points, np.full(17, 0.7), number, "squat", 0.8, 3)


@pytest.mark.parametrize("size_hw", [(1, 1), (3, 200), (200, 3), (48, 64), (241, 321), (640, 360), (1080, 1920)])
@pytest.mark.parametrize("duration_s", [0, 4])
def test_every_size_of_frame(size_hw, duration_s):
    image = grey(size_hw)
    segments = [Segment(0, 2, "clean and jerk", 0, 1), Segment(2, 3, None, 1, 12)]
    drawn = draw_frame(
        image, [body(size_hw)], layout=COCO17, label="clean and jerk", score=0.93, time_s=1, duration_s=duration_s,
        segments=segments,
    )  # fmt: skip
    plan = FramePlan.of(size_hw, segments, duration_s=duration_s)
    assert drawn.shape == (*plan.size_hw, 3) and drawn.dtype == np.uint8
    assert plan.size_hw[0] % 2 == 0 and plan.size_hw[1] == size_hw[1]
    assert (image == 100).all()


@pytest.mark.parametrize("size_hw", [(240, 320), (320, 240), (360, 640), (720, 1280)])
def test_no_row_of_the_picture_is_hidden(size_hw):
    image = np.random.default_rng(0).integers(0, 255, (*size_hw, 3), dtype=np.uint8)
    segments = [Segment(0, 2, "squat", row, row + 1) for row in range(3)]
    drawn = draw_frame(image, [], layout=COCO17, label="squat", score=0.9, segments=segments, duration_s=4)
    title = FramePlan.of(size_hw, segments, duration_s=4).title
    np.testing.assert_array_equal(drawn[title : title + size_hw[0]], image)


def test_strips_are_small():
    for size_hw in ((240, 320), (360, 640), (640, 360), (720, 1280), (1080, 1920)):
        plan = FramePlan.of(size_hw, [Segment(0, 1, "squat", 0, 1)], duration_s=4)
        assert plan.size_hw[0] < 1.3 * size_hw[0]


def test_title_and_timeline_share_a_labels_colour():
    segments = [Segment(0, 2, "pushup"), Segment(2, 4, "squat")]
    image = draw_frame(grey(), [], layout=COCO17, label="squat", score=1.0, segments=segments, duration_s=4)
    color = label_colors(["pushup", "squat"])["squat"]
    rows = np.nonzero((image == color).all(axis=2).any(axis=1))[0]
    plan = FramePlan.of((240, 400), segments, duration_s=4)
    assert rows.min() < plan.title and rows.max() >= plan.title + 240
    assert not ((rows >= plan.title) & (rows < plan.title + 240)).any()


def test_without_a_duration_there_is_no_timeline():
    plan = FramePlan.of((240, 400))
    image = draw_frame(grey(), [], layout=COCO17, label="squat", score=0.5)
    assert plan.timeline == 0 and image.shape[0] == plan.title + 240


def test_drawing_is_fast():
    """A frame of 1080p with one person takes about 3 ms of one core; the bound is far off, for busy machines."""
    image, people = grey((1080, 1920)), [body((1080, 1920))]
    segments = [Segment(0, 2, "squat", 0, 1), Segment(2, 4, "pushup", 0, 1)]
    costs = []
    for number in range(20):
        started = time.process_time()
        draw_frame(image, people, layout=COCO17, label="squat", score=0.9, segments=segments,
                   time_s=number / 5, duration_s=4)  # fmt: skip
        costs.append(time.process_time() - started)
    assert np.median(costs) < 0.02
