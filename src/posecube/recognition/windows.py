"""Windows of several lengths over the people of a stream of frames, alone and together, in bounded memory."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Float32, Float64
from numpy import ndarray

from posecube.errors import UserError
from posecube.pose.judgeable import is_judgeable, moves_like_a_person
from posecube.pose.types import TrackedPose
from posecube.skeleton import SkeletonLayout, SkeletonSequence

LONGEST_WINDOW_S = 120.0
SHORTEST_WINDOW_S = 0.1
ROUNDING_S = 1e-6  # of times that were added up


@dataclass(frozen=True)
class WindowSettings:
    """How the time of a person is cut into windows.

    Actions last from half a second to many seconds, and a network sees as many frames of the one as of the other: each
    length of window is right for some. Whoever is seen for less than the longest is judged by all their time, too.

    Attributes:
        lengths_s: Lengths of the windows.
        step: From one window to the next, as a fraction of its length.
        min_frames: A person seen in fewer frames of a window is not judged by it, unless the window has so few frames
            that fewer are the fraction ``min_seen``.
        min_seen: Fraction of a window's frames in which a person must be seen.
        absent_s: Who is not seen for so long has left.
        near: People are together if the middles of their boxes are this near, in sizes of a person.
    """

    lengths_s: tuple[float, ...] = (1.5, 3.0, 6.0, 12.0)
    step: float = 0.25
    min_frames: int = 8
    min_seen: float = 0.5
    absent_s: float = 1.0
    near: float = 1.0

    def __post_init__(self) -> None:
        if not self.lengths_s or not all(SHORTEST_WINDOW_S <= it <= LONGEST_WINDOW_S for it in self.lengths_s):
            got = ", ".join(f"{length_s:g}" for length_s in self.lengths_s)
            raise UserError(f"a window lasts from {SHORTEST_WINDOW_S} s to {LONGEST_WINDOW_S:g} s, got {got or 'none'}")
        if not 0.05 <= self.step <= 1:
            raise UserError(f"a window's step is from 0.05 to 1 of its length, got {self.step}")
        if self.min_frames < 1 or not 0 <= self.min_seen <= 1:
            raise UserError(
                f"min_frames must be at least 1 and min_seen lie in [0, 1], got {self.min_frames} and {self.min_seen}"
            )

    @property
    def longest_s(self) -> float:
        return max(self.lengths_s)


@dataclass(frozen=True)
class PersonWindow:
    """What one person, or several together, did in one window.

    Attributes:
        people: Ids; several of a window that shows people together.
        length_s: Which of the settings' lengths it is of; a person's whole time may be shorter.
    """

    people: tuple[int, ...]
    start_s: float
    end_s: float
    length_s: float
    sequence: SkeletonSequence


@dataclass
class _Stretch:
    """The time of one person from when they came, as far back as the longest window."""

    first_s: float
    next_ends_s: list[float]
    times: deque[float] = field(default_factory=deque)
    keypoints: deque[Float32[ndarray, "V 2"]] = field(default_factory=deque)
    confidence: deque[Float32[ndarray, " V"]] = field(default_factory=deque)
    boxes: deque[Float32[ndarray, " 4"]] = field(default_factory=deque)

    def add(self, time_s: float, pose: TrackedPose) -> None:
        self.times.append(time_s)
        self.keypoints.append(pose.keypoints_xy)
        self.confidence.append(pose.confidence)
        self.boxes.append(pose.box_xyxy)

    def forget_before(self, time_s: float) -> None:
        while self.times and self.times[0] < time_s:
            for values in (self.times, self.keypoints, self.confidence, self.boxes):
                values.popleft()

    def within(self, start_s: float, end_s: float) -> Bool[ndarray, " T"]:
        return _within(self.times, start_s, end_s)


def _within(times_s: Sequence[float], start_s: float, end_s: float) -> Bool[ndarray, " T"]:
    """Which times lie in a window, its beginning included and its end not."""
    times = np.array(times_s)
    return (times >= start_s - ROUNDING_S) & (times < end_s - ROUNDING_S)


class SlidingWindows:
    """Fed frame by frame; gives the windows that each frame completes.

    Args:
        max_together: So many people at most are shown together; 1 shows everybody alone only.
    """

    def __init__(
        self,
        settings: WindowSettings,
        *,
        layout: SkeletonLayout,
        size_hw: tuple[int, int],
        max_together: int = 1,
    ) -> None:
        self.settings = settings
        self.layout = layout
        self.size_hw = size_hw
        self.max_together = max_together
        self._people: dict[int, _Stretch] = {}
        self._frame_times: deque[float] = deque()

    def add(self, time_s: float, people: Sequence[TrackedPose]) -> list[PersonWindow]:
        """Take a frame; return the windows that ended before it."""
        windows = [window for person in list(self._people) for window in self._due(person, time_s)]
        self._frame_times.append(time_s)
        while self._frame_times[0] < time_s - self._remembered_s:
            self._frame_times.popleft()
        for pose in self._judgeable(people):
            stretch = self._people.get(pose.id)
            if stretch is None:
                ends_s = [time_s + length_s for length_s in self.settings.lengths_s]
                stretch = self._people[pose.id] = _Stretch(time_s, ends_s)
            stretch.add(time_s, pose)
            stretch.forget_before(time_s - self._remembered_s)
        return windows

    def finish(self) -> list[PersonWindow]:
        """The last windows of everybody who is still there."""
        return [window for person in list(self._people) for window in self._last(person)]

    @property
    def _remembered_s(self) -> float:
        return self.settings.longest_s * (1 + self.settings.step) + self.settings.absent_s

    def _judgeable(self, people: Sequence[TrackedPose]) -> list[TrackedPose]:
        """Those of whom enough is in view."""
        if not people:
            return []
        keypoints = np.stack([pose.keypoints_xy for pose in people])
        confidence = np.stack([pose.confidence for pose in people])
        judgeable = is_judgeable(keypoints, confidence, self.layout, size_hw=self.size_hw)
        return [pose for pose, is_enough in zip(people, judgeable, strict=True) if is_enough]

    def _due(self, person: int, time_s: float) -> Iterator[PersonWindow]:
        """Windows of a person that end before a frame; the last ones where they have left."""
        stretch = self._people[person]
        gap_s = time_s - stretch.times[-1]
        is_missed = stretch.times[-1] < self._frame_times[-1]  # frames may be further apart than that
        if gap_s > self.settings.longest_s or (is_missed and gap_s > self.settings.absent_s):
            yield from self._last(person)
        if is_missed or person not in self._people:  # who is missed for a moment is judged when they are back
            return
        for index, length_s in enumerate(self.settings.lengths_s):
            while time_s >= stretch.next_ends_s[index] - ROUNDING_S:
                end_s = stretch.next_ends_s[index]
                yield from self._windows(person, end_s - length_s, end_s, length_s)
                stretch.next_ends_s[index] += length_s * self.settings.step

    def _last(self, person: int) -> list[PersonWindow]:
        """Windows that end with a person's time, and one of all of it if that is short; they are forgotten then."""
        stretch = self._people[person]
        end_s = stretch.times[-1] + (self._frame_s or 1e-3)
        windows: list[PersonWindow] = []
        for index, length_s in enumerate(self.settings.lengths_s):
            before_s = stretch.next_ends_s[index] - length_s * self.settings.step  # where the last one ended
            is_new = end_s - before_s > 0.4 * length_s * self.settings.step
            if end_s - stretch.first_s > length_s + ROUNDING_S and is_new:
                windows += self._windows(person, end_s - length_s, end_s, length_s)
        if end_s - stretch.first_s <= self.settings.longest_s + ROUNDING_S:
            length_s = min(it for it in self.settings.lengths_s if it >= end_s - stretch.first_s - ROUNDING_S)
            windows += self._windows(person, stretch.first_s, end_s, length_s)
        del self._people[person]
        return windows

    @property
    def _frame_s(self) -> float:
        """Time between the last two frames, 0 where there are fewer."""
        return self._frame_times[-1] - self._frame_times[-2] if len(self._frame_times) > 1 else 0.0

    def _windows(self, person: int, start_s: float, end_s: float, length_s: float) -> Iterator[PersonWindow]:
        """The window of a person alone and, where others are near, of them together."""
        if not self._is_seen_enough(person, start_s, end_s, length_s):
            return
        alone = self._window((person,), start_s, end_s, length_s)
        times_s = np.array(self._people[person].times)[self._people[person].within(start_s, end_s)]
        joints = alone.sequence
        if not moves_like_a_person(joints.keypoints[0], joints.confidence[0], times_s, self.layout):
            return
        yield alone
        together = self._together(person, start_s, end_s, length_s)
        if len(together) > 1 and person == min(together):  # the others' windows show the same
            yield self._window(together, start_s, end_s, length_s)

    def _is_seen_enough(self, person: int, start_s: float, end_s: float, length_s: float) -> bool:
        """Seen in most frames of a window, and often enough for its length, as far as the video has so many frames."""
        num_frames, possible = self._num_frames(start_s, end_s), self._num_frames(end_s - length_s, end_s)
        fewest = max(1, min(self.settings.min_frames, math.ceil(self.settings.min_seen * possible)))
        num_seen = int(self._people[person].within(start_s, end_s).sum())
        return num_seen >= max(fewest, self.settings.min_seen * num_frames)

    def _num_frames(self, start_s: float, end_s: float) -> int:
        return int(_within(self._frame_times, start_s, end_s).sum())

    def _together(self, person: int, start_s: float, end_s: float, length_s: float) -> tuple[int, ...]:
        """The person and whoever is near and seen as well, the nearest first chosen; ids in order."""
        if self.max_together < 2 or len(self._people) < 2:
            return (person,)
        own, size = self._middle(person, start_s, end_s)
        near: list[tuple[float, int]] = []
        for other in self._people:
            if other == person or not self._is_seen_enough(other, start_s, end_s, length_s):
                continue
            middle, other_size = self._middle(other, start_s, end_s)
            distance = float(np.linalg.norm(middle - own)) / max((size + other_size) / 2, 1e-6)
            is_as_large = 0.6 < other_size / max(size, 1e-6) < 1.6  # else one stands far behind the other
            if distance < self.settings.near and is_as_large:
                near.append((distance, other))
        return tuple(sorted([person, *(other for _, other in sorted(near)[: self.max_together - 1])]))

    def _middle(self, person: int, start_s: float, end_s: float) -> tuple[Float64[ndarray, " 2"], float]:
        """Middle of a person's boxes in a window, and the longer side of a box; medians."""
        stretch = self._people[person]
        boxes = np.array(stretch.boxes)[stretch.within(start_s, end_s)].astype(np.float64)
        sides = boxes[:, 2:] - boxes[:, :2]
        return np.median((boxes[:, :2] + boxes[:, 2:]) / 2, axis=0), float(np.median(sides.max(axis=1)))

    def _window(self, people: tuple[int, ...], start_s: float, end_s: float, length_s: float) -> PersonWindow:
        parts = [(self._people[person], self._people[person].within(start_s, end_s)) for person in people]
        times = np.unique(np.concatenate([np.array(stretch.times)[inside] for stretch, inside in parts]))
        shape = (len(people), len(times), self.layout.num_joints)
        keypoints, confidence = np.zeros((*shape, 2), np.float32), np.zeros(shape, np.float32)
        for row, (stretch, inside) in enumerate(parts):
            at = np.searchsorted(times, np.array(stretch.times)[inside])
            keypoints[row, at] = [places for places, kept in zip(stretch.keypoints, inside, strict=True) if kept]
            confidence[row, at] = [seen for seen, kept in zip(stretch.confidence, inside, strict=True) if kept]
        who = " and ".join(map(str, people))
        sequence = SkeletonSequence(
            keypoints, confidence, self.layout, self.size_hw, name=f"person {who} until {end_s:.2f} s"
        )
        return PersonWindow(people, max(start_s, float(times[0])), end_s, length_s, sequence)
