"""Which of this frame's bodies is which of the people known so far: one cost for each pair, solved for all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.pose.similarity import box_containment, box_iou, joint_distance, match
from posecube.pose.tracking.detections import Detection, body_distances
from posecube.pose.tracking.track import Body, Track, TrackerSettings

# Weights of the cost's parts; its first part, the joint distance over the gating distance, runs from 0 to 1.
_BOX = 0.25
_APPEARANCE = 0.4
_APPEARANCE_IN_DOUBT = 1.5
_SIZE = 0.5
_TENTATIVE = 0.3
_OWN_REGION = -0.2
# Appearance counts for more until this long after two people touched or one was lost: then position alone may lie.
_DOUBT_S = 0.7
# More than somebody out of sight can have moved.
_FURTHEST_TORSOS = 15.0
# Touching: boxes that overlap so much, or joints within a torso of each other. Borrowed: so much of a box in another.
_TOUCHING_IOU = 0.15
_TOUCHING_TORSOS = 1.0
_BORROWED_FRACTION = 0.5


def assign_bodies(
    tracks: Sequence[Track],
    bodies: Sequence[Body],
    *,
    is_own: Callable[[int, int], bool],
    time_s: float,
    settings: TrackerSettings,
) -> list[tuple[int, int]]:
    """Give each body of the frame to at most one track.

    Where two tracks claim one body the likelier one gets it: the closer, the confirmed, the one that looks like it.

    Args:
        is_own: Whether the body (second index) was found in the region of the track (first index).
        time_s: Time of the frame.

    Returns:
        Pairs of track index and body index.
    """
    if not tracks or not bodies:
        return []
    distance = _distances(tracks, bodies, time_s)
    lost_s = np.array([track.lost_for_s(time_s) for track in tracks])
    doubtful = np.array([not track.body.is_confident for track in tracks])  # then the last joints were wrong perhaps
    gate = settings.gating_distance * np.where(doubtful, 2, 1) + settings.gating_distance_per_s * lost_s
    gate = gate[:, None]
    expected_boxes = np.stack([track.expected_box(time_s) for track in tracks])
    cost = distance / gate + _BOX * (1 - box_iou(expected_boxes, np.stack([body.box_xyxy for body in bodies])))
    cost = np.where(distance <= gate, cost, np.inf)
    for t, track in enumerate(tracks):
        if track.is_given and lost_s[t] > settings.lost_limit_s:  # may come back anywhere
            cost[t] = 1.0
    for t, track in enumerate(tracks):
        for b, body in enumerate(bodies):
            if np.isfinite(cost[t, b]):
                cost[t, b] += _OWN_REGION * is_own(t, b) + _TENTATIVE * (not track.is_confirmed)
                cost[t, b] += _difference(track, body, time_s, settings)
    return match(cost)


def is_in_doubt(track: Track, time_s: float) -> bool:
    """Whether position alone may lie about this track, because they were lost or touched somebody a moment ago."""
    return track.is_missing or time_s - track.contact_s < _DOUBT_S


def note_contacts(seen: dict[Track, Detection], time_s: float) -> None:
    """Mark people who touch: their boxes overlap, or their joints lie within a torso of each other."""
    tracks = list(seen)
    if len(tracks) < 2:
        return
    bodies = [seen[track].body for track in tracks]
    boxes = np.stack([body.box_xyxy for body in bodies])
    touching = (box_iou(boxes, boxes) > _TOUCHING_IOU) | (body_distances(bodies) < _TOUCHING_TORSOS)
    np.fill_diagonal(touching, False)
    for row in np.flatnonzero(touching.any(axis=1)):
        tracks[row].contact_s = time_s


def borrowed_bodies(seen: dict[Track, Detection], settings: TrackerSettings) -> list[Track]:
    """Tracks whose skeleton lies on somebody else: it overlaps that person and looks like them, unlike before.

    This happens while one person hides another: the region of the hidden one shows a part of the one in front.
    """
    borrowers = []
    for track, detection in seen.items():
        change = track.appearance_distance(detection.body)
        if change is not None and change > settings.max_appearance_distance:
            others = [other for other in seen if other is not track and _overlap(detection.body, seen[other].body)]
            distances = [other.appearance_distance(detection.body) for other in others]
            if any(distance is not None and distance < settings.same_appearance for distance in distances):
                borrowers.append(track)
    return borrowers


def _distances(tracks: Sequence[Track], bodies: Sequence[Body], time_s: float) -> Float32[ndarray, "A B"]:
    """Joint distances between where each track should be and each body, in torso lengths."""
    return joint_distance(
        np.stack([track.expected_xy(time_s) for track in tracks]),
        np.stack([track.body.confidence for track in tracks]),
        np.stack([body.keypoints_xy for body in bodies]),
        np.stack([body.confidence for body in bodies]),
        first_size_px=np.array([track.body.size_px for track in tracks]),
        second_size_px=np.array([body.size_px for body in bodies]),
        furthest=_FURTHEST_TORSOS,
    )


def _difference(track: Track, body: Body, time_s: float, settings: TrackerSettings) -> float:
    """How unlike the track a body is in size and appearance; infinite where it cannot be the same person."""
    growth = min(abs(float(np.log(body.size_px / size_px))) for size_px in (track.size_px, track.body.size_px))
    if growth > np.log(settings.growth_limit):
        return float("inf")
    lost_s = track.lost_for_s(time_s)
    if not body.is_confident and lost_s > settings.retry_s:
        return float("inf")
    unlike = _SIZE * growth
    appearance = track.appearance_distance(body)
    is_long_lost = lost_s > settings.lost_limit_s
    if appearance is None:
        return float("inf") if is_long_lost else unlike
    limit = settings.same_appearance if is_long_lost else settings.max_appearance_distance
    if lost_s > settings.retry_s and appearance > limit:
        return float("inf")
    return unlike + (_APPEARANCE_IN_DOUBT if is_in_doubt(track, time_s) else _APPEARANCE) * appearance


def _overlap(body: Body, other: Body) -> bool:
    """Whether half of one's box or more is inside the other's."""
    return bool(box_containment(body.box_xyxy[None], other.box_xyxy[None])[0, 0] >= _BORROWED_FRACTION)
