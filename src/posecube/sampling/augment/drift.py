"""Drift: the whole image turns, grows and shifts slowly while a clip runs."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32
from numpy import ndarray
from pydantic import BaseModel, ConfigDict, Field

from posecube.sampling.frames import Rng


class Drift(BaseModel):
    """How far the image of a clip drifts in training; drawn for its first and its last frame, evenly in between.

    Attributes:
        rotate_deg: Largest turn to either side.
        scale: Largest share by which it grows or shrinks.
        shift: Largest move along x and along y, as a share of half of the frame's longer side.

    Source: the public code of MotionBERT, where it is 10 degrees, 0.1 and 0.1; ST-GCN's had more such frames.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rotate_deg: float = Field(default=0.0, ge=0.0)
    scale: float = Field(default=0.0, ge=0.0, lt=1.0)
    shift: float = Field(default=0.0, ge=0.0)

    @property
    def is_on(self) -> bool:
        return max(self.rotate_deg, self.scale, self.shift) > 0


def drifted(
    keypoints_xy: Float32[ndarray, "M T V 2"], drift: Drift, rng: Rng, *, size_hw: tuple[int, int]
) -> Float32[ndarray, "M T V 2"]:
    """The joints of a clip whose image drifts.

    It turns and grows about the middle of the square that has the frame's longer side and its left top corner.
    """
    num_frames, half = keypoints_xy.shape[1], max(size_hw) / 2
    ends = rng.uniform(-1.0, 1.0, size=(2, 4)) * [drift.rotate_deg, drift.scale, drift.shift, drift.shift]
    turn, growth, right, down = np.linspace(ends[0], ends[1], num_frames).T
    angle, factor = np.radians(turn), 1 + growth
    cos, sin = factor * np.cos(angle), factor * np.sin(angle)
    x, y = np.moveaxis(keypoints_xy.astype(np.float64) / half - 1, -1, 0)
    moved_x = cos[:, None] * x - sin[:, None] * y + right[:, None]
    moved_y = sin[:, None] * x + cos[:, None] * y + down[:, None]
    return ((np.stack([moved_x, moved_y], axis=-1) + 1) * half).astype(np.float32)
