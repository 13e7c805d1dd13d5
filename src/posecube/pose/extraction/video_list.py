"""Which videos to extract, what each is called in the store, and its label: from folders, a list file, NTU's names."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from posecube import lookup
from posecube.datasets.class_names import read_class_names
from posecube.datasets.label_list import ListedLabel, read_label_list
from posecube.datasets.ntu import protocol
from posecube.datasets.ntu.protocol import ClipName
from posecube.errors import UserError
from posecube.video.reader import VIDEO_SUFFIXES

_log = logging.getLogger(__name__)

# `Class/name n_frames label`: a name without a suffix, then two numbers.
_FRAME_FOLDER = re.compile(r"[^\s,]*[^\s,.\d][^\s,.]*[\s,]+\d+[\s,]+\d+")
_CLASS_FILES = ("mapping*.txt", "classes.txt", "class_names.txt", "label_map*.txt")


@dataclass(frozen=True)
class ListedVideo:
    """A video to extract.

    Attributes:
        name: What its clip is called in the store; the same whenever the same command is given.
        class_name: Its label, None where unknown.
        splits: The splits that it belongs to.
        missing: Why it cannot be extracted, known before it is tried; empty if it can.
    """

    path: Path
    name: str
    class_name: str | None = None
    splits: tuple[str, ...] = ()
    missing: str = ""


@dataclass(frozen=True)
class VideoList:
    """All videos of one command and the classes they are labelled with, in the order of their index."""

    videos: tuple[ListedVideo, ...]
    classes: tuple[str, ...]


def list_videos(
    paths: Sequence[str | Path], *, labels: str | Path | None, classes: str | Path | None = None
) -> VideoList:
    """List the videos of files and folders with their labels.

    Each folder given becomes a split of its name, and so does a list file that names no splits.

    Args:
        labels: "folders": a video's label is the name of the folder it lies in. "ntu": NTU RGB+D's names of videos,
            S001C002P003R002A013_rgb.avi, give the clips' names, labels and splits, as for its skeletons. None: no
            labels. Otherwise a list file, see ``datasets.label_list``; only the videos that it lists are taken, their
            paths relative to one of the paths, to its folder of that class, or to the file.
        classes: File of class names, for lists whose labels are numbers, and for "ntu"; one that is called
            mapping*.txt or classes.txt is found beside the list, classes.txt in a folder of "ntu" or the one above.

    Raises:
        FileNotFoundError: If a path, the list or the classes' file is not there.
        UserError: If there is no video, the list cannot be read, two videos would have the same name, or none has a
            name of NTU's.
    """
    roots = [Path(path) for path in paths]
    for root in roots:
        if not root.exists():
            raise FileNotFoundError(f"{root}: no such file or folder; expected videos or folders of videos")
    if labels is None or labels == "folders":
        found = _in_folders(roots, with_labels=labels is not None)
    elif labels == "ntu":
        found = _by_ntu_names(_in_folders(roots, with_labels=False), roots, None if classes is None else Path(classes))
    else:
        found = _in_list(Path(labels), roots, None if classes is None else Path(classes))
    names = [video.name for video in found.videos]
    repeated = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if repeated:
        raise UserError(f"two videos would be called {repeated[0]!r} in the store: give folders of different names")
    return found


def _in_folders(roots: Sequence[Path], *, with_labels: bool) -> VideoList:
    videos = []
    for root in roots:
        if root.is_file():
            videos.append(ListedVideo(root, root.name, root.resolve().parent.name if with_labels else None))
            continue
        folder = root.resolve()
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            is_hidden = any(part.startswith(".") for part in inside.parts)
            if path.suffix.lower() in VIDEO_SUFFIXES and not is_hidden and path.is_file():
                class_name = path.parent.name if with_labels else None
                name = f"{folder.name}/{inside.as_posix()}"
                videos.append(ListedVideo(root / inside, name, class_name, (folder.name,)))
    if not videos:
        where = ", ".join(map(str, roots))
        raise UserError(f"no video found in {where}; expected files such as .mp4, .avi, .mkv or .webm")
    return VideoList(tuple(videos), tuple(sorted({video.class_name for video in videos if video.class_name})))


def _by_ntu_names(found: VideoList, roots: Sequence[Path], classes_path: Path | None) -> VideoList:
    """The same videos under the names of their clips; one whose name says nothing is reported as missing."""
    clips: dict[str, ClipName] = {}
    wrong: dict[str, str] = {}
    names = {video: video.path.stem.removesuffix("_rgb") for video in found.videos}
    for name in names.values():
        try:
            clips[name] = ClipName.parse(name)
        except ValueError as error:
            wrong[name] = str(error)
    if not clips:
        first = found.videos[0].path
        raise UserError(f"no video has a name like S001C002P003R002A013_rgb.avi, the first is {first}")
    dataset = protocol.choose_dataset("auto", clips)
    if classes_path is None:
        classes_path = next(filter(None, map(protocol.find_class_file, roots)), None)
    classes = protocol.read_classes(classes_path, clips, dataset)
    videos = [
        ListedVideo(video.path, name, classes[clip.action - 1], clip.splits(dataset))
        if (clip := clips.get(name))
        else ListedVideo(video.path, video.name, missing=wrong[name])
        for video, name in names.items()
    ]
    return VideoList(tuple(videos), classes)


def _in_list(path: Path, roots: Sequence[Path], classes_path: Path | None) -> VideoList:
    entries = read_label_list(path)
    classes = _classes_of_list(path, [entry.label for entry in entries], classes_path)
    videos = [_listed(entry, path, roots, classes) for entry in entries]
    if all(video.missing for video in videos):
        where = ", ".join(map(str, roots))
        raise UserError(f"{path}: none of its {len(videos)} videos is in {where}, the first would be {entries[0].name}")
    return VideoList(tuple(videos), classes)


def _listed(entry: ListedLabel, path: Path, roots: Sequence[Path], classes: Sequence[str]) -> ListedVideo:
    if _FRAME_FOLDER.fullmatch(entry.line.strip()):
        raise UserError(
            f"{entry.where}: {entry.line[:80]!r} names a folder of frames and how many it holds; posecube reads "
            "videos: give the list of the video files"
        )
    label = entry.label
    class_name = classes[int(label)] if label.isdigit() and int(label) < len(classes) else label
    if class_name not in classes:
        raise UserError(f"{entry.where}: there is no class {label!r}{lookup.suggestion(label, classes)}")
    folders = [*roots, path.parent]
    found = _located(entry.name, [*folders, *(folder / class_name for folder in folders if folder.is_dir())])
    missing = "" if found else "the list names it, but there is no such file"
    name, split = f"{path.stem}/{entry.name}", entry.split or path.stem
    return ListedVideo(found or Path(entry.name), name, class_name, (split,), missing)


def _classes_of_list(path: Path, labels: Sequence[str], classes_path: Path | None) -> tuple[str, ...]:
    """The classes in the order of their numbers: from a file, from the numbers themselves, or the sorted names."""
    if classes_path is None and all(label.isdigit() for label in labels):
        beside = sorted({found for pattern in _CLASS_FILES for found in path.parent.glob(pattern)} - {path})
        classes_path = beside[0] if len(beside) == 1 else None
        if classes_path is not None:
            _log.info("%s: classes are named by %s", path, classes_path)
        else:
            return tuple(str(number) for number in range(max(map(int, labels)) + 1))
    if classes_path is not None:
        return read_class_names(classes_path, first=0)
    return tuple(sorted(set(labels)))


def _located(written: str, folders: Sequence[Path]) -> Path | None:
    for folder in folders:
        if folder.is_file():
            if folder.name == Path(written).name:
                return folder
        elif (folder / written).is_file():
            return folder / written
    return None
