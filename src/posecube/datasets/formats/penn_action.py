"""Penn Action: 2,326 clips of 15 sports and fitness actions, one person, 13 annotated joints in pixels.

Source: Zhang, Zhu, Derpanis, "From Actemes to Action", ICCV 2013. One MATLAB file a clip, ``labels/0001.mat``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from posecube.datasets.archives import read_files
from posecube.datasets.contents import DatasetContents
from posecube.datasets.matfile import read_variables
from posecube.errors import UserError
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import PENN13

CLASSES = (
    "baseball_pitch", "baseball_swing", "bench_press", "bowl", "clean_and_jerk", "golf_swing", "jump_rope",
    "jumping_jacks", "pullup", "pushup", "situp", "squat", "strum_guitar", "tennis_forehand", "tennis_serve",
)  # fmt: skip
_FIELDS = ("action", "x", "y", "visibility", "train", "dimensions")
_SPLIT_OF_FLAG = {1: "train", -1: "test"}


def read_penn_action(source: Path, *, invisible_confidence: float = 0.0) -> DatasetContents:
    """Read the label files (the frames are not needed); splits are the official ``train`` and ``test``.

    Annotated pixels count from 1 as in MATLAB and are stored counting from 0.

    Args:
        source: The data set's folder or its ``labels`` folder, or a tar or zip of either.
        invisible_confidence: Confidence of joints that the annotators marked invisible, in [0, 1]. Their coordinates
            are guesses, often good ones, and are stored either way.

    Raises:
        FileNotFoundError: If the source does not exist.
        UserError: If it holds no label files or one of them is not as expected.
    """
    if not 0 <= invisible_confidence <= 1:
        raise UserError(f"invisible_confidence must lie in [0, 1], got {invisible_confidence}")
    splits: dict[str, list[str]] = {"train": [], "test": []}

    def sequences() -> Iterator[SkeletonSequence]:
        for path, content in read_files(source, "[0-9]*.mat"):
            fields = _fields(path, content)
            yield _sequence(path, fields, invisible_confidence)
            splits[_split(path, fields)].append(path.stem)

    return DatasetContents(layout=PENN13, classes=CLASSES, sequences=sequences(), splits=splits)


def _fields(path: PurePosixPath, content: bytes) -> dict[str, Any]:
    try:
        fields = read_variables(content)
    except ValueError as error:
        raise UserError(f"{path} is no readable MATLAB file ({error}); download it again") from None
    missing = [name for name in _FIELDS if name not in fields]
    if missing:
        raise UserError(f"{path} is no Penn Action label file: it lacks {', '.join(missing)}")
    texts = [name for name in _FIELDS if isinstance(fields[name], str) != (name == "action")]
    if texts:
        raise UserError(f"{path} is no Penn Action label file: {texts[0]} is not what it should be")
    if fields["train"].size != 1 or fields["dimensions"].size < 2:  # type: ignore[union-attr]
        raise UserError(f"{path}: one flag `train` and two or three `dimensions` expected")
    return fields


def _sequence(path: PurePosixPath, fields: dict[str, Any], invisible_confidence: float) -> SkeletonSequence:
    action = fields["action"].replace(" ", "_")
    if action not in CLASSES:
        raise UserError(f"{path}: unknown action {action!r}; Penn Action has {', '.join(CLASSES)}")
    shapes = [fields[name].shape for name in ("x", "y", "visibility")]
    if len(set(shapes)) > 1 or shapes[0][1:] != (13,) or not shapes[0][0]:
        raise UserError(f"{path}: x, y and visibility must be (T, 13), got {', '.join(map(str, shapes))}")
    marked_xy = np.stack([fields["x"], fields["y"]], axis=-1).astype(np.float64)
    if not (np.abs(marked_xy) < 1e5).all():  # also refuses NaN
        raise UserError(f"{path}: x and y must be pixels, got up to {np.abs(marked_xy).max():g}")
    is_visible = fields["visibility"] > 0
    # Pixels count from 1: 0 in both was never annotated.
    is_annotated = is_visible | (marked_xy > 0).any(axis=-1)
    confidence = np.where(is_visible, 1.0, invisible_confidence) * is_annotated
    height, width = (int(size) for size in fields["dimensions"].ravel()[:2])
    return SkeletonSequence(
        keypoints=(marked_xy[None] - 1).astype(np.float32),
        confidence=confidence[None].astype(np.float32),
        layout=PENN13,
        size_hw=(height, width),
        label=CLASSES.index(action),
        name=path.stem,
    )


def _split(path: PurePosixPath, fields: dict[str, Any]) -> str:
    flag = int(fields["train"].item())
    if flag not in _SPLIT_OF_FLAG:
        raise UserError(f"{path}: the flag `train` must be 1 or -1, got {flag}")
    return _SPLIT_OF_FLAG[flag]
