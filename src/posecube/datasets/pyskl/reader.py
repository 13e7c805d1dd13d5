"""pyskl and mmaction2 pickles: one file with the annotations of all clips and mostly their splits, or a file a split.

Two forms: ``{"split": {name: [clip]}, "annotations": [...]}``, or a plain list of annotations of one split. Each
annotation has frame_dir, label, keypoint (M, T, V, C), keypoint_score (M, T, V), img_shape (height, width). In this
form pyskl shares NTU RGB+D (2D and 3D), FineGYM, UCF101, HMDB51, Diving48 and, with the joints in files of their own,
Kinetics-400: see ``kinetics400``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from numpy import ndarray

from posecube.datasets.class_names import distinct, numbered_class_names, read_class_names
from posecube.datasets.contents import DatasetContents
from posecube.datasets.pyskl.annotation import (
    OTHER_LENGTH,
    Annotation,
    field_of,
    says_other_length,
    sequence_of,
    shown,
)
from posecube.datasets.pyskl.index import PickleIndex, index_pickles
from posecube.datasets.pyskl.kinetics400 import JointFiles, people_of_frames
from posecube.errors import UserError
from posecube.skeleton import SkeletonLayout, SkeletonSequence, find_layout

# The format does not name its joints: these numbers of joints are in use in it.
_LAYOUT_OF_JOINTS = {13: "penn13", 15: "sbu15", 17: "coco17", 18: "openpose18", 20: "kinect20", 25: "ntu25"}
_MOST_CLASSES = 100_000


def read_pyskl(
    source: Path,
    *,
    layout: str | None = None,
    classes: Sequence[str] | str | Path | None = None,
    split: str | None = None,
    kpfiles: str | Path | None = None,
    box_threshold: float = 0.5,
    squeeze: bool = True,
    max_people: int = 10,
) -> DatasetContents:
    """Read pickles; their content is held in memory until the last clip has been read.

    Nothing that a file names is run: see ``plain_pickle``. Joints are missing (confidence 0) where the score is 0,
    where all coordinates are 0, or where one is not finite. Without scores every other joint has confidence 1. Clips
    without detections are skipped.

    Args:
        source: The ``.pkl`` file, or a folder of several of one data set: a clip that several list is read once.
        layout: Name of the joints' layout; None takes it from their number (17 is coco17, 25 is ntu25).
        classes: Class names, a text file with one a line, or ``ntu60`` or ``ntu120``; None numbers them, or takes the
            labels where these are names.
        split: Name for the clips of a file without splits; None takes it from the file's name.
        kpfiles: Folder or zip of Kinetics-400's joints; None takes what is called ``*kpfiles*`` beside the source.
        box_threshold: Of Kinetics-400: people of a smaller box_score are left out.
        squeeze: Of Kinetics-400: frames without people are left out.
        max_people: Of Kinetics-400: the most people in a frame.

    Raises:
        FileNotFoundError: If a file does not exist.
        UserError: If a pickle holds anything but plain data, or an annotation is not as expected.
    """
    given_names = _given_names(classes)
    index = index_pickles(source, split=split)
    joints = _Joints(index, _joint_files(source, kpfiles, index), box_threshold, squeeze, max_people)
    chosen = find_layout(layout) if layout else _layout(source, joints)
    class_names = _class_names(source, given_names, index)
    skipped: dict[str, str] = {}

    def sequences() -> Iterator[SkeletonSequence]:
        for name, where, annotation in index.clips():
            label = _class_index(where, index.labels[name], class_names)
            try:
                keypoints, score = joints.of(where, annotation)
            except _NoJointsError as error:
                skipped[name] = str(error)
                continue
            sequence = sequence_of(where, annotation, keypoints, score, layout=chosen, label=label)
            if isinstance(sequence, SkeletonSequence):
                yield sequence
            else:
                skipped[name] = sequence

    return DatasetContents(
        layout=chosen,
        classes=class_names,
        sequences=sequences(),
        splits=index.splits,
        skipped=skipped,
        remarks=index.remarks,
        num_clips=len(index.annotations),
    )


class _NoJointsError(Exception):
    """A clip has no joints, for the reason that the message gives."""


class _Joints:
    """Joints and scores of an annotation, wherever they are."""

    def __init__(
        self, index: PickleIndex, files: JointFiles | None, box_threshold: float, squeeze: bool, max_people: int
    ) -> None:
        if not 0 <= box_threshold <= 1 or max_people < 1:
            raise UserError(
                f"box_threshold must lie in [0, 1] and max_people be 1 or more, got {box_threshold}, {max_people}"
            )
        self._index = index
        self._files = files
        self._box_threshold = box_threshold
        self._squeeze = squeeze
        self._max_people = max_people

    def of(self, where: str, annotation: Annotation) -> tuple[Any, Any]:
        """Joints (M, T, V, C) and their scores (M, T, V), None where there are none."""
        if annotation.get("keypoint") is not None or not isinstance(annotation.get("raw_file"), str):
            keypoints = field_of(where, annotation, "keypoint")
            is_whole = isinstance(keypoints, ndarray) and keypoints.ndim == 4
            if is_whole and says_other_length(where, annotation, keypoints.shape[1]):
                self._index.remarks[OTHER_LENGTH] += 1
            return keypoints, field_of(where, annotation, "keypoint_score")
        people = self._gathered(annotation)
        return people[..., :2], people[..., 2]

    def _gathered(self, annotation: Annotation) -> ndarray:
        assert self._files is not None, "where an annotation has a raw_file, the files were looked for"
        try:
            people = people_of_frames(
                annotation,
                self._files.read(str(annotation["raw_file"])),
                box_threshold=self._box_threshold,
                squeeze=self._squeeze,
                max_people=self._max_people,
            )
        except (ValueError, OSError) as error:
            raise _NoJointsError(" ".join(str(error).split())) from None
        if people is None:
            raise _NoJointsError(f"it has no detections with a box_score of {self._box_threshold} or more")
        return people

    def num_joints(self) -> int | None:
        """V of the first clip whose joints can be read."""
        num_joints = self._index.num_joints()
        if num_joints is not None or self._files is None:
            return num_joints
        reasons = []
        for annotation in islice(self._index.annotations.values(), 20):
            try:
                return int(self._gathered(annotation).shape[2])
            except _NoJointsError as error:
                reasons.append(str(error))
        raise UserError(f"{self._files.path} has no joints of the first {len(reasons)} clips: {reasons[0]}")


def _joint_files(source: Path, kpfiles: str | Path | None, index: PickleIndex) -> JointFiles | None:
    first_raw_file = index.first_raw_file()
    if first_raw_file is None:
        return None
    if kpfiles is not None:
        return JointFiles(Path(kpfiles))
    folder = source if source.is_dir() else source.parent
    beside = sorted(path for path in folder.glob("*kpfiles*") if path.is_dir() or path.suffix == ".zip")
    if not beside:
        raise FileNotFoundError(
            f"{source} has its joints in other files, first {Path(first_raw_file[:80]).name}: "
            "give their folder or zip as `kpfiles`"
        )
    return JointFiles(beside[0])


def _layout(source: Path, joints: _Joints) -> SkeletonLayout:
    num_joints = joints.num_joints()
    if num_joints is None:
        raise UserError(f"{source}: its annotations have no keypoint (M, T, V, C), nor files that hold them")
    if num_joints not in _LAYOUT_OF_JOINTS:
        raise UserError(
            f"{source}: {num_joints} joints belong to no known layout of this format; name one with `layout`"
        )
    return find_layout(_LAYOUT_OF_JOINTS[num_joints])


def _given_names(classes: Sequence[str] | str | Path | None) -> tuple[str, ...] | None:
    if isinstance(classes, str | Path):
        return read_class_names(classes)
    return None if classes is None else distinct(classes)


def _class_names(source: Path, given: tuple[str, ...] | None, index: PickleIndex) -> tuple[str, ...]:
    labels = set(index.labels.values()) - {None}
    names = sorted(label for label in labels if isinstance(label, str))
    largest = max((label for label in labels if isinstance(label, int)), default=-1)
    if names and largest >= 0:
        raise UserError(f"{source}: labels must be all numbers or all names, got {largest} and {shown(names[0])}")
    if largest >= _MOST_CLASSES:
        raise UserError(f"{source}: label {largest} is no class index")
    return given or tuple(names) or numbered_class_names(largest + 1)


def _class_index(where: str, label: int | str | None, names: tuple[str, ...]) -> int | None:
    if isinstance(label, str):
        if label not in names:
            raise UserError(f"{where}: label {shown(label)} is none of the {len(names)} classes")
        return names.index(label)
    return label
