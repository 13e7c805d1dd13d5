"""One video to one SkeletonSequence: the people in it, the longest in view first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.pose.estimator import PoseEstimator, load_estimator
from posecube.pose.person_of_interest import FrameBoxes
from posecube.pose.track import TrackedPose
from posecube.pose.tracking import track_people
from posecube.skeleton import SkeletonLayout, SkeletonSequence
from posecube.skeleton.convert import convert
from posecube.skeleton.layouts import COCO17
from posecube.video.enhance import gamma_correct
from posecube.video.frame import Frame
from posecube.video.reader import open_video, read_frames


def sequence_from_video(
    path: str | Path,
    *,
    estimator: PoseEstimator | str | Path = "blazepose",
    layout: SkeletonLayout = COCO17,
    gamma: float | None = None,
    max_people: int | None = None,
    follow_box_xyxy: Sequence[float] | None = None,
    boxes_by_frame: Mapping[int, FrameBoxes] | None = None,
    label: int | None = None,
    name: str = "",
    frames: Iterable[Frame] | None = None,
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
        max_people: Keep only so many, those in view longest.
        follow_box_xyxy: Keep only the person inside this box in the first frame.
        boxes_by_frame: Search for nobody: people stand in these boxes.
        label: Class index for the sequence.
        name: Name for the sequence; its file name if empty.
        frames: The video's frames where something was done to them; else they are read.
        threads: Decoding threads, None leaves it to the decoder.

    Returns:
        None where nobody was found.

    Raises:
        FileNotFoundError: If the video, or a file that the estimator needs, is not there.
        ValueError: If it is no video, or an option is out of range.
    """
    info = open_video(path)
    estimator = load_estimator(estimator) if isinstance(estimator, str | Path) else estimator
    frames = read_frames(path, threads=threads) if frames is None else frames
    if gamma is not None:
        frames = _brightened(frames, gamma)
    tracked = track_people(frames, estimator, follow_box_xyxy=follow_box_xyxy, boxes_by_frame=boxes_by_frame)
    people, num_frames = _poses_by_person(tracked)
    if max_people is not None and max_people < 1:
        raise ValueError(f"max_people must be at least 1, got {max_people}")
    longest = sorted(people, key=lambda person: -len(people[person]))[:max_people]
    if not longest:
        return None
    keypoints, confidence = _stacked([people[person] for person in longest], num_frames, estimator.layout.num_joints)
    sequence = SkeletonSequence(
        keypoints, confidence, estimator.layout, info.size_hw, fps=info.fps, label=label, name=name or Path(path).name
    )
    return convert(sequence, layout)


def _brightened(frames: Iterable[Frame], gamma: float) -> Iterator[Frame]:
    for frame in frames:
        yield Frame(frame.index, frame.time_s, gamma_correct(frame.image_rgb, gamma))


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
