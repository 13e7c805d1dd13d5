"""Temperature and threshold: recovered where they are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import small_spec
from posecube.evaluation import ScoreTable
from posecube.evaluation.calibration import calibrated_card, fit_temperature, softened
from posecube.model import WeightsCard

CARD = WeightsCard(name="small", model=small_spec(), classes=tuple("abcd"), temperature=1.0)


def table_at(temperature, *, num_clips=4000, seed=0) -> ScoreTable:
    """Scores of a model whose logits are ``temperature`` times those of which its labels are drawn."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 1.5, (num_clips, 4))
    labels = np.array([rng.choice(4, p=row) for row in softened(logits, 1.0)])
    scores = softened(logits * temperature, 1.0).astype(np.float32)
    return ScoreTable(tuple(map(str, range(num_clips))), labels, scores, tuple("abcd"))


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0, 4.0])
def test_a_known_temperature_is_recovered(temperature):
    assert fit_temperature(table_at(temperature)) == pytest.approx(temperature, rel=0.06)


def test_calibrated_scores_mean_what_they_say():
    table = table_at(3.0)
    card = calibrated_card(CARD, table, rejected_percent=5)
    scores = softened(np.log(np.maximum(table.scores, 1e-12)), card.temperature)
    best, right = scores.max(axis=1), scores.argmax(axis=1) == table.labels
    for low in (0.3, 0.5, 0.7, 0.9):
        inside = (best >= low) & (best < low + 0.1)
        assert right[inside].mean() == pytest.approx(best[inside].mean(), abs=0.06)


@settings(max_examples=25)
@given(st.floats(0, 60), st.integers(1, 300))
def test_no_more_than_the_asked_share_is_rejected(percent, num_clips):
    table = table_at(2.0, num_clips=num_clips, seed=num_clips)
    card = calibrated_card(CARD, table, rejected_percent=percent)
    best = softened(np.log(table.scores.astype(float)), card.temperature).max(axis=1)
    rejected = (best < card.rejection_threshold).mean() * 100
    assert rejected <= percent + 1e-9
    assert rejected >= percent - 100 / num_clips - 0.4, "and hardly fewer"


def test_the_rest_of_the_card_stays():
    card = calibrated_card(CARD, table_at(2.0), rejected_percent=5)
    assert card.updated(temperature=1.0, rejection_threshold=0.0) == CARD


@pytest.mark.parametrize("percent", [-1, 100, 200, float("nan")])
def test_a_share_that_is_none_is_refused(percent):
    with pytest.raises(ValueError, match="at least 0 and below 100 %"):
        calibrated_card(CARD, table_at(1.0, num_clips=5), rejected_percent=percent)


def test_clips_without_labels_are_refused():
    table = table_at(1.0, num_clips=3)
    unknown = ScoreTable(table.names, np.array([0, -1, 1]), table.scores, table.classes)
    empty = ScoreTable((), np.zeros(0, np.int64), np.zeros((0, 4), np.float32), table.classes)
    for bad in (unknown, empty):
        with pytest.raises(ValueError, match="calibration needs clips, and a label for every one"):
            calibrated_card(CARD, bad, rejected_percent=5)


def test_scores_of_zero_do_no_harm():
    table = ScoreTable(("a", "b"), np.array([0, 1]), np.array([[1, 0, 0, 0], [1, 0, 0, 0]], np.float32), tuple("abcd"))
    card = calibrated_card(CARD, table, rejected_percent=0)
    assert np.isfinite(card.temperature) and 0 <= card.rejection_threshold <= 1
