import numpy as np
import pytest

from posecube.video.darkness import MID_GREY, decode, encode, expose
from posecube.video.enhance import gamma_correct

DARKS = (1.0, 1.8, 2.5, 3.2, 4.0)
SIZE = (128, 96)


def grey(display: float = MID_GREY) -> np.ndarray:
    return decode(np.full((*SIZE, 3), display, dtype=np.float32))


def shot(picture: np.ndarray, dark: float = 1.0, noise: float = 0.006, seed: int = 0) -> np.ndarray:
    return expose(picture, dark=dark, noise=noise, rng=np.random.default_rng(seed)).astype(np.float64)


def street() -> np.ndarray:
    """Patches from black to nearly white, as many of each as a typical frame of the studio has."""
    levels = np.quantile([0.08, 0.15, 0.3, 0.43, 0.5, 0.6, 0.8], np.linspace(0, 1, SIZE[1]))
    return decode(np.broadcast_to(levels[None, :, None], (*SIZE, 3)).astype(np.float32))


def test_decoding_undoes_encoding() -> None:
    display = np.linspace(0, 1, 300, dtype=np.float32).reshape(10, 10, 3)
    np.testing.assert_allclose(encode(decode(display)), display, atol=2e-6)


def test_full_light_without_noise_is_the_screen_curve() -> None:
    picture = street()
    np.testing.assert_allclose(shot(picture, noise=0.0), encode(picture) * 255, atol=1.0)


@pytest.mark.parametrize("dark", DARKS)
def test_a_mid_grey_is_as_dark_as_asked(dark: float) -> None:
    assert shot(grey(), dark, noise=0.0).mean() == pytest.approx(255 * MID_GREY**dark, abs=1.0)


@pytest.mark.parametrize("dark", DARKS)
def test_gamma_correction_brings_a_mid_grey_back_to_within_the_noise(dark: float) -> None:
    stored = expose(grey(), dark=dark, noise=0.006, rng=np.random.default_rng(1))
    bright = gamma_correct(stored, dark).astype(np.float64)
    # A step of the stored picture is many of the corrected one, which is why dark clips cannot be brought back whole.
    step = 255 * ((MID_GREY**dark + 1 / 255) ** (1 / dark) - MID_GREY)
    assert bright.mean() == pytest.approx(255 * MID_GREY, abs=1 + step)
    assert bright.std() < 1 + 2 * step


@pytest.mark.parametrize("noise", [0.004, 0.01, 0.03])
def test_the_noise_of_a_mid_grey_is_as_strong_as_asked(noise: float) -> None:
    assert shot(grey(), noise=noise).std() / 255 == pytest.approx(noise, rel=0.08, abs=0.0005)


def test_noise_against_the_signal_grows_as_light_goes() -> None:
    shots = [shot(grey(), dark) for dark in DARKS]
    relative = [picture.std() / picture.mean() for picture in shots]
    assert all(np.diff([picture.mean() for picture in shots]) < 0)
    assert all(np.diff(relative) > 0)
    assert relative[-1] > 8 * relative[0]


def test_dark_frames_have_the_mean_grey_of_arid() -> None:
    # Frames of ARID have a mean grey of 6 to 30.
    assert 20 < shot(street(), 2.5).mean() < 40
    assert 5 < shot(street(), 4.0).mean() < 14


def test_black_in_the_dark_is_a_dark_grey() -> None:
    black = shot(np.zeros((*SIZE, 3), dtype=np.float32), 3.0)
    assert 2 < black.mean() < 6  # ARID: 3 to 4 at the first percentile
    assert shot(np.zeros((*SIZE, 3), dtype=np.float32), 1.0).mean() < 6


def test_colours_fade_in_the_dark_as_gamma_correction_shows() -> None:
    red = decode(np.broadcast_to(np.float32([0.7, 0.3, 0.3]), (*SIZE, 3)))
    spans = [int(np.ptp(gamma_correct(shot(red, dark, noise=0.0).astype(np.uint8), dark)[0, 0])) for dark in DARKS]
    assert spans[0] == pytest.approx(0.4 * 255, abs=2)
    assert all(np.diff(spans) < 0)
    assert spans[-1] > 3


def test_grain_is_slightly_coloured() -> None:
    noise = shot(grey(), noise=0.02) - 255 * MID_GREY
    red, green = noise[..., 0].ravel(), noise[..., 1].ravel()
    assert 0.7 < np.corrcoef(red, green)[0, 1] < 0.97


def test_grain_changes_from_frame_to_frame_and_comes_from_the_generator() -> None:
    rng = np.random.default_rng(5)
    first, second = (expose(grey(), dark=1.0, noise=0.02, rng=rng).astype(np.float64) for _ in range(2))
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 0.1
    np.testing.assert_array_equal(first, shot(grey(), noise=0.02, seed=5))


def test_a_picture_is_not_changed_by_taking_it() -> None:
    picture = street()
    before = picture.copy()
    shot(picture, 2.5)
    np.testing.assert_array_equal(picture, before)
