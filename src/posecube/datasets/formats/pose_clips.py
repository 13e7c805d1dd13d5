"""Frames of poses become clips; shared by the formats that list people frame by frame."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.datasets.frame_people import FramePeople
from posecube.datasets.people_linking import link_people
from posecube.errors import UserError
from posecube.skeleton import SkeletonLayout, SkeletonSequence

SIZE_OF_JOINTS = "frame size taken from the joints, since none is given: size=HEIGHTxWIDTH gives it"

# Nearly an hour of video; frame numbers further apart are a mistake unless so many frames are there.
_LONGEST_GAPPY_FRAMES = 100_000


def frame_positions(numbers: Sequence[int]) -> list[int]:
    """Where frames stand in their clip: the first is 0, frames that are not there leave a gap.

    Raises:
        UserError: If a number stands there twice, or they are too far apart to be one clip's.
    """
    first = min(numbers)
    if len(set(numbers)) < len(numbers):
        repeated, _ = Counter(numbers).most_common(1)[0]
        raise UserError(f"frame {repeated} stands there twice")
    num_frames = max(numbers) - first + 1
    if num_frames > max(_LONGEST_GAPPY_FRAMES, 2 * len(numbers)):
        raise UserError(f"{len(numbers)} frames with numbers from {first} to {max(numbers)} are no clip")
    return [number - first for number in numbers]


def sequence_of_frames(
    frames: Mapping[int, FramePeople],
    *,
    num_frames: int,
    layout: SkeletonLayout,
    size_hw: tuple[int, int] | None,
    max_people: int,
    name: str,
    label: int | None,
) -> SkeletonSequence:
    """The clip of all frames, a row a person; frames that are not given have no detections.

    Args:
        frames: Position in the clip to who was seen there.
        num_frames: Length of the clip.
        layout: Names of the joints.
        size_hw: Frame size in pixels; None takes the smallest that holds all joints seen.
        max_people: Keep the people who are most present.
        name: Of the clip.
        label: Its class index.

    Raises:
        UserError: If there are no detections.
    """
    keypoints, confidence = link_people(frames, num_frames=num_frames, max_people=max_people)
    if not confidence.any():
        raise UserError("it has no detections")
    return SkeletonSequence(
        keypoints=keypoints,
        confidence=confidence,
        layout=layout,
        size_hw=size_hw or _extent_hw(keypoints, confidence),
        label=label,
        name=name,
    )


def natural_order(name: str) -> list[tuple[int, str]]:
    """A key that sorts ``2.jpg`` before ``10.jpg``."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d{1,18})", name) if part]


def parse_size(size: str | None) -> tuple[int, int] | None:
    """``1080x1920`` as (height, width).

    Raises:
        UserError: If it is anything else.
    """
    if size is None:
        return None
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", str(size))
    if not found or not int(found[1]) * int(found[2]):
        raise UserError(f"size must be HEIGHTxWIDTH such as 1080x1920, got {size!r}")
    return int(found[1]), int(found[2])


def _extent_hw(keypoints: Float32[ndarray, "M T V 2"], confidence: Float32[ndarray, "M T V"]) -> tuple[int, int]:
    furthest_xy = np.ceil(keypoints[confidence > 0].max(axis=0).clip(0))
    return int(furthest_xy[1]) + 1, int(furthest_xy[0]) + 1
