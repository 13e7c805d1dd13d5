"""Which bodies of a recording are people, and which of them are the one or two that act.

Kinect sees people in chairs and tables, loses people and finds them again under a new number. Each step that mends
this is a function here.

Source: the rules and their numbers are those by which the published networks' data were made; the data set's authors
name the spread and the motion as their rules too. Where they do not say what to do, it is our reading: a rule that
would leave no one is not applied, motion is over all joints and frames together, and two tracks overlap if their spans
from first to last frame do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64, Int64
from numpy import ndarray

from posecube.datasets.ntu.recording import Recording

MOST_FRAMES_OF_NOISE = 11
MOST_BREADTH = 0.8  # of the height
MOST_INVALID = 0.69754


@dataclass(frozen=True)
class BodyTrack:
    """One body through a recording.

    Attributes:
        rows: Its rows of the recording, a frame each.
        frames: Their frames, increasing.
        joints_m: Their joints. (n, V, 3)
    """

    rows: Int64[ndarray, " n"]
    frames: Int64[ndarray, " n"]
    joints_m: Float64[ndarray, "n V 3"]


def tracks_of(recording: Recording) -> list[BodyTrack]:
    """A track for each body, in the order in which they come."""
    tracks = []
    for body in range(int(recording.bodies.max(initial=-1)) + 1):
        rows = np.flatnonzero(recording.bodies == body)
        tracks.append(BodyTrack(rows, recording.frames[rows], recording.joints_m[rows]))
    return tracks


def people_of(tracks: Sequence[BodyTrack], *, num_people: int = 2) -> list[list[BodyTrack]]:
    """The tracks of each person, the one who moves most first: all steps in turn."""
    people = drop_wide(drop_short(tracks))
    return join(sorted(people, key=motion, reverse=True), num_people=num_people)


def drop_short(tracks: Sequence[BodyTrack]) -> list[BodyTrack]:
    """Leave out bodies of 11 frames or fewer: they flash up in furniture."""
    return _unless_all(lambda track: len(track.frames) > MOST_FRAMES_OF_NOISE, tracks)


def drop_wide(tracks: Sequence[BodyTrack]) -> list[BodyTrack]:
    """Leave out bodies that are broad rather than tall in about seven tenths of their frames."""
    return _unless_all(lambda track: float((~is_upright(track.joints_m)).mean()) < MOST_INVALID, tracks)


def is_upright(joints_m: Float64[ndarray, "n V 3"]) -> Bool[ndarray, " n"]:
    """Is the body's extent in x at most 0.8 of that in y?"""
    is_finite = np.isfinite(joints_m).all(axis=-1, keepdims=True)
    low = np.where(is_finite, joints_m, np.inf).min(axis=1)
    high = np.where(is_finite, joints_m, -np.inf).max(axis=1)
    is_seen = is_finite.any(axis=(1, 2))
    extent = np.subtract(high, low, where=is_seen[:, None], out=np.full(high.shape, np.nan))
    return extent[:, 0] <= MOST_BREADTH * extent[:, 1]


def motion(track: BodyTrack) -> float:
    """The sum of the variances of x, y and z, in square metres: who acts has more of it than who stands by."""
    points = track.joints_m.reshape(-1, 3)
    points = points[np.isfinite(points).all(axis=-1)]
    return float(points.var(axis=0).sum()) if len(points) else 0.0


def join(tracks: Sequence[BodyTrack], *, num_people: int) -> list[list[BodyTrack]]:
    """Put tracks that do not overlap together, as one person who was lost and found again.

    Each track goes to the first person whose tracks it does not overlap; one that finds no place is left out.
    """
    people: list[list[BodyTrack]] = [[] for _ in range(num_people)]
    for track in tracks:
        place = next((person for person in people if not any(_overlap(track, other) for other in person)), None)
        if place is not None:
            place.append(track)
    return [person for person in people if person]


def _overlap(one: BodyTrack, other: BodyTrack) -> bool:
    return bool(one.frames[0] <= other.frames[-1] and other.frames[0] <= one.frames[-1])


def _unless_all(is_kept: Callable[[BodyTrack], bool], tracks: Sequence[BodyTrack]) -> list[BodyTrack]:
    return [track for track in tracks if is_kept(track)] or list(tracks)
