"""The label bar, and everything together."""

import time

import numpy as np
import pytest

from posecube.skeleton.layouts import COCO17
from posecube.video.drawing.draw import DrawnPerson, Segment, draw_frame, draw_label_bar, label_colors


def grey(size_hw=(240, 400)):
    return np.full((*size_hw, 3), 100, np.uint8)


def body(size_hw=(240, 400), number=1):
    points = np.random.default_rng(number).uniform((0.3, 0.3), (0.7, 0.7), (17, 2)) * size_hw[::-1]
    return DrawnPerson(points, np.full(17, 0.7), number, "squat", 0.8)


def test_the_bar_darkens_the_top_only():
    image = draw_label_bar(grey(), "squat", 0.5)
    changed = np.nonzero((image != 100).any(axis=(1, 2)))[0]
    assert changed.min() == 0 and changed.max() < 0.2 * 240
    assert image[2, 200].tolist() == [38, 38, 38]


@pytest.mark.parametrize("score", [0.0, 0.25, 1.0])
def test_the_line_is_as_long_as_the_score(score):
    image = draw_label_bar(grey(), "squat", score, color=(0, 255, 0))
    bottom = np.nonzero((image != 100).any(axis=(1, 2)))[0].max()
    assert (image[bottom] == (0, 255, 0)).all(axis=1).sum() == round(score * 400)


def test_no_known_action_is_said_in_grey_without_a_score():
    image = draw_label_bar(grey(), None, 0.9)
    np.testing.assert_array_equal(image, draw_label_bar(grey(), None))
    assert (image != draw_label_bar(grey(), "squat")).any()
    spread = image.max(axis=2).astype(int) - image.min(axis=2)
    assert spread.max() < 40


@pytest.mark.parametrize("size_hw", [(1, 1), (3, 200), (200, 3), (48, 64), (1080, 1920)])
def test_every_size_of_frame(size_hw):
    image = grey(size_hw)
    drawn = draw_frame(
        image, [body(size_hw)], layout=COCO17, label="clean and jerk", score=0.93, time_s=1, duration_s=4,
        segments=[Segment(0, 2, "clean and jerk"), Segment(2, 3, None)],
    )  # fmt: skip
    assert drawn.shape == image.shape and drawn.dtype == np.uint8
    assert (image == 100).all()


def test_bar_and_timeline_share_a_labels_colour():
    segments = [Segment(0, 2, "pushup"), Segment(2, 4, "squat")]
    image = draw_frame(grey(), [], layout=COCO17, label="squat", score=1.0, segments=segments, duration_s=4)
    color = label_colors(["pushup", "squat"])["squat"]
    rows = np.nonzero((image == color).all(axis=2).any(axis=1))[0]
    assert rows.min() < 60 and rows.max() > 180


def test_tags_keep_clear_of_the_bar():
    plain = draw_frame(grey(), [], layout=COCO17, label="squat", score=0.5)
    points = body().keypoints_xy
    points[:, 1] += 50 - points[:, 1].min()
    top = DrawnPerson(points, np.full(17, 0.9), 1, "squat", 0.8)
    bar = (plain != 100).any(axis=(1, 2))
    drawn = draw_frame(grey(), [top], layout=COCO17, label="squat", score=0.5)
    np.testing.assert_array_equal(drawn[bar], plain[bar])


def test_without_a_duration_there_is_no_timeline():
    image = draw_frame(grey(), [], layout=COCO17, label="squat", score=0.5)
    assert (image[60:] == 100).all()


def test_drawing_is_fast():
    """A frame of 1080p with one person takes about 1.5 ms of one core; the bound is far off, for busy machines."""
    image, people = grey((1080, 1920)), [body((1080, 1920))]
    segments = [Segment(0, 2, "squat"), Segment(2, 4, "pushup")]
    costs = []
    for number in range(20):
        started = time.process_time()
        draw_frame(image, people, layout=COCO17, label="squat", score=0.9, segments=segments,
                   time_s=number / 5, duration_s=4)  # fmt: skip
        costs.append(time.process_time() - started)
    assert np.median(costs) < 0.02
