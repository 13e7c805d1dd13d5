"""Gamma correction against its formula, value by value; other ways to brighten by what they promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.video.enhance import Enhancement, enhanced, equalised, gamma_correct, gamma_for
from posecube.video.frame import Frame

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


def frames_of(*means, size_hw=(6, 8)):
    """Noisy frames of these mean levels, 10 a second."""
    rng = np.random.default_rng(0)
    for index, mean in enumerate(means):
        image = np.clip(rng.normal(mean, mean / 3, (*size_hw, 3)), 0, 255).astype(np.uint8)
        yield Frame(index, index / 10, image)


def means_of(frames):
    return np.array([frame.image_rgb.mean() for frame in frames])


class TestEnhancement:
    """Frames come out in order with their times, brighter by the way asked for."""

    def test_gamma_is_gamma_correction_and_2_5_if_nothing_is_said(self):
        frames = list(frames_of(20, 40))
        for made in (Enhancement(), Enhancement("gamma", 2.5)):
            for frame, bright in zip(frames, enhanced(frames, made), strict=True):
                np.testing.assert_array_equal(bright.image_rgb, gamma_correct(frame.image_rgb, 2.5))
                assert (bright.index, bright.time_s) == (frame.index, frame.time_s)

    @pytest.mark.parametrize("mean", [4, 12, 30])
    def test_adaptive_brings_the_mean_to_its_target(self, mean):
        image = next(frames_of(mean, size_hw=(40, 40)))
        bright = next(enhanced([image], Enhancement("adaptive", target=0.25)))
        assert abs(bright.image_rgb.mean() / 255 - 0.25) < 0.02

    def test_adaptive_leaves_light_frames_and_black_ones(self):
        light = next(frames_of(150))
        np.testing.assert_array_equal(next(enhanced([light], Enhancement("adaptive"))).image_rgb, light.image_rgb)
        black = Frame(0, 0.0, np.zeros((4, 4, 3), np.uint8))
        assert not next(enhanced([black], Enhancement("adaptive"))).image_rgb.any()
        assert gamma_for(black.image_rgb, 0.25) > 7.9

    def test_adaptive_does_not_flicker(self):
        """A frame lit by a flash does not change the curve of the next ones at once."""
        steady = means_of(enhanced(frames_of(*[10] * 20, size_hw=(40, 40)), Enhancement("adaptive")))
        assert np.ptp(steady) < 3
        flash = means_of(enhanced(frames_of(*[10] * 9, 90, *[10] * 9, size_hw=(40, 40)), Enhancement("adaptive")))
        assert flash[9] > 1.8 * flash[8] and flash[10] > 0.85 * flash[8]

    def test_clahe_works_on_lightness_and_spreads_it(self):
        frame = next(frames_of(15, size_hw=(64, 64)))
        even = next(enhanced([frame], Enhancement("clahe"))).image_rgb
        assert even.std() > 1.5 * frame.image_rgb.std()
        grey = np.repeat(frame.image_rgb[..., :1], 3, axis=2)
        assert np.ptp(equalised(grey).astype(int), axis=2).max() <= 3, "grey stays grey"

    @pytest.mark.parametrize("reach", [1, 2])
    def test_average_is_that_of_the_neighbours(self, reach):
        frames = list(frames_of(10, 20, 30, 40, 50))
        averaged = list(enhanced(frames, Enhancement("gamma", 1.0, average=reach)))
        assert [frame.index for frame in averaged] == [0, 1, 2, 3, 4]
        for index, frame in enumerate(averaged):
            near = [other.image_rgb for other in frames[max(index - reach, 0) : index + reach + 1]]
            np.testing.assert_array_equal(frame.image_rgb, np.rint(np.mean(near, axis=0)))

    def test_average_of_few_frames(self):
        assert len(list(enhanced(frames_of(10, 20), Enhancement(average=3)))) == 2
        assert not list(enhanced([], Enhancement(average=3)))

    def test_a_float_image_is_not_needed_for_words(self):
        assert str(Enhancement()) == "gamma 2.5"
        assert str(Enhancement("adaptive", constant=1.5)) == "adaptive to 0.25 times 1.5"
        assert str(Enhancement("clahe", average=1)) == "clahe 1, averaged over 3 frames"

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"method": "retinex"}, "unknown enhancement 'retinex'; choose one of: gamma, adaptive, clahe"),
            ({"gamma": -1.0}, "gamma must be above 0, got -1.0"),
            ({"constant": 0.0}, "constant must be above 0"),
            ({"method": "adaptive", "gamma": 2.0}, "finds its own gamma: leave gamma 2 out"),
            ({"target": 1.0}, "target must lie between 0 and 1"),
            ({"average": -1}, "average must be 0 or more"),
        ],
    )
    def test_what_cannot_be(self, arguments, message):
        with pytest.raises(ValueError, match=message):
            Enhancement(**arguments)
