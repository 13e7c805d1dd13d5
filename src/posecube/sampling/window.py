"""Window: which stretch of a sequence, and which part of its frame, a clip shows."""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Float
from numpy import ndarray


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
