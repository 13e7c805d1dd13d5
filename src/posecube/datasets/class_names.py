"""Names of classes from a text file, and names for those that have none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from posecube.datasets.ntu_classes import NTU60_CLASSES, NTU120_CLASSES
from posecube.errors import UserError

KNOWN_CLASSES = {"ntu60": NTU60_CLASSES, "ntu120": NTU120_CLASSES}

# "3 run", "3. run", "3,run", "A003. run", "A3: run"
_NUMBERED = re.compile(r"A?0*(\d{1,6})\s*[.,:\s]\s*(\S.*)")


def read_class_names(path: str | Path, *, first: int | None = None) -> tuple[str, ...]:
    """Read a file of one name a line, or of `number name` a line in any order, numbered from 0 or 1 on.

    Lines that begin with ``#`` are comments. Numbers that do not count the lines are part of the names. A name that
    repeats, as one of FineGYM's does, gets a number: ``salto (2)``.

    Args:
        path: The file, or ``ntu60`` or ``ntu120`` for names that we know.
        first: What numbers must begin with, where something else refers to them.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If it is no text, is empty, gives a number twice or begins with another one than ``first``.
    """
    if str(path) in KNOWN_CLASSES:
        return KNOWN_CLASSES[str(path)]
    path = Path(path)
    lines = _lines(path)
    numbered = [(int(found[1]), found[2]) for found in map(_NUMBERED.fullmatch, lines) if found]
    if len(numbered) == len(lines):
        numbers = sorted(number for number, _ in numbered)
        repeated = next((one for one, next_one in pairwise(numbers) if one == next_one), None)
        if repeated is not None:
            raise UserError(f"{path}: the number {repeated} stands there a second time")
        start = numbers[0] if first is None else first
        if numbers == list(range(start, start + len(lines))) and start in (0, 1):
            lines = [name for _, name in sorted(numbered)]
        elif first is not None:
            last = first + len(lines) - 1
            raise UserError(f"{path}: expected classes numbered {first} to {last}, got {numbers[0]} to {numbers[-1]}")
    return distinct(lines)


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        raise FileNotFoundError(f"no file of class names at {path}")
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except UnicodeDecodeError:
        raise UserError(f"{path}: expected class names, one a line; this is no UTF-8 text") from None
    names = [line for line in lines if line and not line.startswith("#")]
    if not names:
        raise UserError(f"{path} names no classes")
    return names


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names, with numbers where they repeat."""
    made: dict[str, None] = {}
    for name in names:
        number, candidate = 1, name
        while candidate in made:
            number += 1
            candidate = f"{name} ({number})"
        made[candidate] = None
    return tuple(made)


def numbered_class_names(num_classes: int) -> tuple[str, ...]:
    """``class_000`` and so on: they sort as they are numbered."""
    return tuple(f"class_{number:03d}" for number in range(num_classes))
