"""Which videos to extract, what each is called in the store, and its label: from folders, a list file, NTU's names."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from posecube import lookup
from posecube.datasets.class_names import read_class_names
from posecube.datasets.ntu import protocol
from posecube.datasets.ntu.protocol import ClipName
from posecube.errors import UserError
from posecube.video.reader import VIDEO_SUFFIXES

_log = logging.getLogger(__name__)

_LINE = "expected `path label` or `index label path` a line, separated by tabs, commas or spaces"
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

    Each folder given becomes a split of its name, and so does a list file.

    Args:
        labels: "folders": a video's label is the name of the folder it lies in. "ntu": NTU RGB+D's names of videos,
            S001C002P003R002A013_rgb.avi, give the clips' names, labels and splits, as for its skeletons. None: no
            labels. Otherwise a list file: `path label` or `index label path` a line, or a table with the columns
            Video and ClassID; only the videos that it lists are taken, their paths relative to one of the paths, to
            its folder of that class, or to the file.
        classes: File with `number name` a line, for lists whose labels are numbers, and for "ntu"; one that is called
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
    entries = _entries(_lines(path))
    if not entries:
        raise UserError(f"{path}: {_LINE}, got no line")
    classes = _classes_of_list(path, [label for _, _, label in entries], classes_path)
    by_name = {name: name for name in classes}
    videos = []
    for where, written, label in entries:
        class_name = classes[int(label)] if label.isdigit() and int(label) < len(classes) else by_name.get(label)
        if class_name is None:
            raise UserError(f"{where}: there is no class {label!r}{lookup.suggestion(label, classes)}")
        folders = [*roots, path.parent]
        found = _located(written, [*folders, *(folder / class_name for folder in folders if folder.is_dir())])
        missing = "" if found else "the list names it, but there is no such file"
        videos.append(ListedVideo(found or Path(written), f"{path.stem}/{written}", class_name, (path.stem,), missing))
    if all(video.missing for video in videos):
        where = ", ".join(map(str, roots))
        raise UserError(f"{path}: none of its {len(videos)} videos is in {where}, the first would be {entries[0][1]}")
    return VideoList(tuple(videos), classes)


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


def _entries(lines: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Where each line stands, its path and its label.

    Raises:
        UserError: If a line is of another form.
    """
    columns = [cell.strip().lower() for cell in lines[0][1].split(",")] if lines else []
    if not {"video", "classid"} <= set(columns):
        return [(where, *_path_and_label(where, line)) for where, line in lines]
    entries = []
    for where, line in lines[1:]:  # a table of the UG2 challenge: VideoID,Video,ClassID
        cells = dict(zip(columns, (cell.strip() for cell in line.split(",")), strict=False))
        if len(cells) != len(columns) or not (cells["video"] and cells["classid"]):
            raise UserError(f"{where}: expected {lines[0][1]} as the first line says, got {line[:80]!r}")
        entries.append((where, cells["video"], cells["classid"]))
    return entries


def _path_and_label(where: str, line: str) -> tuple[str, str]:
    if "\t" in line:
        cells = line.split("\t")
    elif "," in line:
        cells = line.split(",") if line.split(",")[0].strip().isdigit() else line.rsplit(",", 1)
    else:
        cells = line.split(None, 2) if line.split()[0].isdigit() and len(line.split()) > 2 else line.rsplit(None, 1)
    cells = [cell.strip() for cell in cells]
    if _FRAME_FOLDER.fullmatch(line):
        raise UserError(
            f"{where}: {line[:80]!r} names a folder of frames and how many it holds; posecube reads videos: give the "
            "list of the video files"
        )
    if len(cells) == 3 and cells[0].isdigit() and all(cells):
        return cells[2], cells[1]
    if len(cells) == 2 and all(cells):
        return cells[0], cells[1]
    raise UserError(f"{where}: {_LINE}, got {line[:80]!r}")


def _located(written: str, folders: Sequence[Path]) -> Path | None:
    for folder in folders:
        if folder.is_file():
            if folder.name == Path(written).name:
                return folder
        elif (folder / written).is_file():
            return folder / written
    return None


def _lines(path: Path) -> list[tuple[str, str]]:
    """The lines that say something, each with where it stands."""
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such file; expected a text file")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{path}: expected a text file, got other data") from None
    lines = [(f"{path} line {number}", line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    return [(where, line) for where, line in lines if line and not line.startswith("#")]
