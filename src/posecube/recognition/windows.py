"""Sliding windows over the people of a stream of frames, in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.errors import UserError
from posecube.pose.types import TrackedPose
from posecube.skeleton import SkeletonLayout, SkeletonSequence


@dataclass(frozen=True)
class WindowSettings:
    """How a video is cut into windows.

    Attributes:
        window_s: Length of a window; about as long as the clips that the models were trained on.
        step_s: Time between two windows.
        min_frames: A person seen in fewer frames of a window is not judged by it, unless the window has so few frames
            that fewer are the fraction ``min_seen``.
        min_seen: Fraction of a window's frames since a person came in which they must be seen.
    """

    window_s: float = 2.5
    step_s: float = 0.5
    min_frames: int = 8
    min_seen: float = 0.5

    def __post_init__(self) -> None:
        if not (0 < self.step_s <= self.window_s):
            raise UserError(
                f"a window's step must be above 0 s and at most its length, got {self.step_s} s and {self.window_s} s"
            )
        if self.min_frames < 1 or not 0 <= self.min_seen <= 1:
            raise UserError(
                f"min_frames must be at least 1 and min_seen lie in [0, 1], got {self.min_frames} and {self.min_seen}"
            )


@dataclass(frozen=True)
class PersonWindow:
    """What one person did in one window: the frames in which they were seen."""

    person_id: int
    start_s: float
    end_s: float
    sequence: SkeletonSequence


@dataclass
class _RecentPoses:
    """The last ``window_s`` seconds of one person."""

    first_s: float
    times: deque[float] = field(default_factory=deque)
    keypoints: deque[Float32[ndarray, "V 2"]] = field(default_factory=deque)
    confidence: deque[Float32[ndarray, " V"]] = field(default_factory=deque)
    was_judged: bool = False

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
        self._tracks: dict[int, _RecentPoses] = {}
        self._frame_times: deque[float] = deque()
        self._next_end_s = settings.window_s

    def add(self, time_s: float, people: Sequence[TrackedPose]) -> list[PersonWindow]:
        """Take a frame; return the windows that ended before it."""
        windows = self._windows_until(time_s)
        self._frame_times.append(time_s)
        for pose in people:
            self._tracks.setdefault(pose.id, _RecentPoses(time_s)).add(time_s, pose)
        return windows

    def finish(self) -> list[PersonWindow]:
        """The last windows, which end with the video."""
        if not self._frame_times:
            return []
        last_s = self._frame_times[-1]
        frame_s = last_s - self._frame_times[-2] if len(self._frame_times) > 1 else 0.0
        end_s = last_s + max(frame_s, 1e-3)
        return self._windows_until(end_s - 1e-6) + self._windows_ending_at(end_s)

    def _windows_until(self, time_s: float) -> list[PersonWindow]:
        """The windows that are due; all frames so far are earlier than the first one's end."""
        windows: list[PersonWindow] = []
        step_s = self.settings.step_s
        while time_s >= self._next_end_s:
            windows += self._windows_ending_at(self._next_end_s)
            self._next_end_s += step_s
            if not self._tracks:  # a time without anybody may be long
                self._next_end_s += max(0.0, (time_s - self._next_end_s) // step_s * step_s)
        return windows

    def _windows_ending_at(self, end_s: float) -> list[PersonWindow]:
        start_s = max(end_s - self.settings.window_s, 0.0)
        while self._frame_times and self._frame_times[0] < start_s:
            self._frame_times.popleft()
        windows = []
        for person_id, track in list(self._tracks.items()):
            track.forget_before(start_s)
            if not track.times:
                del self._tracks[person_id]
            elif not (track.was_judged and self._has_left(track, end_s)) and self._is_seen_enough(track):
                track.was_judged = True
                windows.append(self._window(person_id, track, end_s))
        return windows

    def _has_left(self, track: _RecentPoses, end_s: float) -> bool:
        """Not seen for a step, nor in the last frame where frames are further apart than that."""
        return track.times[-1] < min(end_s - self.settings.step_s, self._frame_times[-1])

    def _is_seen_enough(self, track: _RecentPoses) -> bool:
        """Seen in enough of the window's frames, and in enough of those since they came."""
        num_since = sum(time_s >= track.first_s for time_s in self._frame_times)
        fewest = max(1, min(self.settings.min_frames, self.settings.min_seen * len(self._frame_times)))
        return len(track.times) >= max(fewest, self.settings.min_seen * num_since)

    def _window(self, person_id: int, track: _RecentPoses, end_s: float) -> PersonWindow:
        sequence = SkeletonSequence(
            keypoints=np.stack(track.keypoints)[None],
            confidence=np.stack(track.confidence)[None],
            layout=self.layout,
            size_hw=self.size_hw,
            name=f"person {person_id} until {end_s:.2f} s",
        )
        return PersonWindow(person_id, track.times[0], end_s, sequence)
