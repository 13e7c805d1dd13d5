"""People followed through a video: each keeps one number from first to last.

A person once seen is looked for where they were, which is cheap and finds people whom a search of the whole frame
misses; the whole frame is searched now and then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from posecube.errors import UserError
from posecube.pose.estimators.loading import PoseEstimator
from posecube.pose.tracking.confirmation import WaitingFrames
from posecube.pose.tracking.given_boxes import FrameBoxes, checked_box, follow_given_boxes
from posecube.pose.tracking.track import TrackedPose, TrackerSettings
from posecube.pose.tracking.tracker import Tracker
from posecube.video.frame import Frame

__all__ = ["TrackedPose", "TrackerSettings", "track_people"]


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

    Memory is bounded: a frame is held back for a second at most, and only while somebody new in it may still turn out
    to be nobody.

    Args:
        max_people: Follow at most so many at a time; those who came first are kept, of several at once the larger.
        follow_box_xyxy: Give only the person who is inside this box in the first frame; their id is 1.
        boxes_by_frame: Search for nobody: people stand in these boxes, by frame index; other frames have nobody.
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
    return _track(frames, tracker, WaitingFrames(tracker.settings))


def _track(
    frames: Iterable[Frame], tracker: Tracker, waiting: WaitingFrames
) -> Iterator[tuple[Frame, list[TrackedPose]]]:
    for frame in frames:
        waiting.add(frame, tracker.step(frame))
        yield from waiting.release()
    tracker.finish()
    yield from waiting.release(everything=True)
