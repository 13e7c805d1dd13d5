"""OpenPose's JSON: a file a frame, ``<video>_000000000012_keypoints.json``, a folder a video or several in one.

``{"people": [{"person_id": [-1], "pose_keypoints_2d": [x, y, confidence, ...]}, ...]}`` with the 25 joints of BODY_25
or the 18 of its COCO model; faces and hands are left out.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import PlainValidator, TypeAdapter

from posecube.datasets.contents import DatasetContents, labelled_contents
from posecube.datasets.formats.pose_clips import SIZE_OF_JOINTS, frame_positions, parse_size, sequence_of_frames
from posecube.datasets.frame_people import FramePeople
from posecube.datasets.json_file import Foreign, Numbers, checked, read_json, whole_number
from posecube.datasets.labels import LabelledClip, label_clips
from posecube.errors import UserError
from posecube.skeleton import SkeletonLayout, SkeletonSequence
from posecube.skeleton.layouts import OPENPOSE18, OPENPOSE25

_LAYOUTS = {3 * layout.num_joints: layout for layout in (OPENPOSE25, OPENPOSE18)}
_NAME = re.compile(r"(.*?)(\d*)_keypoints\.json")
# No skeleton is this few pixels large: such coordinates are fractions of the frame (OpenPose's keypoint_scale 3).
_LARGEST_FRACTION = 1.5


def _person_id(value: Any) -> int | None:
    """The number of ``[-1]``, ``[3]`` or ``3``; None where it gives no number."""
    if isinstance(value, list):
        value = value[0] if value else None
    number = -1 if value is None else whole_number(value)
    return number if number >= 0 else None


class _Person(Foreign):
    pose_keypoints_2d: Numbers
    person_id: Annotated[int | None, PlainValidator(_person_id)] = None


class _Frame(Foreign):
    people: list[_Person]


_FRAME = TypeAdapter(_Frame)


def read_openpose(
    source: Path, *, labels: str | Path | None = "folders", size: str | None = None, max_people: int = 2
) -> DatasetContents:
    """Read the frames of each video, one by one, and link their people across frames.

    A clip is called after its folder, and after its files where a folder holds several videos. Frames are placed by the
    number in their names, the lowest being the first. A ``person_id`` from 0 on is kept if no frame has it twice.

    Args:
        source: A folder of files, or of folders of them to any depth.
        labels: "folders" for ``class/video/*.json`` or ``split/class/video/*.json``, "none", or a file with
            `name label` or `name label split` a line.
        size: Frame size HEIGHTxWIDTH in pixels. Without it a clip's frame is the smallest that holds all its joints.
            It is needed for coordinates that are fractions of the frame.
        max_people: People of a clip to keep: those who are most present.

    Raises:
        FileNotFoundError: If the source or the list of labels does not exist.
        UserError: If there are no such files, or not one clip can be read.
    """
    if max_people < 1:
        raise UserError(f"max_people must be at least 1, got {max_people}")
    size_hw = parse_size(size)
    videos = _find_videos(source)
    labelled = label_clips(videos, labels)
    frame_files = _FrameFiles()
    remarks: Counter[str] = Counter()
    layout = _find_layout(source, (frame_files.of(videos[clip.name]) for clip in labelled.clips))

    def read(clip: LabelledClip) -> SkeletonSequence:
        files = frame_files.of(videos[clip.name])
        sequence = _read_clip(clip, files, layout=layout, size_hw=size_hw, max_people=max_people)
        if size_hw is None:
            remarks[SIZE_OF_JOINTS] += 1
        return sequence

    return labelled_contents(source, labelled, layout=layout, read=read, remarks=remarks)


_Video = tuple[Path, str]
"""The folder of a video's files, and what stands before the number in their names."""


def _find_videos(source: Path) -> dict[str, _Video]:
    """Clip names to videos. Only the names of one folder's files are held at a time: there may be millions."""
    if not source.is_dir():
        raise FileNotFoundError(f"no folder {source}: give the folder of *_keypoints.json files, or of folders of them")
    videos = {}
    for folder, subfolders, files in os.walk(source):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        prefixes = sorted({found[1] for found in map(_NAME.fullmatch, files) if found})
        inside = Path(folder).relative_to(source).as_posix()
        for prefix in prefixes:
            of_prefix = prefix.rstrip("_-. ") or "video"
            name = of_prefix if inside == "." else inside if len(prefixes) == 1 else f"{inside}/{of_prefix}"
            if name in videos:
                raise UserError(f"{source}: two videos would be called {name!r}; rename the files of one")
            videos[name] = (Path(folder), prefix)
    if not videos:
        raise UserError(f"{source} holds no file like NAME_000000000000_keypoints.json: is it OpenPose's output?")
    return videos


class _FrameFiles:
    """Frame numbers and files of videos, in order.

    The last folder's listing is kept: videos of one folder are read one after another.
    """

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._names: dict[str, list[tuple[int, str]]] = {}

    def of(self, video: _Video) -> list[tuple[int, Path]]:
        folder, prefix = video
        if folder != self._folder:
            self._folder, self._names = folder, {}
            for found in map(_NAME.fullmatch, os.listdir(folder)):  # noqa: PTH208 -- a Path for each would be slow
                if found:
                    self._names.setdefault(found[1], []).append((int(found[2] or 0), found[0]))
        return [(number, folder / name) for number, name in sorted(self._names.get(prefix, []))]


def _find_layout(source: Path, videos: Iterator[list[tuple[int, Path]]]) -> SkeletonLayout:
    """The layout of the first person in any file that can be read."""
    for files in videos:
        for _, path in files:
            try:
                people = _people(path)
            except (ValueError, OSError):
                continue  # told when its clip is read
            for person in people:
                if len(person.pose_keypoints_2d) in _LAYOUTS:
                    return _LAYOUTS[len(person.pose_keypoints_2d)]
                break
    raise UserError(
        f"{source}: no file shows a person with pose_keypoints_2d of {' or '.join(map(str, _LAYOUTS))} numbers"
    )


def _read_clip(
    clip: LabelledClip,
    files: list[tuple[int, Path]],
    *,
    layout: SkeletonLayout,
    size_hw: tuple[int, int] | None,
    max_people: int,
) -> SkeletonSequence:
    if not files:
        raise UserError("its files are gone")
    positions = frame_positions([number for number, _ in files])
    frames = {position: _read_frame(path, layout) for position, (_, path) in zip(positions, files, strict=True)}
    frames = {position: poses for position, poses in frames.items() if poses.ids}
    return sequence_of_frames(
        _in_pixels(frames, size_hw),
        num_frames=positions[-1] + 1,
        layout=layout,
        size_hw=size_hw,
        max_people=max_people,
        name=clip.name,
        label=clip.label,
    )


def _people(path: Path) -> list[_Person]:
    return checked(_FRAME, read_json(path), path.name).people


def _read_frame(path: Path, layout: SkeletonLayout) -> FramePeople:
    people, count = [], 3 * layout.num_joints
    for index, person in enumerate(_people(path)):
        values = person.pose_keypoints_2d
        if len(values) not in (0, count):
            where = f"{path.name}: people[{index}].pose_keypoints_2d"
            raise UserError(f"{where} must have {count} numbers, got {len(values)}")
        if len(values):  # otherwise only a face or hands were seen
            people.append((values, person.person_id))
    return FramePeople.of(people, num_joints=layout.num_joints)


def _in_pixels(frames: dict[int, FramePeople], size_hw: tuple[int, int] | None) -> dict[int, FramePeople]:
    """Coordinates times the frame's size where they are fractions of it, which OpenPose takes from 0 to size - 1."""
    furthest = max((float(abs(poses.keypoints_xy).max()) for poses in frames.values()), default=0)
    if not frames or furthest > _LARGEST_FRACTION:
        return frames
    if size_hw is None:
        raise UserError("its coordinates are fractions of the frame; give the frame's size, such as size=1080x1920")
    if any((poses.keypoints_xy < 0).any() for poses in frames.values()):
        raise UserError("its coordinates lie in [-1, 1]; write them in pixels (keypoint_scale 0)")
    largest_xy = np.array([size_hw[1] - 1, size_hw[0] - 1], dtype=np.float32)
    return {
        position: FramePeople(poses.keypoints_xy * largest_xy, poses.confidence, poses.ids)
        for position, poses in frames.items()
    }
