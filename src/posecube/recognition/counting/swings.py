"""The curve in which a body's repetitions are clearest: drift taken away at some pace, then the main direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube.recognition.counting.body_motion import NUM_MIDDLES, RATE_HZ, BodyMotion
from posecube.recognition.counting.turns import Turns, find_turns, likeness

_DRIFT_S = (0.8, 1.6, 3.2, 6.4, 12.8)  # what changes more slowly than this is taken away
_NUM_DIRECTIONS = 2  # the second one where a drifting camera or a slow turn owns the first
_SWING_COUNTS = 0.5  # exponent: of two motions alike, the larger one is the action
_FEW_EVEN = 0.8  # what is believed of the beat where one or two steps cannot show it
_SINGLE_ALIKE = 0.15  # what a motion seen once is worth beside one seen twice or more


@dataclass(frozen=True, eq=False)
class Swings:
    """One curve of a body with its turns.

    Attributes:
        curve: High at the far end; torso lengths.
        period_s: The usual time from one high, or low, to the next; None where the body went there and back only once.
        alike: How like itself the curve is one period later, -1 to 1.
        clearness: How much it looks like one motion done again and again; curves are compared by it.
    """

    curve: Float[ndarray, " N"]
    turns: Turns
    period_s: float | None
    alike: float
    clearness: float


def all_swings(body: BodyMotion, far: Float[ndarray, " N"] | None, period_s: tuple[float, float]) -> Iterator[Swings]:
    """Curves that may show the repetitions: at some paces the main directions of the motion, and the measure itself.

    Args:
        far: A measure of the body that grows towards the far end of the motion, where it is known.
        period_s: How long a repetition may take.
    """
    length_s, (shortest, longest) = len(body.times_s) / RATE_HZ, period_s
    parts = body.channels() if far is None else np.column_stack([far, body.channels()])
    parts = _blurred(parts, 0.06 if shortest < 0.5 else 0.12)
    for pace_s in _DRIFT_S:
        if 0.6 * shortest <= pace_s <= min(3 * longest, length_s):
            yield from _directions(parts - _blurred(parts, pace_s), has_far=far is not None)
    if 3 * longest > length_s:
        yield from _directions(parts - parts.mean(axis=0), has_far=far is not None)


def _directions(parts: Float[ndarray, "N C"], *, has_far: bool) -> Iterator[Swings]:
    """The main directions of a body's motion, and the measure itself; each turned so that the far end is high."""
    goal = parts[:, 0] if has_far else None
    moving = parts[:, 1:] if has_far else parts
    _, axes = np.linalg.eigh(moving.T @ moving)
    curves = [*(moving @ axes[:, : -1 - _NUM_DIRECTIONS : -1]).T, *([] if goal is None else [goal])]
    for curve in curves:
        if goal is None:
            fit, sign = 1.0, _far_side(curve)
        else:
            cosine = float(curve @ goal / np.sqrt((curve @ curve) * (goal @ goal) + 1e-12))
            fit, sign = abs(cosine), 1.0 if cosine >= 0 else -1.0
        turns = find_turns(sign * curve)
        if turns is not None:
            yield _judged(sign * curve, turns, fit, np.ascontiguousarray(moving[:, :NUM_MIDDLES]))


def _judged(curve: Float[ndarray, " N"], turns: Turns, fit: float, middles: Float[ndarray, "N C"]) -> Swings:
    """Left and right together tell a whole repetition from half of one, and count lunges on either leg alike."""
    steps = sorted(step for ends in (turns.highs, turns.lows) for step in np.diff(ends).tolist())
    weight = fit * turns.swing**_SWING_COUNTS
    if len(turns.at) <= 3:  # there and back once: nothing to compare with
        return Swings(curve, turns, None, 0.0, _SINGLE_ALIKE * weight)
    period = float(steps[len(steps) // 2])
    alike = likeness(curve[:, None], period)
    whole = (1 + likeness(middles, period)) / 2
    clearness = max(alike, 0.05) * max(whole, 0.05) * _evenness(steps) * weight
    return Swings(curve, turns, period / RATE_HZ, alike, clearness)


def _evenness(steps: Sequence[float]) -> float:
    """1 for a steady beat, 0 where the steps stray as much as they are long."""
    mean = fmean(steps)
    return 1 - min(1.0, pstdev(steps, mean) / mean) if len(steps) > 2 else _FEW_EVEN


def _far_side(curve: Float[ndarray, " N"]) -> float:
    """Of an action without a name the far end is where the body stays for the shorter time."""
    low, high = np.percentile(curve, [5, 95])
    return 1.0 if np.median(curve) <= (low + high) / 2 else -1.0


def _blurred(curves: Float[ndarray, "N C"], width_s: float) -> Float[ndarray, "N C"]:
    """A moving mean, twice; the ends go on as they are."""
    half = round(width_s * RATE_HZ) // 2
    if half == 0:
        return curves
    for _ in range(2):
        padded = np.concatenate([curves[:1].repeat(half + 1, axis=0), curves, curves[-1:].repeat(half, axis=0)])
        sums = padded.cumsum(axis=0)
        curves = (sums[2 * half + 1 :] - sums[: -2 * half - 1]) / (2 * half + 1)
    return curves
