"""Other trackers on the detections of ours: ByteTrack as its paper describes it, and norfair where it is installed.

norfair asks for an older numpy than posecube uses and runs with it all the same:
`pip install --no-deps norfair filterpy`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube.pose.similarity import body_size_px, box_iou, joint_distance, match
from posecube.pose.types import FramePoses, TrackedPose
from posecube.skeleton.layouts import COCO17

Detections = Sequence[FramePoses]
_LOST_S = 2.0  # for which both wait for somebody, as our tracker does
_HIGH_SCORE = 0.4  # as our tracker believes a newcomer
_FIRST_IOU, _SECOND_IOU, _NEW_IOU = 0.2, 0.5, 0.3
_POSITION, _VELOCITY = 1 / 20, 1 / 160  # standard deviations in heights, those of the paper's code


def trackers() -> dict[str, Callable[[Detections, float], list[list[TrackedPose]]]]:
    """By name; norfair only where it is installed."""
    known: dict[str, Callable[[Detections, float], list[list[TrackedPose]]]] = {"bytetrack": byte_track}
    if find_spec("norfair"):
        known["norfair"] = norfair_track
    return known


class _BoxTrack:
    """A box with constant velocity: centre, aspect and height, and how they change a frame."""

    def __init__(self, box: Float[ndarray, " 4"], id_: int, frame: int) -> None:
        self.id, self.seen, self.is_active = id_, frame, frame == 0
        height = box[3] - box[1]
        self._mean = np.concatenate([_measured(box), np.zeros(4)])
        self._cov = np.diag(_squares([2 * _POSITION, 10 * _VELOCITY], height, first=True))

    def predict(self) -> None:
        move = np.eye(8) + np.eye(8, k=4)
        self._cov = move @ self._cov @ move.T + np.diag(_squares([_POSITION, _VELOCITY], self._mean[3]))
        self._mean = move @ self._mean

    def see(self, box: Float[ndarray, " 4"], frame: int) -> None:
        look, noise = np.eye(4, 8), np.diag(_squares([_POSITION], self._mean[3], aspect=0.1))
        gain = self._cov @ look.T @ np.linalg.inv(look @ self._cov @ look.T + noise)
        self._mean = self._mean + gain @ (_measured(box) - look @ self._mean)
        self._cov = self._cov - gain @ look @ self._cov
        self.seen, self.is_active = frame, True

    @property
    def box(self) -> Float[ndarray, " 4"]:
        x, y, aspect, height = self._mean[:4]
        return np.array([x - aspect * height / 2, y - height / 2, x + aspect * height / 2, y + height / 2])


def byte_track(detections: Detections, fps: float) -> list[list[TrackedPose]]:
    """Boxes of high score are given to all tracks by overlap, then those of low score to the tracks left over.

    Source: Zhang et al. 2022, algorithm 1, with the thresholds of its code but for scores, which are our estimator's.
    """
    tracks: list[_BoxTrack] = []
    answers, next_id = [], 1
    for frame, poses in enumerate(detections):
        for track in tracks:
            track.predict()
        high = np.flatnonzero(poses.score >= _HIGH_SCORE)
        low = np.flatnonzero(poses.score < _HIGH_SCORE)
        active = [track for track in tracks if track.is_active]
        fresh = [track for track in tracks if not track.is_active]
        given = _give(active, poses, high, _FIRST_IOU)
        left = [track for track in active if track not in given and track.seen == frame - 1]
        given |= _give(left, poses, low, _SECOND_IOU)
        given |= _give(fresh, poses, [int(row) for row in high if row not in given.values()], _NEW_IOU)
        for track, row in given.items():
            track.see(poses.boxes_xyxy[row], frame)
        for row in set(high.tolist()) - set(given.values()):
            track = _BoxTrack(poses.boxes_xyxy[row], next_id, frame)
            tracks.append(track)
            given[track] = row
            next_id += 1
        limit = [_LOST_S * fps if track.is_active else 0 for track in tracks]
        tracks = [track for track, most in zip(tracks, limit, strict=True) if frame - track.seen <= most]
        answers.append([_pose(poses, row, track.id) for track, row in given.items() if track.is_active])
    return answers


def _give(
    tracks: Sequence[_BoxTrack], poses: FramePoses, rows: Sequence[int] | ndarray, min_iou: float
) -> dict[_BoxTrack, int]:
    if not len(tracks) or not len(rows):
        return {}
    overlap = box_iou(np.stack([track.box for track in tracks]), poses.boxes_xyxy[np.asarray(rows)])
    pairs = match(np.where(overlap >= min_iou, 1 - overlap, np.inf))
    return {tracks[first]: int(rows[second]) for first, second in pairs}


def _measured(box: Float[ndarray, " 4"]) -> Float[ndarray, " 4"]:
    width, height = box[2] - box[0], max(box[3] - box[1], 1.0)
    return np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, width / height, height])


def _squares(weights: Iterable[float], height: float, *, aspect: float = 1e-2, first: bool = False) -> list[float]:
    """Variances of centre, aspect and height for each weight; an aspect hardly changes."""
    del first
    parts = [[weight * height, weight * height, aspect, weight * height] for weight in weights]
    return [deviation**2 for part in parts for deviation in part]


def norfair_track(detections: Detections, fps: float) -> list[list[TrackedPose]]:
    """Norfair with the distance of our tracker, joints in torsos, and its own filter for every joint."""
    from norfair import Detection, Tracker

    tracker = Tracker(
        distance_function=_torsos, distance_threshold=1.0, detection_threshold=0.1,
        hit_counter_max=round(_LOST_S * fps), initialization_delay=3, past_detections_length=0,
    )  # fmt: skip
    answers = []
    for frame, poses in enumerate(detections):
        found = [
            Detection(poses.keypoints_xy[row].astype(float), scores=poses.confidence[row], data=(frame, row))
            for row in range(len(poses))
        ]
        objects = tracker.update(found)
        seen = [each for each in objects if each.last_detection.data[0] == frame]
        answers.append([_pose(poses, each.last_detection.data[1], each.id) for each in seen])
    return answers


def _torsos(detection: Any, track: Any) -> float:
    """Norfair's own types are not typed."""
    points_xy, confidence = detection.points, detection.scores
    before = np.where(track.last_detection.scores > 0, 1.0, 0.0)
    size = np.array([body_size_px(points_xy, confidence, COCO17)])
    return float(
        joint_distance(
            points_xy[None], confidence[None], track.estimate[None], before[None], first_size_px=size,
            second_size_px=size,
        )[0, 0]
    )  # fmt: skip


def _pose(poses: FramePoses, row: int, id_: int) -> TrackedPose:
    return TrackedPose(id_, poses.keypoints_xy[row], poses.confidence[row], poses.boxes_xyxy[row], poses.score[row])
