"""The people known so far, and what a new frame says about them. See `Tracker.step` for the order of decisions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum

import numpy as np

from posecube.pose.tracking.association import assign_bodies, borrowed_bodies, is_in_doubt, note_contacts
from posecube.pose.tracking.detections import Detection, RegionOfInterest, detect, regions_of_interest
from posecube.pose.tracking.reunion import former_self
from posecube.pose.tracking.track import Track, TrackerSettings
from posecube.pose.types import PoseEstimator
from posecube.video.frame import Frame

_APPEARANCE_EVERY = 5
_MIN_FOUND_FRACTION = 0.4
# A track is judged by its fraction of plausible frames only once it was seen so often.
_JUDGED_AFTER = 15
_FIRST_FRAMES = 3


class Tracker:
    """Follows people; `step` takes one frame after another, `finish` decides about the last ones."""

    def __init__(
        self,
        estimator: PoseEstimator,
        *,
        max_people: int | None = None,
        follow_box_xyxy: Sequence[float] | None = None,
        settings: TrackerSettings | None = None,
    ) -> None:
        """Start without a track.

        Args:
            max_people: Confirm at most so many at a time.
            follow_box_xyxy: Where the only person to show is in the first frame; everybody else is followed too, so
                that no id switches.
        """
        self.settings = settings or TrackerSettings()
        self.tracks: list[Track] = []
        self._estimator = estimator
        self._max_people = max_people
        self._given_xyxy = None if follow_box_xyxy is None else np.asarray(follow_box_xyxy, np.float32)
        self._follows_one = follow_box_xyxy is not None
        self._schedule = SearchSchedule(self.settings)
        self._num_frames = 0
        self._last_s = 0.0
        self._interval_s = 0.0

    def step(self, frame: Frame) -> list[Track]:
        """Continue the tracks with the next frame.

        1. Search the whole frame if the schedule says so. 2. Estimate poses where tracks are expected and where the
        search found somebody else; skeletons on one body become one. 3. Give the bodies to the tracks, all at once.
        4. What the search found and no track claims becomes a tentative track. 5. Confirm and drop tracks.

        Returns:
            The tracks seen in this frame, tentative ones among them.
        """
        self._num_frames += 1
        self._interval_s, self._last_s = frame.time_s - self._last_s, frame.time_s
        search = self._schedule.due(frame.time_s, self.tracks)
        is_search = search is not Search.NONE
        found = self._estimator.find_people(frame.image_rgb, thorough=search is Search.THOROUGH) if is_search else []
        regions = regions_of_interest(
            self.tracks, found, time_s=frame.time_s, is_search=is_search, settings=self.settings
        )
        if self._given_xyxy is not None:
            given = self._estimator.region_of_box(self._given_xyxy.tolist())
            regions.append(RegionOfInterest(given, is_found=True, is_given=True))
        in_doubt = any(is_in_doubt(track, frame.time_s) for track in self.tracks)
        with_appearance = in_doubt or self._num_frames % _APPEARANCE_EVERY == 1
        detections = detect(frame, regions, self._estimator, with_appearance=with_appearance, settings=self.settings)
        seen = self._continue_tracks(frame, detections, is_search=is_search)
        self._choose_given(seen)
        self._retire(frame, looked_for={id(region.track) for region in regions})
        self._confirm(frame)
        return list(seen)

    def finish(self) -> None:
        """Decide about those still tentative when the video ends: of a short video there is no more to see."""
        tentative = [track for track in self.tracks if not track.is_confirmed]
        people = []
        for track in tentative:
            enough = min(self.settings.confirm_detections, track.num_searches)
            is_person = track.num_found >= enough and 2 * track.num_seen >= self._num_frames
            track.is_dropped = not is_person
            people += [track] * is_person
        self._welcome(people)
        self.tracks = []

    def _continue_tracks(self, frame: Frame, detections: list[Detection], *, is_search: bool) -> dict[Track, Detection]:
        bodies = [detection.body for detection in detections]
        pairs = assign_bodies(
            self.tracks,
            bodies,
            is_own=lambda track, body: detections[body].is_of(self.tracks[track]),
            time_s=frame.time_s,
            settings=self.settings,
        )
        seen = {self.tracks[track]: detections[body] for track, body in pairs}
        note_contacts(seen, frame.time_s)
        for track in borrowed_bodies(seen, self.settings):
            del seen[track]
        for track in self.tracks:
            track.num_searches += is_search
            if track in seen:
                track.see(seen[track].body, frame_index=frame.index, time_s=frame.time_s, interval_s=self._interval_s)
                track.num_found += is_search and seen[track].is_found
        taken = {body for _, body in pairs}
        for index, detection in enumerate(detections):
            if index not in taken and detection.is_found:
                seen[self._begin(detection, frame)] = detection
        return seen

    def _begin(self, detection: Detection, frame: Frame) -> Track:
        track = Track(detection.body, frame_index=frame.index, time_s=frame.time_s)
        self.tracks.append(track)
        return track

    def _retire(self, frame: Frame, looked_for: set[int]) -> None:
        """Forget those away for too long, those never quite there, and tentative ones at their first absence."""
        settings = self.settings
        for track in self.tracks:
            track.is_missing = track.seen_frame != frame.index
            if track.is_missing and id(track) in looked_for:
                track.miss(self._interval_s)
            lost_s = track.lost_for_s(frame.time_s)
            limit_s = settings.same_appearance_limit_s if track.is_confirmed else settings.retry_s
            if (lost_s > limit_s or self._is_implausible(track)) and not track.is_given:
                track.is_dropped = True
                if not track.is_confirmed:
                    self._schedule.note_decision(was_person=False)
        self.tracks = [track for track in self.tracks if not track.is_dropped]

    def _is_implausible(self, track: Track) -> bool:
        """Whether a track was seen long enough to say that it is too seldom, or too poorly, a person."""
        settings = self.settings
        is_poor = track.seen_fraction < settings.min_seen_fraction or track.mean_score < settings.mean_score
        return track.num_seen >= _JUDGED_AFTER and is_poor

    def _confirm(self, frame: Frame) -> None:
        """Make people of the tentative tracks that were found often enough."""
        ready = [track for track in self.tracks if not track.is_confirmed and self._is_ready(track, frame)]
        if ready:
            self._schedule.note_decision(was_person=True)
        self._welcome(ready)

    def _welcome(self, newcomers: Sequence[Track]) -> None:
        """Confirm newcomers: those who were here before go on as who they were, the others are new."""
        strangers = []
        for track in newcomers:
            former = former_self(track, self.tracks, self.settings)
            if former is None:
                strangers.append(track)
            else:
                track.continue_as(former)
                self.tracks = [other for other in self.tracks if other is not former]
        for track in strangers:
            track.is_confirmed = True
        self._choose_shown(newcomers=strangers)

    def _choose_shown(self, newcomers: Sequence[Track]) -> None:
        """Hide the newcomers who were not asked for; of several who come at once the larger are shown."""
        people = [track for track in self.tracks if track.is_confirmed and track not in newcomers]
        num_shown = sum(track.is_shown for track in people)
        for track in sorted(newcomers, key=lambda track: -track.body.size_px):
            has_room = self._max_people is None or num_shown < self._max_people
            track.is_shown = track.is_confirmed and has_room and not self._follows_one
            num_shown += track.is_shown

    def _is_ready(self, track: Track, frame: Frame) -> bool:
        num_frames = frame.index - track.first_frame + 1
        return (
            track.num_found >= self.settings.confirm_detections
            and track.num_found >= _MIN_FOUND_FRACTION * track.num_searches
            and track.num_seen >= self.settings.min_tentative_fraction * num_frames
            and track.mean_score >= self.settings.confident_score
            and frame.time_s - track.first_s >= self.settings.confirm_after_s
        )

    def _choose_given(self, seen: dict[Track, Detection]) -> None:
        """Take whoever was seen in the given box for the one to show, at the first frame that shows somebody."""
        if self._given_xyxy is None or not seen:
            return
        given = [track for track, detection in seen.items() if detection.is_given]
        if not given:
            return
        given[0].is_given = given[0].is_confirmed = given[0].is_shown = True
        self._given_xyxy = None


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
        """Search eagerly for newcomers while they turn out to be people, and ever less so while they do not.

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
