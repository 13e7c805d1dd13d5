"""Which of this frame's bodies is which of the people known so far: one cost for each pair, solved for all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float, Float32
from numpy import ndarray
from scipy.optimize import linear_sum_assignment

from posecube.pose.tracking.body_distance import box_iou, joint_distance
from posecube.pose.tracking.track import Body, Track, TrackerSettings

# Weights of the cost's parts; its first part, the joint distance over the reach, runs from 0 to 1.
_BOX = 0.25
_COLOURS = 0.4
_COLOURS_IN_DOUBT = 1.5
_SIZE = 0.5
_TENTATIVE = 0.3
_OWN_REGION = -0.2
# Clothes count for more until this long after two people touched or one was lost: then position alone may lie.
_DOUBT_S = 0.7
_IMPOSSIBLE = 1e6
# More than somebody out of sight can have moved.
_FURTHEST_TORSOS = 15.0


def match(cost: Float[ndarray, "A B"]) -> list[tuple[int, int]]:
    """The cheapest pairing of rows with columns; pairs of infinite cost are left out."""
    if cost.size == 0:
        return []
    rows, columns = linear_sum_assignment(np.where(np.isfinite(cost), cost, _IMPOSSIBLE))
    return [
        (int(row), int(column)) for row, column in zip(rows, columns, strict=True) if np.isfinite(cost[row, column])
    ]


def match_boxes(
    first_xyxy: Float[ndarray, "A 4"], second_xyxy: Float[ndarray, "B 4"], *, min_iou: float
) -> list[tuple[int, int, float]]:
    """Pair boxes by their overlap: (first index, second index, intersection over union)."""
    overlap = box_iou(first_xyxy, second_xyxy)
    pairs = match(np.where(overlap >= min_iou, 1 - overlap, np.inf))
    return [(first, second, float(overlap[first, second])) for first, second in pairs]


def assign_bodies(
    tracks: Sequence[Track],
    bodies: Sequence[Body],
    *,
    is_own: Callable[[int, int], bool],
    time_s: float,
    settings: TrackerSettings,
) -> list[tuple[int, int]]:
    """Give each body of the frame to at most one track.

    Where two tracks claim one body the surer one gets it: the closer, the confirmed, the one dressed like it.

    Args:
        is_own: Whether the body (second index) was found in the region of the track (first index).
        time_s: Time of the frame.

    Returns:
        Pairs of track index and body index.
    """
    if not tracks or not bodies:
        return []
    distance = body_distances(tracks, bodies, time_s)
    lost_s = np.array([track.lost_for_s(time_s) for track in tracks])
    unsure = np.array([not track.body.is_sure for track in tracks])  # then the last joints were wrong perhaps
    reach = (settings.reach * np.where(unsure, 2, 1) + settings.reach_per_s * lost_s)[:, None]
    expected_boxes = np.stack([track.expected_box(time_s) for track in tracks])
    cost = distance / reach + _BOX * (1 - box_iou(expected_boxes, np.stack([body.box_xyxy for body in bodies])))
    cost = np.where(distance <= reach, cost, np.inf)
    for t, track in enumerate(tracks):
        if track.is_wanted and lost_s[t] > settings.lost_limit_s:  # may come back anywhere
            cost[t] = 1.0
    for t, track in enumerate(tracks):
        for b, body in enumerate(bodies):
            if np.isfinite(cost[t, b]):
                cost[t, b] += _OWN_REGION * is_own(t, b) + _TENTATIVE * (not track.is_confirmed)
                cost[t, b] += _difference(track, body, time_s, settings)
    return match(cost)


def body_distances(tracks: Sequence[Track], bodies: Sequence[Body], time_s: float) -> Float32[ndarray, "A B"]:
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


def is_in_doubt(track: Track, time_s: float) -> bool:
    """Whether position alone may lie about this track, because they were lost or touched somebody a moment ago."""
    return track.is_missing or time_s - track.contact_s < _DOUBT_S


def _difference(track: Track, body: Body, time_s: float, settings: TrackerSettings) -> float:
    """How unlike the track a body is in size and clothes; infinite where it cannot be the same person."""
    growth = min(abs(float(np.log(body.size_px / size_px))) for size_px in (track.size_px, track.body.size_px))
    if growth > np.log(settings.growth_limit):
        return float("inf")
    lost_s = track.lost_for_s(time_s)
    if not body.is_sure and lost_s > settings.retry_s:
        return float("inf")
    unlike = _SIZE * growth
    colours = track.colour_distance(body)
    is_long_lost = lost_s > settings.lost_limit_s
    if colours is None:
        return float("inf") if is_long_lost else unlike
    if lost_s > settings.retry_s and colours > (settings.same_clothes if is_long_lost else settings.colour_limit):
        return float("inf")
    return unlike + (_COLOURS_IN_DOUBT if is_in_doubt(track, time_s) else _COLOURS) * colours
