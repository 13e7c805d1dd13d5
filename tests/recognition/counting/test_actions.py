"""Names of cyclic actions, however they are written."""

import pytest

from posecube.recognition.counting import CYCLIC_ACTIONS, find_cyclic


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("pushup", "pushup"),
        ("Push-ups", "pushup"),
        ("push_up", "pushup"),
        ("jumping_jacks", "jumpingjack"),
        ("jump rope", "jumprope"),
        ("bench_press", "benchpress"),
        ("clean_and_jerk", "cleanandjerk"),
        ("pull ups", "pullup"),
    ],
)
def test_spellings(label: str, key: str) -> None:
    assert find_cyclic(label) is CYCLIC_ACTIONS[key]


@pytest.mark.parametrize("label", ["walk", "golf_swing", "", "rope", "pushups in the dark"])
def test_anything_else_is_not_counted(label: str) -> None:
    assert find_cyclic(label) is None


def test_the_table() -> None:
    for key, action in CYCLIC_ACTIONS.items():
        assert find_cyclic(key) is action
        assert action.counted and 0 < action.period_s[0] < action.period_s[1]
