"""The title: name, score and line in the strip above the picture."""

import numpy as np
import pytest

from posecube.video.drawing.panel import STRIP
from posecube.video.drawing.title import draw_title, title_height

PICTURE = (240, 400)


def strip(text, score=None, *, picture_hw=PICTURE, **options):
    rows = np.zeros((title_height(picture_hw), picture_hw[1], 3), np.uint8)
    draw_title(rows, text, score, picture_hw=picture_hw, **options)
    return rows


@pytest.mark.parametrize("score", [0.0, 0.25, 1.0])
def test_the_line_is_as_long_as_the_score(score):
    assert (strip("squat", score, color=(0, 255, 0))[-1] == (0, 255, 0)).all(axis=1).sum() == round(score * 400)


def test_no_known_action_is_said_in_grey_without_a_score():
    image = strip(None, 0.9)
    np.testing.assert_array_equal(image, strip(None))
    assert (image != strip("squat")).any()
    spread = image.max(axis=2).astype(int) - image.min(axis=2)
    assert spread.max() < 40


def test_a_long_name_leaves_the_score_alone():
    number = strip("squat", 0.5) != strip("squat")
    columns = np.nonzero(number[:-4].any(axis=(0, 2)))[0]
    long = strip("a very long name of an action " * 3, 0.5)
    np.testing.assert_array_equal(long[:-4, columns.min() :], strip("squat", 0.5)[:-4, columns.min() :])
    assert (long[:-4, columns.min() - 6 : columns.min()] == STRIP).all()


def test_underscores_are_not_read_aloud():
    np.testing.assert_array_equal(strip("bench_press", 0.5), strip("bench press", 0.5))
