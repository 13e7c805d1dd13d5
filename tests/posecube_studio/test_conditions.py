"""Recording conditions check themselves."""

import pytest

from posecube_studio.conditions import CONDITIONS, GOOD_CONDITIONS, Conditions, find_conditions


def test_the_default_is_a_good_recording() -> None:
    assert Conditions(dark=1.0, shutter=0.0, shake_deg=0.0, occluders=0, bystanders=0) == GOOD_CONDITIONS


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"dark": 0.5}, "dark must lie between 1 and 8, got 0.5"),
        ({"noise": -0.1}, "noise must lie between 0 and 0.5, got -0.1"),
        ({"shutter": 1.5}, "shutter must lie between 0 and 1, got 1.5"),
        ({"shake_deg": float("nan")}, "shake_deg must lie between 0 and 5, got nan"),
        ({"occluders": 9}, "occluders must lie between 0 and 4, got 9"),
        ({"bystanders": -1}, "bystanders must lie between 0 and 4, got -1"),
    ],
)
def test_conditions_out_of_range_are_refused(values: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Conditions(**values)


def test_named_conditions_differ_each_in_its_own_way() -> None:
    assert CONDITIONS["good"] is GOOD_CONDITIONS
    assert len(set(CONDITIONS.values())) == len(CONDITIONS)
    assert CONDITIONS["handheld"].shake_deg > 0
    assert 1 < CONDITIONS["dark"].dark < CONDITIONS["darkest"].dark
    assert CONDITIONS["crowded"].bystanders and CONDITIONS["crowded"].occluders
    assert [name for name, conditions in CONDITIONS.items() if conditions.kinect_depth] == ["kinect"]


def test_conditions_are_found_by_name() -> None:
    assert find_conditions("dark") is CONDITIONS["dark"]
    with pytest.raises(ValueError, match="unknown conditions 'handhold'; did you mean handheld"):
        find_conditions("handhold")
