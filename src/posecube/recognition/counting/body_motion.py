"""A body's motion on an even grid of times: joints seen from the hips in torso lengths, so that no camera matters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from posecube.skeleton import SkeletonLayout

RATE_HZ = 25.0  # jump rope has 2 to 3 hops a second: eight samples a hop
_SEEN = 0.2  # confidence below which a joint's place is not believed
_LONGEST_GAP_S = 1.0  # a body that nobody saw for longer may have done anything
_FARTHEST = 4.0  # torso lengths: what lies farther from the hips is an error of the estimator
_SPIKE_S = 0.06  # frames nearer than this cannot hold one end of a motion in a single frame
_PAIRS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
_INSTEAD = {"wrist": "hand", "ankle": "foot"}  # in layouts without the first
_HEADS = ("nose", "head", "neck")

HEAD, SHOULDERS, ELBOWS, WRISTS, HIPS, KNEES, ANKLES = (slice(0, 1), *(slice(i, i + 2) for i in range(1, 13, 2)))
NUM_MIDDLES = 14  # of the channels: the head and the middles of the pairs, x and y


@dataclass(frozen=True, eq=False)
class BodyMotion:
    """The large joints of one person over a stretch of time; in both axes a torso is 1 long, y points down.

    Attributes:
        times_s: 1 / RATE_HZ apart. (N,)
        places: Head, then left and right shoulders, elbows, wrists, hips, knees, ankles, from the middle of the hips.
        hips: The middle of the hips in the image.
        weight: In which part of the frames each joint was seen.
        known: Whether a time lies in no long gap between seen frames.
    """

    times_s: Float[ndarray, " N"]
    places: Float[ndarray, "N 13 2"]
    hips: Float[ndarray, "N 2"]
    weight: Float[ndarray, " 13"]
    known: Bool[ndarray, " N"]

    def middle(self, pair: slice) -> Float[ndarray, "N 2"]:
        """The place between the left and the right joint of a pair."""
        return self.places[:, pair].mean(axis=1)

    def channels(self) -> Float[ndarray, "N 28"]:
        """Everything that can swing: middles of the pairs, half their differences, and the hips in the image.

        An estimator that takes left for right in a single frame moves only the differences, which count less.
        """
        left, right = self.places[:, 1::2], self.places[:, 2::2]
        first, second = self.weight[1::2, None], self.weight[2::2, None]
        middles = (left + right) / 2 * (first + second) / 2
        halves = (left - right) / 2 * np.minimum(first, second) * 0.7
        parts = (self.places[:, :1] * self.weight[0], middles, halves, self.hips[:, None])
        return np.concatenate(parts, axis=1).reshape(len(self.places), -1)


def body_motion(
    keypoints_xy: Float[ndarray, "T V 2"],
    confidence: Float[ndarray, "T V"],
    times_s: Float[ndarray, " T"],
    layout: SkeletonLayout,
) -> BodyMotion | None:
    """The motion of the large joints, or None where hips and shoulders are hardly ever seen together."""
    columns = _columns(layout)
    if columns is None:
        return None
    points = np.asarray(keypoints_xy, dtype=np.float64)[:, columns]
    times = np.asarray(times_s, dtype=np.float64)
    seen = (np.asarray(confidence)[:, columns] > _SEEN) & np.isfinite(points).all(axis=-1)
    usable = seen[:, SHOULDERS].any(axis=1) & seen[:, HIPS].any(axis=1) & np.isfinite(times)
    points, seen, times = points[usable], seen[usable], times[usable]
    times, first = np.unique(times, return_index=True)  # in order, without a frame shown twice
    points, seen = points[first], seen[first]
    if len(times) < 3 or (torso := _torso_length(points, seen)) <= 0:
        return None
    grid = np.arange(times[0], times[-1] + 1e-9, 1 / RATE_HZ)
    hips = _middle(points[:, HIPS], seen[:, HIPS])
    local = np.clip((points - hips[:, None]) / torso, -_FARTHEST, _FARTHEST)
    after = np.searchsorted(times, grid).clip(1, len(times) - 1)
    return BodyMotion(
        grid,
        np.stack([_on_grid(local[:, joint], seen[:, joint], times, grid) for joint in range(len(columns))], axis=1),
        _on_grid(hips / torso, np.ones(len(hips), dtype=bool), times, grid),
        seen.mean(axis=0),
        times[after] - times[after - 1] <= _LONGEST_GAP_S,
    )


@lru_cache(maxsize=16)
def _columns(layout: SkeletonLayout) -> list[int] | None:
    """Where a layout keeps the 13 joints; None if it lacks one."""
    choices: list[tuple[str, ...]] = [_HEADS]
    for word in _PAIRS:
        words = (word, _INSTEAD.get(word, word))
        choices += [tuple(f"{side}_{word}" for word in words) for side in ("left", "right")]
    names = [next((name for name in choice if name in layout.joints), None) for choice in choices]
    return None if None in names else [layout.index(name) for name in names if name]


def _middle(pair: Float[ndarray, "T 2 2"], seen: Bool[ndarray, "T 2"]) -> Float[ndarray, "T 2"]:
    """The mean of two joints, or the one that is seen."""
    weight = seen[..., None].astype(np.float64)
    return (np.where(weight > 0, pair, 0.0)).sum(axis=1) / np.maximum(weight.sum(axis=1), 1)


def _torso_length(points: Float[ndarray, "T 13 2"], seen: Bool[ndarray, "T 13"]) -> float:
    """A body's scale in pixels: its torso, or a thigh where the camera sees the torso from its end."""
    torsos = np.linalg.norm(
        _middle(points[:, SHOULDERS], seen[:, SHOULDERS]) - _middle(points[:, HIPS], seen[:, HIPS]), axis=1
    )
    thighs = np.linalg.norm(points[:, HIPS] - points[:, KNEES], axis=-1)[seen[:, HIPS] & seen[:, KNEES]]
    return float(max(np.percentile(torsos, 75), np.percentile(thighs, 75) if len(thighs) else 0.0))


def _on_grid(
    track: Float[ndarray, "T 2"], seen: Bool[ndarray, " T"], times: Float[ndarray, " T"], grid: Float[ndarray, " N"]
) -> Float[ndarray, "N 2"]:
    """One joint between the frames that show it, straight across gaps."""
    if seen.sum() < 3:
        return np.zeros((len(grid), 2))
    track, times = track[seen], times[seen]
    if np.median(np.diff(times)) < _SPIKE_S:
        padded = np.concatenate([track[:1], track, track[-1:]])
        track = np.median(np.stack([padded[:-2], padded[1:-1], padded[2:]]), axis=0)
    return np.stack([np.interp(grid, times, track[:, axis]) for axis in (0, 1)], axis=-1)
