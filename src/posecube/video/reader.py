"""Read a video frame by frame with its time stamps; memory does not grow with the video's length."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any

import av
import cv2
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from jaxtyping import UInt8
from numpy import ndarray

from posecube.errors import UserError
from posecube.video.frame import Frame, fitted_size

__all__ = ["Frame", "Video", "VideoInfo", "open_video", "read_frames"]

_log = logging.getLogger(__name__)

VIDEO_SUFFIXES = (
    ".avi", ".mp4", ".mkv", ".webm", ".mov", ".m4v", ".mpg", ".mpeg", ".wmv",
    ".3gp", ".asf", ".flv", ".m2ts", ".mts", ".ogv", ".ts", ".vob",
)  # fmt: skip

_WANTED = "expected a video file such as .mp4, .avi, .mkv or .webm"
_DEFAULT_FPS = Fraction(25)  # what FFmpeg assumes for streams that do not say
_MAX_FPS = 1000  # live recordings without a rate claim this or more
_NOT_VIDEOS = ("tty", "bin", "xbin", "idf", "adf")  # FFmpeg draws text files as pictures of a terminal
_BT601, _BT709 = 5, 1  # FFmpeg's numbers of the two colour matrices
_UNSPECIFIED = 2
_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True)
class VideoInfo:
    """What a video says about itself.

    Attributes:
        num_frames_estimate: Frames as stated, or from duration and rate; None where the file says neither.
        fps: Mean frames a second; the frames' own time stamps may be spaced otherwise.
        size_hw: Height and width as shown, after rotation.
        rotation: Degrees by which the stored picture is turned clockwise for showing: 0, 90, 180 or 270.
        duration_s: None where the file does not say.
        pixel_aspect: Width over height of a pixel as shown. Frames keep their stored pixels, as data sets' boxes do.
    """

    path: Path
    num_frames_estimate: int | None
    fps: Fraction
    size_hw: tuple[int, int]
    rotation: int
    duration_s: float | None
    pixel_aspect: Fraction = Fraction(1)


class Video:
    """A video that is open: what it says of itself, and its frames from the first to the last, once.

        with Video.open("squat.mp4") as video:
            print(video.info.fps)
            for frame in video.frames():
                ...

    Whoever needs the frames a second time, to draw on them, opens the file again.
    """

    def __init__(self, path: Path, container: Any, stream: Any) -> None:
        """Decode the first frame: only there the rotation is certain, and damage is found before work starts.

        Raises:
            UserError: If no frame can be decoded.
        """
        self._container, self._stream = container, stream
        # AVI stores no time of showing: with B-frames FFmpeg's stamps are those of decoding, in another order.
        by_rate = container.format.name == "avi" and bool(stream.codec_context.has_b_frames)
        self._rest = _decoded(path, container, stream)
        self._first = next(self._rest, None)
        if self._first is None:
            raise UserError(f"{path}: no frame can be decoded, the file is damaged or cut short; {_WANTED}")
        self.info = _info(path, container, stream, self._first)
        self._clock = _Clock(self.info.fps, by_rate=by_rate)

    @classmethod
    def open(cls, path: str | Path, *, threads: int | None = None) -> Video:
        """Open a file that is a video which can be decoded.

        Args:
            threads: Those that decode; None leaves their number to the decoder.

        Raises:
            FileNotFoundError: If there is no such file.
            PermissionError: If the file may not be read.
            UserError: If the file is not a video, has no picture, or no frame of it can be decoded.
        """
        path = Path(path)
        container = _container(path)
        try:
            return cls(path, container, _stream(path, container, threads or 0))
        except BaseException:
            container.close()
            raise

    def __enter__(self) -> Video:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._first = None
        self._container.close()

    def frames(self, *, max_side: int | None = None) -> Iterator[Frame]:
        """Decode the frames, each of them when it is asked for.

        Times count from the first frame and always increase: a stamp that is missing or goes back is replaced by one
        frame's duration after the last. Damaged places are skipped; what can be decoded is delivered and a warning is
        logged at the end.

        Args:
            max_side: Frames are scaled down so that the longer side has at most so many pixels.
        """
        assert self._first is not None, "the frames of an open video are read once: open it again to read them again"
        first, self._first = self._first, None
        return self._frames(first, fitted_size(self.info.size_hw, max_side))

    def _frames(self, first: av.VideoFrame, size_hw: tuple[int, int]) -> Iterator[Frame]:
        reformatter = VideoReformatter()  # one for all frames: setting up a conversion costs more than doing it
        count = 0
        for decoded in chain([first], self._rest):
            image = _AvImage(decoded, reformatter, self.info.rotation)
            yield Frame(count, self._clock.time_s(decoded), decoded=image, size_hw=size_hw)
            count += 1
        expected = self._stream.frames
        # An edit list may hide a few frames of a sound file; a cut file misses more.
        if count < expected - max(8, expected // 50):
            message = "%s: the file states %d frames and %d could be decoded: it is damaged or cut short"
            _log.warning(message, self.info.path, expected, count)

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


def _info(path: Path, container: Any, stream: Any, first: av.VideoFrame) -> VideoInfo:
    rotation = round(-first.rotation / 90) % 4 * 90
    height, width = first.height, first.width
    aspect = stream.sample_aspect_ratio or Fraction(1)
    if rotation in (90, 270):
        height, width, aspect = width, height, 1 / aspect
    duration_s = _duration(container, stream)
    fps = _rate(path, stream)
    num_frames = stream.frames or (round(duration_s * fps) if duration_s is not None else None)
    return VideoInfo(path, num_frames, fps, (height, width), rotation, duration_s, aspect)


class _Clock:
    """Turns a frame's stamp into seconds since the first frame."""

    def __init__(self, fps: Fraction, *, by_rate: bool) -> None:
        """Time frames by their stamps, or by the rate alone where the stamps mean something else."""
        self._by_rate = by_rate
        self._step_s = 1 / fps
        self._first_s: Fraction | None = None
        self._last_s: Fraction | None = None

    def time_s(self, frame: Any) -> float:
        if self._last_s is None:
            self._last_s = Fraction(0)
            self._first_s = None if frame.pts is None else frame.pts * frame.time_base
            return 0.0
        stamp_s = None
        if frame.pts is not None and self._first_s is not None and not self._by_rate:
            stamp_s = frame.pts * frame.time_base - self._first_s
        self._last_s = stamp_s if stamp_s is not None and stamp_s > self._last_s else self._last_s + self._step_s
        return float(self._last_s)


