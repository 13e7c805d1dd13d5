"""Volleyball: 4,830 moments of 55 matches, 8 group activities, 12 players.

Poses are not part of the data set. What is shared are pickles of a clip, ``<folder>/<video>/13286.pickle``, a dict of
frame number to joints (12, 17, 3), players in the same order in each frame; or one pyskl pickle of all clips, which it
calls ``<video>_<frame>``.

Source: see ``volleyball_moments``; the pickles of clips are those shared with Zhou et al., "COMPOSER", ECCV 2022.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32, Float64
from numpy import ndarray

from posecube.datasets.contents import DatasetContents, NamedReader, read_each
from posecube.datasets.formats.volleyball_moments import CLASSES, SPLIT_OF_VIDEO, SPLIT_VIDEOS, Moment, read_moments
from posecube.datasets.frame_people import seen_joints
from posecube.datasets.json_file import described
from posecube.datasets.pyskl.plain_pickle import plain, read_plain_pickle
from posecube.datasets.pyskl.reader import read_pyskl
from posecube.errors import UserError
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import COCO17

NUM_PLAYERS = 12
# 20 frames before and after the moment; a clip much longer is none of this data set.
_MOST_FRAMES = 100
_HD_HW, _FULL_HD_HW = (720, 1280), (1080, 1920)
_FULL_HD_VIDEOS = (2, 37, 38, 39, 40, 41, 44, 45)
_SUFFIXES = (".pickle", ".pkl")


def read_volleyball(source: Path, *, poses: str | Path | None = None) -> DatasetContents:
    """Read the clips one by one, named ``<video>_<frame>``, with 12 rows of players.

    Splits are the official ``train``, ``val`` and ``test`` by video, and ``trainval``, on which papers train (3,493
    clips, 1,337 to test). In the shared pickles the third number of a joint is the joint's index: then joints have
    confidence 1, and players who are all zeros are missing. If it is no index it is taken as confidence.

    Args:
        source: The folder that holds ``videos/<video>/annotations.txt``, or ``<video>/annotations.txt``.
        poses: Folder of ``<video>/<frame>.pickle``, or a pyskl pickle; None finds it inside the source.

    Raises:
        FileNotFoundError: If the source or the poses do not exist.
        UserError: If there are no annotations or poses, or not one clip can be read.
    """
    moments = read_moments(source)
    place = _find_poses(source) if poses is None else Path(poses)
    if not place.exists():
        raise FileNotFoundError(f"no poses at {place}: give a folder of <video>/<frame>.pickle or a pyskl pickle")
    splits: dict[str, list[str]] = {split: [] for split in (*SPLIT_VIDEOS, "trainval")}
    skipped: dict[str, str] = {}

    def note_split(sequence: SkeletonSequence) -> None:
        split = SPLIT_OF_VIDEO[int(sequence.name.partition("_")[0])]
        for name in (split,) if split == "test" else (split, "trainval"):
            splits[name].append(sequence.name)

    clips = _clips_of_folder(place, moments) if place.is_dir() else _clips_of_pickle(place, moments, skipped)
    sequences = read_each(clips, source=source, skipped=skipped, on_read=note_split)
    return DatasetContents(
        layout=COCO17,
        classes=CLASSES,
        sequences=sequences,
        splits=splits,
        skipped=skipped,
        num_clips=len(moments) if place.is_dir() else None,
    )


def _find_poses(source: Path) -> Path:
    """The one folder with a pickle a clip, or else the one pickle."""
    folders = [path for path in (source, *sorted(source.iterdir())) if path.is_dir() and _holds_pickles(path)]
    files = sorted(path for path in source.iterdir() if path.is_file() and path.suffix in _SUFFIXES)
    found = folders or files
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        raise UserError(
            f"{source}: expected one folder of <video>/<frame>.pickle or one pyskl pickle, got {names}; give `poses`"
        )
    return found[0]


def _holds_pickles(folder: Path) -> bool:
    videos = (path for path in folder.iterdir() if path.name.isdecimal() and path.is_dir())
    return any(path.suffix in _SUFFIXES for video in videos for path in video.iterdir())


def _clips_of_folder(folder: Path, moments: dict[str, Moment | str]) -> Iterator[NamedReader]:
    return ((name, partial(_read_clip, name, moment, folder)) for name, moment in moments.items())


def _read_clip(name: str, moment: Moment | str, folder: Path) -> SkeletonSequence:
    if isinstance(moment, str):
        raise UserError(moment)
    video, _, frame = name.partition("_")
    places = [folder / video / f"{frame}{suffix}" for suffix in _SUFFIXES]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise UserError(f"there is no {video}/{frame}.pickle in {folder.name}")
    joints = _joints(f"{video}/{path.name}", read_plain_pickle(path))
    is_index = (joints[..., 2] == np.arange(17)).all(axis=-1) | ~joints.any(axis=(-1, -2))
    is_given = joints[..., :2].any(axis=-1)
    joints[..., 2] = is_given if is_index.all() else joints[..., 2] * is_given
    keypoints, confidence = seen_joints(joints.transpose(1, 0, 2, 3))
    return _sequence(name, moment, keypoints, confidence)


def _clips_of_pickle(path: Path, moments: dict[str, Moment | str], skipped: dict[str, str]) -> Iterator[NamedReader]:
    """The clips of one pickle, in its order; then the moments that it lacks."""
    contents = read_pyskl(path, layout=COCO17.name)
    seen = set()
    for sequence in contents.sequences:
        seen.add(sequence.name)
        yield sequence.name, partial(_with_twelve_players, sequence, moments.get(sequence.name))
    skipped |= contents.skipped
    for name, moment in moments.items():
        if name not in seen and name not in skipped:
            skipped[name] = moment if isinstance(moment, str) else f"{path.name} has no clip of that name"


def _with_twelve_players(sequence: SkeletonSequence, moment: Moment | str | None) -> SkeletonSequence:
    if not isinstance(moment, Moment):
        raise UserError(moment or "no annotations.txt lists it as <video>_<frame>")
    if sequence.num_people > NUM_PLAYERS or sequence.num_frames > _MOST_FRAMES or sequence.num_axes != 2:
        raise UserError(f"at most {NUM_PLAYERS} players, {_MOST_FRAMES} frames, 2 axes: got {sequence.keypoints.shape}")
    missing = ((0, NUM_PLAYERS - sequence.num_people), (0, 0), (0, 0))
    return _sequence(
        sequence.name, moment, np.pad(sequence.keypoints, (*missing, (0, 0))), np.pad(sequence.confidence, missing)
    )


def _sequence(
    name: str, moment: Moment, keypoints: Float32[ndarray, "M T V 2"], confidence: Float32[ndarray, "M T V"]
) -> SkeletonSequence:
    if not confidence.any():
        raise UserError("it has no detections")
    video = int(name.partition("_")[0])
    return SkeletonSequence(
        keypoints=keypoints,
        confidence=confidence,
        layout=COCO17,
        size_hw=_FULL_HD_HW if video in _FULL_HD_VIDEOS else _HD_HW,
        label=CLASSES.index(moment.activity),
        name=name,
    )


def _joints(where: str, content: Any) -> Float64[ndarray, "T M V 3"]:
    """The joints of all frames from the first to the last, zeros where a frame or a player is not there."""
    if not isinstance(content, dict) or not content or not all(type(frame) is int for frame in content):
        raise UserError(f"{where} must hold a dict of frame numbers, got {described(content)}")
    first, last = min(content), max(content)
    if last - first >= _MOST_FRAMES:
        raise UserError(f"{where} has frames from {first} to {last}, more than {_MOST_FRAMES}")
    joints = np.zeros((last - first + 1, NUM_PLAYERS, 17, 3))
    for frame, value in content.items():
        players = plain(value)
        if not isinstance(players, ndarray) or players.dtype.kind not in "fiu":
            raise UserError(f"{where}: frame {frame} must be an array, got {described(players)}")
        if players.ndim != 3 or players.shape[1:] != (17, 3) or len(players) > NUM_PLAYERS:
            raise UserError(f"{where}: frame {frame} must be (12, 17, 3), got {players.shape}")
        joints[frame - first, : len(players)] = players
    return joints
