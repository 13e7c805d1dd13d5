import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.sampling.preprocess.id_switches import without_id_switches

JOINTS = 5


def two_people(frames: int = 9, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """One walks left, the other right, far apart."""
    rng = np.random.default_rng(seed)
    bodies = rng.uniform(0, 20, (2, 1, JOINTS, 2)) + np.array([[100.0, 100], [300, 100]])[:, None, None]
    steps = np.arange(frames)[None, :, None, None] * np.array([[-3.0, 0], [3, 0]])[:, None, None]
    return (bodies + steps).astype(np.float32), rng.uniform(0.2, 1, (2, frames, JOINTS)).astype(np.float32)


def swapped(keypoints: np.ndarray, confidence: np.ndarray, where: list[int]) -> tuple[np.ndarray, np.ndarray]:
    keypoints, confidence = keypoints.copy(), confidence.copy()
    keypoints[:, where], confidence[:, where] = keypoints[::-1, where], confidence[::-1, where]
    return keypoints, confidence


def same(found: tuple[np.ndarray, ...], expected: tuple[np.ndarray, ...]) -> None:
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


@given(where=st.lists(st.integers(1, 8), unique=True), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=40)
def test_swaps_are_undone_joints_and_confidences(where: list[int], seed: int) -> None:
    people = two_people(seed=seed)
    same(without_id_switches(*swapped(*people, where)), people)


def test_the_first_frame_says_who_is_who() -> None:
    people = two_people()
    same(without_id_switches(*swapped(*people, [0])), swapped(*people, list(range(9))))


def test_as_the_public_code_while_everybody_is_seen() -> None:
    rng = np.random.default_rng(1)
    keypoints = rng.uniform(0, 100, (2, 30, JOINTS, 2)).astype(np.float32)  # nobody stays anywhere
    found, _ = without_id_switches(keypoints, np.ones((2, 30, JOINTS), np.float32))
    expected, is_swapped = keypoints.copy(), False
    for frame in range(1, 30):
        to_itself, to_other = (
            np.linalg.norm(keypoints[0, frame] - keypoints[person, frame - 1], axis=-1).sum() for person in (0, 1)
        )
        is_swapped ^= to_itself > to_other
        if is_swapped:
            expected[:, frame] = keypoints[::-1, frame]
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("people", [1, 3])
def test_other_numbers_of_people_stay(people: int) -> None:
    keypoints = np.zeros((people, 4, JOINTS, 2), np.float32)
    confidence = np.ones((people, 4, JOINTS), np.float32)
    assert without_id_switches(keypoints, confidence)[0] is keypoints


def test_whoever_is_not_seen_is_not_near() -> None:
    keypoints, confidence = two_people()
    confidence[0, 4] = 0
    keypoints[0, 4] = np.nan
    same(without_id_switches(keypoints, confidence), (keypoints, confidence))
    same(without_id_switches(keypoints[:, :1], confidence[:, :1]), (keypoints[:, :1], confidence[:, :1]))
