"""One video to one SkeletonSequence: the people in it, the longest in view first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, cast

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube import lookup
from posecube.errors import UserError
from posecube.pose.estimators.loading import load_estimator
from posecube.pose.tracking.given_boxes import FrameBoxes
from posecube.pose.tracking.people import track_people
from posecube.pose.tracking.single_person import track_single_person
from posecube.pose.types import PoseEstimator, TrackedPose
from posecube.skeleton import SkeletonLayout, SkeletonSequence
from posecube.skeleton.convert import convert
from posecube.skeleton.layouts import COCO17
from posecube.video.enhance import Enhancement, enhanced
from posecube.video.frame import Frame
from posecube.video.reader import Video

People = Literal["tracked", "single"]
_CHOICES = {"tracked": "tracked", "single": "single", "surest": "single"}  # "surest" was the name until version 0.2


def sequence_from_video(
    path: str | Path,
    *,
    estimator: PoseEstimator | str | Path = "blazepose",
    layout: SkeletonLayout = COCO17,
    gamma: float | None = None,
    enhancement: Enhancement | None = None,
    people: str = "tracked",
    max_people: int | None = None,
    follow_box_xyxy: Sequence[float] | None = None,
    boxes_by_frame: Mapping[int, FrameBoxes] | None = None,
    label: int | None = None,
    name: str = "",
    altered: Callable[[Iterator[Frame]], Iterator[Frame]] | None = None,
    threads: int | None = None,
) -> SkeletonSequence | None:
    """The skeletons of the people in a video.

    Person m is row m of the arrays throughout, the one in view for most frames first; where somebody is not seen the
    confidence is 0.

    Args:
        path: The video.
        estimator: One that is loaded already, or its name.
        layout: What the joints are converted to.
        gamma: Brighten the frames first, see `gamma_correct`; 2.5 serves videos taken in the dark.
        enhancement: Brighten them in another way.
        people: "tracked" gives everybody whom tracking confirms. "single" gives one person, the likeliest path through
            every frame's guesses, however doubtful, see `track_single_person`.
        max_people: Keep only so many, those in view longest.
        follow_box_xyxy: Keep only the person inside this box in the first frame.
        boxes_by_frame: Given boxes: people stand in these, there is no search.
        label: Class index for the sequence.
        name: Name for the sequence; its file name if empty.
        altered: What is done to the video's frames before anything else.
        threads: Decoding threads, None leaves it to the decoder.

    Returns:
        None without detections.

    Raises:
        FileNotFoundError: If the video, or a file that the estimator needs, is not there.
        UserError: If it is no video, or an option is out of range.
    """
    enhancement = chosen_enhancement(gamma, enhancement)
    choice = people_choice(people, has_boxes=follow_box_xyxy is not None or boxes_by_frame is not None)
    if max_people is not None and max_people < 1:
        raise UserError(f"max_people must be at least 1, got {max_people}")
    with Video.open(path, threads=threads) as video:
        if isinstance(estimator, str | Path):
            estimator = load_estimator(estimator, low_threshold=choice == "single")
        frames = video.frames() if altered is None else altered(video.frames())
        if enhancement is not None:
            frames = enhanced(frames, enhancement)
        if choice == "single":
            poses, num_frames = track_single_person(frames, estimator)
            found = {1: poses} if poses else {}
        else:
            tracked = track_people(frames, estimator, follow_box_xyxy=follow_box_xyxy, boxes_by_frame=boxes_by_frame)
            found, num_frames = _poses_by_person(tracked)
    longest = sorted(found, key=lambda person: -len(found[person]))[:max_people]
    if not longest:
        return None
    keypoints, confidence = _stacked([found[person] for person in longest], num_frames, estimator.layout.num_joints)
    info, name = video.info, name or Path(path).name
    sequence = SkeletonSequence(
        keypoints, confidence, estimator.layout, info.size_hw, fps=info.fps, label=label, name=name
    )
    return convert(sequence, layout)


def chosen_enhancement(gamma: float | None, enhancement: Enhancement | None) -> Enhancement | None:
    """What is asked for by a gamma alone, or in full.

    Raises:
        UserError: If both are given, or the gamma is out of range.
    """
    if gamma is None:
        return enhancement
    if enhancement is not None:
        raise UserError(f"give gamma {gamma:g} or an enhancement ({enhancement}), not both")
    return Enhancement("gamma", gamma)


def people_choice(name: str, *, has_boxes: bool) -> People:
    """The way to choose people of a name, old names included.

    Raises:
        UserError: If it is unknown, or boxes choose the people already.
    """
    choice = cast(People, lookup.find(_CHOICES, name, what="choice of people"))
    if choice == "single" and has_boxes:
        raise UserError(f"boxes say who the people are: leave people {name!r} out")
    return choice


def _poses_by_person(
    tracked: Iterable[tuple[Frame, list[TrackedPose]]],
) -> tuple[dict[int, dict[int, TrackedPose]], int]:
    """Poses by person and frame, and the number of frames; the frames themselves are let go."""
    people: dict[int, dict[int, TrackedPose]] = {}
    num_frames = 0
    for frame, poses in tracked:
        num_frames += 1
        for pose in poses:
            people.setdefault(pose.id, {})[frame.index] = pose
    return people, num_frames


def _stacked(
    people: Sequence[Mapping[int, TrackedPose]], num_frames: int, num_joints: int
) -> tuple[Float32[ndarray, "M T V 2"], Float32[ndarray, "M T V"]]:
    keypoints = np.zeros((len(people), num_frames, num_joints, 2), np.float32)
    confidence = np.zeros((len(people), num_frames, num_joints), np.float32)
    for row, poses in enumerate(people):
        for index, pose in poses.items():
            keypoints[row, index] = np.where(pose.confidence[:, None] > 0, pose.keypoints_xy, 0)
            confidence[row, index] = np.clip(pose.confidence, 0, 1)
    return keypoints, confidence
