"""The videos, or folders of pictures, that a store's clips were taken from: found by the clips' names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import UInt8
from numpy import ndarray

from posecube.errors import UserError
from posecube.video.frame import Frame
from posecube.video.reader import VIDEO_SUFFIXES, read_frames

PICTURE_SUFFIXES = (".bmp", ".jpeg", ".jpg", ".png")


@dataclass(frozen=True)
class PictureFile:
    """A frame that is a file of its own, read when it is looked at."""

    path: Path

    @property
    def image_rgb(self) -> UInt8[ndarray, "H W 3"]:
        image = cv2.imread(str(self.path), cv2.IMREAD_COLOR)
        if image is None:
            raise UserError(f"{self.path}: cannot be read as a picture, it is damaged or cut short; copy it again")
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))


@dataclass(frozen=True)
class ClipVideos:
    """Where the frames of each clip are; small enough to send to worker processes.

    Attributes:
        folder: Folder of the videos.
        pattern: Path of a clip's video below it, with ``{name}`` for the clip's name: a file, with or without its
            suffix, or a folder of pictures in the order of their names. ``{name}_rgb`` finds those of NTU RGB+D.
    """

    folder: Path
    pattern: str = "{name}"

    def __post_init__(self) -> None:
        if "{name}" not in self.pattern:
            raise UserError(f"the pattern of video names must hold {{name}}, got {self.pattern!r}")
        if not self.folder.is_dir():
            raise FileNotFoundError(f"no folder of videos {self.folder}")

    def frames(self, name: str) -> Iterator[Frame | PictureFile]:
        """The frames of a clip's video from its first on; one that is not looked at costs its decoding at most.

        Raises:
            FileNotFoundError: If the clip has no video.
            UserError: If it is no video, or a folder without pictures.
        """
        path = self.find(name)
        if path.is_file():
            return read_frames(path, threads=1)
        pictures = sorted(file for file in path.iterdir() if file.suffix.lower() in PICTURE_SUFFIXES)
        if not pictures:
            raise UserError(
                f"{path}: expected the frames of clip {name!r} as pictures ({', '.join(PICTURE_SUFFIXES)}), got none"
            )
        return iter([PictureFile(file) for file in pictures])

    def find(self, name: str) -> Path:
        """File or folder of a clip's frames.

        Raises:
            FileNotFoundError: If there is none.
        """
        path = self.folder / self.pattern.replace("{name}", name)
        for candidate in (path, *(path.with_name(path.name + suffix) for suffix in VIDEO_SUFFIXES)):
            if candidate.exists():
                return candidate
        raise FileNotFoundError(
            f"clip {name!r} has no video: expected {path}, with or without a suffix such as {VIDEO_SUFFIXES[0]}; "
            "set the pattern of video names, --video-pattern"
        )
