import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import make_sequence
from posecube.sampling import ClipSpec, MapSpace, Preprocess, view_clips
from posecube.sampling.preprocess.smoothing import FEWEST_FRAMES, error_sizes, smoothed

FRAMES, JOINTS = 96, 6


def waving(frames: int = FRAMES) -> np.ndarray:
    """One person whose joints swing at up to twice a second of 30 frames, one of them running across. (1, T, V, 2)"""
    times = np.arange(frames)[:, None] / 30
    rates = np.linspace(0.0, 2.0, JOINTS)
    swing = 40 * np.sin(2 * np.pi * rates * times)
    places = np.stack([100 + swing, 200 + 0.5 * swing], axis=-1)
    places[:, -1, 0] += 5 * np.arange(frames)
    return places[None].astype(np.float32)


def shaken(places: np.ndarray, sigma: float, seed: int = 0) -> np.ndarray:
    return (places + np.random.default_rng(seed).normal(0, sigma, places.shape)).astype(np.float32)


def error(found: np.ndarray, truth: np.ndarray) -> float:
    return float(np.sqrt(((found - truth) ** 2).mean()))


SURE = np.ones((1, FRAMES, JOINTS), np.float32)


@pytest.mark.parametrize("sigma", [1.0, 5.0, 20.0])
def test_what_shakes_comes_nearer_to_the_truth(sigma):
    truth = waving()
    for seed in range(5):
        noisy = shaken(truth, sigma, seed)
        assert error(smoothed(noisy, SURE), truth) < 0.65 * error(noisy, truth)


def test_what_does_not_shake_stays_where_it_is():
    truth = waving()
    assert error(smoothed(truth, SURE), truth) < 0.1


def test_the_size_of_the_error_is_read_off_each_axis():
    from scipy.fft import dct

    noise = np.random.default_rng(0).normal(0, [3.0, 12.0], (FRAMES, JOINTS, 2))
    sizes = error_sizes(dct(waving()[0].astype(float) * 0 + noise, axis=0, norm="ortho"), np.ones(JOINTS, bool))
    np.testing.assert_allclose(sizes, [3.0, 12.0], rtol=0.15)


def test_missing_joints_stay_missing_and_mislead_nobody():
    truth = waving()
    confidence = SURE.copy()
    confidence[0, 20:40, 2] = 0
    confidence[0, :, 3] = 0
    noisy = shaken(truth, 5.0)
    astray = noisy.copy()
    astray[confidence == 0] = 1e6
    found, expected = smoothed(astray, confidence), smoothed(noisy, confidence)
    seen = confidence > 0
    np.testing.assert_allclose(found[seen], expected[seen], atol=1e-3)
    np.testing.assert_array_equal(found[~seen], astray[~seen])
    assert error(found[seen], truth[seen]) < 0.6 * error(noisy[seen], truth[seen])


@pytest.mark.parametrize("frames", [1, 2, FEWEST_FRAMES - 1])
def test_short_clips_are_left_alone(frames):
    noisy = shaken(waving(frames), 5.0)
    np.testing.assert_array_equal(smoothed(noisy, np.ones((1, frames, JOINTS), np.float32)), noisy)


def test_nobody_is_left_alone():
    places = shaken(waving(), 5.0)
    np.testing.assert_array_equal(smoothed(places, 0 * SURE), places)


@given(shift=st.floats(-500, 500), size=st.floats(0.1, 10), seed=st.integers(0, 20))
@settings(deadline=None, max_examples=25)
def test_place_and_size_of_the_image_do_not_matter(shift, size, seed):
    noisy = shaken(waving(), 5.0, seed)
    moved = (noisy * size + shift).astype(np.float32)
    np.testing.assert_allclose(smoothed(moved, SURE), smoothed(noisy, SURE) * size + shift, rtol=1e-3, atol=0.05 * size)


def test_joints_in_space_are_steadied_along_all_axes():
    truth = np.concatenate([waving(), waving()[..., :1]], axis=-1) / 100
    noisy = shaken(truth, 0.05)
    found = smoothed(noisy, SURE)
    assert all(error(found[..., axis], truth[..., axis]) < 0.6 * error(noisy[..., axis], truth[..., axis])
               for axis in range(3))  # fmt: skip


def test_a_clip_is_steadied_before_its_frames_are_chosen():
    sequence = make_sequence(frames=40)
    noisy = sequence.replaced(keypoints=shaken(sequence.keypoints, 4.0))
    plain, steady = (
        ClipSpec(clip_len=8, preprocess=Preprocess(smooth=on), space=MapSpace(size_hw=(32, 32))) for on in (False, True)
    )
    expected = view_clips(noisy.replaced(keypoints=smoothed(noisy.keypoints, noisy.confidence)), plain)[0]
    np.testing.assert_allclose(view_clips(noisy, steady)[0].keypoints, expected.keypoints, atol=1e-4)
    assert not np.allclose(view_clips(noisy, plain)[0].keypoints, expected.keypoints)
