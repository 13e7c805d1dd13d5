"""Recording conditions check themselves."""

import pytest

from posecube.studio.conditions import GOOD_CONDITIONS, Conditions


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
