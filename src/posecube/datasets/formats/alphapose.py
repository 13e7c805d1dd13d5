"""AlphaPose's JSON: one file a video, in one of its three forms.

* its own: a list of ``{"image_id": "12.jpg", "keypoints": [x, y, confidence, ...], "score": s, "idx": person}``;
* ``open`` and ``cmu``: image to ``{"people": [{"pose_keypoints_2d": [...]}]}`` or ``{"bodies": [{"joints": [...]}]}``,
  or a folder of such files, one an image.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import PlainValidator, TypeAdapter

from posecube.datasets.contents import DatasetContents, labelled_contents
from posecube.datasets.formats.pose_clips import (
    SIZE_OF_JOINTS,
    frame_positions,
    natural_order,
    parse_size,
    sequence_of_frames,
)
from posecube.datasets.frame_people import FramePeople
from posecube.datasets.json_file import Foreign, checked, described, named, numbers, read_json, whole_number
from posecube.datasets.labels import LabelledClip, label_clips
from posecube.errors import UserError
from posecube.skeleton import SkeletonLayout, SkeletonSequence
from posecube.skeleton.layouts import COCO17, HALPE26, OPENPOSE18

# By the numbers of a person. Of whole bodies (133 joints of COCO, 136 or 68 of Halpe) the body comes first.
_LAYOUTS = {3 * joints: layout for joints, layout in (
    (17, COCO17), (18, OPENPOSE18), (26, HALPE26), (68, HALPE26), (133, COCO17), (136, HALPE26),
)}  # fmt: skip
_OWN_NAME = "alphapose-results"
_IMAGE_FOLDER = "sep-json"

_Person = tuple[Any, Any]
"""A person's numbers and number, as they stand in the file."""


def _image_name(value: Any) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise UserError(f"must be a name, got {described(value)}")
    return str(value)


class _Item(Foreign):
    """A person of AlphaPose's own form; its numbers are checked with its clip's layout."""

    image_id: Annotated[str, PlainValidator(_image_name)]
    keypoints: Any = None
    idx: Any = None


class _OpenPosePerson(Foreign):
    pose_keypoints_2d: Any = None


class _OpenPoseImage(Foreign):
    people: list[_OpenPosePerson]


class _Body(Foreign):
    joints: Any = None


class _CmuImage(Foreign):
    bodies: list[_Body]


_ITEMS, _OPENPOSE, _CMU = TypeAdapter(list[_Item]), TypeAdapter(_OpenPoseImage), TypeAdapter(_CmuImage)


