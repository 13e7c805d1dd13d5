"""Names of classes from a text file, and names for those that have none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from posecube.datasets.ntu.classes import NTU60_CLASSES, NTU120_CLASSES
from posecube.errors import UserError

KNOWN_CLASSES = {"ntu60": NTU60_CLASSES, "ntu120": NTU120_CLASSES}

# "3 run", "3. run", "3,run", "A003. run", "A3: run"
_NUMBERED = re.compile(r"A?0*(\d+)\s*[.,:\s]\s*(\S.*)")


def read_class_names(path: str | Path) -> tuple[str, ...]:
    """Read a file of one name a line; numbers in front of all of them, from 0 or 1 on, are taken off.

    A name that repeats, as one of FineGYM's does, gets a number: ``salto (2)``.

    Args:
        path: The file, or ``ntu60`` or ``ntu120`` for names that we know.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If it is no text or is empty.
    """
    if str(path) in KNOWN_CLASSES:
        return KNOWN_CLASSES[str(path)]
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no file of class names at {path}")
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except UnicodeDecodeError:
        raise UserError(f"{path}: expected class names, one a line; this is no UTF-8 text") from None
    numbered = [_NUMBERED.fullmatch(line) for line in lines]
    numbers = [int(found[1]) if found and len(found[1]) < 6 else -1 for found in numbered]
    if lines and numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(lines))):
        lines = [found[2] for found in numbered if found]
    if not lines:
        raise UserError(f"{path} names no classes")
    return distinct(lines)


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
