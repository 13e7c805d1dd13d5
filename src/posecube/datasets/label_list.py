"""Lists of clips and their labels: one syntax, for skeletons and for videos.

A line is ``name label``, ``name label split`` or ``index label path``, separated by tabs, commas or spaces; or the
first line names the columns of a table, among them ``name`` or ``video``, ``label`` or ``classid``, and perhaps
``split``. Lines that begin with ``#`` are comments. Between spaces a name may hold spaces if it ends like a file's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from posecube.errors import UserError

SYNTAX = "expected `name label`, `name label split` or `index label path` a line, separated by tabs, commas or spaces"
SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
_NAME_COLUMNS, _LABEL_COLUMNS, _SPLIT_COLUMN = ("name", "video", "path"), ("label", "classid", "class"), "split"


@dataclass(frozen=True)
class ListedLabel:
    """One line of a list.

    Attributes:
        where: File and line, for messages.
        line: As it stands there.
        split: None where the line names none.
    """

    where: str
    line: str
    name: str
    label: str
    split: str | None = None


def read_label_list(path: Path) -> list[ListedLabel]:
    """Read a list.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If it is no text, has no line, or a line is of another form or repeats a name.
    """
    lines = _lines(path)
    header = _cells(lines[0][1]) if lines else []
    columns = [cell.lower() for cell in header]
    if any(name in columns for name in _NAME_COLUMNS) and any(label in columns for label in _LABEL_COLUMNS):
        listed = [_row(where, line, columns, lines[0][1]) for where, line in lines[1:]]
    else:
        listed = [_listed(where, line) for where, line in lines]
    if not listed:
        raise UserError(f"{path}: {SYNTAX}, got no line")
    names: set[str] = set()
    for entry in listed:
        if entry.name in names:
            raise UserError(f"{entry.where}: {entry.name!r} stands there a second time")
        names.add(entry.name)
    return listed


def _lines(path: Path) -> list[tuple[str, str]]:
    """The lines that say something, each with where it stands."""
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such file; expected a list of names and labels")
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UserError(f"{path}: expected a text file, got other data") from None
    numbered = [(f"{path} line {number}", line) for number, line in enumerate(lines, start=1)]
    return [(where, line) for where, line in numbered if line.strip() and not line.startswith("#")]


def _row(where: str, line: str, columns: Sequence[str], header: str) -> ListedLabel:
    cells = dict(zip(columns, _cells(line), strict=False))
    name = next((cells[column] for column in _NAME_COLUMNS if cells.get(column)), None)
    label = next((cells[column] for column in _LABEL_COLUMNS if cells.get(column)), None)
    if len(cells) != len(columns) or name is None or label is None:
        raise UserError(f"{where}: expected {header} as the first line says, got {line[:80]!r}")
    return ListedLabel(where, line, name, label, cells.get(_SPLIT_COLUMN) or None)


def _listed(where: str, line: str) -> ListedLabel:
    cells = _cells(line)
    if len(cells) not in (2, 3) or not all(cells):
        raise UserError(f"{where}: {SYNTAX}, got {line[:80]!r}")
    if len(cells) == 3 and cells[0].isdecimal() and _is_path(cells[2]):
        return ListedLabel(where, line, cells[2], cells[1])
    return ListedLabel(where, line, cells[0], cells[1], cells[2] if len(cells) == 3 else None)


def _cells(line: str) -> list[str]:
    for separator in "\t", ",":
        if separator in line:
            return [cell.strip() for cell in line.rstrip("\r\n").split(separator)]
    words = line.split()
    if len(words) > 3 and words[0].isdecimal() and _is_path(words[-1]):  # index, label, a path with spaces
        return [*words[:2], " ".join(words[2:])]
    is_path = [_is_path(word) for word in words[:-1]]
    if True in is_path[1:]:  # a path with spaces, label and perhaps split
        end = len(is_path) - is_path[::-1].index(True)
        return [" ".join(words[:end]), *words[end:]]
    return words


def _is_path(word: str) -> bool:
    return "/" in word or SUFFIX.search(word) is not None