def read_alphapose(
    source: Path, *, labels: str | Path | None = "folders", size: str | None = None, max_people: int = 2
) -> DatasetContents:
    """Read videos one by one; people are those of ``idx``, or linked across frames where it does not number them.

    A clip is called after its file, or after its folder where the file has AlphaPose's own name. AlphaPose leaves out
    images without anybody: frames stand where the number in their ``image_id`` puts them, the lowest first; images
    without different numbers follow each other in the order of their names. Confidence above 1 counts as 1.

    Args:
        source: A ``.json`` file, or a folder of them to any depth.
        labels: "folders" for ``class/video.json`` or ``split/class/video.json``, "none", or a file with `name label` or
            `name label split` a line.
        size: Frame size HEIGHTxWIDTH in pixels. Without it a clip's frame is the smallest that holds all its joints.
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
    layout = _find_layout(source, (videos[clip.name] for clip in labelled.clips))
    remarks: Counter[str] = Counter()

    def read(clip: LabelledClip) -> SkeletonSequence:
        frames = _place(_images(videos[clip.name]), layout)
        sequence = sequence_of_frames(
            frames,
            num_frames=max(frames, default=0) + 1,
            layout=layout,
            size_hw=size_hw,
            max_people=max_people,
            name=clip.name,
            label=clip.label,
        )
        if size_hw is None:
            remarks[SIZE_OF_JOINTS] += 1
        return sequence

    return labelled_contents(source, labelled, layout=layout, read=read, remarks=remarks)


def _find_videos(source: Path) -> dict[str, Path]:
    """Clip names to files, or to folders of a file an image."""
    if source.is_file():
        name = source.stem if source.stem != _OWN_NAME else source.resolve().parent.name
        return {name or source.stem: source}
    if not source.is_dir():
        raise FileNotFoundError(f"{source}: no such file or folder; give AlphaPose's JSON file or a folder of them")
    videos: dict[str, Path] = {}
    for folder, subfolders, files in os.walk(source):
        jsons = sorted(name for name in files if name.endswith(".json") and not name.startswith("."))
        has_own = f"{_OWN_NAME}.json" in jsons
        # AlphaPose writes the people of the whole file once more, a file an image.
        unread = {_IMAGE_FOLDER} if has_own else set()
        subfolders[:] = sorted(name for name in subfolders if not name.startswith(".") and name not in unread)
        inside = PurePosixPath(Path(folder).relative_to(source).as_posix())
        for name, path in _videos_of_folder(Path(folder), inside, jsons):
            if name in videos:
                raise UserError(f"{source}: two videos would be called {name!r}; rename one")
            videos[name] = path
    if not videos:
        raise UserError(f"{source} holds no .json file: is it AlphaPose's output?")
    return videos


def _videos_of_folder(folder: Path, inside: PurePosixPath, jsons: list[str]) -> Iterator[tuple[str, Path]]:
    """Clip name and place of each video of a folder."""
    own_path = inside.parent if folder.name == _IMAGE_FOLDER else inside
    own_name = (folder.resolve().name or "video") if own_path == PurePosixPath() else own_path.as_posix()
    if jsons and jsons != [f"{_OWN_NAME}.json"] and _is_of_one_image(folder / jsons[0]):
        yield own_name, folder
        return
    for file in jsons:
        stem = file.removesuffix(".json")
        yield own_name if stem == _OWN_NAME else (inside / stem).as_posix(), folder / file


def _is_of_one_image(path: Path) -> bool:
    try:
        content = read_json(path)
    except (ValueError, OSError):
        return False  # told when its clip is read
    return isinstance(content, dict) and any(isinstance(content.get(key), list) for key in ("people", "bodies"))


def _images(video: Path) -> dict[str, list[_Person]]:
    """Image name to the people in it."""
    if video.is_dir():
        files = sorted(path for path in video.iterdir() if path.suffix == ".json")
        return {path.stem: _people_of_image(path.name, read_json(path)) for path in files}
    content = read_json(video)
    if isinstance(content, dict):
        if any(isinstance(content.get(key), list) for key in ("people", "bodies")):
            return {video.stem: _people_of_image(video.name, content)}
        return {name: _people_of_image(f"{video.name}: {name!r}", image) for name, image in content.items()}
    images: dict[str, list[_Person]] = {}
    for item in checked(_ITEMS, content, video.name):
        images.setdefault(item.image_id, []).append((item.keypoints, item.idx))
    return images


def _people_of_image(where: str, content: Any) -> list[_Person]:
    """People of OpenPose's or CMU-Pose's form."""
    if isinstance(content, dict) and "bodies" in content:
        return [(body.joints, None) for body in checked(_CMU, content, where).bodies]
    return [(person.pose_keypoints_2d, None) for person in checked(_OPENPOSE, content, where).people]


def _find_layout(source: Path, videos: Iterator[Path]) -> SkeletonLayout:
    """The layout of the first person in any video that can be read."""
    for video in videos:
        try:
            images = _images(video)
        except (ValueError, OSError):
            continue  # told when its clip is read
        for people in images.values():
            for values, _ in people:
                if isinstance(values, list) and len(values) in _LAYOUTS:
                    return _LAYOUTS[len(values)]
    counts = ", ".join(str(count // 3) for count in _LAYOUTS)
    raise UserError(f"{source}: no file shows a person of AlphaPose's; numbers of joints that are read: {counts}")


def _place(images: dict[str, list[_Person]], layout: SkeletonLayout) -> dict[int, FramePeople]:
    """Frame position to its poses."""
    names = sorted(images, key=natural_order)
    if not names:
        raise UserError("it has no detections")
    counted = [re.findall(r"\d+", PurePosixPath(name).stem)[-1:] for name in names]
    frame_numbers = [int(digits[0]) if digits and len(digits[0]) < 19 else -1 for digits in counted]
    if -1 in frame_numbers or len(set(frame_numbers)) < len(names):
        frame_numbers = list(range(len(names)))
    positions = frame_positions(frame_numbers)
    return {position: _poses(name, images[name], layout) for position, name in zip(positions, names, strict=True)}


def _poses(image: str, people: list[_Person], layout: SkeletonLayout) -> FramePeople:
    counts = [count for count, known in _LAYOUTS.items() if known == layout]
    read = []
    for index, (values, person_id) in enumerate(people):
        what = f"image {image!r}, person {index}"
        with named(f"{what}: keypoints"):
            joints = numbers(values, counts=counts)
        with named(f"{what}: idx"):
            read.append((joints, _idx(person_id)))
    return FramePeople.of(read, num_joints=layout.num_joints)


def _idx(value: Any) -> int | None:
    """The person's number, which some trackers write as a list of one."""
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value is None or value == []:
        return None
    number = whole_number(value)
    return number if number >= 0 else None
