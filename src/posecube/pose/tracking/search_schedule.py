"""When to search the whole frame: seldom while all is well, at once when somebody is missing or new."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum

from posecube.pose.tracking.track import Track, TrackerSettings

_FIRST_FRAMES = 3


class Search(Enum):
    """How to search one frame."""

    NONE = "none"
    QUICK = "quick"
    THOROUGH = "thorough"


class SearchSchedule:
    """Decides for each frame whether and how the whole of it is searched for people."""

    def __init__(self, settings: TrackerSettings) -> None:
        self._settings = settings
        self._check_every = settings.check_every
        self._num_frames = 0
        self._since_frames = 0
        self._searched_s = -math.inf
        self._thorough_s = -math.inf

    def due(self, time_s: float, tracks: Sequence[Track]) -> Search:
        """The search for the frame of this time; every frame must be asked about once, in order."""
        self._num_frames += 1
        self._since_frames += 1
        is_empty_start = self._num_frames <= _FIRST_FRAMES and not tracks
        if is_empty_start or self._is_somebody_in_question(time_s, tracks):
            return self._searched(Search.THOROUGH, time_s)
        settings = self._settings
        if self._since_frames < settings.detect_every and time_s - self._searched_s < settings.detect_every_s:
            return Search.NONE
        is_long_ago = time_s - self._thorough_s >= settings.thorough_every_s
        return self._searched(Search.THOROUGH if is_long_ago else Search.QUICK, time_s)

    def note_decision(self, *, was_person: bool) -> None:
        """Look at newcomers eagerly while they turn out to be people, and ever less so while they are nobody.

        A patch of background that looks like a person again and again must not make every frame expensive.
        """
        settings = self._settings
        self._check_every = settings.check_every if was_person else min(2 * self._check_every, settings.detect_every)

    def _is_somebody_in_question(self, time_s: float, tracks: Sequence[Track]) -> bool:
        wanted = self._settings.confirm_detections
        newcomers = [track for track in tracks if not track.is_confirmed and track.num_found < wanted]
        if newcomers and self._since_frames >= self._check_every:
            return True
        # Somebody just lost is searched for at once, then at growing intervals: they may have left for good.
        lost_s = [track.lost_for_s(time_s) for track in tracks if track.is_confirmed and track.is_missing]
        return bool(lost_s) and time_s - self._searched_s >= min(lost_s) / 2

    def _searched(self, search: Search, time_s: float) -> Search:
        self._since_frames, self._searched_s = 0, time_s
        if search is Search.THOROUGH:
            self._thorough_s = time_s
        return search
