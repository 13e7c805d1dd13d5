"""Sliding windows over the people of a stream of frames, in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.pose.track import TrackedPose
from posecube.skeleton import SkeletonLayout, SkeletonSequence


@dataclass(frozen=True)
class WindowSettings:
    """How a video is cut into windows.

    Attributes:
        window_s: Length of a window; about as long as the clips that the models were trained on.
        step_s: Time between two windows.
        min_frames: A person seen in fewer frames of a window is not judged by it.
        min_seen: Share of a window's frames in which a person must be seen, unless they have only just come.
    """

    window_s: float = 2.5
    step_s: float = 0.5
    min_frames: int = 8
    min_seen: float = 0.5

    def __post_init__(self) -> None:
        if not (0 < self.step_s <= self.window_s):
            raise ValueError(
                f"a window must be longer than 0 s and than its step, got {self.window_s} s and {self.step_s} s"
            )


@dataclass(frozen=True)
class PersonWindow:
    """What one person did in one window: the frames in which they were seen."""

    person_id: int
    start_s: float
    end_s: float
    sequence: SkeletonSequence


@dataclass
class _Track:
    """The last ``window_s`` seconds of one person."""

    first_s: float
    times: deque[float] = field(default_factory=deque)
    keypoints: deque[Float32[ndarray, "V 2"]] = field(default_factory=deque)
    confidence: deque[Float32[ndarray, " V"]] = field(default_factory=deque)
    judged_until_s: float = -np.inf

    def add(self, time_s: float, pose: TrackedPose) -> None:
        self.times.append(time_s)
        self.keypoints.append(pose.keypoints_xy)
        self.confidence.append(pose.confidence)

    def forget_before(self, time_s: float) -> None:
        while self.times and self.times[0] < time_s:
            self.times.popleft()
            self.keypoints.popleft()
            self.confidence.popleft()


class SlidingWindows:
    """Fed frame by frame; gives the windows that each frame completes."""

    def __init__(self, settings: WindowSettings, *, layout: SkeletonLayout, size_hw: tuple[int, int]) -> None:
        self.settings = settings
        self.layout = layout
        self.size_hw = size_hw
        self._tracks: dict[int, _Track] = {}
        self._frame_times: deque[float] = deque()
        self._next_end_s = settings.window_s

    def add(self, time_s: float, people: Sequence[TrackedPose]) -> list[PersonWindow]:
        """Take a frame; return the windows that ended before it."""
        windows: list[PersonWindow] = []
        while time_s >= self._next_end_s:
            windows += self._windows_ending_at(self._next_end_s)
            self._next_end_s += self.settings.step_s
        self._frame_times.append(time_s)
        for pose in people:
            self._tracks.setdefault(pose.id, _Track(time_s)).add(time_s, pose)
        return windows

    def finish(self) -> list[PersonWindow]:
        """The last windows, which end with the video."""
        if not self._frame_times:
            return []
        step_s = self._frame_times[-1] - self._frame_times[-2] if len(self._frame_times) > 1 else 0.0
        return self._windows_ending_at(self._frame_times[-1] + max(step_s, 1e-3))

    def _windows_ending_at(self, end_s: float) -> list[PersonWindow]:
        start_s = max(end_s - self.settings.window_s, 0.0)
        while self._frame_times and self._frame_times[0] < start_s:
            self._frame_times.popleft()
        windows = []
        for person_id, track in list(self._tracks.items()):
            was_judged = track.judged_until_s > -np.inf
            has_left = track.times and track.times[-1] < end_s - self.settings.step_s
            if track.times and (not has_left or not was_judged) and self._is_seen_enough(track, start_s, end_s):
                windows.append(self._window(person_id, track, start_s, end_s))
                track.judged_until_s = end_s
            track.forget_before(start_s + self.settings.step_s)
            if not track.times:
                del self._tracks[person_id]
        return windows

    def _is_seen_enough(self, track: _Track, start_s: float, end_s: float) -> bool:
        """Seen in enough of the frames since they came."""
        since_s = max(start_s, track.first_s)
        frames_since = sum(since_s <= time_s < end_s for time_s in self._frame_times)
        seen = sum(start_s <= time_s < end_s for time_s in track.times)
        return seen >= min(self.settings.min_frames, frames_since) and seen >= self.settings.min_seen * frames_since

    def _window(self, person_id: int, track: _Track, start_s: float, end_s: float) -> PersonWindow:
        inside = [index for index, time_s in enumerate(track.times) if start_s <= time_s < end_s]
        sequence = SkeletonSequence(
            keypoints=np.stack([track.keypoints[index] for index in inside])[None],
            confidence=np.stack([track.confidence[index] for index in inside])[None],
            layout=self.layout,
            size_hw=self.size_hw,
            name=f"person {person_id} until {end_s:.2f} s",
        )
        return PersonWindow(person_id, max(start_s, track.times[inside[0]]), end_s, sequence)
