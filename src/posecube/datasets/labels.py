"""What the clips of a folder are called and labelled: by the folders that they lie in, or by a list.

The rule is that of ``posecube extract``: a clip's label is the folder it lies in. Above the folders of the classes
there may be folders of splits, ``train/wave/clip_1``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from posecube.datasets.label_list import SUFFIX, read_label_list
from posecube.errors import UserError

# Numbers as labels make the classes 0 to the largest; above this one it is a mistake.
_MOST_CLASSES = 10_000


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
            or "none": no labels. Otherwise a list, see ``label_list``; a name in it is a clip's whole path or its last
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
    listed_as = {SUFFIX.sub("", key): key for key in entries} | {key: key for key in entries}
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
