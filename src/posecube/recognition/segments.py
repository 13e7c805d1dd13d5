"""Scores of windows to segments: one decoder over time, whose segments the headline, the files and the picture share.

Each step of time has evidence for each class: the most that any length of window says, each length the mean of its
windows there. A path through the steps then gains the evidence above the threshold of the class that it names, nothing
where it names none, and pays for every change; the best path is found exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Float32, Int64
from numpy import ndarray

from posecube.recognition.result import ActionSegment, Prediction

LEAST_WEIGHT = 0.05  # of a window at its ends
UNNAMED = 0  # the state of a step that is named by no class


@dataclass(frozen=True, repr=False)
class ScoredWindow:
    """Class scores of one person in one window.

    Attributes:
        length_s: Which length of window it is of, see ``WindowSettings``; its own may be shorter.
        shows_others: Whether it shows the person together with others.
    """

    start_s: float
    end_s: float
    scores: Float32[ndarray, " K"]
    length_s: float = 0.0
    shows_others: bool = False

    def __repr__(self) -> str:
        return f"ScoredWindow({self.start_s:.2f} to {self.end_s:.2f} s, best {self.scores.max():.2f})"


@dataclass(frozen=True)
class DecoderSettings:
    """What a path through time costs and gains.

    Attributes:
        step_s: Resolution.
        min_segment_s: Shortest segment; a shorter track is one.
        change_s: Cost of beginning a segment of a class, the first apart, in seconds of full evidence.
    """

    step_s: float = 0.25
    min_segment_s: float = 1.0
    change_s: float = 0.2


def find_segments(
    windows: Sequence[ScoredWindow],
    *,
    classes: tuple[str, ...],
    threshold: float,
    settings: DecoderSettings = DecoderSettings(),
) -> tuple[ActionSegment, ...]:
    """Cut one person's time into segments of one action each, or of none.

    Args:
        windows: Of any lengths, in any order.
        threshold: Evidence that counts neither for a class nor against it.
    """
    if not windows:
        return ()
    edges, evidence = evidence_by_step(windows, settings.step_s)
    step_s = (edges[-1] - edges[0]) / len(evidence)
    shortest = min(len(evidence), max(1, round(settings.min_segment_s / step_s)))
    states = best_path(step_s * (evidence - threshold), shortest=shortest, change=settings.change_s)
    bounds = [0, *(np.flatnonzero(np.diff(states)) + 1), len(states)]
    segments = []
    for first, after in pairwise(bounds):
        state = int(states[first])
        scores = evidence[first:after].mean(axis=0)
        segments.append(ActionSegment(edges[first], edges[after], _named(scores, classes, state)))
    return tuple(segments)


def evidence_by_step(windows: Sequence[ScoredWindow], step_s: float) -> tuple[list[float], Float[ndarray, "S K"]]:
    """Edges of the steps (one more than steps), and evidence for each class in each step.

    A step that no window covers has the evidence of the nearest one that is covered.
    """
    start_s, end_s = min(window.start_s for window in windows), max(window.end_s for window in windows)
    num_steps = max(1, round((end_s - start_s) / step_s))
    edges = np.linspace(start_s, end_s, num_steps + 1)
    middles = (edges[:-1] + edges[1:]) / 2
    kinds = sorted({(window.length_s, window.shows_others) for window in windows})
    total = np.zeros((len(kinds), num_steps, len(windows[0].scores)))
    count = np.zeros((len(kinds), num_steps, 1))
    for window in windows:
        first, after = (int(step) for step in np.searchsorted(middles, [window.start_s, window.end_s]))
        first = min(first, num_steps - 1)  # a window shorter than a step may hold no middle: it counts in its own
        after = max(after, first + 1)
        at = kinds.index((window.length_s, window.shows_others))
        half_s = (window.end_s - window.start_s) / 2
        from_middle = np.abs(middles[first:after] - window.start_s - half_s) / half_s
        weight = np.maximum(1 - from_middle, LEAST_WEIGHT)[:, None]  # a window is about its middle more than its ends
        total[at, first:after] += weight * window.scores
        count[at, first:after] += weight
    evidence = (total / np.maximum(count, LEAST_WEIGHT)).max(axis=0)
    return [float(edge) for edge in edges], evidence[_nearest(np.asarray((count > 0).any(axis=(0, 2))))]


def best_path(gains: Float[ndarray, "S K"], *, shortest: int, change: float) -> Int64[ndarray, " S"]:
    """The state of each step, 0 for no class and 1 + k for class k, on the path with the highest sum of gains.

    Whatever begins lasts at least ``shortest`` steps. No class gains nothing and costs nothing to begin; others cost
    ``change``, but for the first.
    """
    num_steps, num_classes = gains.shape
    gains = np.concatenate([np.zeros((num_steps, 1)), gains], axis=1)
    costs = np.concatenate([[0.0], np.full(num_classes, change)])
    sums = np.concatenate([np.zeros((1, num_classes + 1)), gains.cumsum(axis=0)])
    value = np.full((num_steps + 1, num_classes + 1), -np.inf)
    begun = np.zeros(value.shape, dtype=bool)  # whether a segment of the shortest length ends here
    best = np.full(num_steps + 1, -np.inf)
    best[0] = 0.0
    for step in range(1, num_steps + 1):
        goes_on = value[step - 1] + gains[step - 1]
        begins = np.full(num_classes + 1, -np.inf)
        if step >= shortest:
            cost = costs if step > shortest else 0.0  # the first segment is no change
            begins = best[step - shortest] + sums[step] - sums[step - shortest] - cost
        value[step], begun[step] = np.maximum(goes_on, begins), begins > goes_on
        best[step] = value[step].max()
    return _traced(value, begun, shortest)


def _traced(value: ndarray, begun: ndarray, shortest: int) -> Int64[ndarray, " S"]:
    """The states of the best path, from its end to its beginning."""
    step, state = len(value) - 1, int(value[-1].argmax())
    states = np.zeros(step, dtype=np.int64)
    while step > 0:
        if not begun[step, state]:
            states[step - 1] = state
            step -= 1
        else:
            states[step - shortest : step] = state
            step -= shortest
            state = int(value[step].argmax())
    return states


def _named(scores: Float[ndarray, " K"], classes: tuple[str, ...], state: int) -> Prediction:
    """What a segment is called, whatever else was nearly as likely."""
    best = Prediction.of(scores, classes, threshold=np.inf)
    if state == UNNAMED:
        return best
    return Prediction(classes[state - 1], round(float(scores[state - 1]), 4), best.top5)


def _nearest(covered: ndarray) -> Int64[ndarray, " S"]:
    """For each step the index of the nearest one that some window covers, of two the earlier."""
    steps, known = np.arange(len(covered)), np.flatnonzero(covered)
    after = np.searchsorted(known, steps).clip(max=len(known) - 1)
    before = (after - 1).clip(min=0)
    is_nearer_before = np.abs(steps - known[before]) <= np.abs(known[after] - steps)
    return np.where(is_nearer_before, known[before], known[after])
