"""People followed through a video: each keeps one number from first to last.

A person once seen is looked for where they were, which is cheap and finds people whom a search of the whole frame
misses; the whole frame is searched now and then.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

from posecube.errors import UserError
from posecube.pose.tracking.given_boxes import FrameBoxes, checked_box, follow_given_boxes
from posecube.pose.tracking.track import Body, Identity, Track, TrackerSettings
from posecube.pose.tracking.tracker import Tracker
from posecube.pose.types import PoseEstimator, TrackedPose
from posecube.video.frame import Frame

# A second of full-HD frames fits; larger or faster videos decide sooner rather than fill the memory.
_MOST_BYTES = 256 * 2**20
# Slow-motion footage aside, a decision needs a few frames even where a second holds only one of them.
_FEWEST_FRAMES = 4


def track_people(
    frames: Iterable[Frame],
    estimator: PoseEstimator,
    *,
    max_people: int | None = None,
    follow_box_xyxy: Sequence[float] | None = None,
    boxes_by_frame: Mapping[int, FrameBoxes] | None = None,
    settings: TrackerSettings | None = None,
) -> Iterator[tuple[Frame, list[TrackedPose]]]:
    """Follow the people of a video; every frame comes out once, in order, with the people seen in it.

    Memory is bounded: a frame is held back for a second at most, and only while it is open whether somebody new in it
    is a person.

    Args:
        max_people: Follow at most so many at a time; those who came first are kept, of several at once the larger.
        follow_box_xyxy: Give only the person who is inside this box in the first frame; their id is 1.
        boxes_by_frame: Given boxes by frame index instead of a search; other frames have no detections.
        settings: Thresholds; the defaults were measured on real videos.

    Raises:
        UserError: If an option is out of range, or more than one of the ways to choose people is given.
    """
    if max_people is not None and max_people < 1:
        raise UserError(f"max_people must be at least 1, got {max_people}")
    if sum(choice is not None for choice in (max_people, follow_box_xyxy, boxes_by_frame)) > 1:
        raise UserError("max_people, follow_box_xyxy and boxes_by_frame exclude each other; give one of them")
    if boxes_by_frame is not None:
        return follow_given_boxes(frames, estimator, boxes_by_frame)
    box_xyxy = None if follow_box_xyxy is None else checked_box(follow_box_xyxy)
    tracker = Tracker(estimator, max_people=max_people, follow_box_xyxy=box_xyxy, settings=settings)
    return _track(frames, tracker, ConfirmationBuffer(tracker.settings))


def _track(
    frames: Iterable[Frame], tracker: Tracker, waiting: ConfirmationBuffer
) -> Iterator[tuple[Frame, list[TrackedPose]]]:
    for frame in frames:
        waiting.add(frame, tracker.step(frame))
        yield from waiting.release()
    tracker.finish()
    yield from waiting.release(everything=True)


class ConfirmationBuffer:
    """Frames wait until it is known who in them is a person: what leaves has only confirmed people, numbered.

    So no flicker is shown, and no person's beginning is lost.
    """

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
            yield frame, [self._numbered(track, body) for track, body in _once_each(seen)]

    def _is_undecided(self) -> bool:
        return any(not (track.is_confirmed or track.is_dropped) for track, _ in self._queue[0][1])

    def _is_overdue(self) -> bool:
        oldest, newest = self._queue[0][0], self._queue[-1][0]
        if len(self._queue) <= _FEWEST_FRAMES:
            return False
        num_bytes = 3 * newest.size_hw[0] * newest.size_hw[1] * len(self._queue)
        return newest.time_s - oldest.time_s > self._settings.max_delay_s or num_bytes > _MOST_BYTES

    def _numbered(self, track: Track, body: Body) -> TrackedPose:
        if track.identity.number is None:
            track.identity.number = next(self._next_id)
        return TrackedPose(track.identity.number, body.keypoints_xy, body.confidence, body.box_xyxy, body.score)


def _once_each(seen: Sequence[tuple[Track, Body]]) -> list[tuple[Track, Body]]:
    """The people to show; of two readings of one person the better."""
    shown: dict[Identity, tuple[Track, Body]] = {}
    for track, body in seen:
        if track.is_confirmed and track.is_shown:
            known = shown.get(track.identity)
            if known is None or body.score > known[1].score:
                shown[track.identity] = (track, body)
    return list(shown.values())
