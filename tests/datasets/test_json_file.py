"""JSON from strangers: what is read, and the one line that answers the rest."""

import json

import numpy as np
import pytest
from hypothesis import given
from pydantic import StrictStr, TypeAdapter

from junk import junk
from posecube.datasets.json_file import (
    Foreign,
    Numbers,
    WholeNumber,
    checked,
    described,
    numbers,
    read_json,
    whole_number,
)


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


class Item(Foreign):
    name: StrictStr = ""
    number: WholeNumber
    values: Numbers = np.empty(0)


class File(Foreign):
    items: list[Item]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([1], "x.json must be an object, got list"),
        ("text" * 100, "x.json must be an object, got 'texttext"),
        ({}, "x.json: items is missing"),
        ({"items": {"a": 1}}, "x.json: items must be a list, got dict"),
        ({"items": [{"number": 1}, 3]}, r"x.json: items\[1\] must be an object, got 3"),
        ({"items": [{}]}, r"x.json: items\[0\].number is missing"),
        ({"items": [{"number": 1, "name": 5}]}, r"items\[0\].name must be a text, got 5"),
        *[
            ({"items": [{"number": value}]}, rf"x.json: items\[0\].number must be a whole number, got {value!r}")
            for value in (1.5, True, "1", float("inf"), None)
        ],
        ({"items": [{"number": 1, "values": [1, "2"]}]}, r"x.json: items\[0\].values must hold numbers only"),
    ],
)
def test_the_place_and_what_came(content, message):
    with pytest.raises(ValueError, match=message) as caught:
        checked(TypeAdapter(File), content, "x.json")
    assert "\n" not in str(caught.value)


def test_whole_numbers():
    assert whole_number(10**30) == 10**30
    assert whole_number(-3.0) == -3


def test_numbers_too_large_are_infinite():
    np.testing.assert_array_equal(numbers([1, 2.5, 10**400, -(10**400)], counts=[4]), [1, 2.5, np.inf, -np.inf])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([1, 2], "must have 3 or 6 numbers, got 2"),
        ([1, 2, "3"], "must hold numbers only"),
        ([1, 2, None], "must hold numbers only"),
        ([1, 2, True], "must hold numbers only"),
        ([1, 2, [3]], "must hold numbers only"),
        ("123", "must be a list, got '123'"),
    ],
)
def test_no_numbers(value, message):
    with pytest.raises(ValueError, match=message):
        numbers(value, counts=[3, 6])


@given(value=junk(["a"]))
def test_everything_can_be_described(value):
    assert len(described(json.loads(json.dumps(value)))) <= 63
