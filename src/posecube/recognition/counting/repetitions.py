"""Counting: one person's poses over a stretch of time to repetitions with their times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube.recognition.counting.actions import CyclicAction, find_cyclic
from posecube.recognition.counting.body_motion import RATE_HZ, BodyMotion, body_motion
from posecube.recognition.counting.swings import Swings, all_swings
from posecube.skeleton import SkeletonLayout

_ANY_PERIOD_S = (0.3, 8.0)
_SMALLEST = 0.3  # torso lengths: a smaller swing of a motion without a name is noise or a body's sway
_SMALLEST_SINGLE = 0.5  # of one swing that no second confirms
_NAMED_ALIKE = 0.3
_UNNAMED_ALIKE, _UNNAMED_COUNT = 0.7, 3  # what moves without a name must repeat this clearly and this often
_LEFT = 0.2  # of a swing: so far from the near end a repetition has begun
_REACHED = 0.75  # of the usual swing: what the first and the last must reach when the stretch cuts them


@dataclass(frozen=True)
class Repetitions:
    """How often a motion was repeated, and when.

    Attributes:
        times_s: Beginning and end of each repetition, in order; pauses lie between them.
        far_s: When each was at its far end, such as the bottom of a squat.
        tempo_per_minute: Repetitions a minute while they last: of the median time from one far end to the next.
    """

    times_s: tuple[tuple[float, float], ...]
    far_s: tuple[float, ...]
    tempo_per_minute: float

    @property
    def count(self) -> int:
        return len(self.times_s)

    def count_at(self, time_s: float) -> int:
        """How many have ended by a time: what a counter on a video shows."""
        return sum(end_s <= time_s for _, end_s in self.times_s)


def count_repetitions(
    keypoints_xy: Float[ndarray, "T V 2"],
    confidence: Float[ndarray, "T V"],
    times_s: Float[ndarray, " T"],
    *,
    layout: SkeletonLayout,
    label: str | None = None,
) -> Repetitions | None:
    """Count the repetitions of one person's motion.

    A repetition is one arrival at the far end of the motion and counts too where the stretch shows only its way there
    or back. Frames may be missing and their distances uneven; the camera may move.

    Args:
        keypoints_xy: Pixels; one row for each frame in which the person was seen.
        times_s: Of these frames, from the video's beginning.
        label: Name of the action. Without one, whatever repeats clearly is counted.

    Returns:
        None for an action that is not counted (`CYCLIC_ACTIONS` has those that are) or a motion that does not repeat.
    """
    action = find_cyclic(label) if label is not None else None
    if label is not None and action is None:
        return None
    body = body_motion(keypoints_xy, confidence, times_s, layout)
    if body is None or len(body.times_s) < RATE_HZ / 2:
        return None
    far, period_s = (None, _ANY_PERIOD_S) if action is None else (action.far(body), action.period_s)
    motions = [each for each in all_swings(body, far, period_s) if _is_motion(each, action)]
    if not motions:
        return None
    found = _repetitions(body, max(motions, key=lambda each: each.clearness))
    return None if found is None or (action is None and found.count < _UNNAMED_COUNT) else found


def _is_motion(swings: Swings, action: CyclicAction | None) -> bool:
    """Whether it is more than an estimator's noise or a body's sway, and as fast as the action may be."""
    swing, period_s = swings.turns.swing, swings.period_s
    if period_s is None:
        return action is not None and swing >= _SMALLEST_SINGLE
    shortest, longest = _ANY_PERIOD_S if action is None else action.period_s
    smallest, alike = (_SMALLEST, _UNNAMED_ALIKE) if action is None else (action.smallest, _NAMED_ALIKE)
    return swing >= smallest and swings.alike >= alike and shortest <= period_s <= longest


def _repetitions(body: BodyMotion, swings: Swings) -> Repetitions | None:
    """Read the highs as far ends, leaving out those that only the stretch's edges or gaps made."""
    curve, turns = swings.curve, swings.turns
    height = float(np.median(curve[turns.highs])) if len(turns.highs) else 0.0
    depth = float(np.median(curve[turns.lows])) if len(turns.lows) else 0.0
    reached = depth + _REACHED * (height - depth)
    spans, fars = [], []
    for number, at in enumerate(turns.at):
        at_edge = number in (0, len(turns.at) - 1)
        is_high = (number % 2 == 0) == turns.first_high
        if not is_high or not body.known[at] or (at_edge and curve[at] < reached):
            continue
        before = turns.at[number - 1] if number > 0 else at
        after = turns.at[number + 1] if number + 1 < len(turns.at) else at
        spans.append(_span(body, curve, int(before), int(at), int(after)))
        fars.append(float(body.times_s[at]))
    if not spans:
        return None
    lengths = np.diff(fars) if len(fars) > 1 else np.diff(spans[0])
    return Repetitions(tuple(spans), tuple(fars), round(60 / max(float(np.median(lengths)), 1e-3), 1))


def _span(body: BodyMotion, curve: Float[ndarray, " N"], before: int, at: int, after: int) -> tuple[float, float]:
    """From where the curve leaves the low before the far end for good to where it is back at the low after it."""
    start, end = before, after
    if before < at:
        leave = curve[before] + _LEFT * (curve[at] - curve[before])
        start = before + int(np.flatnonzero(curve[before : at + 1] <= leave)[-1])
    if after > at:
        back = curve[after] + _LEFT * (curve[at] - curve[after])
        end = at + int(np.flatnonzero(curve[at : after + 1] <= back)[0])
    return float(body.times_s[start]), float(body.times_s[end])
