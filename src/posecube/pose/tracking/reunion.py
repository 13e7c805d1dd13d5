"""Somebody new who was here before: a track that begins where another ended, and looks like it, is the same person.

From frame to frame people are known by where they should be. That fails when a film is cut, when somebody turns behind
another or is read as half a body for a while: their track ends and a new one begins. Once the new one is confirmed
there are several frames of it to compare, not one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from posecube.pose.similarity import appearance_distance, joint_distance
from posecube.pose.tracking.track import Body, Track, TrackerSettings

# Of somebody whose torso was never seen: they must come back soon, and within a torso of where they should be.
_UNSEEN_S, _UNSEEN_TORSOS = 0.7, 1.0
# Anywhere else in the picture, after a cut, only who looks the same, is as large, and looks like nobody else there.
_SAME_ANYWHERE = 0.3
_GROWTH_ANYWHERE = 1.4
_RIVAL_MARGIN = 0.15
# More than somebody out of sight can have moved.
_FURTHEST_TORSOS = 15.0


def former_self(newcomer: Track, tracks: Sequence[Track], settings: TrackerSettings) -> Track | None:
    """Whom of the people out of sight a newcomer is; None for somebody really new.

    The two were never seen in one frame. Where the lost one should be, it is enough that size and colours do not speak
    against it; elsewhere they must be the same, and nobody else's. One exception: somebody half seen whose skeleton
    lies on the newcomer's, and is gone now, was the same body read badly.
    """
    people = [track for track in tracks if track.is_confirmed and track is not newcomer]
    same = [track for track in people if _is_worse_reading(track, newcomer, settings)]
    if same:
        return same[0]
    lost = [track for track in people if track.seen_frame < newcomer.first_frame]
    likely = [(_unlikeness(newcomer, track, people, settings), index) for index, track in enumerate(lost)]
    best, index = min(likely, default=(np.inf, -1))
    return lost[index] if np.isfinite(best) else None


def _is_worse_reading(track: Track, newcomer: Track, settings: TrackerSettings) -> bool:
    if not newcomer.first_frame <= track.seen_frame < newcomer.seen_frame or track.mean_score > newcomer.mean_score:
        return False
    return _torsos_between(track, newcomer.body, newcomer) < settings.same_body


def _unlikeness(newcomer: Track, lost: Track, people: Sequence[Track], settings: TrackerSettings) -> float:
    """How little speaks for the same person, infinite where they cannot be."""
    gap_s = newcomer.first_s - lost.seen_s
    torsos = _torsos_between(lost, newcomer.first_body, newcomer)
    growth = abs(float(np.log(newcomer.size_px / lost.size_px)))
    differs = _difference(newcomer, lost)
    if gap_s > settings.same_appearance_limit_s or growth > np.log(settings.growth_limit):
        return float("inf")
    if differs is None:
        return torsos if gap_s <= _UNSEEN_S and torsos <= _UNSEEN_TORSOS else float("inf")
    within_reach = settings.gating_distance + settings.gating_distance_per_s * gap_s
    if torsos <= within_reach and differs <= settings.same_appearance:
        return torsos / within_reach + differs
    others = [_difference(newcomer, other) for other in people if other is not lost]
    is_unique = all(other is None or other > differs + _RIVAL_MARGIN for other in others)
    is_same = differs <= _SAME_ANYWHERE and growth <= np.log(_GROWTH_ANYWHERE)
    return 1 + differs if is_same and is_unique else float("inf")


def _torsos_between(track: Track, body: Body, newcomer: Track) -> float:
    """From where the track should be to a body of the newcomer's."""
    time_s = newcomer.first_s if body is newcomer.first_body else newcomer.seen_s
    return float(
        joint_distance(
            track.expected_xy(time_s)[None],
            track.body.confidence[None],
            body.keypoints_xy[None],
            body.confidence[None],
            first_size_px=np.array([track.size_px]),
            second_size_px=np.array([newcomer.size_px]),
            furthest=_FURTHEST_TORSOS,
        )[0, 0]
    )


def _difference(newcomer: Track, other: Track) -> float | None:
    if newcomer.appearance is None or other.appearance is None:
        return None
    return appearance_distance(newcomer.appearance, other.appearance)
