"""A name that is not there gets the nearest one that is."""

import pytest

from posecube.errors import UserError
from posecube.lookup import find, nearest, suggestion

TABLE = {"gamma": 1, "adaptive": 2, "clahe": 3}


def test_finds_what_a_name_stands_for() -> None:
    assert find(TABLE, "gamma", what="method") == 1


def test_a_slip_gets_the_nearest_name() -> None:
    with pytest.raises(UserError, match=r"^unknown method 'gama'; did you mean gamma\?$"):
        find(TABLE, "gama", what="method")


def test_where_nothing_is_near_all_names_are_told() -> None:
    with pytest.raises(UserError, match=r"^unknown method 'xyz'; known: adaptive, clahe, gamma$"):
        find(TABLE, "xyz", what="method")
    assert suggestion("xyz", []) == "; known: none"


def test_nearness_can_be_asked_for() -> None:
    assert nearest("clae", TABLE) == "clahe"
    assert nearest("clae", TABLE, similar=0.95) is None