class _AvImage:
    """A decoded frame, to be converted, scaled and turned."""

    def __init__(self, frame: av.VideoFrame, reformatter: VideoReformatter, rotation: int) -> None:
        self._frame = frame
        self._reformatter = reformatter
        self._rotation = rotation

    def to_rgb(self, size_hw: tuple[int, int]) -> UInt8[ndarray, "H W 3"]:
        height, width = size_hw if self._rotation in (0, 180) else size_hw[::-1]
        matrix = None
        if self._frame.colorspace == _UNSPECIFIED:
            # The usual reading of untagged files: high definition is BT.709, smaller is BT.601.
            matrix = _BT709 if self._frame.height >= 720 else _BT601
        converted = self._reformatter.reformat(
            self._frame,
            width=width,
            height=height,
            format="rgb24",
            src_colorspace=matrix,
            interpolation=Interpolation.AREA,
            threads=1,
        )
        image = converted.to_ndarray()
        return np.asarray(cv2.rotate(image, _TURNS[self._rotation])) if self._rotation else image


def _container(path: Path) -> Any:
    _check_file(path)
    try:
        # "file:" and the list of protocols keep names with a colon, and play lists, from reaching the network.
        return av.open(f"file:{path}", options={"protocol_whitelist": "file"})
    except av.FFmpegError:
        raise UserError(f"{path}: cannot be read as a video: {_WANTED}, got {_what_it_is(path)}") from None


def _stream(path: Path, container: Any, threads: int) -> Any:
    """The stream of moving pictures, ready to be decoded."""
    if container.format.name in _NOT_VIDEOS:
        raise UserError(f"{path}: {_WANTED}, got a text file")
    if container.format.name == "image2" or container.format.name.endswith("_pipe"):
        raise UserError(f"{path}: {_WANTED}, got a single picture ({container.format.name})")
    streams = [stream for stream in container.streams.video if not _is_cover(stream)]
    if not streams:
        kind = "sound only" if container.streams.audio else "a file without pictures"
        raise UserError(f"{path}: {_WANTED}, got {kind} ({container.format.name})")
    stream = streams[0]
    stream.thread_type = "AUTO"
    stream.codec_context.thread_count = threads
    return stream


def _check_file(path: Path) -> None:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UserError(f"{path}: {_WANTED}, got a directory; name one file in it")
        if not stat.S_ISREG(status.st_mode):  # reading a pipe would wait for ever
            raise UserError(f"{path}: {_WANTED}, got a device or a pipe; save it to a file first")
        if status.st_size == 0:
            raise UserError(f"{path}: {_WANTED}, got an empty file (0 bytes)")
        with path.open("rb"):
            pass
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(f"{path}: no such file; {_WANTED}") from None
    except PermissionError:
        raise PermissionError(f"{path}: may not be read; check its permissions") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}; {_WANTED}") from None


def _what_it_is(path: Path) -> str:
    """Name the usual mistakes by a file's first bytes."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head[4:8] == b"ftyp":
        return "an MP4 without its index (moov): the recording or download was cut short; take a whole copy"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        return "unknown or damaged data"
    return "a text file"


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & type(stream.disposition).attached_pic)


def _decoded(path: Path, container: Any, stream: Any) -> Iterator[Any]:
    """All frames that can be decoded; damage is skipped and reported once, at the end."""
    num_damaged, message = 0, ""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            break
        except av.FFmpegError as error:
            num_damaged, message = num_damaged + 1, str(error.strerror)
            break
        try:
            frames = packet.decode()
        except EOFError:
            break
        except av.FFmpegError as error:
            num_damaged, message = num_damaged + 1, str(error.strerror)
            continue
        yield from frames
    if num_damaged:
        _log.warning("%s: damaged in %d places (%s); the frames there are missing", path, num_damaged, message)


def _duration(container: Any, stream: Any) -> float | None:
    if stream.duration is not None:
        return float(stream.duration * stream.time_base)
    return None if container.duration is None else container.duration / av.time_base


def _rate(path: Path, stream: Any) -> Fraction:
    for rate in (stream.average_rate, stream.guessed_rate):
        if rate and 0 < rate < _MAX_FPS:
            return Fraction(rate)
    _log.warning("%s: the file states no frame rate; %d frames a second are assumed", path, _DEFAULT_FPS)
    return _DEFAULT_FPS
