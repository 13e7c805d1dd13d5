"""A video file, decoded by FFmpeg from its first frame to its last."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from jaxtyping import UInt8
from numpy import ndarray

from posecube.errors import UserError
from posecube.video.frame import DecodedImage
from posecube.video.info import MAX_FPS, WANTED, VideoInfo

_DEFAULT_FPS = Fraction(25)  # what FFmpeg assumes for streams that do not say
_NOT_VIDEOS = ("tty", "bin", "xbin", "idf", "adf")  # FFmpeg draws text files as pictures of a terminal
_BT601, _BT709 = 5, 1  # FFmpeg's numbers of the two colour matrices
_UNSPECIFIED = 2
_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


class VideoFile:
    """A file that is open: what it says of itself, and its pictures with their times, once.

    Attributes:
        remark: What had to be assumed; empty for most files.
    """

    def __init__(self, path: Path, *, threads: int | None = None) -> None:
        """Decode the first frame: only there the rotation is certain, and damage is found before work starts.

        Args:
            threads: Those that decode; None leaves their number to the decoder.

        Raises:
            FileNotFoundError: If there is no such file.
            PermissionError: If the file may not be read.
            UserError: If the file is not a video, has no picture, or no frame of it can be decoded.
        """
        self._container = _container(path)
        try:
            self._stream = _stream(path, self._container, threads or 0)
            self._tally = _Tally(path, self._container, self._stream)
            self._rest = _decoded(self._container, self._stream, self._tally)
            self._first = next(self._rest, None)
            if self._first is None:
                raise UserError(f"{path}: no frame can be decoded, the file is damaged or cut short; {WANTED}")
            fps, self.remark = _rate(self._stream)
            self.info = _info(path, self._container, self._stream, self._first, fps)
        except BaseException:
            self._container.close()
            raise

    def images(self) -> Iterator[tuple[float, DecodedImage]]:
        """Seconds since the first frame, always increasing, and the picture."""
        # AVI stores no time of showing: with B-frames FFmpeg's stamps are those of decoding, in another order.
        by_rate = self._container.format.name == "avi" and bool(self._stream.codec_context.has_b_frames)
        clock = _Clock(self.info.fps, by_rate=by_rate)
        reformatter = VideoReformatter()  # one for all frames: setting up a conversion costs more than doing it
        first, self._first = self._first, None
        for decoded in chain([first], self._rest):
            yield clock.time_s(decoded), _AvImage(decoded, reformatter, self.info.rotation)

    @property
    def faults(self) -> str:
        """What was missing, after the last picture; empty for a sound file."""
        return self._tally.faults

    def close(self) -> None:
        """Let go of the file."""
        self._first = None
        self._container.close()


@dataclass
class _Tally:
    """Counts what a file gives, to be held against what it states.

    An edit list hides frames that are stored: those before its start are dropped from the index, or decoded and marked
    to be discarded where later ones need them. Neither is missing.
    """

    path: Path
    container: Any
    stream: Any
    num_decoded: int = 0
    num_hidden: int = 0
    num_damaged: int = 0
    message: str = ""
    num_stated: int = field(init=False)

    def __post_init__(self) -> None:
        stated = self.stream.frames
        if self.container.format.name.startswith("mov"):  # the index is whole from the start, and edited
            stated = min(stated, len(getattr(self.stream, "index_entries", ())) or stated)
        self.num_stated = stated

    def add_damage(self, error: av.FFmpegError) -> None:
        self.num_damaged, self.message = self.num_damaged + 1, str(error.strerror)

    @property
    def faults(self) -> str:
        """In one sentence; a few frames less than the header of a sound file says are none."""
        expected = self.num_stated - self.num_hidden
        parts = []
        if self.num_damaged:
            parts.append(f"damaged in {self.num_damaged} places ({self.message}); the frames there are missing")
        if self.num_decoded < expected - max(8, expected // 50):
            parts.append(
                f"the file states {expected} frames and {self.num_decoded} could be decoded: it is damaged or cut short"
            )
        return "; ".join(parts)


def _info(path: Path, container: Any, stream: Any, first: av.VideoFrame, fps: Fraction) -> VideoInfo:
    rotation = round(-first.rotation / 90) % 4 * 90
    height, width = first.height, first.width
    aspect = stream.sample_aspect_ratio or Fraction(1)
    if rotation in (90, 270):
        height, width, aspect = width, height, 1 / aspect
    duration_s = _duration(container, stream)
    shown = round(duration_s * fps) if duration_s is not None else None
    num_frames = stream.frames or shown
    if container.format.name.startswith("mov") and shown is not None and num_frames is not None:
        num_frames = shown if shown < num_frames - 1 else num_frames  # an edit list hides the others
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
        raise UserError(f"{path}: cannot be read as a video: {WANTED}, got {_what_it_is(path)}") from None


def _stream(path: Path, container: Any, threads: int) -> Any:
    """The stream of moving pictures, ready to be decoded."""
    if container.format.name in _NOT_VIDEOS:
        raise UserError(f"{path}: {WANTED}, got a text file")
    if container.format.name == "image2" or container.format.name.endswith("_pipe"):
        raise UserError(f"{path}: {WANTED}, got a single picture ({container.format.name})")
    streams = [stream for stream in container.streams.video if not _is_cover(stream)]
    if not streams:
        kind = "sound only" if container.streams.audio else "a file without pictures"
        raise UserError(f"{path}: {WANTED}, got {kind} ({container.format.name})")
    stream = streams[0]
    stream.thread_type = "AUTO"
    stream.codec_context.thread_count = threads
    return stream


def _check_file(path: Path) -> None:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UserError(f"{path}: {WANTED}, got a directory; name one file in it")
        if not stat.S_ISREG(status.st_mode):  # reading a pipe would wait for ever
            raise UserError(f"{path}: {WANTED}, got a device or a pipe; save it to a file first")
        if status.st_size == 0:
            raise UserError(f"{path}: {WANTED}, got an empty file (0 bytes)")
        with path.open("rb"):
            pass
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(f"{path}: no such file; {WANTED}") from None
    except PermissionError:
        raise PermissionError(f"{path}: may not be read; check its permissions") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}; {WANTED}") from None


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


def _decoded(container: Any, stream: Any, tally: _Tally) -> Iterator[Any]:
    """All frames that can be decoded; damage is skipped and counted."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.FFmpegError as error:
            tally.add_damage(error)
            return
        tally.num_hidden += packet.is_discard
        try:
            frames = packet.decode()
        except EOFError:
            return
        except av.FFmpegError as error:
            tally.add_damage(error)
            continue
        tally.num_decoded += len(frames)
        yield from frames


def _duration(container: Any, stream: Any) -> float | None:
    if stream.duration is not None:
        return float(stream.duration * stream.time_base)
    return None if container.duration is None else container.duration / av.time_base


def _rate(stream: Any) -> tuple[Fraction, str]:
    """Frames a second, and a remark where the file does not say."""
    for rate in (stream.average_rate, stream.guessed_rate):
        if rate and 0 < rate < MAX_FPS:
            return Fraction(rate), ""
    return _DEFAULT_FPS, f"the file states no frame rate; {_DEFAULT_FPS} frames a second are assumed"
