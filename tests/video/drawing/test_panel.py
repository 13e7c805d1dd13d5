"""Panels, text and boxes, against plain compositing."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.video.drawing.panel import Canvas, paste, rounded_box, shortened, text_mask, text_panel


def half_red(size_hw=(6, 8)):
    canvas = Canvas(size_hw)
    canvas.fill(np.ones(size_hw, np.float32), (255, 0, 0), opacity=0.5)
    return canvas.panel()


@settings(deadline=None)
@given(st.integers(-12, 25), st.integers(-12, 25))
def test_paste_blends_inside_and_touches_nothing_else(x, y):
    image = np.full((20, 22, 3), 100, np.uint8)
    paste(image, half_red(), x=x, y=y)
    inside = np.zeros((20, 22), bool)
    inside[max(0, y) : max(0, y + 6), max(0, x) : max(0, x + 8)] = True
    assert (image[~inside] == 100).all()
    np.testing.assert_allclose(image[inside], np.tile([178, 50, 50], (inside.sum(), 1)), atol=1)


def test_later_fills_cover_earlier_ones():
    canvas = Canvas((4, 4))
    canvas.fill(np.ones((4, 4), np.float32), (255, 0, 0))
    canvas.fill(np.ones((2, 9), np.float32), (0, 0, 255), x=-3, y=3)
    image = np.zeros((4, 4, 3), np.uint8)
    paste(image, canvas.panel(), x=0, y=0)
    assert image[0, 0].tolist() == [255, 0, 0]
    assert image[3, 2].tolist() == [0, 0, 255]


def test_text_of_a_size_shares_its_height_and_longer_text_is_wider():
    small, large = text_mask("squat", 12), text_mask("jumping jacks, quickly", 12)
    assert small.shape[0] == large.shape[0]
    assert small.shape[1] < large.shape[1]
    assert 0 < small.max() <= 1
    assert text_mask("", 12).shape[1] == 1
    assert text_panel("squat", 24, (9, 9, 9), bold=True).size_hw[0] > small.shape[0]


@settings(deadline=None)
@given(st.text(max_size=30), st.integers(1, 200))
def test_shortened_text_fits(text, width):
    short = shortened(text, 12, width)
    assert short == "" or text_mask(short, 12).shape[1] <= width + 1
    assert "\n" not in short


def test_shortened_keeps_what_fits():
    assert shortened("squat", 12, 500) == "squat"
    assert shortened("clean and jerk", 12, 60).endswith("…")
    assert shortened("clean and jerk", 12, 2) == ""


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.floats(0, 40))
def test_boxes_are_symmetric_and_solid_in_the_middle(height, width, radius):
    box = rounded_box(height, width, radius)
    assert box.shape == (height, width) and box.min() >= 0 and box.max() <= 1
    np.testing.assert_allclose(box, box[::-1], atol=1e-5)
    np.testing.assert_allclose(box, box[:, ::-1], atol=1e-5)
    assert box[height // 2, width // 2] > 0.4


def test_a_box_without_radius_is_full_and_a_round_one_has_the_area_of_a_disc():
    assert (rounded_box(10, 20, 0) == 1).all()
    assert abs(rounded_box(60, 60, 30).sum() / (np.pi * 900) - 1) < 0.01
