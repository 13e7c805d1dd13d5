"""Draw what was recognised: people on the picture, the title in a strip above it and the timeline in one below.

The strips are added to the picture, not laid over it: heads reach the upper edge of a picture and feet its lower one,
and where a picture is small, a bar that can be read hides much of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8
from numpy import ndarray

from posecube.skeleton.layout import SkeletonLayout
from posecube.video.drawing.people import DrawnPerson, draw_skeletons
from posecube.video.drawing.tags import TagMemory, draw_tags
from posecube.video.drawing.timeline import Segment, draw_timeline, label_colors, timeline_height
from posecube.video.drawing.title import draw_title, title_height

__all__ = ["DrawnPerson", "FramePlan", "Segment", "TagMemory", "draw_frame", "draw_people", "label_colors"]


@dataclass(frozen=True)
class FramePlan:
    """How a drawn frame is divided, from the top; the same for all frames of a video.

    Attributes:
        title: Rows above the picture.
        timeline: Rows below it; 0 for a still.
    """

    title: int
    picture_hw: tuple[int, int]
    timeline: int

    @classmethod
    def of(cls, picture_hw: tuple[int, int], segments: Sequence[Segment] = (), *, duration_s: float = 0.0) -> FramePlan:
        """Room for everything; the timeline only where a duration is given. The height is even, as H.264 wants it."""
        title = title_height(picture_hw)
        timeline = timeline_height(picture_hw, segments) if duration_s > 0 else 0
        odd = (title + picture_hw[0] + timeline) % 2
        return cls(title if timeline else title + odd, picture_hw, timeline + odd if timeline else 0)

    @property
    def size_hw(self) -> tuple[int, int]:
        """Height and width of the drawn frame."""
        return self.title + self.picture_hw[0] + self.timeline, self.picture_hw[1]


def draw_frame(
    image_rgb: UInt8[ndarray, "H W 3"],
    people: Sequence[DrawnPerson],
    *,
    layout: SkeletonLayout,
    label: str | None = None,
    score: float | None = None,
    segments: Sequence[Segment] = (),
    time_s: float = 0.0,
    duration_s: float = 0.0,
    memory: TagMemory | None = None,
) -> UInt8[ndarray, "h W 3"]:
    """A new image, taller than the frame by the two strips (`FramePlan`), with everything drawn.

    A label has one colour in both strips.

    Args:
        duration_s: Of the video; 0 for a still, which has no timeline.
        memory: Of the video whose frames are drawn in turn: it keeps tags calm.

    Raises:
        UserError: If a person's joints are not those of the layout.
    """
    plan = FramePlan.of(image_rgb.shape[:2], segments, duration_s=duration_s)
    canvas = np.empty((*plan.size_hw, 3), dtype=np.uint8)
    picture = canvas[plan.title : plan.title + plan.picture_hw[0]]
    picture[...] = image_rgb
    draw_people(picture, people, layout=layout, memory=memory, in_place=True)
    colors = label_colors(segment.label for segment in segments)
    draw_title(canvas[: plan.title], label, score, picture_hw=plan.picture_hw, color=colors.get(label))
    if plan.timeline:
        below = canvas[plan.title + plan.picture_hw[0] :]
        draw_timeline(below, segments, time_s, duration_s, picture_hw=plan.picture_hw)
    return canvas


def draw_people(
    image_rgb: UInt8[ndarray, "H W 3"],
    people: Sequence[DrawnPerson],
    *,
    layout: SkeletonLayout,
    memory: TagMemory | None = None,
    in_place: bool = False,
) -> UInt8[ndarray, "H W 3"]:
    """Draw skeletons, and a tag with number, action, score and count at each person.

    Raises:
        UserError: If a person's joints are not those of the layout.
    """
    image = image_rgb if in_place else image_rgb.copy()
    draw_skeletons(image, people, layout=layout)
    draw_tags(image, people, layout=layout, memory=memory)
    return image
