"""Turning points of a curve, and how alike its cycles are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

_DEEP = 0.4  # of the usual swing: a shallower one is a tremble, half of one is still a repetition

_SINE = 2 * 2**0.5  # a sine from low to high, in its standard deviations


@dataclass(frozen=True, eq=False)
class Turns:
    """Alternating highs and lows.

    Attributes:
        at: Positions in the curve, the first and the last perhaps at its ends. (K,)
        high: Whether the first is a high; they alternate.
        swing: The usual difference between a high and a low.
    """

    at: Int[ndarray, " K"]
    first_high: bool
    swing: float

    @property
    def highs(self) -> Int[ndarray, " H"]:
        return self.at[0 if self.first_high else 1 :: 2]

    @property
    def lows(self) -> Int[ndarray, " L"]:
        return self.at[1 if self.first_high else 0 :: 2]


def find_turns(curve: Float[ndarray, " N"]) -> Turns | None:
    """Highs and lows that differ by a good part of the usual swing, exceeded by a quarter of all swings."""
    swing = _SINE * float(np.std(curve))
    corners = _corners(curve)
    at: list[int] = []
    for _ in range(2):
        if not swing > 0:
            return None
        at = _alternating(curve, corners, _DEEP * swing)
        if len(at) < 2:
            return None
        levels = curve[at].tolist()
        swings = sorted(abs(high - low) for high, low in pairwise(levels))
        swing = swings[len(swings) * 3 // 4]
    return Turns(np.array(at), bool(curve[at[0]] > curve[at[1]]), swing)


def likeness(curves: Float[ndarray, "N C"], period: float) -> float:
    """How much curves are together like themselves one period later, -1 to 1; some lags near the period are tried."""
    best = -1.0
    step = max(1, round(period / 25))
    for lag in range(max(2, int(0.88 * period)), int(1.12 * period) + 2, step):
        if lag <= len(curves) - max(4, lag // 3):
            now, later = curves[:-lag].ravel(), curves[lag:].ravel()
            best = max(best, float(now @ later / np.sqrt((now @ now) * (later @ later) + 1e-12)))
    return best


def _corners(curve: Float[ndarray, " N"]) -> list[int]:
    """The ends, and wherever a curve stops rising or falling."""
    slope = np.sign(np.diff(curve))
    moving = np.flatnonzero(slope)
    bends = moving[1:][np.diff(slope[moving]) != 0] if len(moving) else moving
    return [0, *bends.tolist(), len(curve) - 1]


def _alternating(curve: Float[ndarray, " N"], corners: list[int], deep: float) -> list[int]:
    """Zigzag: an extreme is a turn once the curve has left it by so much."""
    turns: list[int] = []
    values = curve[corners].tolist()
    top = bottom = 0
    rising = 0  # 1 and -1 once it is known
    for number, value in enumerate(values):
        top = number if value > values[top] else top
        bottom = number if value < values[bottom] else bottom
        if rising >= 0 and values[top] - value >= deep:
            turns.append(corners[top])
            rising, bottom, top = -1, number, number
        elif rising <= 0 and value - values[bottom] >= deep:
            turns.append(corners[bottom])
            rising, bottom, top = 1, number, number
    if rising:
        turns.append(corners[top if rising > 0 else bottom])
    return turns
