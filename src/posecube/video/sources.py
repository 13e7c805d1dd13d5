"""Which videos some paths stand for: files, folders with all that is in them, pictures in a row, patterns of either."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from posecube.errors import UserError
from posecube.video.picture_sequence import PictureFiles, is_pattern, is_picture, matching_files, natural_order
from posecube.video.reader import VIDEO_SUFFIXES

Source = Path | PictureFiles


@dataclass(frozen=True)
class Sources:
    """What was found.

    Attributes:
        videos: In the order of the paths, in natural order within a folder: 2 before 10.
        skipped: What was not taken, and why.
        is_single: Whether one video was named as itself, not as what a folder holds.
    """

    videos: tuple[Source, ...]
    skipped: tuple[tuple[Path, str], ...]
    is_single: bool

    @property
    def files(self) -> Iterator[Path]:
        """Every file that is read."""
        for video in self.videos:
            yield from video.files if isinstance(video, PictureFiles) else (video,)

    @property
    def has_pictures(self) -> bool:
        """Whether some video is pictures, whose rate must be told."""
        return any(isinstance(video, PictureFiles) for video in self.videos)


def find_sources(paths: Sequence[Path]) -> Sources:
    """The videos that paths stand for.

    A file is taken as it is named. A folder stands for the videos in it and below; one that holds pictures alone is a
    video itself, if they are one numbered series. A pattern stands for its pictures as one video, or for its videos.
    Several pictures named one by one, as a shell turns ``frames/*.jpg`` into, are one video a folder.

    Raises:
        FileNotFoundError: If nothing fits a pattern.
        UserError: If there is no video at all.
    """
    finder = _Finder()
    loose = [path for path in paths if is_picture(path) and path.is_file()]
    by_folder = _by_folder(loose) if len(loose) > 1 else {}
    for path in paths:
        if path in loose and len(loose) > 1:
            if by_folder.get(path.parent):
                finder.take_pictures(path.parent, by_folder.pop(path.parent))
        elif os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a name that no file can have
            finder.take_folder(path)
        elif is_pattern(path):
            finder.take_pattern(path)
        else:
            finder.take(path)
    if not finder.videos:
        raise UserError(f"{', '.join(map(str, paths))}: no video found in the directory{_reasons(finder.skipped)}")
    return Sources(tuple(finder.videos), tuple(finder.skipped), _is_single(paths, finder.videos))


def _is_single(paths: Sequence[Path], videos: Sequence[Source]) -> bool:
    if len(videos) > 1:
        return False
    if isinstance(videos[0], PictureFiles):
        return videos[0].path == paths[0] or is_picture(paths[0])
    return list(videos) == list(paths)


class _Finder:
    def __init__(self) -> None:
        self.videos: list[Source] = []
        self.skipped: list[tuple[Path, str]] = []
        self._seen: set[str] = set()

    def take(self, video: Source) -> None:
        """Each video once, by whatever name."""
        name = os.path.realpath(video.path if isinstance(video, PictureFiles) else video)
        if name in self._seen:
            self.skipped.append((video.path if isinstance(video, PictureFiles) else video, "named twice"))
            return
        self._seen.add(name)
        self.videos.append(video)

    def take_folder(self, folder: Path) -> None:
        for path, names, files in _walk(folder):
            for name in names:
                self.skipped.append((path / name, "a hidden folder, or a link to one"))
            self._take_files(path, files)

    def take_pattern(self, pattern: Path) -> None:
        found = matching_files(pattern)
        if any(_is_video(file) for file in found):
            for file in found:
                if _is_video(file):
                    self.take(file)
                else:
                    self.skipped.append((file, _why_not(file)))
        else:
            self.take(PictureFiles.of_pattern(pattern))

    def take_pictures(self, folder: Path, files: list[Path]) -> None:
        if len(files) == 1:
            self.skipped.append((files[0], "a single picture"))
        else:
            self.take(PictureFiles(folder / f"*{files[0].suffix}", tuple(sorted(files, key=natural_order))))

    def _take_files(self, folder: Path, files: list[Path]) -> None:
        videos = [file for file in files if _is_video(file)]
        pictures = [file for file in files if is_picture(file)]
        for video in videos:
            self.take(video)
        if pictures and videos:
            why = f"pictures beside videos; {folder / ('*' + pictures[0].suffix)} takes them as one video"
            self.skipped += [(picture, why) for picture in pictures]
        elif pictures:
            try:
                self.take(PictureFiles.in_folder(folder))
            except UserError as error:
                self.skipped.append((folder, str(error).removeprefix(f"{folder}: ")))
        taken = {*videos, *pictures}
        self.skipped += [(file, _why_not(file)) for file in files if file not in taken]


def _walk(folder: Path) -> Iterator[tuple[Path, list[str], list[Path]]]:
    """Folders in natural order: each with the names in it that are not entered, and its files."""
    for path, folders, names in os.walk(folder):
        here = Path(path)
        left_out = [name for name in folders if name.startswith(".") or (here / name).is_symlink()]
        folders[:] = sorted(set(folders) - set(left_out), key=lambda name: natural_order(Path(name)))
        yield here, sorted(left_out), sorted((here / name for name in names), key=natural_order)


def _by_folder(files: Iterable[Path]) -> dict[Path, list[Path]]:
    found: dict[Path, list[Path]] = {}
    for file in files:
        found.setdefault(file.parent, []).append(file)
    return found


def _is_video(path: Path) -> bool:
    return path.suffix.lower() in VIDEO_SUFFIXES and not path.name.startswith(".") and path.is_file()


def _why_not(path: Path) -> str:
    if path.name.startswith("."):
        return "hidden"
    if is_picture(path):
        return "a picture beside videos"
    return "no video by its name" if path.is_file() else "no file"


def _reasons(skipped: Sequence[tuple[Path, str]]) -> str:
    """The first reason, for the line that says that nothing was found."""
    if not skipped:
        return "; expected files such as .mp4, .avi, .mkv or .webm, or numbered pictures"
    path, why = skipped[0]
    more = f", and {len(skipped) - 1} more" if len(skipped) > 1 else ""
    return f"; skipped {path} ({why}){more}"
