"""NTU RGB+D's names, splits, classes and lists of missing skeletons.

Source: Shahroudy et al., CVPR 2016 (60 classes: cross-subject, cross-view); Liu et al., TPAMI 2019 (120 classes:
cross-subject, cross-setup).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from posecube.datasets.class_names import KNOWN_CLASSES, read_class_names
from posecube.errors import UserError

Dataset = Literal["ntu60", "ntu120"]
CLASS_FILE = "classes.txt"

_NAME = re.compile(r"S(\d{3})C(\d{3})P(\d{3})R(\d{3})A(\d{3})")
# What numbers may be, by the data set: setups, actions.
_LARGEST = {"ntu60": (17, 60), "ntu120": (32, 120)}

_TRAIN_SUBJECTS_60 = (1, 2, 4, 5, 8, 9, 13, 14, 15, 16, 17, 18, 19, 25, 27, 28, 31, 34, 35, 38)
_TRAIN_SUBJECTS_120 = (
    *_TRAIN_SUBJECTS_60, 45, 46, 47, 49, 50, 52, 53, 54, 55, 56, 57, 58, 59, 70, 74, 78, 80, 81, 82, 83, 84, 85, 86, 89,
    91, 92, 93, 94, 95, 97, 98, 100, 103,
)  # fmt: skip
_TRAIN_CAMERAS = (2, 3)
SPLITS = {
    "ntu60": ("xsub_train", "xsub_val", "xview_train", "xview_val"),
    "ntu120": ("xsub_train", "xsub_val", "xset_train", "xset_val"),
}


@dataclass(frozen=True)
class ClipName:
    """What a clip's name says, S001C002P003R002A013: setup, camera, subject, take and action, all counted from 1."""

    setup: int
    camera: int
    subject: int
    take: int
    action: int

    @classmethod
    def parse(cls, name: str) -> ClipName:
        """Read a name.

        Raises:
            UserError: If it is none of the data set's names.
        """
        found = _NAME.fullmatch(name)
        if not found:
            raise UserError("expected a name like S001C002P003R002A013")
        numbers = [int(number) for number in found.groups()]
        if 0 in numbers or numbers[0] > _LARGEST["ntu120"][0] or numbers[4] > _LARGEST["ntu120"][1]:
            raise UserError("expected a name with setups 1 to 32 and actions 1 to 120")
        return cls(*numbers)

    @property
    def is_of_ntu60(self) -> bool:
        """Is it one of the first 56,880 clips?"""
        return self.setup <= _LARGEST["ntu60"][0] and self.action <= _LARGEST["ntu60"][1]

    def splits(self, dataset: Dataset) -> tuple[str, str]:
        """The split of either protocol that the clip belongs to."""
        subjects = _TRAIN_SUBJECTS_60 if dataset == "ntu60" else _TRAIN_SUBJECTS_120
        is_seen_side = self.camera in _TRAIN_CAMERAS if dataset == "ntu60" else self.setup % 2 == 0
        names = SPLITS[dataset]
        return names[0 if self.subject in subjects else 1], names[2 if is_seen_side else 3]


def choose_dataset(dataset: str, clips: Mapping[str, ClipName]) -> Dataset:
    """Which edition clips are of; ``auto`` decides for ntu120 where there is a clip of its second half.

    Raises:
        UserError: If there is no such edition, or none of the clips is of it.
    """
    if dataset == "auto":
        return "ntu60" if all(clip.is_of_ntu60 for clip in clips.values()) else "ntu120"
    if dataset not in SPLITS:
        raise UserError(f"dataset must be ntu60, ntu120 or auto, got {dataset!r}")
    if dataset == "ntu60" and not any(clip.is_of_ntu60 for clip in clips.values()):
        raise UserError("none of the clips is of ntu60 (setups 1 to 17, actions 1 to 60)")
    return cast(Dataset, dataset)


def find_class_file(source: Path) -> Path | None:
    """A ``classes.txt`` in a folder, or beside it or a file: for clips of other actions under NTU's names."""
    folder = source.resolve() if source.is_dir() else source.resolve().parent
    return next((path for path in (folder / CLASS_FILE, folder.parent / CLASS_FILE) if path.is_file()), None)


def read_classes(path: Path | None, clips: Mapping[str, ClipName], dataset: Dataset) -> tuple[str, ...]:
    """The class names in the order of the actions' numbers; NTU's own without a file.

    Raises:
        UserError: If the file names fewer classes than the clips have, or more than the data set may.
    """
    if path is None:
        return KNOWN_CLASSES[dataset]
    classes, most = read_class_names(path), _LARGEST[dataset][1]
    if len(classes) > most:
        raise UserError(f"{path} names {len(classes)} classes, clips of {dataset} have at most {most}; move it away")
    name, last = max(clips.items(), key=lambda item: item[1].action)
    if last.action > len(classes):
        raise UserError(
            f"{path} names {len(classes)} classes, but clip {name} is of action {last.action}; move the file away"
        )
    return classes


def read_missing(path: str | Path) -> frozenset[str]:
    """The names of the authors' list of clips with missing or incomplete skeletons: three lines of words, then names.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If a line after the third is no clip's name.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no list of missing clips at {path}")
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    names = [(number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip()]
    wrong = [(number, name) for number, name in names if number > 3 and not _NAME.fullmatch(name)]
    if wrong:
        number, name = wrong[0]
        raise UserError(f"{path}, line {number}: expected a clip's name like S001C002P005R002A008, got {name[:40]!r}")
    missing = frozenset(name for _, name in names if _NAME.fullmatch(name))
    if not missing:
        raise UserError(f"{path} lists no clips: expected names like S001C002P005R002A008, one a line")
    return missing
