"""Gamma correction against its formula, value by value."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.video.enhance import gamma_correct

RAMP = np.arange(256, dtype=np.uint8).reshape(1, 256, 1).repeat(3, axis=2)


@pytest.mark.parametrize("gamma", [1.0, 1.8, 2.5, 10.0, 0.5])
def test_it_is_the_formula_truncated(gamma):
    expected = [int(255 * (value / 255) ** (1 / gamma)) for value in range(256)]
    np.testing.assert_array_equal(gamma_correct(RAMP, gamma)[0, :, 0], expected)


def test_gamma_1_changes_nothing_and_the_input_stays():
    image = np.random.default_rng(0).integers(0, 256, (7, 5, 3), dtype=np.uint8)
    before = image.copy()
    np.testing.assert_array_equal(gamma_correct(image, 1.0), image)
    gamma_correct(image, 2.5)
    np.testing.assert_array_equal(image, before)


def test_constant_scales_and_is_cut():
    np.testing.assert_array_equal(gamma_correct(RAMP, 1.0, constant=2.0)[0, :, 0], np.minimum(np.arange(256) * 2, 255))


@settings(deadline=None)
@given(st.floats(1.0, 20.0))
def test_brightening_keeps_the_order_and_the_ends(gamma):
    out = gamma_correct(RAMP, gamma)[0, :, 0].astype(int)
    assert (np.diff(out) >= 0).all() and (out >= np.arange(256) - 1).all()
    assert (out[0], out[255]) == (0, 255)


@pytest.mark.parametrize(("gamma", "constant", "name"), [(0, 1, "gamma"), (-1, 1, "gamma"), (float("nan"), 1, "gamma"),
                                                         (2, 0, "constant"), (float("inf"), 1, "gamma")])  # fmt: skip
def test_impossible_values_are_refused(gamma, constant, name):
    with pytest.raises(ValueError, match=f"{name} must be a positive number"):
        gamma_correct(RAMP, gamma, constant=constant)


def test_other_images_are_refused():
    with pytest.raises(ValueError, match="needs a uint8 image, got float64"):
        gamma_correct(np.zeros((2, 2, 3)), 2.0)
