"""From people in frames to people in rows: who in this frame is who of the frames before.

For files that list poses frame by frame. It sees joints only, no pictures; whoever has the videos gets better numbers
from ``posecube extract``, which looks at appearance too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float32, Float64
from numpy import ndarray
from scipy.optimize import linear_sum_assignment

from posecube.datasets.frame_people import FramePeople

# Gating distance in body sizes (the longer side of the box around the joints): so far may a body's joints have moved
# on average from one frame to the next, so much more for each frame in which it was not found, and never more.
_GATE, _GATE_PER_FRAME, _WIDEST_GATE = 0.3, 0.05, 1.0
# Frames after which somebody who comes back is somebody new.
_MEMORY_FRAMES = 30
# Of a frame that lists more, the most confident are taken: an assignment's cost grows with their cube.
_MOST_PEOPLE_A_FRAME = 64
_IMPOSSIBLE = 1e6


@dataclass
class _Person:
    """Somebody seen in some frames."""

    frames: list[int] = field(default_factory=list)
    keypoints_xy: list[Float32[ndarray, "V 2"]] = field(default_factory=list)
    confidence: list[Float32[ndarray, " V"]] = field(default_factory=list)
    presence: float = 0.0

    def see(self, frame: int, keypoints_xy: Float32[ndarray, "V 2"], confidence: Float32[ndarray, " V"]) -> None:
        self.frames.append(frame)
        self.keypoints_xy.append(keypoints_xy)
        self.confidence.append(confidence)
        self.presence += float(confidence.sum())


def link_people(
    frames: Mapping[int, FramePeople], *, num_frames: int, max_people: int
) -> tuple[Float32[ndarray, "M T V 2"], Float32[ndarray, "M T V"]]:
    """Give each person a row over all frames.

    Numbers that the file gives are kept if no frame has one of them twice (otherwise they number something else). The
    others are linked from frame to frame by the cheapest assignment on the mean distance of joints, in body sizes.

    Args:
        frames: Position in the clip to who was seen there.
        num_frames: T.
        max_people: Keep so many, those with the largest sum of confidence; the most present comes first.

    Returns:
        Keypoints and confidence with M of at most ``max_people``; M is 0 without detections.
    """
    are_numbers_good = all(_differ(poses.ids) for poses in frames.values())
    numbered: dict[int, _Person] = {}
    linked: list[_Person] = []
    recent: list[_Person] = []
    for frame in sorted(frames):
        poses = _most_confident(frames[frame])
        unnumbered = []
        for index, number in enumerate(poses.ids):
            if number is not None and are_numbers_good:
                person = numbered.setdefault(number, _Person())
                person.see(frame, poses.keypoints_xy[index], poses.confidence[index])
            else:
                unnumbered.append(index)
        recent = [person for person in recent if frame - person.frames[-1] <= _MEMORY_FRAMES]
        new = _link(recent, frame, poses.keypoints_xy[unnumbered], poses.confidence[unnumbered])
        recent += new
        linked += new
    people = sorted([*numbered.values(), *linked], key=lambda person: (-person.presence, person.frames[0]))
    num_joints = next((poses.confidence.shape[1] for poses in frames.values()), 0)
    return _rows(people[:max_people], num_frames=num_frames, num_joints=num_joints)


def _differ(ids: Sequence[int | None]) -> bool:
    given = [number for number in ids if number is not None]
    return len(set(given)) == len(given)


def _most_confident(poses: FramePeople) -> FramePeople:
    if len(poses.ids) <= _MOST_PEOPLE_A_FRAME:
        return poses
    best = np.sort(np.argsort(-poses.confidence.sum(axis=1), kind="stable")[:_MOST_PEOPLE_A_FRAME])
    return FramePeople(poses.keypoints_xy[best], poses.confidence[best], tuple(poses.ids[index] for index in best))


def _link(
    recent: Sequence[_Person], frame: int, keypoints_xy: Float32[ndarray, "P V 2"], confidence: Float32[ndarray, "P V"]
) -> list[_Person]:
    """Give the poses of one frame to the people seen lately; the rest are new people, which are returned."""
    is_taken = np.zeros(len(confidence), dtype=bool)
    if recent and len(confidence):
        missed = np.array([frame - person.frames[-1] - 1 for person in recent])
        gate = np.minimum(_GATE + _GATE_PER_FRAME * missed, _WIDEST_GATE)
        cost = _distances(recent, keypoints_xy, confidence) / gate[:, None]
        cost = np.where(cost <= 1, cost, _IMPOSSIBLE)
        rows, columns = linear_sum_assignment(cost)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if cost[row, column] < _IMPOSSIBLE:
                recent[row].see(frame, keypoints_xy[column], confidence[column])
                is_taken[column] = True
    new = [_Person() for _ in range(int((~is_taken).sum()))]
    for person, index in zip(new, np.flatnonzero(~is_taken), strict=True):
        person.see(frame, keypoints_xy[index], confidence[index])
    return new


def _distances(
    people: Sequence[_Person], keypoints_xy: Float32[ndarray, "P V 2"], confidence: Float32[ndarray, "P V"]
) -> Float64[ndarray, "A P"]:
    """Mean distance of the joints that both were seen with, in body sizes; of the centres where there is none."""
    last_xy = np.stack([person.keypoints_xy[-1] for person in people])
    last_seen = np.stack([person.confidence[-1] for person in people]) > 0
    seen = confidence > 0
    is_shared = last_seen[:, None] & seen[None]
    distance = np.linalg.norm(last_xy[:, None].astype(np.float64) - keypoints_xy[None], axis=-1)
    num_shared = is_shared.sum(axis=-1)
    mean = (distance * is_shared).sum(axis=-1) / np.maximum(num_shared, 1)
    between_centres = np.linalg.norm(_centre(last_xy, last_seen)[:, None] - _centre(keypoints_xy, seen)[None], axis=-1)
    size_px = np.maximum(_size_px(last_xy, last_seen)[:, None], _size_px(keypoints_xy, seen)[None])
    return np.where(num_shared > 0, mean, between_centres) / size_px


def _centre(keypoints_xy: Float32[ndarray, "P V 2"], is_seen: ndarray) -> Float64[ndarray, "P 2"]:
    total = (keypoints_xy.astype(np.float64) * is_seen[..., None]).sum(axis=1)
    return total / np.maximum(is_seen.sum(axis=1), 1)[:, None]


def _size_px(keypoints_xy: Float32[ndarray, "P V 2"], is_seen: ndarray) -> Float64[ndarray, " P"]:
    highest = np.where(is_seen[..., None], keypoints_xy, -np.inf).max(axis=1)
    lowest = np.where(is_seen[..., None], keypoints_xy, np.inf).min(axis=1)
    return np.maximum((highest - lowest).max(axis=1), 1).astype(np.float64)


def _rows(
    people: Sequence[_Person], *, num_frames: int, num_joints: int
) -> tuple[Float32[ndarray, "M T V 2"], Float32[ndarray, "M T V"]]:
    keypoints = np.zeros((len(people), num_frames, num_joints, 2), dtype=np.float32)
    confidence = np.zeros((len(people), num_frames, num_joints), dtype=np.float32)
    for row, person in enumerate(people):
        keypoints[row, person.frames] = person.keypoints_xy
        confidence[row, person.frames] = person.confidence
    return keypoints, confidence
