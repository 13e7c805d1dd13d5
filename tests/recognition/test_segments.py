"""Window scores to segments: against every possible path, and what must hold whatever the scores."""

import time
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.recognition.segments import (
    DecoderSettings,
    ScoredWindow,
    _nearest,
    best_path,
    evidence_by_step,
    find_segments,
)

CLASSES = ("hop", "sway", "stand")


def windows_of(labels, *, window_s=2.0, step_s=0.5, sure=0.9) -> list[ScoredWindow]:
    """One window a step, sure of the given class; None is sure of nothing."""
    windows = []
    for number, label in enumerate(labels):
        scores = np.full(3, (1 - sure) / 2, np.float32)
        if label is None:
            scores[:] = 1 / 3
        else:
            scores[label] = sure
        windows.append(ScoredWindow(number * step_s, number * step_s + window_s, scores, window_s))
    return windows


def cut(windows, *, threshold=0.5, **fields):
    return find_segments(windows, classes=CLASSES, threshold=threshold, settings=DecoderSettings(**fields))


def told(segments) -> list[tuple[float, float, str | None]]:
    return [(round(one.start_s, 3), round(one.end_s, 3), one.prediction.label) for one in segments]


def test_one_action_is_one_segment():
    (segment,) = cut(windows_of([1] * 9))
    assert told([segment]) == [(0.0, 6.0, "sway")]
    assert segment.prediction.score == pytest.approx(0.9)
    assert [name for name, _ in segment.prediction.top5] == ["sway", "hop", "stand"]


def test_two_actions_are_cut_where_the_windows_change():
    segments = cut(windows_of([0] * 10 + [2] * 10))
    (first, middle, label), (_, end, other) = told(segments)
    assert (first, end, label, other) == (0.0, 11.5, "hop", "stand")
    assert 5.0 <= middle <= 6.5, "windows of either action meet there"


def test_a_time_without_an_action_has_no_label_but_its_best_classes():
    first, middle, last = cut(windows_of([0] * 10 + [None] * 10 + [0] * 10))
    assert [one.prediction.label for one in (first, middle, last)] == ["hop", None, "hop"]
    assert middle.prediction.score < 0.5 and len(middle.prediction.top5) == 3


def test_a_flicker_is_not_worth_a_change():
    flicker = [ScoredWindow(n / 2, n / 2 + 0.5, np.eye(3)[1 if n == 5 else 0] * 0.9, 0.5) for n in range(12)]
    assert told(cut(flicker)) == [(0.0, 6.0, "hop")]


def test_a_short_action_that_only_short_windows_see_is_found_beside_long_ones_that_do_not():
    long = [ScoredWindow(0.0, 12.0, np.float32([0.2, 0.2, 0.2]), 12.0)]
    short = [
        ScoredWindow(n * 0.5, n * 0.5 + 1.5, np.float32([0.95 if n in (8, 9) else 0.1, 0, 0]), 1.5) for n in range(22)
    ]
    before, named, after = told(cut(long + short))
    assert (before[2], named[2], after[2]) == (None, "hop", None)
    assert 3.5 <= named[0] <= 5.0 <= named[1] <= 6.5


def test_a_slow_action_that_only_long_windows_see_is_one_segment():
    long = [ScoredWindow(0.0, 12.0, np.float32([0.1, 0.9, 0.0]), 12.0)]
    short = [ScoredWindow(n * 0.5, n * 0.5 + 1.5, np.float32([0.3, 0.3, 0.3]), 1.5) for n in range(22)]
    assert told(cut(long + short)) == [(0.0, 12.0, "sway")]


def test_windows_with_others_do_not_thin_out_those_of_a_person_alone():
    alone, together = np.float32([0.9, 0, 0]), np.float32([0, 0, 0.2])
    windows = [ScoredWindow(0, 2, alone, 2.0), ScoredWindow(0, 2, together, 2.0, shows_others=True)]
    (segment,) = cut(windows)
    assert (segment.prediction.label, segment.prediction.score) == ("hop", pytest.approx(0.9))


def test_a_track_shorter_than_the_shortest_segment_is_one():
    assert told(cut([ScoredWindow(0.1, 0.4, np.eye(3)[2])])) == [(0.1, 0.4, "stand")]


def test_no_windows_give_no_segments():
    assert cut([]) == ()


