"""What the clips of a folder are called and labelled: by the folders that they lie in, or by a list.

The rule is that of ``posecube extract``: a clip's label is the folder it lies in. Above the folders of the classes
there may be folders of splits, ``train/wave/clip_1``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from posecube.errors import UserError

_LINE = "expected `name label` or `name label split` a line, or `index label name`, separated by tabs, commas or spaces"
# Numbers as labels make the classes 0 to the largest; above this one it is a mistake.
_MOST_CLASSES = 10_000
_SUFFIX = re.compile(r"\.(?:3gp|[A-Za-z][A-Za-z0-9]{1,4})$")
# What the columns of a table may be called; the second names are those of the UG2 challenge.
_COLUMNS = {"name": "name", "video": "name", "label": "label", "classid": "label", "split": "split"}


@dataclass(frozen=True)
class LabelledClip:
    """A clip's name in the store, its class index and its split; None where unknown."""

    name: str
    label: int | None
    split: str | None


@dataclass(frozen=True)
class LabelledClips:
    """All clips with their classes.

    Attributes:
        missing: Why clips are left out, known before they are read: the list names one without the other.
    """

    clips: tuple[LabelledClip, ...]
    classes: tuple[str, ...]
    missing: dict[str, str]


def label_clips(names: Iterable[str], labels: str | Path | None) -> LabelledClips:
    """Label clips.

    Args:
        names: Of the clips: their paths inside the source, without what makes them files.
        labels: "folders": the last folder of the path is the label and, of two or more, the first is the split. None
            or "none": no labels. Otherwise a list, see `read_label_list`; a name is a clip's whole path or its last
            part, and may carry a suffix such as .mp4. Clips that it does not list are left out.

    Raises:
        FileNotFoundError: If the list does not exist.
        UserError: If the list cannot be read or names none of the clips, or a folder's name is no text.
    """
    names = sorted(names)
    if labels is None or labels == "none":
        return LabelledClips(tuple(LabelledClip(name, None, None) for name in names), (), {})
    if labels == "folders":
        return _by_folders(names)
    return _by_list(names, Path(labels))


def is_text(name: str) -> bool:
    """Whether a name can be written down: names of files that are no UTF-8 cannot, nor can half characters of JSON."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _by_folders(names: Sequence[str]) -> LabelledClips:
    folders = {name: PurePosixPath(name).parts[:-1] for name in names}
    unwritable = sorted({folder for parts in folders.values() for folder in parts if not is_text(folder)})
    if unwritable:
        raise UserError(f"the name of folder {unwritable[0]!r} is no UTF-8 text; rename it")
    classes = tuple(sorted({parts[-1] for parts in folders.values() if parts}))
    index = {name: position for position, name in enumerate(classes)}
    clips = tuple(
        LabelledClip(name, index[parts[-1]] if parts else None, parts[0] if len(parts) > 1 else None)
        for name, parts in folders.items()
    )
    return LabelledClips(clips, classes, {})


def _by_list(names: Sequence[str], path: Path) -> LabelledClips:
    entries = {entry.name: entry for entry in read_label_list(path)}
    given = [entry.label for entry in entries.values()]
    if all(label.isdecimal() for label in given):
        too_large = [label for label in given if len(label) > 9 or int(label) >= _MOST_CLASSES]
        if too_large:
            raise UserError(f"{path}: class numbers must lie below {_MOST_CLASSES}, got {too_large[0][:20]}")
        largest = max(int(label) for label in given)
        classes = tuple(str(number) for number in range(largest + 1))
        index = {label: int(label) for label in given}
    else:
        classes = tuple(sorted(set(given)))
        index = {label: position for position, label in enumerate(classes)}
    listed_as = {re.sub(_SUFFIX, "", key): key for key in entries} | {key: key for key in entries}
    clips, missing, used = [], {}, set()
    for name in names:
        key = listed_as.get(name, listed_as.get(PurePosixPath(name).name))
        if key is None:
            missing[name] = f"{path.name} does not list it"
            continue
        clips.append(LabelledClip(name, index[entries[key].label], entries[key].split))
        used.add(key)
    if not clips:
        raise UserError(f"{path} lists none of the {len(names)} clips; they are called like {names[0]!r}")
    missing |= {key: f"{path.name} lists it, but there is no such clip" for key in entries if key not in used}
    return LabelledClips(tuple(clips), classes, missing)


@dataclass(frozen=True)
class ListedLabel:
    """One line of a list of labels.

    Attributes:
        where: File and line, for messages.
        name: Of a clip, or the path of a video, as it stands there.
        label: Name or number of the class.
    """

    where: str
    name: str
    label: str
    split: str | None = None


def read_label_list(path: Path) -> tuple[ListedLabel, ...]:
    """Read a list of labels: `name label` or `name label split` a line, or `index label name`, or a table.

    Cells are separated by tabs, else by commas, else by spaces; a name that ends like a file, ``my clip.mp4``, may hold
    the separator. A first cell that is a number is an index where the last cell is a path or ends like a file. A table
    begins with the names of its columns: name (or Video), label (or ClassID) and perhaps split. Lines that begin with
    ``#`` are comments.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If it is no text, a line is of another form, or a name stands there twice.
    """
    lines = _lines(path)
    header = [_COLUMNS.get(cell.strip().lower(), "") for cell in re.split(r"[\t,]", lines[0][1])] if lines else []
    is_table = {"name", "label"} <= set(header)
    entries: dict[str, ListedLabel] = {}
    for where, line in lines[1:] if is_table else lines:
        entry = _table_row(where, line, header, lines[0][1]) if is_table else _entry(where, line)
        if entry.name in entries:
            raise UserError(f"{where}: {entry.name!r} stands there a second time")
        entries[entry.name] = entry
    if not entries:
        raise UserError(f"{path}: {_LINE}, got no line")
    return tuple(entries.values())


def _lines(path: Path) -> list[tuple[str, str]]:
    """The lines that say something, each with where it stands."""
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such file; expected a list of names and labels")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{path}: expected a text file, got other data") from None
    lines = [(f"{path} line {number}", line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    return [(where, line) for where, line in lines if line and not line.startswith("#")]


def _table_row(where: str, line: str, columns: Sequence[str], first_line: str) -> ListedLabel:
    cells = [cell.strip() for cell in re.split(r"[\t,]", line)]
    row = dict(zip(columns, cells, strict=False))
    if len(cells) != len(columns) or not (row["name"] and row["label"]):
        raise UserError(f"{where}: expected {first_line} as the first line says, got {line[:80]!r}")
    return ListedLabel(where, row["name"], row["label"], row.get("split") or None)


def _entry(where: str, line: str) -> ListedLabel:
    separator = "\t" if "\t" in line else "," if "," in line else None
    cells = [cell.strip() for cell in line.split(separator)]
    ends = [number for number, cell in enumerate(cells) if _SUFFIX.search(cell)]
    has_path_last = (bool(ends) and ends[-1] == len(cells) - 1) or "/" in cells[-1]
    if len(cells) > 2 and cells[0].isdecimal() and has_path_last:
        named, rest = cells[2:], cells[1:2]
    else:
        name_ends = ends[-1] if ends else 0
        named, rest = cells[: name_ends + 1], cells[name_ends + 1 :]
    if len(rest) not in (1, 2) or not all([*named, *rest]):
        raise UserError(f"{where}: {_LINE}, got {line[:80]!r}")
    return ListedLabel(where, (separator or " ").join(named), *rest)
