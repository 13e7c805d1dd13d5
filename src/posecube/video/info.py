"""VideoInfo: what a video says about itself; and which sizes can show people at all."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from posecube.errors import UserError

WANTED = "expected a video file such as .mp4, .avi, .mkv or .webm"
MAX_FPS = 1000  # live recordings without a rate claim this or more
_MIN_SIDE_PX = 16  # a picture less high shows nobody
_MAX_ASPECT = 16  # panoramas are 4 to 8 times as wide as high; beyond, scaling to a network's input leaves no rows


@dataclass(frozen=True)
class VideoInfo:
    """What a video says about itself.

    Attributes:
        path: The file; of a sequence of pictures its folder or pattern.
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
    rotation: int = 0
    duration_s: float | None = None
    pixel_aspect: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        height, width = self.size_hw
        if min(self.size_hw) < _MIN_SIDE_PX or max(self.size_hw) > _MAX_ASPECT * min(self.size_hw):
            raise UserError(
                f"{self.path}: pictures of {width} x {height} pixels cannot show people: expected sides of at least "
                f"{_MIN_SIDE_PX} pixels, the longer at most {_MAX_ASPECT} times the shorter"
            )
