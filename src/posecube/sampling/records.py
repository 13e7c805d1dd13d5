"""What a sequence is on its way to a network: joints, the window that is shown of them, and the finished clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, UInt8
from numpy import ndarray

from posecube.skeleton.layout import SkeletonLayout


@dataclass(frozen=True)
class Window:
    """What a clip of joints shows, so that something else can be taken to match.

    Attributes:
        first: First frame of the stretch that the clip's frames were chosen from.
        num_frames: Length of that stretch.
        box_xyxy: Left, top, right, bottom in pixels of the sequence's frame; may reach outside.
        frame_hw: Height and width of that frame.
        flipped: Whether the clip is mirrored.
    """

    first: int
    num_frames: int
    box_xyxy: Float[ndarray, " 4"]
    frame_hw: tuple[int, int]
    flipped: bool

    def __repr__(self) -> str:
        box = ", ".join(f"{side:g}" for side in self.box_xyxy)
        frames = f"frames {self.first} to {self.first + self.num_frames - 1}"
        return f"Window({frames}, box ({box}) of {self.frame_hw}{', flipped' if self.flipped else ''})"


@dataclass(frozen=True)
class Clip:
    """What a network reads of a sequence.

    Attributes:
        keypoints: Coordinates in the space that the ClipSpec names.
        window: What the clip shows of its sequence, for video frames to match.
        frames_rgb: Frames of the video, for a network that looks at them; a ``VideoFrameSource`` puts them in.
    """

    keypoints: Float32[ndarray, "M T V C"]
    confidence: Float32[ndarray, "M T V"]
    window: Window
    frames_rgb: UInt8[ndarray, "S H W 3"] | None = None

    def __repr__(self) -> str:
        frames = "" if self.frames_rgb is None else f", frames_rgb {self.frames_rgb.shape}"
        return f"Clip(keypoints {self.keypoints.shape}{frames}, {self.window})"


@dataclass(frozen=True)
class Joints:
    """Joints of a clip on their way; ``size_hw`` is the image's, (0, 0) in space."""

    keypoints: Float32[ndarray, "M T V C"]
    confidence: Float32[ndarray, "M T V"]
    layout: SkeletonLayout
    size_hw: tuple[int, int]

    def __repr__(self) -> str:
        return f"Joints(keypoints {self.keypoints.shape}, {self.layout.name}, image {self.size_hw})"

    @property
    def num_frames(self) -> int:
        return self.keypoints.shape[1]

    def at(self, times: ndarray, *, with_next: ndarray | None = None) -> Joints:
        """The joints at some times, in frames; behind them, if given, those at each one's next time.

        A time that is followed by itself has no next one. Between two frames a joint is interpolated, and missing where
        it is in one of them.
        """
        joints = self._at(times)
        if with_next is None:
            return joints
        after = self._at(with_next)
        has_next = (with_next > times)[:, None]
        return Joints(
            np.concatenate([joints.keypoints, after.keypoints], axis=1),
            np.concatenate([joints.confidence, after.confidence * has_next], axis=1, dtype=np.float32),
            self.layout,
            self.size_hw,
        )

    def _at(self, times: ndarray) -> Joints:
        if times.dtype.kind == "i":
            return Joints(self.keypoints[:, times], self.confidence[:, times], self.layout, self.size_hw)
        before = np.minimum(times.astype(np.int64), self.num_frames - 1)
        after = np.minimum(before + 1, self.num_frames - 1)
        fraction = (times - before).astype(np.float32)[:, None]
        confidence = (1 - fraction) * self.confidence[:, before] + fraction * self.confidence[:, after]
        both_seen = (self.confidence[:, before] > 0) & ((self.confidence[:, after] > 0) | (fraction == 0))
        start, end = self.keypoints[:, before], self.keypoints[:, after]
        between = np.where(fraction[..., None] > 0, start + fraction[..., None] * (end - start), start)
        keypoints = np.where(both_seen[..., None], between, np.float32(0))
        return Joints(keypoints, confidence * both_seen, self.layout, self.size_hw)
