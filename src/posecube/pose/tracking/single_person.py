"""Single-person best path: the likeliest person of every frame, joined over time by position.

Tracking confirms a person before it shows them. In the dark, or far away, none may ever be confirmed. Where a video is
known to show one person, every frame's best guess is worth having: the joints' confidence stays with it, and thresholds
come later, in sampling.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Float32, Int
from numpy import ndarray

from posecube.pose.similarity import body_size_px, box_iou, joint_distance
from posecube.pose.types import FramePoses, PoseEstimator, Region, TrackedPose
from posecube.video.frame import Frame

# The whole frame is searched in each of so many frames, and at once where there is no guess to follow.
_SEARCH_EVERY = 3
# So many of a search's finds are taken, and the places of so many people of the frame before ...
_MAX_FOUND = 3
_MAX_FOLLOWED = 2
# ... of those that overlap more than this only the first.
_SAME_PLACE_IOU = 0.6
# What a jump of one torso length from one frame to the next costs, in score; none is further than 3.
_JUMP_COST = 0.5
_FURTHEST_TORSOS = 3.0


@dataclass(frozen=True, eq=False)
class _Guesses:
    """Who may be in one frame; only those with a score above 0."""

    frame_index: int
    poses: FramePoses
    size_px: Float32[ndarray, " P"]


def track_single_person(frames: Iterable[Frame], estimator: PoseEstimator) -> tuple[dict[int, TrackedPose], int]:
    """One person a frame, as somebody who moves without jumps and is likely on the whole.

    Every third frame is searched, and in each poses are estimated where somebody was in the frame before. Of all
    paths through the guesses the one with the largest sum of scores is taken, less what its jumps cost (dynamic
    programming); so a lamp that looks like a person in a few frames does not take the person's place. No frame needs
    confirming by others. The frames themselves are let go.

    Returns:
        The pose by frame index, without the frames in which nothing looks like a person at all; and the number of
        frames.
    """
    guesses: list[_Guesses] = []
    followed: tuple[Region, ...] = ()
    num_frames = 0
    for frame in frames:
        num_frames += 1
        is_search = not followed or frame.index % _SEARCH_EVERY == 0
        poses = _guesses_of(frame, estimator, followed, is_search=is_search)
        followed = poses.next_regions[:_MAX_FOLLOWED]
        if len(poses):
            sizes = [
                body_size_px(points, seen, estimator.layout)
                for points, seen in zip(poses.keypoints_xy, poses.confidence, strict=True)
            ]
            guesses.append(_Guesses(frame.index, poses, np.array(sizes, np.float32)))
    path = _best_path(guesses)
    return {one.frame_index: _tracked(one.poses, row) for one, row in zip(guesses, path, strict=True)}, num_frames


def _guesses_of(frame: Frame, estimator: PoseEstimator, followed: Sequence[Region], *, is_search: bool) -> FramePoses:
    """The guesses of one frame, the most confident first; the whole frame is one where nothing else is known."""
    found = estimator.find_people(frame.image_rgb)[:_MAX_FOUND] if is_search else []
    regions = _distinct([*followed, *found])
    if not regions:
        height, width = frame.size_hw
        regions = [estimator.region_of_box((-0.5, -0.5, width - 0.5, height - 0.5))]
    poses = estimator.estimate(frame.image_rgb, regions)
    if not poses.next_regions:
        around = [estimator.region_of_box(box.tolist()) for box in poses.boxes_xyxy]
        poses = FramePoses(poses.keypoints_xy, poses.confidence, poses.boxes_xyxy, poses.score, tuple(around))
    order = np.argsort(-poses.score, kind="stable")
    return poses.select(order[poses.score[order] > 0])


def _distinct(regions: Sequence[Region]) -> list[Region]:
    """Without those that lie on an earlier one."""
    kept: list[Region] = []
    for region in regions:
        box = np.array([region.box_xyxy])
        if not kept or box_iou(box, np.array([other.box_xyxy for other in kept])).max() < _SAME_PLACE_IOU:
            kept.append(region)
    return kept


def _best_path(guesses: Sequence[_Guesses]) -> list[int]:
    """For each frame that has guesses the one on the best path."""
    if not guesses:
        return []
    worth = guesses[0].poses.score.astype(np.float64)
    came_from: list[Int[ndarray, " P"]] = []
    for before, now in pairwise(guesses):
        reached = worth[:, None] - _jump_costs(before, now)
        came_from.append(reached.argmax(axis=0))
        worth = reached.max(axis=0) + now.poses.score
    path = [int(worth.argmax())]
    for origins in reversed(came_from):
        path.append(int(origins[path[-1]]))
    return path[::-1]


def _jump_costs(before: _Guesses, now: _Guesses) -> Float[ndarray, "P Q"]:
    """What it costs to go from each guess to each of a later frame; less if frames between had no guess."""
    torsos = joint_distance(
        before.poses.keypoints_xy,
        before.poses.confidence,
        now.poses.keypoints_xy,
        now.poses.confidence,
        first_size_px=before.size_px,
        second_size_px=now.size_px,
        furthest=_FURTHEST_TORSOS,
    )
    num_frames = now.frame_index - before.frame_index
    return _JUMP_COST * np.minimum(torsos, _FURTHEST_TORSOS).astype(np.float64) / num_frames


def _tracked(poses: FramePoses, row: int) -> TrackedPose:
    return TrackedPose(
        1, poses.keypoints_xy[row], poses.confidence[row], poses.boxes_xyxy[row], float(poses.score[row])
    )
