"""The first walk over a data set's pickles: names, labels, splits and kind of joints, but no joints."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posecube.datasets.pyskl.annotation import Annotation, field_of, label_of, name_of, shown
from posecube.datasets.pyskl.plain_pickle import PickledArray, StreamedPickle
from posecube.errors import UserError

# The splits of the format's data sets, at the end of a file's name: ntu60_xsub_train.pkl, gym_val.pkl.
_SPLIT_IN_NAME = re.compile(r"(?:^|[_-])((?:(?:xsub|xview|xset)[_-])?(?:train|val|test)\d?)$")


@dataclass
class PickleIndex:
    """What is known of a data set before its joints are read.

    Attributes:
        pickles: The files, in order.
        file_of_clip: Name to the number of the file that gives the clip: lists of several splits repeat clips.
        label_of_clip: Name to label, which repetitions must share.
        splits: Clip names of each split.
        remarks: What is not as the pickles say, and how often.
        num_joints: Of the first annotation that has joints; None if none has.
        first_raw_file: Of the first annotation that has its joints elsewhere, with the file's number.
    """

    pickles: list[StreamedPickle]
    file_of_clip: dict[str, int] = field(default_factory=dict)
    label_of_clip: dict[str, int | str | None] = field(default_factory=dict)
    splits: dict[str, list[str]] = field(default_factory=dict)
    remarks: Counter[str] = field(default_factory=Counter)
    num_joints: int | None = None
    first_raw_file: str | None = None

    def annotations(self) -> Iterator[tuple[str, Annotation]]:
        """Every clip once, with words that say where it stands: another walk over the files."""
        for number, pickle in enumerate(self.pickles):
            for position, annotation in enumerate(pickle):
                name = name_of(annotation)
                if name is not None and self.file_of_clip[name] == number:
                    yield f"{pickle.path.name}, annotation {position}", annotation


def index_pickles(source: Path, *, split: str | None) -> PickleIndex:
    """Walk over a pickle, or all ``*.pkl`` and ``*.pickle`` files of a folder.

    Args:
        source: The file or folder.
        split: Name for the clips of a file without splits. None takes the split's name at the end of the file's, or all
            of it.

    Raises:
        FileNotFoundError: If there are no such files.
        UserError: If a file is no pickle of annotations, or a clip stands twice in it.
    """
    index = PickleIndex([StreamedPickle(path, streamed_key="annotations") for path in _paths(source)])
    for number, pickle in enumerate(index.pickles):
        names = _index_annotations(index, number)
        rest = pickle.rest
        table = rest.get("split", {}) if isinstance(rest, dict) and rest.get("annotations") == [] else {}
        if not names or not isinstance(table, dict):
            raise UserError(
                f"{pickle.path} is no pyskl pickle: expected annotations, a list of dicts, and a dict of splits"
            )
        _index_splits(index, pickle.path, table or {split or _split_in_name(pickle.path): list(names)})
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


def _index_annotations(index: PickleIndex, number: int) -> dict[str, int]:
    """Enter one file's annotations; its clips' names and positions."""
    pickle = index.pickles[number]
    names: dict[str, int] = {}
    for position, annotation in enumerate(pickle):
        where = f"{pickle.path}: annotation {position}"
        if not isinstance(annotation, dict):
            raise UserError(
                f"{pickle.path} is no pyskl pickle: expected annotations, a list of dicts, got {shown(annotation)}"
            )
        name = name_of(annotation)
        if name is None:
            raise UserError(f"{where} has no name (frame_dir)")
        if name in names:
            raise UserError(f"{where} has the name {name[:80]!r} (frame_dir) of annotation {names[name]}")
        names[name] = position
        label = label_of(where, annotation)
        if name not in index.file_of_clip:
            index.file_of_clip[name] = number
            index.label_of_clip[name] = label
            _index_joints(index, annotation)
        elif index.label_of_clip[name] != label:
            other = index.pickles[index.file_of_clip[name]].path.name
            raise UserError(f"{where}: clip {name[:80]!r} has another label than in {other}: is it one data set?")
    return names


def _index_joints(index: PickleIndex, annotation: dict[Any, Any]) -> None:
    keypoint, raw_file = annotation.get("keypoint"), annotation.get("raw_file")
    if index.num_joints is None and isinstance(keypoint, PickledArray):
        shape: tuple[int, ...] = getattr(keypoint, "shape", ())
        index.num_joints = shape[2] if len(shape) == 4 else None
    if index.first_raw_file is None and keypoint is None and isinstance(raw_file, str):
        index.first_raw_file = raw_file


def _index_splits(index: PickleIndex, path: Path, table: dict[Any, Any]) -> None:
    for split, clips in table.items():
        listed = _clip_names(path, split, clips)
        known = [clip for clip in listed if clip in index.file_of_clip]
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
