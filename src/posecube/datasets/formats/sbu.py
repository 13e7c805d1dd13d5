"""SBU Kinect Interaction: 282 clips of 8 interactions of two people, 15 joints each, 21 pairs of actors, 5 folds.

Source: Yun et al., "Two-person Interaction Detection Using Body-Pose Features", CVPRW 2012.
One text file a clip, ``s01s02/03/001/skeleton_pos.txt``: pair of actors, class, take.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path, PurePosixPath

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.datasets.archives import read_files
from posecube.datasets.contents import DatasetContents
from posecube.errors import UserError
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import SBU15

# The files number the classes and do not name them.
CLASSES = tuple(f"{number:02d}" for number in range(1, 9))
FRAME_HW = (480, 640)
_PAIRS = (
    "s01s02", "s01s03", "s01s07", "s02s01", "s02s03", "s02s06", "s02s07", "s03s02", "s03s04", "s03s05", "s03s06",
    "s04s02", "s04s03", "s04s06", "s05s02", "s05s03", "s06s02", "s06s03", "s06s04", "s07s01", "s07s03",
)  # fmt: skip
# Pairs of actors tested in each fold, counted from 1 in _PAIRS: the folds of the paper.
_FOLDS = ((1, 9, 15, 19), (5, 7, 10, 16), (2, 3, 20, 21), (4, 6, 8, 11), (12, 13, 14, 17, 18))


def read_sbu(source: Path, *, axes: int = 2) -> DatasetContents:
    """Read the clips; splits are ``fold1_train``, ``fold1_test`` to ``fold5_test``.

    The files hold x and y as fractions of a space 2.56 m wide and 1.92 m high, seen from the sensor without
    perspective; people reach a little out of it.

    Args:
        source: The data set's folder, or a tar or zip of it.
        axes: 2 draws that space on a frame of 640x480 pixels; 3 gives metres of Kinect's camera space (x to the
            sensor's left, y up, z away), by the equations that come with the data set.

    Raises:
        FileNotFoundError: If the source does not exist.
        UserError: If it holds no clips or one of them is not as expected.
    """
    if axes not in (2, 3):
        raise UserError(f"axes must be 2 or 3, got {axes}")
    splits: dict[str, list[str]] = {f"fold{k}_{part}": [] for k in range(1, 6) for part in ("train", "test")}

    def sequences() -> Iterator[SkeletonSequence]:
        for path, content in read_files(source, "s*/*/*/skeleton_pos.txt"):
            sequence = _sequence(path, content, axes)
            yield sequence
            tested_in = _fold(path)
            for fold in range(1, 6):
                splits[f"fold{fold}_{'test' if fold == tested_in else 'train'}"].append(sequence.name)

    return DatasetContents(layout=SBU15, classes=CLASSES, sequences=sequences(), splits=splits)


def _sequence(path: PurePosixPath, content: bytes, axes: int) -> SkeletonSequence:
    pair, class_name, take = path.parts[-4:-1]
    if class_name not in CLASSES:
        raise UserError(f"{path}: the class must be 01 to 08, got {class_name!r}")
    try:
        table = np.array([line.split(",") for line in content.decode().splitlines() if line.strip()], dtype=np.float64)
    except ValueError as error:
        raise UserError(f"{path} is no table of numbers: {error}") from None
    if table.shape[1:] != (91,) or not len(table):
        raise UserError(f"{path}: 91 columns expected (frame, 2 people x 15 joints x 3), got {table.shape}")
    joints = table[:, 1:].reshape(-1, 2, 15, 3).transpose(1, 0, 2, 3)
    is_tracked = (np.abs(joints) < 1e6).all(axis=-1) & (joints != 0).any(axis=-1)
    joints = np.where(is_tracked[..., None], joints, 0)
    return SkeletonSequence(
        keypoints=_pixels(joints) if axes == 2 else _metres(joints),
        confidence=is_tracked.astype(np.float32),
        layout=SBU15,
        size_hw=FRAME_HW if axes == 2 else (0, 0),
        fps=Fraction(15),  # the paper, section 3
        label=CLASSES.index(class_name),
        name=f"{pair}_{class_name}_{take}",
    )


def _pixels(joints: ndarray) -> Float32[ndarray, "M T V 2"]:
    return (joints[..., :2] * FRAME_HW[::-1] - 0.5).astype(np.float32)  # a whole number is a pixel's centre


def _metres(joints: ndarray) -> Float32[ndarray, "M T V 3"]:
    return ((joints - (0.5, 0.5, 0)) * (-2.56, -1.92, 1.28)).astype(np.float32)


def _fold(path: PurePosixPath) -> int:
    pair = path.parts[-4]
    if pair not in _PAIRS:
        raise UserError(f"{path}: {pair!r} is none of the data set's 21 pairs of actors")
    number = _PAIRS.index(pair) + 1
    return next(fold for fold, pairs in enumerate(_FOLDS, start=1) if number in pairs)
