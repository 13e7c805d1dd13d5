"""Numbered pictures that are the frames of one video: a folder of them, or those that fit a pattern."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import UInt8
from numpy import ndarray

from posecube.errors import UserError
from posecube.video.frame import DecodedImage
from posecube.video.info import MAX_FPS, WANTED, VideoInfo

PICTURE_SUFFIXES = (".bmp", ".jpeg", ".jpg", ".png", ".ppm", ".tif", ".tiff", ".webp")
DEFAULT_FPS = Fraction(25)
_NUMBER = re.compile(r"([0-9]+)")
_COUNTER = re.compile(r"%0?([0-9]*)d")


@dataclass(frozen=True)
class PictureFiles:
    """The pictures of one video, in order, before they are opened.

    Attributes:
        path: What they are called together: their folder or pattern.
    """

    path: Path
    files: tuple[Path, ...]

    @classmethod
    def in_folder(cls, folder: Path) -> PictureFiles:
        """All pictures of a folder, which must be one series.

        Raises:
            UserError: If they are not, or fewer than two.
        """
        files = sorted((file for file in folder.iterdir() if is_picture(file)), key=natural_order)
        if len(files) < 2:
            found = "with a single picture" if files else "without pictures"
            raise UserError(f"{folder}: {WANTED}, or a folder of its pictures, got a directory {found}")
        series = series_of(files)
        if len(series) > 1:
            names = ", ".join(series[:3]) + (", ..." if len(series) > 3 else "")
            raise UserError(
                f"{folder}: its pictures are not one numbered series but {len(series)} ({names}); name one by a "
                f"pattern such as {folder / 'img_%04d.jpg'}"
            )
        return cls(folder, tuple(files))

    @classmethod
    def of_pattern(cls, pattern: Path) -> PictureFiles:
        """The pictures that fit ``frames/%04d.png`` or ``frames/*.jpg``.

        Raises:
            FileNotFoundError: If none does.
            UserError: If only one does.
        """
        files = [file for file in matching_files(pattern) if is_picture(file)]
        if not files:
            raise FileNotFoundError(f"{pattern}: no such file, and no picture fits it as a pattern; {WANTED}")
        if len(files) == 1:
            raise UserError(f"{pattern}: expected the pictures of a video, got a single one, {files[0].name}")
        return cls(pattern, tuple(files))


def is_picture(path: Path) -> bool:
    """Whether a file is a picture by its name."""
    return path.suffix.lower() in PICTURE_SUFFIXES and not path.name.startswith(".")


def is_pattern(path: Path) -> bool:
    """Whether a path stands for the files that fit it."""
    if os.path.lexists(path):
        return False
    return _COUNTER.search(path.name) is not None or glob.has_magic(str(path))


def matching_files(pattern: Path) -> list[Path]:
    """The files that fit a pattern, in natural order: ``%04d`` for a number, or the ``*`` of the shell."""
    counters = _COUNTER.split(pattern.name)
    if len(counters) == 3:  # before, digits, after
        before, digits, after = counters
        wanted = re.compile(re.escape(before) + f"[0-9]{{{digits or 1},}}" + re.escape(after))
        found: Iterable[Path] = pattern.parent.iterdir() if pattern.parent.is_dir() else ()
        found = [file for file in found if wanted.fullmatch(file.name)]
    else:
        found = map(Path, glob.glob(str(pattern), recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
    return sorted((file for file in found if file.is_file()), key=natural_order)


def natural_order(path: Path) -> tuple[tuple[int | str, ...], ...]:
    """A key that sorts 2 before 10, folder by folder."""
    return tuple(
        tuple(int(part) if part.isdecimal() else part.casefold() for part in _NUMBER.split(name)) for name in path.parts
    )


def series_of(files: Sequence[Path]) -> list[str]:
    """The different names of files when their numbers are left out: one for frames of one video."""
    return sorted({_NUMBER.sub("#", file.stem) + file.suffix.lower() for file in files})


class PictureSequence:
    """Pictures that are read as a video; one that cannot be read, or has another size, is left out and reported."""

    def __init__(self, pictures: PictureFiles, *, fps: Fraction | float | None = None) -> None:
        """Read the first picture, whose size is the video's.

        Args:
            fps: Pictures a second; None assumes 25 and remarks on it.

        Raises:
            UserError: If the rate is out of range, or the first picture cannot be read.
        """
        if fps is not None and not 0 < fps <= MAX_FPS:
            raise UserError(f"pictures a second must lie between 0 and {MAX_FPS}, got {fps}")
        rate = DEFAULT_FPS if fps is None else Fraction(fps).limit_denominator(1001)
        self.remark = f"{rate} pictures a second are assumed; --fps says otherwise" if fps is None else ""
        self._files = pictures.files
        first = _read(self._files[0])
        if first is None:
            raise UserError(f"{self._files[0]}: cannot be read as a picture, it is damaged or cut short")
        number = len(self._files)
        self.info = VideoInfo(
            pictures.path, number, rate, (first.shape[0], first.shape[1]), duration_s=float(number / rate)
        )
        self._left_out: list[Path] = []

    def images(self) -> Iterator[tuple[float, DecodedImage]]:
        """Seconds since the first picture, and the picture."""
        for number, file in enumerate(self._files):
            image = _read(file)
            if image is None or image.shape[:2] != self.info.size_hw:
                self._left_out.append(file)
            else:
                yield float(number / self.info.fps), _Picture(image)

    @property
    def faults(self) -> str:
        """What was left out, after the last picture; empty where all is well."""
        if not self._left_out:
            return ""
        height, width = self.info.size_hw
        return (
            f"{len(self._left_out)} of {len(self._files)} pictures are left out, damaged or not {width} x {height}: "
            f"the first is {self._left_out[0].name}"
        )

    def close(self) -> None:
        """Nothing is open between pictures."""


@dataclass(frozen=True, eq=False)
class _Picture:
    image_rgb: UInt8[ndarray, "H W 3"]

    def to_rgb(self, size_hw: tuple[int, int]) -> UInt8[ndarray, "h w 3"]:
        if self.image_rgb.shape[:2] == size_hw:
            return self.image_rgb
        return np.asarray(cv2.resize(self.image_rgb, size_hw[::-1], interpolation=cv2.INTER_AREA))


def _read(path: Path) -> UInt8[ndarray, "H W 3"] | None:
    """A picture, None if it cannot be read; a camera's note on how it was held is obeyed."""
    try:
        image = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    except (OSError, cv2.error):
        return None
    return None if image is None else np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