def test_time_between_two_windows_goes_to_the_nearer():
    windows = [ScoredWindow(0.0, 2.0, np.eye(3)[0]), ScoredWindow(8.0, 10.0, np.eye(3)[1])]
    assert told(cut(windows)) == [(0.0, 5.0, "hop"), (5.0, 10.0, "sway")]


@pytest.mark.parametrize("covered", [[0, 1, 0, 0, 1, 0], [1], [0, 0, 1], [1, 0, 0, 0, 1]])
def test_the_nearest_covered_step_is_found(covered):
    covered = np.array(covered, dtype=bool)
    for step, found in enumerate(_nearest(covered)):
        distances = np.where(covered, np.abs(np.arange(len(covered)) - step), np.inf)
        assert covered[found] and distances[found] == distances.min()


@settings(deadline=None)
@given(st.data())
def test_the_path_is_the_best_of_all(data):
    num_steps, shortest = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 3))
    shortest = min(shortest, num_steps)
    change = data.draw(st.sampled_from([0.0, 0.3, 1.0]))
    rng = np.random.default_rng(data.draw(st.integers(0, 10_000)))
    gains = rng.normal(size=(num_steps, 2))
    found = best_path(gains, shortest=shortest, change=change)
    values = [value_of(path, gains, shortest, change) for path in product(range(3), repeat=num_steps)]
    assert value_of(tuple(found), gains, shortest, change) == pytest.approx(max(values))


def value_of(path, gains, shortest: int, change: float) -> float:
    """Sum of a path's gains less its changes; a class that is left too early makes it impossible."""
    bounds = [0, *(step for step in range(1, len(path)) if path[step] != path[step - 1]), len(path)]
    total = 0.0
    for first, after in pairwise(bounds):
        if after - first < shortest:
            return -np.inf
        if path[first] == 0:
            continue
        total += gains[first:after, path[first] - 1].sum() - (change if first else 0.0)
    return total


@st.composite
def any_windows(draw) -> list[ScoredWindow]:
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    windows = []
    for _ in range(draw(st.integers(1, 12))):
        end_s, length_s = draw(st.floats(0.05, 30)), draw(st.sampled_from([1.5, 3.0, 6.0]))
        scores = rng.random(3).astype(np.float32)
        windows.append(ScoredWindow(max(0.0, end_s - length_s), end_s, scores / scores.sum(), length_s))
    return windows


@given(any_windows(), st.floats(0.05, 0.9))
def test_segments_tile_the_time_that_windows_cover(windows, threshold):
    segments = cut(windows, threshold=threshold)
    assert segments[0].start_s == min(window.start_s for window in windows)
    assert segments[-1].end_s == pytest.approx(max(window.end_s for window in windows))
    for before, after in pairwise(segments):
        assert before.end_s == after.start_s and before.prediction.label != after.prediction.label
    for segment in segments:
        label, score = segment.prediction.label, segment.prediction.score
        assert label is None or score == pytest.approx(dict(segment.prediction.top5)[label], abs=1e-3)
        assert label is None or segment.end_s - segment.start_s >= 0.5 or len(segments) == 1


@given(any_windows())
def test_the_order_of_windows_does_not_matter(windows):
    assert told(cut(windows)) == told(cut(windows[::-1]))


def test_evidence_is_the_most_that_any_length_says_each_by_its_mean():
    windows = [
        ScoredWindow(0, 1, np.float32([0.2, 0.0]), 1.0), ScoredWindow(0, 1, np.float32([0.6, 0.0]), 1.0),
        ScoredWindow(0, 2, np.float32([0.1, 0.3]), 2.0),
    ]  # fmt: skip
    edges, evidence = evidence_by_step(windows, 1.0)
    assert edges == [0.0, 1.0, 2.0]
    assert evidence == pytest.approx(np.array([[0.4, 0.3], [0.1, 0.3]]))


def test_an_hour_takes_less_than_a_few_seconds():
    rng = np.random.default_rng(0)
    windows = [ScoredWindow(n / 2, n / 2 + 2, rng.random(40).astype(np.float32), 2.0) for n in range(7200)]
    begin = time.process_time()
    find_segments(windows, classes=tuple(map(str, range(40))), threshold=0.9)
    assert time.process_time() - begin < 10, "measured: 0.6 s"
