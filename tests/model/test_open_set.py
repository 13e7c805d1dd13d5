"""What a model's classes are: the one for none, those that take two, postures."""

import numpy as np
import pytest

from posecube.model import find_weights, read_card
from posecube.model.open_set import OpenSet

CLASSES = ("squat", "none", "hug", "walk")


def test_what_something_can_be_called():
    assert OpenSet(none="none").named(CLASSES) == ("squat", "hug", "walk")
    assert OpenSet().named(CLASSES) == CLASSES


def test_scores_of_what_something_can_be_called():
    scores = np.array([[0.1, 0.6, 0.1, 0.2]])
    np.testing.assert_array_equal(OpenSet(none="none").of_named(scores, CLASSES), [[0.1, 0.1, 0.2]])
    assert OpenSet().of_named(scores, CLASSES) is scores


@pytest.mark.parametrize(
    ("together", "is_group", "expected"),
    [((), False, [True] * 4), ((), True, [True] * 4), (("hug",), True, [0, 0, 1, 0]), (("hug",), False, [1, 1, 0, 1])],
)
def test_who_can_be_seen_to_do_what(together, is_group, expected):
    assert OpenSet(together=together).fits(CLASSES, is_group=is_group).tolist() == list(map(bool, expected))


@pytest.mark.parametrize("name", ["everyday-joint", "everyday-graph"])
def test_the_shipped_models_know_41_names_and_none(name):
    card = read_card(find_weights(name))
    named = card.open_set.named(card.classes)
    assert card.name == name and len(named) == 41 and card.open_set.none == "none"
    assert {*card.open_set.together, *card.open_set.postures, *card.open_set.synonyms.values()} <= set(named)
    assert 0 < card.rejection_threshold < 1
