"""Read a video frame by frame with its time stamps; memory does not grow with the video's length."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType

from posecube.errors import UserError
from posecube.video.frame import Frame, fitted_size
from posecube.video.info import VideoInfo
from posecube.video.picture_sequence import PictureFiles, PictureSequence, is_pattern
from posecube.video.video_file import VideoFile

__all__ = ["Frame", "Video", "VideoInfo", "open_video", "read_frames"]

_log = logging.getLogger(__name__)

VIDEO_SUFFIXES = (
    ".avi", ".mp4", ".mkv", ".webm", ".mov", ".m4v", ".mpg", ".mpeg", ".wmv",
    ".3gp", ".asf", ".flv", ".gif", ".m2ts", ".mts", ".mxf", ".ogv", ".ts", ".vob",
)  # fmt: skip


class Video:
    """A video that is open: what it says of itself, and its frames from the first to the last, once.

        with Video.open("squat.mp4") as video:
            print(video.info.fps)
            for frame in video.frames():
                ...

    Whoever needs the frames a second time, to draw on them, asks for it ``again``.
    """

    def __init__(self, reopen: Callable[[], VideoFile | PictureSequence], *, is_again: bool = False) -> None:
        """Open it; ``Video.open`` is the usual way.

        Args:
            is_again: What is wrong with it was said before.
        """
        self._reopen, self._is_again = reopen, is_again
        self._source = reopen()
        self._was_read = False
        self.info = self._source.info
        self._warn(self._source.remark)

    @classmethod
    def open(
        cls, path: str | Path | PictureFiles, *, threads: int | None = None, fps: Fraction | float | None = None
    ) -> Video:
        """Open a video that can be decoded: a file, or pictures.

        Args:
            path: A video file; a folder of numbered pictures; a pattern of them, such as ``frames/%04d.png``.
            threads: Those that decode; None leaves their number to the decoder.
            fps: Pictures a second; None assumes 25. A file tells its own times.

        Raises:
            FileNotFoundError: If there is no such file.
            PermissionError: If the file may not be read.
            UserError: If the file is not a video, has no picture, or no frame of it can be decoded; if frames are too
                small or too narrow to show people.
        """
        pictures = _pictures(path)
        if pictures is not None:
            return cls(lambda: PictureSequence(pictures, fps=fps))
        assert not isinstance(path, PictureFiles)
        if fps is not None:
            raise UserError(f"{path}: a video file tells its own times; frames a second are given for pictures alone")
        return cls(lambda: VideoFile(Path(path), threads=threads))

    def again(self) -> Video:
        """The same video from its first frame on, opened anew; what is wrong with it is not said a second time."""
        return Video(self._reopen, is_again=True)

    def __enter__(self) -> Video:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._source.close()

    def frames(self, *, max_side: int | None = None) -> Iterator[Frame]:
        """Decode the frames, each of them when it is asked for.

        Times count from the first frame and always increase: a stamp that is missing or goes back is replaced by one
        frame's duration after the last. Damaged places are skipped; what can be decoded is delivered and a warning is
        logged at the end.

        Args:
            max_side: Frames are scaled down so that the longer side has at most so many pixels.
        """
        assert not self._was_read, "the frames of an open video are read once: open it again to read them again"
        self._was_read = True
        return self._frames(fitted_size(self.info.size_hw, max_side))

    def _frames(self, size_hw: tuple[int, int]) -> Iterator[Frame]:
        for count, (time_s, image) in enumerate(self._source.images()):
            yield Frame(count, time_s, decoded=image, size_hw=size_hw)
        self._warn(self._source.faults)

    def _warn(self, text: str) -> None:
        if text and not self._is_again:
            _log.warning("%s: %s", self.info.path, text)

    def __repr__(self) -> str:
        return f"Video({self.info.path.name}, size_hw={self.info.size_hw}, fps={float(self.info.fps):g})"


def open_video(path: str | Path) -> VideoInfo:
    """Check that a file is a video that can be decoded, and say what it holds.

    Raises:
        FileNotFoundError, PermissionError, UserError: As ``Video.open``.
    """
    with Video.open(path, threads=1) as video:
        return video.info


def read_frames(path: str | Path, *, max_side: int | None = None, threads: int | None = None) -> Iterator[Frame]:
    """The frames of a video that is closed after the last; the file is checked at the call, see ``Video``.

    Raises:
        FileNotFoundError, PermissionError, UserError: As ``Video.open``.
    """
    video = Video.open(path, threads=threads)
    try:
        frames = video.frames(max_side=max_side)
    except UserError:
        video.close()
        raise
    return _closed_after(video, frames)


def _closed_after(video: Video, frames: Iterator[Frame]) -> Iterator[Frame]:
    with video:
        yield from frames


def _pictures(path: str | Path | PictureFiles) -> PictureFiles | None:
    """The pictures that a path stands for, None where it is a file."""
    if isinstance(path, PictureFiles):
        return path
    path = Path(path)
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a name that no file can have
        return PictureFiles.in_folder(path)
    return PictureFiles.of_pattern(path) if is_pattern(path) else None
