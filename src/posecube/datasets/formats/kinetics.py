"""Kinetics-skeleton: OpenPose's 18 joints of people in Kinetics-400, as the authors of ST-GCN published them.

``kinetics_train/`` and ``kinetics_val/`` with a JSON file a clip, ``kinetics_train_label.json`` and
``kinetics_val_label.json`` beside them: 400 classes, up to 300 frames of 340x256 at 30 a second.

Source: Yan, Xiong, Lin, "Spatial Temporal Graph Convolutional Networks", AAAI 2018, section 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from jaxtyping import Float32
from numpy import ndarray
from pydantic import PlainValidator, TypeAdapter

from posecube.datasets.contents import DatasetContents, read_each
from posecube.datasets.frame_people import FramePeople, seen_joints
from posecube.datasets.json_file import Foreign, WholeNumber, checked, described, numbers, read_json
from posecube.datasets.labels import is_text
from posecube.datasets.people_linking import link_people
from posecube.errors import UserError
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import OPENPOSE18

FRAME_HW = (256, 340)
FPS = Fraction(30)
MAX_FRAMES = 300
SPLITS = ("train", "val")
# Of a frame the published loader looks at so many, in the file's order.
_PEOPLE_READ = 5
_MOST_CLASSES = 10_000


class _Skeleton(Foreign):
    pose: Annotated[ndarray, PlainValidator(partial(numbers, counts=(36,)))]
    score: Annotated[ndarray, PlainValidator(partial(numbers, counts=(18,)))]


class _Frame(Foreign):
    frame_index: WholeNumber
    skeleton: list[_Skeleton]


class _Frames(Foreign):
    data: list[_Frame]
    label_index: Any = None


class _Label(Foreign):
    label_index: WholeNumber
    label: Any = None
    has_skeleton: Any = True


_LABELS, _LABEL, _FRAMES = TypeAdapter(dict[str, Any]), TypeAdapter(_Label), TypeAdapter(_Frames)


@dataclass(frozen=True, slots=True)
class _Clip:
    """What the label file says of a clip; there are 260,000 of them."""

    name: str
    split: str
    folder: Path
    label: int
    has_skeleton: bool

    @property
    def path(self) -> Path:
        return self.folder / f"{self.name}.json"


def read_kinetics(source: Path, *, max_people: int = 2, linked: bool = False, workers: int = 1) -> DatasetContents:
    """Read the clips one by one; splits are ``train`` and ``val``, as far as their folders are there.

    The files do not say who is who from frame to frame. By default a frame's people stand in the order of their
    scores, as in the published loader: of the first 5 listed those with the largest sum of scores, so that a row may
    change from one person to another. A joint of score 0 is missing. Coordinates are fractions of the frame and are
    stored in its pixels, times 340 and 256.

    A clip is as long as its last frame; numbers count from 1, or from 0 in a file that has a frame 0, and frames after
    the 300th are left out. Clips without skeletons, and clips whose file is missing or broken, are skipped.

    Args:
        source: The folder of ``kinetics_train`` and ``kinetics_val``, of which one may be absent.
        max_people: People of a frame to keep.
        linked: Make each row one person by linking poses from frame to frame, which the published loader does not.
        workers: Processes that read files.

    Raises:
        FileNotFoundError: If the source does not exist.
        UserError: If it has no such folders, a label file is broken, or not one clip can be read.
    """
    if max_people < 1:
        raise UserError(f"max_people must be at least 1, got {max_people}")
    clips, classes = _read_labels(source)
    splits: dict[str, list[str]] = {split: [] for split in SPLITS if any(clip.split == split for clip in clips)}
    split_of = {clip.name: clip.split for clip in clips}
    skipped: dict[str, str] = {}
    sequences = read_each(
        ((clip.name, partial(_read_clip, clip, max_people=max_people, linked=linked)) for clip in clips),
        source=source,
        skipped=skipped,
        on_read=lambda sequence: splits[split_of[sequence.name]].append(sequence.name),
        workers=workers,
    )
    return DatasetContents(
        layout=OPENPOSE18,
        classes=classes,
        sequences=sequences,
        splits=splits,
        skipped=skipped,
        num_clips=len(clips),
    )


def _read_labels(source: Path) -> tuple[list[_Clip], tuple[str, ...]]:
    """All clips, by split and name, and the names of the classes; a class that no clip has is called by its number."""
    if not source.is_dir():
        raise FileNotFoundError(f"no folder {source}: give the folder that holds kinetics_train and kinetics_val")
    found = [split for split in SPLITS if (source / f"kinetics_{split}").is_dir()]
    if not found:
        raise UserError(f"{source} holds neither kinetics_train nor kinetics_val: is it Kinetics-skeleton?")
    clips: list[_Clip] = []
    names: dict[int, str] = {}
    split_of: dict[str, str] = {}
    for split in found:
        folder, path = source / f"kinetics_{split}", source / f"kinetics_{split}_label.json"
        for name, entry in sorted(checked(_LABELS, read_json(path), path.name).items()):
            clip, class_name = _labelled(folder, split, name, entry, path.name)
            if names.setdefault(clip.label, class_name) != class_name:
                raise UserError(f"{path}: class {clip.label} is {names[clip.label]!r} and {class_name!r}")
            if split_of.setdefault(name, split) != split:
                raise UserError(f"{source}: clip {name!r} is listed for {split_of[name]} and for {split}")
            clips.append(clip)
    if not clips:
        raise UserError(f"{source}: its label files list no clip")
    classes = [names.get(label, str(label)) for label in range(max(names) + 1)]
    return clips, tuple(classes)


def _labelled(folder: Path, split: str, name: str, entry: Any, where: str) -> tuple[_Clip, str]:
    what = f"{where}: clip {name[:80]!r}"
    if not name or Path(name).name != name or "\0" in name:
        raise UserError(f"{what} is no name of a file")
    given = checked(_LABEL, entry, what)
    if not 0 <= given.label_index < _MOST_CLASSES:
        raise UserError(f"{what}: label_index must be 0 to {_MOST_CLASSES - 1}, got {given.label_index}")
    class_name = str(given.label_index) if given.label is None else given.label
    if not isinstance(class_name, str) or not is_text(class_name):
        raise UserError(f"{what}: label must be a text, got {described(class_name)}")
    return _Clip(name, split, folder, given.label_index, given.has_skeleton is not False), class_name


def _read_clip(clip: _Clip, *, max_people: int, linked: bool) -> SkeletonSequence:
    if not clip.has_skeleton:
        raise UserError("the label file says that it has no skeleton")
    content = checked(_FRAMES, read_json(clip.path), clip.path.name)
    if content.label_index not in (None, clip.label):
        raise UserError(f"{clip.path.name} has class {content.label_index!r:.20}, the label file says {clip.label}")
    keypoints, confidence = _joints(_people(clip.path.name, content.data))
    order = _by_score if not linked else _by_person
    keypoints, confidence = order(keypoints, confidence, max_people=max_people)
    if not confidence.any():
        raise UserError("it has no detections")
    return SkeletonSequence(
        keypoints=keypoints,
        confidence=confidence,
        layout=OPENPOSE18,
        size_hw=FRAME_HW,
        fps=FPS,
        label=clip.label,
        name=clip.name,
    )


def _people(where: str, frames: list[_Frame]) -> dict[int, list[_Skeleton]]:
    """Position in the clip, from 0 on, to the people there."""
    entries: dict[int, list[_Skeleton]] = {}
    for frame in frames:
        index = frame.frame_index
        if index < 0 or index in entries:
            raise UserError(f"{where}: frame_index {index} is {'negative' if index < 0 else 'there twice'}")
        entries[index] = frame.skeleton[:_PEOPLE_READ]
    first = 0 if 0 in entries else 1
    return {index - first: people for index, people in entries.items() if index - first < MAX_FRAMES}


def _joints(people: dict[int, list[_Skeleton]]) -> tuple[Float32[ndarray, "T P V 2"], Float32[ndarray, "T P V"]]:
    """Joints of each frame's people in the file's order, in pixels."""
    values = np.zeros((max(people, default=0) + 1, _PEOPLE_READ, OPENPOSE18.num_joints, 3))
    for position, skeletons in people.items():
        for slot, skeleton in enumerate(skeletons):
            values[position, slot, :, :2] = skeleton.pose.reshape(18, 2) * FRAME_HW[::-1]
            values[position, slot, :, 2] = skeleton.score
    return seen_joints(values)


def _by_score(
    keypoints: Float32[ndarray, "T P V 2"], confidence: Float32[ndarray, "T P V"], *, max_people: int
) -> tuple[Float32[ndarray, "M T V 2"], Float32[ndarray, "M T V"]]:
    """In each frame those of the largest sum of scores; as many rows as the fullest frame needs."""
    num_rows = min(max_people, int(confidence.any(axis=-1).sum(axis=-1).max()))
    best = np.argsort(-confidence.sum(axis=-1), axis=1, kind="stable")[:, :num_rows, None]
    confidence = np.take_along_axis(confidence, best, axis=1)
    keypoints = np.take_along_axis(keypoints, best[..., None], axis=1)
    return keypoints.transpose(1, 0, 2, 3), confidence.transpose(1, 0, 2)


def _by_person(
    keypoints: Float32[ndarray, "T P V 2"], confidence: Float32[ndarray, "T P V"], *, max_people: int
) -> tuple[Float32[ndarray, "M T V 2"], Float32[ndarray, "M T V"]]:
    is_seen = np.asarray(confidence.any(axis=-1))
    frames = {
        position: FramePeople(keypoints[position, seen], confidence[position, seen], (None,) * int(seen.sum()))
        for position, seen in enumerate(is_seen)
    }
    return link_people(frames, num_frames=len(is_seen), max_people=max_people)
