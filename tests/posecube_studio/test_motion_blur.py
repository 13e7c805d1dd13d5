import numpy as np
import pytest

from posecube_studio.motion_blur import blur


def moving_square(speed_px: float) -> tuple[np.ndarray, np.ndarray]:
    """A white square that moves to the right over a black ground, and its flow."""
    picture = np.zeros((64, 64, 3), dtype=np.float32)
    flow = np.zeros((64, 64, 2), dtype=np.float32)
    picture[24:40, 24:40], flow[24:40, 24:40, 0] = 1.0, speed_px
    return picture, flow


def test_nothing_that_rests_is_blurred() -> None:
    picture, flow = moving_square(0.0)
    assert blur(picture, flow, shutter=0.5) is picture
    picture, flow = moving_square(20.0)
    assert blur(picture, flow, shutter=0.0) is picture
    far = np.ones((64, 64), dtype=bool)
    far[22:42, 12:52] = False
    np.testing.assert_array_equal(blur(picture, flow, shutter=1.0)[far], picture[far])


def test_blur_leaves_a_constant_picture_alone() -> None:
    rng = np.random.default_rng(0)
    flow = rng.normal(0, 5, size=(64, 48, 2)).astype(np.float32)
    np.testing.assert_allclose(blur(np.full((64, 48, 3), 0.3, np.float32), flow, shutter=0.7), 0.3, rtol=1e-4)


@pytest.mark.parametrize("speed_px", [4.0, 12.0, 24.0])
def test_blur_keeps_the_light_and_spreads_it_along_the_way(speed_px: float) -> None:
    picture, flow = moving_square(speed_px)
    blurred = blur(picture, flow, shutter=0.5)
    assert blurred.sum() == pytest.approx(picture.sum(), rel=0.04)
    row = blurred[32, :, 0]
    np.testing.assert_allclose(blurred[25, :, 0], row, atol=0.05)
    # A box of 16 seen for speed / 2: a trapezoid, half as bright where the still square ends.
    positions = np.arange(64) + 0.5
    expected = np.clip((8 + speed_px / 4 - np.abs(positions - 32)) / (speed_px / 2), 0, 1)
    assert np.abs(row - expected).max() < 0.2
    assert np.abs(row - expected).mean() < 0.02


def test_a_turning_camera_blurs_the_whole_picture() -> None:
    rng = np.random.default_rng(2)
    picture = rng.uniform(size=(64, 64, 3)).astype(np.float32)
    flow = np.broadcast_to(np.float32([6, 0]), (64, 64, 2)).copy()
    blurred = blur(picture, flow, shutter=0.5)
    assert np.abs(np.diff(blurred, axis=1)).mean() < 0.6 * np.abs(np.diff(blurred, axis=0)).mean()
    assert blurred.mean() == pytest.approx(picture.mean(), rel=0.01)


def test_a_picture_is_not_changed_by_blurring_it() -> None:
    picture, flow = moving_square(6.0)
    before = picture.copy()
    blur(picture, flow, shutter=0.5)
    np.testing.assert_array_equal(picture, before)
