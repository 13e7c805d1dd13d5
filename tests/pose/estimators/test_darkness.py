"""What is dark gets light, what is light, black or barred is left alone."""

import numpy as np
import pytest

from posecube.pose.estimators.darkness import brightened_if_dark


def grey(level: int) -> np.ndarray:
    return np.full((64, 64, 3), level, np.uint8)


@pytest.mark.parametrize("level", [5, 20, 40, 62])
def test_dark_crops_become_light(level):
    assert 45 < brightened_if_dark(grey(level)).mean() < 140


@pytest.mark.parametrize("level", [0, 65, 128, 255])
def test_light_and_black_ones_are_left_alone(level):
    assert brightened_if_dark(grey(level)) is None


def test_black_bars_make_no_darkness():
    barred = grey(120)
    barred[:14], barred[-14:] = 0, 0  # a wide film in a square
    assert brightened_if_dark(barred) is None


def test_the_crop_itself_stays_as_it_is():
    dark = grey(20)
    brightened_if_dark(dark)
    assert (dark == 20).all()
