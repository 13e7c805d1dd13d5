"""Linking people across frames: known walks, lost and found, numbers of the file."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.datasets.frame_people import FramePeople
from posecube.datasets.people_linking import link_people

BODY_XY = np.random.default_rng(0).uniform(0, 100, (17, 2))


def frame(*people, confidence=0.9, ids=None):
    """People at offsets (x, y)."""
    keypoints = np.array([BODY_XY + offset for offset in people], np.float32).reshape(len(people), 17, 2)
    return FramePeople(keypoints, np.full((len(people), 17), confidence, np.float32), ids or (None,) * len(people))


def link(frames, max_people=5, num_frames=None):
    return link_people(frames, num_frames=num_frames or max(frames) + 1, max_people=max_people)


def offsets(keypoints, confidence):
    """x offset of each row over time, NaN where it is not seen."""
    is_seen = confidence.any(axis=-1)
    return np.where(is_seen, (keypoints - BODY_XY.astype(np.float32))[..., 0].mean(axis=-1), np.nan)


def test_two_people_listed_in_changing_order():
    rng = np.random.default_rng(1)
    frames = {}
    for t in range(40):
        people = [(5.0 * t, 0.0), (400 - 2.0 * t, 50.0)]
        frames[t] = frame(*(people if rng.random() < 0.5 else people[::-1]))
    walked = np.sort(offsets(*link(frames))[:, [0, 39]], axis=0)
    np.testing.assert_allclose(walked, [[0, 195], [400, 322]], atol=1e-3)


def test_rows_are_ordered_by_presence_and_cut():
    frames = {t: frame((0, 0), (500, 0)) if t < 5 else frame((500, 0)) for t in range(9)}
    x = offsets(*link(frames))
    assert x[0].tolist() == [500] * 9
    np.testing.assert_array_equal(x[1], [0] * 5 + [np.nan] * 4)
    assert len(link(frames, max_people=1)[0]) == 1


def test_somebody_missed_for_some_frames_stays_the_same():
    frames = {t: frame((0, 0)) for t in range(20) if not 5 <= t < 15}
    keypoints, confidence = link(frames)
    assert len(keypoints) == 1
    assert confidence.any(axis=-1)[0].tolist() == [True] * 5 + [False] * 10 + [True] * 5


@pytest.mark.parametrize("frames", [{0: frame((0, 0)), 50: frame((0, 0))}, {0: frame((0, 0)), 1: frame((300, 0))}])
def test_long_gone_or_far_away_is_somebody_new(frames):
    assert len(link(frames)[0]) == 2


def test_numbers_of_the_file_are_kept():
    frames = {0: frame((0, 0), (500, 0), ids=(3, 1)), 1: frame((0, 0), (500, 0), ids=(1, 3))}
    x = offsets(*link(frames))
    assert sorted(x.tolist()) == [[0, 500], [500, 0]]


def test_numbers_that_repeat_in_a_frame_number_nobody():
    frames = {t: frame((0, 0), (500, 0), ids=(0, 0)) for t in range(3)}
    assert sorted(offsets(*link(frames)).tolist()) == [[0] * 3, [500] * 3]


def test_some_have_numbers_and_some_have_none():
    frames = {t: frame((0, 0), (500, 0), ids=(7, None)) for t in range(3)}
    assert sorted(offsets(*link(frames)).tolist()) == [[0] * 3, [500] * 3]


def test_upper_and_lower_body_are_linked_by_their_centres():
    upper, lower = frame((0, 0)), frame((5, 0))
    upper.confidence[:, 8:] = 0
    lower.confidence[:, :8] = 0
    assert len(link({0: upper, 1: lower})[0]) == 1


def test_no_detections():
    keypoints, confidence = link({0: frame()}, num_frames=4)
    assert (keypoints.shape, confidence.shape) == ((0, 4, 17, 2), (0, 4, 17))
    assert link_people({}, num_frames=2, max_people=1)[0].shape == (0, 2, 0, 2)


def test_a_crowd_beyond_reason_is_cut_to_the_surest():
    crowd = FramePeople(
        np.tile(BODY_XY.astype(np.float32), (5000, 1, 1)),
        np.linspace(0.1, 1, 5000, dtype=np.float32)[:, None].repeat(17, axis=1),
        (None,) * 5000,
    )
    keypoints, confidence = link({0: crowd, 1: crowd}, max_people=100)
    assert len(keypoints) == 64
    assert confidence.min() > 0.98


@settings(max_examples=30)
@given(st.lists(st.permutations([0, 1, 2]), min_size=2, max_size=8), st.integers(0, 2**31))
def test_any_order_of_people_who_stand_apart_gives_the_same_rows(orders, seed):
    rng = np.random.default_rng(seed)
    spots = np.array([[0.0, 0], [300, 100], [700, 0]])
    steps = rng.uniform(-8, 8, (len(orders), 3, 2)).cumsum(axis=0)
    frames = {t: frame(*(spots + steps[t])[list(order)]) for t, order in enumerate(orders)}
    x = offsets(*link(frames))
    np.testing.assert_allclose(np.sort(x[:, 0]), np.sort((spots + steps[0])[:, 0]), atol=1e-3)
    assert np.abs(np.diff(x, axis=1)).max() < 10
