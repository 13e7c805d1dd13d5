"""Frames wait until it is known who in them is a person: nobody flickers in, and nobody's beginning is lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import count

from posecube.pose.tracking.track import Body, Track, TrackedPose, TrackerSettings
from posecube.video.frame import Frame

# A second of full-HD frames fits; larger or faster videos decide sooner rather than fill the memory.
_MOST_BYTES = 256 * 2**20
# Slow-motion footage aside, a decision needs a few frames even where a second holds only one of them.
_FEWEST_FRAMES = 4


class WaitingFrames:
    """A short queue of frames and the bodies in them; what leaves it has only confirmed people, numbered."""

    def __init__(self, settings: TrackerSettings) -> None:
        self._settings = settings
        self._queue: deque[tuple[Frame, list[tuple[Track, Body]]]] = deque()
        self._next_id = count(1)

    def __len__(self) -> int:
        return len(self._queue)

    def add(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Append a frame with the tracks that are seen in it."""
        self._queue.append((frame, [(track, track.body) for track in tracks]))

    def release(self, *, everything: bool = False) -> Iterator[tuple[Frame, list[TrackedPose]]]:
        """Hand out the frames that need not wait any longer, oldest first.

        A frame waits while somebody in it is undecided, but never longer than the settings allow.
        """
        while self._queue and (everything or self._is_overdue() or not self._is_undecided()):
            frame, seen = self._queue.popleft()
            yield frame, [self._numbered(track, body) for track, body in seen if track.is_confirmed and track.is_shown]

    def _is_undecided(self) -> bool:
        return any(not (track.is_confirmed or track.is_dropped) for track, _ in self._queue[0][1])

    def _is_overdue(self) -> bool:
        oldest, newest = self._queue[0][0], self._queue[-1][0]
        if len(self._queue) <= _FEWEST_FRAMES:
            return False
        num_bytes = 3 * newest.size_hw[0] * newest.size_hw[1] * len(self._queue)
        return newest.time_s - oldest.time_s > self._settings.max_delay_s or num_bytes > _MOST_BYTES

    def _numbered(self, track: Track, body: Body) -> TrackedPose:
        if track.id is None:
            track.id = next(self._next_id)
        return TrackedPose(track.id, body.keypoints_xy, body.confidence, body.box_xyxy, body.score)
