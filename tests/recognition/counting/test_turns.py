"""Turning points against curves whose turns are known."""

import numpy as np
import pytest

from posecube.recognition.counting.turns import find_turns, likeness


def test_a_sine() -> None:
    turns = find_turns(np.sin(np.arange(400) * 2 * np.pi / 100))
    assert turns is not None
    assert turns.highs[:4] == pytest.approx([25, 125, 225, 325])
    assert turns.lows[:5] == pytest.approx([0, 75, 175, 275, 375])
    assert turns.swing == pytest.approx(2, abs=0.01)


def test_trembling_is_no_turn() -> None:
    rng = np.random.default_rng(0)
    curve = np.sin(np.arange(400) * 2 * np.pi / 100) + rng.normal(size=400) * 0.1
    turns = find_turns(curve)
    assert turns is not None and turns.highs[:4] == pytest.approx([25, 125, 225, 325], abs=12)
    assert turns.lows == pytest.approx([0, 75, 175, 275, 375], abs=12)


def test_a_shallow_repetition_counts_and_a_ripple_does_not() -> None:
    heights = np.interp(np.arange(0, 12, 0.1), range(13), [0, 1, 0, 1, 0, 0.6, 0, 0.2, 0, 1, 0, 1, 0])
    turns = find_turns(heights)
    assert turns is not None and turns.highs == pytest.approx([10, 30, 50, 90, 110])


@pytest.mark.parametrize("curve", [np.zeros(50), np.full(3, 7.0)])
def test_stillness_has_no_turns(curve: np.ndarray) -> None:
    assert find_turns(curve) is None


def test_likeness() -> None:
    sine = np.sin(np.arange(400) * 2 * np.pi / 100)[:, None]
    assert likeness(sine, 100) == pytest.approx(1)
    assert likeness(sine, 50) < -0.9
    assert likeness(sine[:60], 100) == -1
