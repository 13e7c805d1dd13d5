"""A name in a table: what it stands for, or one line that says which name was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import TypeVar

from posecube.errors import UserError

Value = TypeVar("Value")
SIMILAR = 0.5  # of the letters must agree for a name to be suggested


def find(table: Mapping[str, Value], name: str, *, what: str) -> Value:
    """What a name stands for.

    Args:
        what: What the table's names are, in the singular: "architecture".

    Raises:
        UserError: If the table does not have it, with the nearest name that it has.
    """
    if name not in table:
        raise unknown(name, table, what=what)
    return table[name]


def unknown(name: str, known: Iterable[str], *, what: str) -> UserError:
    """The error to raise for a name that is not known."""
    return UserError(f"unknown {what} {name!r}{suggestion(name, known)}")


def suggestion(name: str, known: Iterable[str]) -> str:
    """The end of such an error: "; did you mean ...?", or all the names where none is similar."""
    names = sorted(known)
    near = nearest(name, names)
    if near:
        return f"; did you mean {near}?"
    return f"; known: {', '.join(names) or 'none'}"


def nearest(name: str, known: Iterable[str], *, similar: float = SIMILAR) -> str | None:
    """The most similar name, None where none is similar."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=similar)
    return found[0] if found else None
