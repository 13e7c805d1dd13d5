"""Window scores to segments: against a slow reference, and what must hold whatever the scores."""

import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecube.recognition.result import Prediction
from posecube.recognition.segments import (
    ScoredWindow,
    _joined_runs,
    _nearest_filled,
    _scores_by_step,
    find_segments,
    video_scores,
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
        windows.append(ScoredWindow(number * step_s, number * step_s + window_s, scores))
    return windows


def cut(windows, *, threshold=0.5, step_s=0.5, min_segment_s=1.0):
    return find_segments(windows, classes=CLASSES, threshold=threshold, step_s=step_s, min_segment_s=min_segment_s)


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


@pytest.mark.parametrize(
    ("best", "expected"), [(0.45, [(0.0, 8.0, "hop")]), (0.35, [(0.0, 4.0, "hop"), (4.0, 8.0, None)])]
)
def test_a_step_near_the_threshold_belongs_with_its_neighbours(best, expected):
    """Three quarters of the threshold are near it: 0.45 of 0.5 is, 0.35 is not."""
    weak = [best, (1 - best) / 2, (1 - best) / 2]
    rows = [[0.9, 0.05, 0.05]] * 4 + [weak] * 4
    windows = [ScoredWindow(float(n), n + 1.0, np.array(row, np.float32)) for n, row in enumerate(rows)]
    assert told(cut(windows)) == expected


def test_a_flicker_is_smoothed_away():
    assert told(cut(windows_of([0] * 8 + [1] + [0] * 8))) == [(0.0, 10.0, "hop")]
    flicker = [ScoredWindow(n / 2, n / 2 + 0.5, np.eye(3)[1 if n == 5 else 0]) for n in range(12)]
    assert told(cut(flicker)) == [(0.0, 6.0, "hop")]


def test_no_windows_no_segments():
    assert cut([]) == ()


def test_one_short_window_is_one_short_segment():
    assert told(cut([ScoredWindow(0.1, 0.3, np.eye(3)[2])])) == [(0.1, 0.3, "stand")]


def test_two_steps_of_half_a_second_are_a_second():
    """Floats make 0.1 + 2 * 0.5 a little less; the segment must not vanish for that."""
    labels = [0] * 4 + [1] * 2 + [2] * 4
    windows = [ScoredWindow(0.1 + n / 2, 0.1 + n / 2 + 0.5, np.eye(3)[label]) for n, label in enumerate(labels)]
    assert told(cut(windows)) == [(0.1, 2.1, "hop"), (2.1, 3.1, "sway"), (3.1, 5.1, "stand")]


def test_a_gap_takes_the_scores_of_the_nearest_windows():
    windows = [ScoredWindow(0.0, 2.0, np.eye(3)[0]), ScoredWindow(8.0, 10.0, np.eye(3)[1])]
    assert told(cut(windows)) == [(0.0, 5.0, "hop"), (5.0, 10.0, "sway")]


@st.composite
def any_windows(draw) -> list[ScoredWindow]:
    """Windows of one person as sliding gives them: each ends later than the one before; gaps happen."""
    start_s, windows = draw(st.floats(0, 5)), []
    end_s = start_s
    for _ in range(draw(st.integers(1, 25))):
        end_s += draw(st.sampled_from([0.1, 0.5, 0.5, 0.5, 3.0]))
        length_s = draw(st.sampled_from([0.05, 0.4, 1.0, 2.5]))
        scores = np.array(draw(st.lists(st.floats(0.01, 1), min_size=3, max_size=3)), np.float32)
        windows.append(ScoredWindow(max(start_s, end_s - length_s), end_s, scores / scores.sum()))
    return windows


@given(any_windows(), st.floats(0, 1), st.sampled_from([0.0, 0.5, 1.0, 2.0]))
def test_segments_are_in_order_and_cover_the_persons_time(windows, threshold, min_segment_s):
    segments = cut(windows, threshold=threshold, min_segment_s=min_segment_s)
    assert segments[0].start_s == pytest.approx(min(window.start_s for window in windows))
    assert segments[-1].end_s == pytest.approx(windows[-1].end_s)
    for before, after in pairwise(segments):
        assert before.end_s == after.start_s
        assert before.prediction.label != after.prediction.label, "neighbours of one name are one segment"
    for segment in segments:
        assert segment.start_s < segment.end_s
        prediction = segment.prediction
        assert (prediction.label is not None) == (prediction.score >= threshold - 1e-4) or abs(
            prediction.score - threshold
        ) < 1e-3
        assert prediction.top5[0][1] == pytest.approx(prediction.score)
    if len(segments) > 1:
        assert min(one.end_s - one.start_s for one in segments) >= min_segment_s - 1e-5


def slow_scores_by_step(windows, step_s):
    start_s, end_s = min(one.start_s for one in windows), max(one.end_s for one in windows)
    num_steps = max(1, round((end_s - start_s) / step_s))
    rows = []
    for step in range(num_steps):
        middle = start_s + (step + 0.5) * (end_s - start_s) / num_steps
        covering = [one.scores for one in windows if one.start_s <= middle < one.end_s]
        rows.append(np.mean(covering, axis=0) if covering else None)
    filled = [step for step, row in enumerate(rows) if row is not None]
    return np.array([rows[min(filled, key=lambda other: (abs(other - step), other))] for step in range(num_steps)])


def slow_runs(names, scores, edges, min_segment_s):
    runs = []
    for step, name in enumerate(names):
        if runs and names[runs[-1][-1]] == name:
            runs[-1].append(step)
        else:
            runs.append([step])
    while len(runs) > 1:
        lengths = [edges[run[-1] + 1] - edges[run[0]] for run in runs]
        shortest = lengths.index(min(lengths))
        if lengths[shortest] >= min_segment_s - 1e-6:
            break
        means = [np.mean([scores[step] for step in run], axis=0) for run in runs]
        beside = [other for other in (shortest - 1, shortest + 1) if 0 <= other < len(runs)]
        other = min(beside, key=lambda run: np.abs(means[run] - means[shortest]).sum())
        low = min(other, shortest)
        runs[low : low + 2] = [runs[low] + runs[low + 1]]
    return [(run[0], run[-1]) for run in runs]


@given(st.integers(1, 30), st.integers(0, 1000))
def test_steps_have_the_mean_of_the_windows_over_their_middle(num_windows, seed):
    rng = np.random.default_rng(seed)
    ends = np.cumsum(rng.choice([0.5, 0.5, 0.5, 4.0], num_windows)) + 2
    windows = [ScoredWindow(end - 2.0, end, rng.random(3).astype(np.float32)) for end in ends]
    edges, scores = _scores_by_step(windows, 0.5)
    np.testing.assert_allclose(scores, slow_scores_by_step(windows, 0.5), rtol=1e-5)
    assert len(edges) == len(scores) + 1


@given(st.lists(st.sampled_from("aab-"), min_size=1, max_size=40), st.integers(0, 1000), st.floats(0, 3))
def test_joining_is_that_of_the_reference(names, seed, min_segment_s):
    rng = np.random.default_rng(seed)
    scores = rng.random((len(names), 3))
    edges = np.cumsum([0, *rng.uniform(0.2, 1, len(names))]).tolist()
    assert _joined_runs(names, scores, edges, min_segment_s) == slow_runs(names, scores, edges, min_segment_s)


@given(st.lists(st.booleans(), min_size=1, max_size=40).filter(any))
def test_the_nearest_filled_step(filled):
    places = np.flatnonzero(filled)
    expected = [min(places, key=lambda place: (abs(place - step), place)) for step in range(len(filled))]
    assert _nearest_filled(np.array(filled)).tolist() == expected


def test_an_hour_that_flickers_all_the_time_is_cut_in_moments():
    scores = np.random.default_rng(0).dirichlet([0.3] * 3, 2 * 3600).astype(np.float32)
    windows = [ScoredWindow(number / 2, number / 2 + 0.5, row) for number, row in enumerate(scores)]
    start = time.process_time()
    segments = cut(windows)
    assert time.process_time() - start < 10
    assert len(segments) > 100


def test_the_memory_of_steps_grows_with_their_number_alone():
    filled = np.zeros(500_000, dtype=bool)
    filled[::3] = True  # a table of steps by covered steps would take 300 GB
    np.testing.assert_array_equal(_nearest_filled(filled)[:6], [0, 0, 3, 3, 3, 6])


def test_the_surest_half_of_the_windows_speaks_for_the_video():
    sure, unsure = np.array([0.9, 0.05, 0.05]), np.array([0.3, 0.4, 0.3])
    windows = [ScoredWindow(n / 2, n / 2 + 2, row) for n, row in enumerate([unsure, sure, unsure, sure])]
    np.testing.assert_allclose(video_scores(windows), sure)
    np.testing.assert_allclose(video_scores(windows[:1]), unsure)


@given(any_windows())
def test_video_scores_are_a_mean_of_window_scores(windows):
    scores = np.stack([window.scores for window in windows])
    got = video_scores(windows)
    assert got.sum() == pytest.approx(1, abs=1e-4)
    assert (got >= scores.min(axis=0) - 1e-6).all() and (got <= scores.max(axis=0) + 1e-6).all()
    assert got.max() >= np.sort(scores.max(axis=1))[: len(scores) // 2 + 1].min() - 1 / 3


def test_a_prediction_names_the_best_class_unless_it_is_in_doubt():
    scores = np.array([0.1, 0.2, 0.05, 0.3, 0.15, 0.2])
    classes = tuple("abcdef")
    named, in_doubt = (Prediction.of(scores, classes, threshold) for threshold in (0.3, 0.31))
    assert (named.label, in_doubt.label) == ("d", None)
    assert named.score == in_doubt.score == 0.3
    assert named.top5 == (("d", 0.3), ("b", 0.2), ("f", 0.2), ("e", 0.15), ("a", 0.1)), "ties keep the classes' order"
    assert Prediction.of(scores[:2], classes, 0.0).top5 == (("b", 0.2), ("a", 0.1))
