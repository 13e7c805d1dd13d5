import numpy as np
import pytest
from pydantic import ValidationError

from posecube.sampling import Drift
from posecube.sampling.augment.augmentation import drifted

FRAME = (240, 320)


def pose(frames: int = 5, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(20, 220, (2, frames, 4, 2)).astype(np.float32)


def drift(keypoints: np.ndarray, *, seed: int = 0, **fields: float) -> np.ndarray:
    return drifted(keypoints, Drift(**fields), np.random.default_rng(seed), size_hw=FRAME)


def ends(seed: int = 0) -> np.ndarray:
    """The same draws: turn, growth, right and down, at the first and the last frame, from -1 to 1."""
    return np.random.default_rng(seed).uniform(-1, 1, (2, 4))


def test_no_drift_moves_nothing() -> None:
    assert not Drift().is_on and Drift(shift=0.1).is_on
    np.testing.assert_allclose(drift(pose()), pose(), rtol=1e-6)


def test_a_shift_runs_from_the_first_frame_to_the_last() -> None:
    moved = drift(pose(), shift=0.1) - pose()
    expected = 0.1 * 160 * np.linspace(*ends()[:, 2:], 5)  # half of the longer side, 320, is the unit
    np.testing.assert_allclose(moved, np.broadcast_to(expected[:, None], moved.shape), atol=1e-4)


def test_it_turns_and_grows_about_the_middle_of_the_square() -> None:
    start, end = ends()
    moved = drift(pose(), rotate_deg=10, scale=0.1) - 160
    original = pose() - 160
    for frame, share in [(0, 0.0), (2, 0.5), (4, 1.0)]:
        angle = np.radians(10 * (start[0] + share * (end[0] - start[0])))
        factor = 1 + 0.1 * (start[1] + share * (end[1] - start[1]))
        turn = factor * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        np.testing.assert_allclose(moved[:, frame], original[:, frame] @ turn.T, atol=1e-3)


def test_one_frame_and_nobody() -> None:
    assert drift(pose(1), rotate_deg=10, shift=0.1).shape == (2, 1, 4, 2)
    assert np.isnan(drift(np.full((1, 3, 4, 2), np.nan, np.float32), rotate_deg=10)).all()
    assert drift(pose(), scale=0.5).dtype == np.float32


@pytest.mark.parametrize("fields", [{"scale": 1.0}, {"shift": -0.1}, {"turn": 1}])
def test_what_a_drift_cannot_be(fields: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Drift(**fields)
