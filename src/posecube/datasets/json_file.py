"""JSON from strangers: a file is read whole, and what it holds is checked before it is used.

Every error is a ValueError of one line, so that a reader can skip the clip and say why.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float64
from numpy import ndarray

from posecube.errors import UserError


def read_json(path: Path) -> Any:
    """Read one JSON file of UTF-8 text; NaN and Infinity are taken as Python does.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If it is no JSON, or nested deeper than can be read.
    """
    if not path.is_file():
        raise FileNotFoundError(f"no JSON file at {path}")
    try:
        return json.loads(path.read_bytes())
    except UnicodeDecodeError:
        raise UserError(f"{path.name} is no JSON: it is not UTF-8 text") from None
    except RecursionError:
        raise UserError(f"{path.name} is nested too deeply") from None
    except MemoryError:
        raise UserError(f"{path.name} asks for more memory than there is") from None
    except ValueError as error:
        raise UserError(f"{path.name} is no JSON: {' '.join(str(error).split())[:120]}") from None


def mapping(value: Any, what: str) -> dict[str, Any]:
    """The value, which must be an object.

    Raises:
        UserError: If it is something else.
    """
    if not isinstance(value, dict):
        raise UserError(f"{what} must be an object, got {described(value)}")
    return value


def listing(value: Any, what: str) -> list[Any]:
    """The value, which must be a list.

    Raises:
        UserError: If it is something else.
    """
    if not isinstance(value, list):
        raise UserError(f"{what} must be a list, got {described(value)}")
    return value


def whole_number(value: Any, what: str) -> int:
    """The value, which must be a number without a fraction.

    Raises:
        UserError: If it is something else.
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise UserError(f"{what} must be a whole number, got {described(value)}")
    return value


def numbers(value: Any, what: str, *, counts: Sequence[int]) -> Float64[ndarray, " n"]:
    """A list of numbers as an array; what is too large for one becomes infinite.

    Args:
        value: What the JSON holds.
        what: What it is, for the message.
        counts: How many numbers there may be.

    Raises:
        UserError: If it is no list of so many numbers.
    """
    items = listing(value, what)
    if len(items) not in counts:
        raise UserError(f"{what} must have {' or '.join(map(str, counts))} numbers, got {len(items)}")
    if not set(map(type, items)) <= {int, float}:
        raise UserError(f"{what} must hold numbers only")
    try:
        return np.array(items, dtype=np.float64)
    except OverflowError:
        return np.array([_nearest_float(item) for item in items])


def number_rows(rows: Sequence[tuple[str, Any]], *, count: int) -> Float64[ndarray, "rows n"]:
    """Many lists of the same count of numbers at once: ``numbers`` of each, an order of magnitude faster.

    Args:
        rows: What each list is, for the message, and the list.
        count: How many numbers each must have.

    Raises:
        UserError: If one is no list of so many numbers.
    """
    lists = [row for _, row in rows]
    are_lists = all(type(row) is list and len(row) == count for row in lists)
    if are_lists and set(map(type, chain.from_iterable(lists))) <= {int, float}:
        with suppress(OverflowError):
            return np.array(lists, dtype=np.float64).reshape(-1, count)
    return np.stack([numbers(row, what, counts=[count]) for what, row in rows])


def described(value: Any) -> str:
    """A value in a few words, for messages."""
    text = " ".join(repr(value).split()) if isinstance(value, str | int | float | None) else type(value).__name__
    return text if len(text) <= 60 else f"{text[:60]}..."


def _nearest_float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return np.inf if number > 0 else -np.inf
