"""The RGB half of a clip: which frames of the video a network sees, and which part of them.

Both halves show the same part of the same stretch of video. A ``Window`` says which; it is found on the joints, whose
box is the subject's, and RGB frames are taken to match.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from jaxtyping import Int64, UInt8
from numpy import ndarray
from pydantic import BaseModel, ConfigDict, Field

from posecube.errors import UserError
from posecube.sampling.frames import PublishedSampling, Rng, uniform_frames
from posecube.sampling.records import Window

RgbImage = UInt8[ndarray, "H W 3"]
FEW_FRAMES = 8  # by so many, or by 2 %, a video may end before its joints do: files differ in how they count their last

logger = logging.getLogger(__name__)


class RgbSpec(BaseModel):
    """What a network sees of the video beside the joints, or instead of them.

    Attributes:
        clip_len: Frames, one from each equal part of the clip.
        size_hw: Height and width in training.
        test_size_hw: Height and width in testing, where it is another one.
        mean_rgb: What is subtracted from the colours of a pixel, 0 to 255.
        std_rgb: What they are divided by then.

    Source: the published recipes of RGBPose-Conv3D; mean and deviation are ImageNet's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    clip_len: int = Field(default=8, ge=1)
    size_hw: tuple[int, int] = (224, 224)
    test_size_hw: tuple[int, int] | None = None
    mean_rgb: tuple[float, float, float] = (123.675, 116.28, 103.53)
    std_rgb: tuple[float, float, float] = (58.395, 57.12, 57.375)

    @property
    def view_size_hw(self) -> tuple[int, int]:
        """Height and width in testing."""
        return self.test_size_hw or self.size_hw


@dataclass(frozen=True)
class RgbView:
    """The RGB frames of one clip: their numbers, what is cut out of them, and the size that it is brought to."""

    frames: Int64[ndarray, " T"]
    window: Window
    size_hw: tuple[int, int]


class HasImage(Protocol):
    """A frame of a video, whose image is made when somebody looks at it."""

    @property
    def image_rgb(self) -> RgbImage: ...


def training_rgb_view(window: Window, spec: RgbSpec, rng: Rng) -> RgbView:
    """Random frames, one from each part of the stretch that the joints were sampled from."""
    frames = window.first + uniform_frames(window.num_frames, spec.clip_len, rng=rng)
    return RgbView(frames, window, spec.size_hw)


def rgb_views(
    windows: Sequence[Window],
    spec: RgbSpec,
    *,
    flips: bool = False,
    published_sampling: PublishedSampling = "mmaction2",
) -> list[RgbView]:
    """The RGB frames of a sequence's test views, given the windows of all their joints in order.

    Frames of either half are drawn from a stream of their own that starts from the same seed, as published.

    Args:
        flips: Whether each view is followed by its mirror image, which has the same frames.
    """
    each = 2 if flips else 1
    num_frames = windows[0].num_frames
    frames = uniform_frames(num_frames, spec.clip_len, num_clips=len(windows) // each, stream=published_sampling)
    by_view = frames.reshape(-1, spec.clip_len)
    return [RgbView(by_view[index // each], window, spec.view_size_hw) for index, window in enumerate(windows)]


def read_views(video: Iterable[HasImage], views: Sequence[RgbView], *, name: str = "the video") -> list[ndarray]:
    """The frames of all views (T, H, W, 3), from one pass over a video that ends with the last frame needed.

    Only what is cut out is kept, so memory does not grow with the video's length. A video that ends a little early
    stands still on its last frame, with a warning.

    Args:
        video: The video's frames from its first on.
        name: What errors call the video.

    Raises:
        UserError: If the video is shorter than its joints.
    """
    wanted: dict[int, list[tuple[int, int]]] = {}
    for number, view in enumerate(views):
        for position, frame_number in enumerate(view.frames.tolist()):
            wanted.setdefault(frame_number, []).append((number, position))
    clips = [np.zeros((len(view.frames), *view.size_hw, 3), np.uint8) for view in views]

    def show(image: RgbImage, positions: list[tuple[int, int]]) -> None:
        for number, position in positions:
            clips[number][position] = seen_through(image, views[number].window, views[number].size_hw)

    num_read, last = 0, None
    for frame in video:
        if num_read in wanted:
            show(frame.image_rgb, wanted.pop(num_read))
        num_read, last = num_read + 1, frame
        if not wanted:
            return clips
    needed = max(wanted, default=-1) + 1
    if last is None or needed - num_read > max(FEW_FRAMES, needed // 50):
        raise UserError(
            f"{name} has {num_read} frames, its joints reach to frame {needed}: expected the video that they were "
            "taken from, whole"
        )
    logger.warning("%s has %d frames, its joints reach to frame %d: its last frame stands in", name, num_read, needed)
    for positions in wanted.values():
        show(last.image_rgb, positions)
    return clips


def seen_through(image_rgb: RgbImage, window: Window, size_hw: tuple[int, int]) -> UInt8[ndarray, "h w 3"]:
    """What a window shows of a frame, brought to a size; black where it reaches outside.

    The frame may be smaller or larger than the one that the joints were found in: the window goes with it.

    Source: crop, resize and padding as published; ours is one resize from the frame, theirs are two in training.
    """
    height, width = image_rgb.shape[:2]
    scale = np.array([width, height, width, height]) / np.tile(window.frame_hw[::-1], 2)
    left, top, right, bottom = np.rint(window.box_xyxy * scale).astype(int)
    right, bottom = max(right, left + 1), max(bottom, top + 1)
    inside = image_rgb[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    if inside.size and inside.shape[:2] != (bottom - top, right - left):
        above, before = max(-top, 0), max(-left, 0)
        below, behind = bottom - top - above - inside.shape[0], right - left - before - inside.shape[1]
        inside = cv2.copyMakeBorder(inside, above, below, before, behind, cv2.BORDER_CONSTANT)
    if not inside.size:
        return np.zeros((*size_hw, 3), np.uint8)
    resized = cv2.resize(inside, size_hw[::-1], interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(resized[:, ::-1] if window.flipped else resized)
