"""JSON from strangers: what is read, and the one line that answers the rest."""

import json

import numpy as np
import pytest
from hypothesis import given

from junk import junk
from posecube.datasets.json_file import described, listing, mapping, number_rows, numbers, read_json, whole_number


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b'{"a": [1, 2.5, null]}', {"a": [1, 2.5, None]}), (b"[]", []), ('"é"'.encode(), "é"), (b"1e999", np.inf)],
)
def test_reads(tmp_path, content, expected):
    (tmp_path / "x.json").write_bytes(content)
    assert read_json(tmp_path / "x.json") == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "x.json is no JSON: Expecting value"),
        (b'{"a": ', "x.json is no JSON: Expecting value"),
        (b"\xff\xfe\xfd\x00\xd8", "x.json is no JSON: it is not UTF-8 text"),
        (b'{"a": "\xe9"}', "x.json is no JSON: it is not UTF-8 text"),
        (b"[" * 100_000, "x.json is nested too deeply"),
        (b'{"a":' * 100_000, "x.json is nested too deeply"),
        (b"9" * 5000, "x.json is no JSON: Exceeds the limit"),
        (b"PK\x03\x04", "x.json is no JSON"),
    ],
)
def test_refuses(tmp_path, content, message):
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(ValueError, match=message) as caught:
        read_json(tmp_path / "x.json")
    assert "\n" not in str(caught.value)


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="no JSON file at"):
        read_json(tmp_path)


@pytest.mark.parametrize(
    ("check", "value", "message"),
    [
        (mapping, [1], "x must be an object, got list"),
        (mapping, "text" * 100, "x must be an object, got 'texttext"),
        (listing, {"a": 1}, "x must be a list, got dict"),
        (listing, None, "x must be a list, got None"),
        (whole_number, 1.5, "x must be a whole number, got 1.5"),
        (whole_number, True, "x must be a whole number, got True"),
        (whole_number, "1", "x must be a whole number, got '1'"),
        (whole_number, float("inf"), "x must be a whole number, got inf"),
    ],
)
def test_types(check, value, message):
    with pytest.raises(ValueError, match=message):
        check(value, "x")


def test_whole_numbers():
    assert whole_number(10**30, "x") == 10**30
    assert whole_number(-3.0, "x") == -3


def test_numbers_too_large_are_infinite():
    np.testing.assert_array_equal(numbers([1, 2.5, 10**400, -(10**400)], "x", counts=[4]), [1, 2.5, np.inf, -np.inf])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([1, 2], "x must have 3 or 6 numbers, got 2"),
        ([1, 2, "3"], "x must hold numbers only"),
        ([1, 2, None], "x must hold numbers only"),
        ([1, 2, True], "x must hold numbers only"),
        ([1, 2, [3]], "x must hold numbers only"),
        ("123", "x must be a list, got '123'"),
    ],
)
def test_no_numbers(value, message):
    with pytest.raises(ValueError, match=message):
        numbers(value, "x", counts=[3, 6])


def test_rows():
    rows = [("a", [1, 2.5]), ("b", [3, 4])]
    np.testing.assert_array_equal(number_rows(rows, count=2), [[1, 2.5], [3, 4]])
    np.testing.assert_array_equal(number_rows([*rows, ("c", [10**400, 1])], count=2)[2], [np.inf, 1])


@pytest.mark.parametrize(
    ("row", "message"),
    [([1], "b must have 2 numbers, got 1"), ("12", "b must be a list"), ([1, True], "b must hold numbers only")],
)
def test_no_rows(row, message):
    with pytest.raises(ValueError, match=message):
        number_rows([("a", [1, 2]), ("b", row)], count=2)


@given(value=junk(["a"]))
def test_everything_can_be_described(value):
    assert len(described(json.loads(json.dumps(value)))) <= 63
