"""Window scores to segments: average where windows overlap, name each step, join equal neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Bool, Float, Float32, Int64
from numpy import ndarray

from posecube.recognition.result import ActionSegment, Prediction

BEST_FRACTION = 0.5  # of a person's windows, the most confident ones, that speak for the video
LEANING = 0.75  # fraction of the threshold from which a step belongs with its neighbours of the same best class
ROUNDING_S = 1e-6  # two steps of half a second are one second, whatever floats make of it


@dataclass(frozen=True, repr=False)
class ScoredWindow:
    """Class scores of one person in one window."""

    start_s: float
    end_s: float
    scores: Float32[ndarray, " K"]

    def __repr__(self) -> str:
        return f"ScoredWindow({self.start_s:.2f} to {self.end_s:.2f} s, best {self.scores.max():.2f})"


def find_segments(
    windows: Sequence[ScoredWindow],
    *,
    classes: tuple[str, ...],
    threshold: float,
    step_s: float,
    min_segment_s: float = 1.0,
) -> tuple[ActionSegment, ...]:
    """Cut one person's time into segments of one action each.

    Every step of ``step_s`` seconds has the mean scores of the windows that cover it, and leans to its best class if
    that comes near the threshold; a run of steps shorter than ``min_segment_s`` joins the neighbour whose scores are
    nearer. A run is judged as the video is: by the most confident half of the windows whose middle lies in it.

    Args:
        windows: In order of time.
        threshold: A segment whose best score is below it is none of the classes.
    """
    if not windows:
        return ()
    edges, scores = _scores_by_step(windows, step_s)
    leanings = [Prediction.of(row, classes, LEANING * threshold).label for row in scores]
    segments = []
    for first, last in _joined_runs(leanings, scores, edges, min_segment_s):
        start_s, end_s = edges[first], edges[last + 1]
        inside = [window for window in windows if start_s <= (window.start_s + window.end_s) / 2 < end_s]
        judged = video_scores(inside) if inside else scores[first : last + 1].mean(axis=0)
        segments.append(ActionSegment(start_s, end_s, Prediction.of(judged, classes, threshold)))
    return _merged(segments)


def video_scores(windows: Sequence[ScoredWindow]) -> Float[ndarray, " K"]:
    """One person's scores for the whole video: the mean over the most confident half of their windows.

    An action that fills a part of a video is not drowned by the standing around before and after it.
    """
    scores = np.stack([window.scores for window in windows])
    count = max(1, round(len(scores) * BEST_FRACTION))
    confident = np.argsort(-scores.max(axis=1), kind="stable")[:count]
    return scores[confident].mean(axis=0)


def _scores_by_step(windows: Sequence[ScoredWindow], step_s: float) -> tuple[list[float], Float[ndarray, "S K"]]:
    """Edges of the steps (one more than steps) and mean scores of the windows over each step's middle."""
    start_s = min(window.start_s for window in windows)
    end_s = max(window.end_s for window in windows)
    num_steps = max(1, round((end_s - start_s) / step_s))
    edges = np.linspace(start_s, end_s, num_steps + 1)
    total = np.zeros((num_steps, len(windows[0].scores)))
    count = np.zeros(num_steps)
    middles = (edges[:-1] + edges[1:]) / 2
    for window in windows:
        first, last = np.searchsorted(middles, [window.start_s, window.end_s])
        first = min(first, num_steps - 1)  # a window shorter than a step may cover no middle: it counts in its own step
        last = max(last, first + 1)
        total[first:last] += window.scores
        count[first:last] += 1
    nearest = _nearest_filled(count > 0)
    return list(map(float, edges)), (total / np.maximum(count, 1)[:, None])[nearest]


def _nearest_filled(filled: Bool[ndarray, " S"]) -> Int64[ndarray, " S"]:
    """For each step the index of the nearest one that some window covers, of two the earlier."""
    steps, covered = np.arange(len(filled)), np.flatnonzero(filled)
    after = np.searchsorted(covered, steps).clip(max=len(covered) - 1)
    before = (after - 1).clip(min=0)
    is_nearer_before = np.abs(steps - covered[before]) <= np.abs(covered[after] - steps)
    return np.where(is_nearer_before, covered[before], covered[after])


def _joined_runs(
    names: list[str | None], scores: Float[ndarray, "S K"], edges: list[float], min_segment_s: float
) -> list[tuple[int, int]]:
    """Runs of equal names as (first, last) steps; the shortest joins a neighbour until all are long enough."""
    changes = [step for step in range(1, len(names)) if names[step] != names[step - 1]]
    bounds = np.array([0, *changes, len(names)])  # the runs lie between them
    sums = np.concatenate([np.zeros((1, scores.shape[1])), scores.cumsum(axis=0)])

    def mean(run: int) -> Float[ndarray, " K"]:
        return (sums[bounds[run + 1]] - sums[bounds[run]]) / (bounds[run + 1] - bounds[run])

    while len(bounds) > 2:
        lengths_s = np.diff(np.take(edges, bounds))
        shortest = int(lengths_s.argmin())
        if lengths_s[shortest] >= min_segment_s - ROUNDING_S:
            break
        beside = [run for run in (shortest - 1, shortest + 1) if 0 <= run < len(bounds) - 1]
        nearest = min(beside, key=lambda run: np.abs(mean(run) - mean(shortest)).sum())
        bounds = np.delete(bounds, max(nearest, shortest))
    return [(int(first), int(after) - 1) for first, after in pairwise(bounds)]


def _merged(segments: list[ActionSegment]) -> tuple[ActionSegment, ...]:
    """Neighbours that got one name become one segment, with the scores of the longer."""
    merged: list[ActionSegment] = []
    for segment in segments:
        if merged and merged[-1].prediction.label == segment.prediction.label:
            before = merged[-1]
            is_longer = segment.end_s - segment.start_s > before.end_s - before.start_s
            prediction = segment.prediction if is_longer else before.prediction
            merged[-1] = ActionSegment(before.start_s, segment.end_s, prediction)
        else:
            merged.append(segment)
    return tuple(merged)
