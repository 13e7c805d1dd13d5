"""All annotations of a data set's pickles, each clip once, with their labels and splits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posecube.datasets.pyskl.annotation import Annotation, field_of, label_of, name_of, shown
from posecube.datasets.pyskl.plain_pickle import PickledArray, read_plain_pickle
from posecube.errors import UserError

# The splits of the format's data sets, at the end of a file's name: ntu60_xsub_train.pkl, gym_val.pkl.
_SPLIT_IN_NAME = re.compile(r"(?:^|[_-])((?:(?:xsub|xview|xset)[_-])?(?:train|val|test)\d?)$")


@dataclass
class PickleIndex:
    """What the pickles hold; lists of several splits repeat clips, here each stands once.

    Attributes:
        annotations: Name to annotation, in the order of the files.
        places: Name to file and number of the annotation, for messages.
        labels: Name to label, which repetitions must share.
        splits: Clip names of each split.
        remarks: What is not as the pickles say, and how often.
    """

    annotations: dict[str, Annotation] = field(default_factory=dict)
    places: dict[str, tuple[Path, int]] = field(default_factory=dict)
    labels: dict[str, int | str | None] = field(default_factory=dict)
    splits: dict[str, list[str]] = field(default_factory=dict)
    remarks: Counter[str] = field(default_factory=Counter)

    def clips(self) -> Iterator[tuple[str, str, Annotation]]:
        """Each clip's name, words that say where it stands, and its annotation."""
        for name, annotation in self.annotations.items():
            path, position = self.places[name]
            yield name, f"{path.name}, annotation {position}", annotation

    def num_joints(self) -> int | None:
        """V of the first annotation that has joints; None if none has."""
        for name, _, annotation in self.clips():
            if isinstance(annotation.get("keypoint"), PickledArray):
                shape = field_of(name, annotation, "keypoint").shape
                if len(shape) == 4:
                    return int(shape[2])
        return None

    def first_raw_file(self) -> str | None:
        """The file of the first annotation that has its joints elsewhere."""
        for annotation in self.annotations.values():
            raw_file = annotation.get("raw_file")
            if annotation.get("keypoint") is None and isinstance(raw_file, str):
                return raw_file
        return None


def index_pickles(source: Path, *, split: str | None) -> PickleIndex:
    """Read a pickle, or all ``*.pkl`` and ``*.pickle`` files of a folder.

    Args:
        source: The file or folder.
        split: Name for the clips of a file without splits. None takes the split's name at the end of the file's, or all
            of it.

    Raises:
        FileNotFoundError: If there are no such files.
        UserError: If a file is no pickle of annotations, or a clip stands twice in it.
    """
    index = PickleIndex()
    for path in _paths(source):
        annotations, table = _content(path)
        names = _index_annotations(index, path, annotations)
        _index_splits(index, path, table or {split or _split_in_name(path): list(names)})
    return index


def _paths(source: Path) -> list[Path]:
    if not source.is_dir():
        return [source]
    paths = sorted(path for path in source.iterdir() if path.suffix in (".pkl", ".pickle") and path.is_file())
    if not paths:
        raise FileNotFoundError(f"no .pkl files in {source}: give a pickle, or the folder of several")
    return paths


def _split_in_name(path: Path) -> str:
    found = _SPLIT_IN_NAME.search(path.stem)
    return found[1].replace("-", "_") if found else path.stem


def _content(path: Path) -> tuple[list[Any], dict[Any, Any]]:
    """The annotations of a file and its table of splits, empty where it has none."""
    content = read_plain_pickle(path)
    annotations, table = content, {}
    if isinstance(content, dict):
        annotations, table = content.get("annotations"), content.get("split", {})
    if not isinstance(annotations, list) or not annotations or not isinstance(table, dict):
        raise UserError(f"{path} is no pyskl pickle: expected annotations, a list of dicts, and a dict of splits")
    return annotations, table


def _index_annotations(index: PickleIndex, path: Path, annotations: list[Any]) -> dict[str, int]:
    """Enter one file's annotations; its clips' names and positions."""
    names: dict[str, int] = {}
    for position, annotation in enumerate(annotations):
        where = f"{path}: annotation {position}"
        if not isinstance(annotation, dict):
            raise UserError(
                f"{path} is no pyskl pickle: expected annotations, a list of dicts, got {shown(annotation)}"
            )
        name = name_of(annotation)
        if name is None:
            raise UserError(f"{where} has no name (frame_dir)")
        if name in names:
            raise UserError(f"{where} has the name {name[:80]!r} (frame_dir) of annotation {names[name]}")
        names[name] = position
        label = label_of(where, annotation)
        if name not in index.annotations:
            index.annotations[name], index.places[name], index.labels[name] = annotation, (path, position), label
        elif index.labels[name] != label:
            other = index.places[name][0].name
            raise UserError(f"{where}: clip {name[:80]!r} has another label than in {other}: is it one data set?")
    return names


def _index_splits(index: PickleIndex, path: Path, table: dict[Any, Any]) -> None:
    for split, clips in table.items():
        listed = _clip_names(path, split, clips)
        known = [clip for clip in listed if clip in index.annotations]
        if listed and not known:
            raise UserError(
                f"{path}: split {split!r} names {len(listed)} clips without annotation, first {listed[0]!r}"
            )
        if len(known) < len(listed):
            index.remarks[f"split {split} names clips without annotation"] += len(listed) - len(known)
        index.splits.setdefault(split, []).extend(known)


def _clip_names(path: Path, split: Any, clips: Any) -> list[str]:
    if isinstance(clips, PickledArray):
        clips = field_of(f"{path}: split", {"clips": clips}, "clips").ravel().tolist()
    is_list = isinstance(clips, list | tuple | set | frozenset) and all(isinstance(clip, str | int) for clip in clips)
    if not isinstance(split, str) or not is_list:
        raise UserError(f"{path}: split {shown(split)} must have a name and be a list of clip names")
    names = [str(clip) for clip in clips]
    return sorted(names) if isinstance(clips, set | frozenset) else names
