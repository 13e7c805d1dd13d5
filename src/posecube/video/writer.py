"""Write a video that browsers and phones play: H.264, 4:2:0, index at the front."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import cv2
import numpy as np
from av.video.reformatter import VideoReformatter
from jaxtyping import UInt8
from numpy import ndarray

from posecube import files
from posecube.errors import UserError

_SUFFIXES = (".mp4", ".m4v", ".mov")
_TICKS_A_SECOND = 10_000  # at least; fine enough that stamps of variable-rate videos are kept to 0.1 ms
_BT709 = 1  # FFmpeg's number of the colour matrix; also of the primaries and the transfer curve


class VideoWriter:
    """Writes RGB frames into an .mp4 file; use it in a ``with`` block.

    The file is there whole or not at all: when the block ends with an exception nothing is left. H.264 in 4:2:0 needs
    even sizes: an odd side is padded by one pixel, a repeat of the last row or column, so that coordinates stay as they
    are.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        size_hw: tuple[int, int],
        fps: Fraction | float,
        pixel_aspect: Fraction | None = None,
        preset: str = "veryfast",
        crf: int = 23,
        threads: int | None = None,
    ) -> None:
        """Check that the file can be written; it is opened when the block starts.

        Args:
            path: Ends in .mp4, .m4v or .mov; a file of that name is replaced.
            size_hw: Size of the frames to come.
            fps: Frames a second, of frames that are written without a time.
            pixel_aspect: Width over height of a pixel as shown, from ``VideoInfo``.
            preset: libx264's trade of time for size: at 1080p "veryfast" takes 23 ms of a core per frame, "superfast"
                19 ms for twice the size, "ultrafast" 12 ms for 2.5 times (measured on annotated indoor clips).
            crf: libx264's quality: 18 looks like the original, 28 shows its compression.
            threads: Encoding threads; None leaves it to the encoder.

        Raises:
            UserError: If the name's ending, the size or the rate cannot be written.
            OSError: If the file cannot, see ``files.check_output``.
        """
        self.path = Path(path)
        check_output(self.path)
        if min(size_hw) < 1:
            raise UserError(f"{path}: a frame size (height, width) above 0 is needed, got {size_hw}")
        if not 0 < fps <= 1000:
            raise UserError(f"{path}: frames a second must lie between 0 and 1000, got {fps}")
        self.size_hw = size_hw
        self.fps = Fraction(fps).limit_denominator(10_000)
        self.num_frames = 0
        self._options = {"preset": preset, "crf": str(crf)}
        self._threads = threads or 0
        self._pixel_aspect = pixel_aspect
        self._file = files.atomic_path(self.path)
        self._time_base = 1 / (self.fps.numerator * Fraction(-(-_TICKS_A_SECOND // self.fps.numerator)))
        self._last_stamp = -1
        self._reformatter = VideoReformatter()
        self._container: Any = None
        self._stream: Any = None

    def __enter__(self) -> Self:
        unfinished = self._file.__enter__()
        try:
            self._open(unfinished)
        except (av.FFmpegError, OSError) as error:
            self._close(error)
            raise OSError(f"{self.path}: cannot be written: {error.strerror or error}") from None
        return self

    def write(self, image_rgb: UInt8[ndarray, "H W 3"], time_s: float | None = None) -> None:
        """Append one frame.

        ``time_s`` counts seconds since the first frame; None places the frame one frame's duration after the last. Give
        the reader's times to keep a variable frame rate.

        Raises:
            UserError: If the image has another size or type, or the time does not increase.
            OSError: If the disk is full.
        """
        assert self._container is not None, "VideoWriter must be used in a with block"
        if image_rgb.shape != (*self.size_hw, 3) or image_rgb.dtype != np.uint8:
            raise UserError(
                f"{self.path}: frames must be uint8 {(*self.size_hw, 3)}, got {image_rgb.dtype} {image_rgb.shape}"
            )
        stamp = self._stamp(time_s)
        frame = av.VideoFrame.from_ndarray(_padded_to_even(image_rgb), format="rgb24")
        frame = self._reformatter.reformat(frame, format="yuv420p", dst_colorspace=_BT709, threads=1)
        frame.pts, frame.time_base = stamp, self._time_base
        self._encode(frame)
        self._last_stamp = stamp
        self.num_frames += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._finish()
        except Exception as failure:
            self._close(failure)
            raise
        self._close(error)

    def _finish(self) -> None:
        """Write what the encoder holds back, and the index."""
        if self.num_frames == 0:
            raise UserError(f"{self.path}: no frame was given, so no video was written")
        self._encode(None)
        try:
            self._container.close()
        except av.FFmpegError as error:
            raise OSError(f"{self.path}: cannot be written: {error.strerror}") from None
        self._container = None

    def _open(self, unfinished: Path) -> None:
        self._container = av.open(f"file:{unfinished}", "w", format="mp4", options={"movflags": "+faststart"})
        stream = self._container.add_stream("libx264", rate=self.fps, options=self._options)
        stream.height, stream.width = (side + side % 2 for side in self.size_hw)
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = self._time_base
        context.thread_count = self._threads
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        if self._pixel_aspect is not None:
            context.sample_aspect_ratio = self._pixel_aspect
        self._stream = stream

    def _stamp(self, time_s: float | None) -> int:
        """The frame's time in units of the time base."""
        if time_s is None:
            step = round(1 / (self.fps * self._time_base))
            return 0 if self._last_stamp < 0 else self._last_stamp + step
        stamp = round(time_s / self._time_base)
        if stamp <= self._last_stamp:
            last_s = float(self._last_stamp * self._time_base)
            raise UserError(f"{self.path}: times must increase from 0, got {time_s} s after {last_s:.4f} s")
        return stamp

    def _encode(self, frame: Any) -> None:
        try:
            for packet in self._stream.encode(frame):
                self._container.mux(packet)
        except av.FFmpegError as error:
            raise OSError(f"{self.path}: cannot be written: {error.strerror}") from None

    def _close(self, error: BaseException | None) -> None:
        """Let go of the file: it takes its name, or goes away after an error."""
        container, self._container = self._container, None
        if container is not None:
            with contextlib.suppress(av.FFmpegError):  # closing flushes, and a full disk refuses again
                container.close()
        self._file.__exit__(type(error) if error else None, error, error.__traceback__ if error else None)


def check_output(path: str | Path) -> None:
    """Refuse a video file that cannot be written, before any work is done.

    Raises:
        UserError: If the name is not that of an .mp4.
        OSError: If it cannot be written, see ``files.check_output``.
    """
    path = Path(path)
    files.check_output(path)
    if path.suffix.lower() not in _SUFFIXES:
        raise UserError(f"{path}: videos are written as {', '.join(_SUFFIXES)}, got {path.suffix or 'no suffix'!r}")


def _padded_to_even(image_rgb: UInt8[ndarray, "H W 3"]) -> UInt8[ndarray, "h w 3"]:
    height, width = image_rgb.shape[:2]
    if height % 2 == 0 and width % 2 == 0:
        return np.ascontiguousarray(image_rgb)
    return np.asarray(cv2.copyMakeBorder(image_rgb, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE))
