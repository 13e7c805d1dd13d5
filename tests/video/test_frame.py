"""A frame converts when looked at, once, and scales from what it has."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.video.frame import Frame, fitted_size


class CountingPicture:
    def __init__(self):
        self.sizes = []

    def to_rgb(self, size_hw):
        self.sizes.append(size_hw)
        return np.zeros((*size_hw, 3), np.uint8)


def test_a_picture_is_converted_at_the_first_look_only():
    picture = CountingPicture()
    frame = Frame(3, 0.1, decoded=picture, size_hw=(30, 40))
    assert (picture.sizes, frame.size_hw) == ([], (30, 40))
    assert frame.image_rgb is frame.image_rgb
    assert picture.sizes == [(30, 40)]


def test_resized_converts_straight_to_the_small_size():
    picture = CountingPicture()
    frame = Frame(0, 0.0, decoded=picture, size_hw=(30, 40))
    assert frame.resized(20).shape == (15, 20, 3)
    assert picture.sizes == [(15, 20)]


def test_resized_uses_the_converted_image_where_there_is_one(make_image):
    frame = Frame(0, 0.0, make_image(4))
    assert frame.resized(32).shape == (24, 32, 3)
    np.testing.assert_array_equal(frame.resized(32), make_image(4)[::2, ::2])
    assert frame.resized(64) is frame.image_rgb


def test_resized_from_picture_and_from_image_agree(make_video):
    from posecube.video.reader import read_frames

    path = make_video()
    lazy, looked_at = next(read_frames(path)), next(read_frames(path))
    assert looked_at.image_rgb.any()
    assert np.abs(lazy.resized(32).astype(int) - looked_at.resized(32)).mean() < 2


@pytest.mark.parametrize("image", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3))])
def test_other_images_are_refused(image):
    with pytest.raises(ValueError, match=r"must be uint8 \(H, W, 3\), got"):
        Frame(0, 0.0, image)


@settings(deadline=None)
@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(1, 5000))
def test_fitted_size_fits_and_keeps_the_shape(height, width, max_side):
    fitted = fitted_size((height, width), max_side)
    assert max(fitted) == min(max_side, max(height, width))
    assert min(fitted) >= 1
    scale = max(fitted) / max(height, width)
    assert abs(fitted[0] - height * scale) <= 1 and abs(fitted[1] - width * scale) <= 1
