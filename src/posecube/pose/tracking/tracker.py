"""The people known so far, and what a new frame says about them. See `Tracker.step` for the order of decisions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from posecube.pose.estimators.loading import PoseEstimator
from posecube.pose.tracking.assignment import assign_bodies, is_in_doubt
from posecube.pose.tracking.body_distance import box_containment, box_iou
from posecube.pose.tracking.detections import Look, Sighting, body_gaps, plan_looks, take_looks
from posecube.pose.tracking.search_schedule import Search, SearchSchedule
from posecube.pose.tracking.track import Body, Track, TrackerSettings
from posecube.video.frame import Frame

_TOUCHING_IOU = 0.15
_TOUCHING_TORSOS = 1.0
_COLOURS_EVERY = 5
_BORROWED_SHARE = 0.5
_MIN_FOUND_SHARE = 0.4
# A track is judged by its share of plausible frames only once it was seen so often.
_JUDGED_AFTER = 15


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
        """Start with nobody known.

        Args:
            max_people: Confirm at most so many at a time.
            follow_box_xyxy: Where the person of interest is in the first frame; everybody else is followed too, so
                that nobody takes their place.
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

        1. Search the whole frame if the schedule says so. 2. Look where tracks are expected and where the search found
        somebody else; skeletons on one body become one. 3. Give the bodies to the tracks, all at once. 4. What the
        search found and nobody claims becomes a tentative track. 5. Confirm and drop tracks.

        Returns:
            The tracks seen in this frame, tentative ones among them.
        """
        self._num_frames += 1
        self._interval_s, self._last_s = frame.time_s - self._last_s, frame.time_s
        search = self._schedule.due(frame.time_s, self.tracks)
        is_search = search is not Search.NONE
        found = self._estimator.find_people(frame.image_rgb, thorough=search is Search.THOROUGH) if is_search else []
        looks = plan_looks(self.tracks, found, time_s=frame.time_s, is_search=is_search, settings=self.settings)
        if self._given_xyxy is not None:
            looks.append(Look(self._estimator.region_of_box(self._given_xyxy.tolist()), is_found=True, is_given=True))
        in_doubt = any(is_in_doubt(track, frame.time_s) for track in self.tracks)
        with_colours = in_doubt or self._num_frames % _COLOURS_EVERY == 1
        sightings = take_looks(frame, looks, self._estimator, with_colours=with_colours, settings=self.settings)
        seen = self._continue_tracks(frame, sightings, is_search=is_search)
        self._choose_wanted(seen)
        self._retire(frame, looked_for={id(look.track) for look in looks})
        self._confirm(frame)
        return list(seen)

    def finish(self) -> None:
        """Decide about those still tentative when the video ends: of a short video there is no more to see."""
        tentative = [track for track in self.tracks if not track.is_confirmed]
        for track in tentative:
            enough = min(self.settings.confirm_detections, track.num_searches)
            track.is_confirmed = track.num_found >= enough and 2 * track.num_seen >= self._num_frames
            track.is_dropped = not track.is_confirmed
        self._choose_shown(newcomers=tentative)
        self.tracks = []

    def _continue_tracks(self, frame: Frame, sightings: list[Sighting], *, is_search: bool) -> dict[Track, Sighting]:
        bodies = [sighting.body for sighting in sightings]
        pairs = assign_bodies(
            self.tracks,
            bodies,
            is_own=lambda track, body: sightings[body].is_of(self.tracks[track]),
            time_s=frame.time_s,
            settings=self.settings,
        )
        seen = {self.tracks[track]: sightings[body] for track, body in pairs}
        _note_contacts(seen, frame.time_s)
        for track in _borrowed_bodies(seen, self.settings):
            del seen[track]
        for track in self.tracks:
            track.num_searches += is_search
            if track in seen:
                track.see(seen[track].body, frame_index=frame.index, time_s=frame.time_s, interval_s=self._interval_s)
                track.num_found += is_search and seen[track].is_found
        taken = {body for _, body in pairs}
        for index, sighting in enumerate(sightings):
            if index not in taken and sighting.is_found:
                seen[self._begin(sighting, frame)] = sighting
        return seen

    def _begin(self, sighting: Sighting, frame: Frame) -> Track:
        track = Track(sighting.body, frame_index=frame.index, time_s=frame.time_s)
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
            limit_s = settings.clothes_limit_s if track.is_confirmed else settings.retry_s
            if (lost_s > limit_s or self._is_nobody(track)) and not track.is_wanted:
                track.is_dropped = True
                if not track.is_confirmed:
                    self._schedule.note_decision(was_person=False)
        self.tracks = [track for track in self.tracks if not track.is_dropped]

    def _is_nobody(self, track: Track) -> bool:
        """Whether a track was seen long enough to say that it is too seldom, or too poorly, a person."""
        settings = self.settings
        is_poor = track.seen_share < settings.min_seen_share or track.mean_score < settings.mean_score
        return track.num_seen >= _JUDGED_AFTER and is_poor

    def _confirm(self, frame: Frame) -> None:
        """Make people of the tentative tracks that were found often enough."""
        ready = [track for track in self.tracks if not track.is_confirmed and self._is_ready(track, frame)]
        for track in ready:
            track.is_confirmed = True
            self._schedule.note_decision(was_person=True)
        self._choose_shown(newcomers=ready)

    def _choose_shown(self, newcomers: Sequence[Track]) -> None:
        """Hide the newcomers whom nobody asked for; of several who come at once the larger are shown."""
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
            and track.num_found >= _MIN_FOUND_SHARE * track.num_searches
            and track.num_seen >= self.settings.min_tentative_share * num_frames
            and track.mean_score >= self.settings.sure_score
            and frame.time_s - track.first_s >= self.settings.confirm_after_s
        )

    def _choose_wanted(self, seen: dict[Track, Sighting]) -> None:
        """Take whoever was seen in the given box for the person of interest, at the first frame that shows somebody."""
        if self._given_xyxy is None or not seen:
            return
        given = [track for track, sighting in seen.items() if sighting.is_given]
        if not given:
            return
        given[0].is_wanted = given[0].is_confirmed = given[0].is_shown = True
        self._given_xyxy = None


def _note_contacts(seen: dict[Track, Sighting], time_s: float) -> None:
    """Mark people who touch: their boxes overlap, or their joints lie within a torso of each other."""
    tracks = list(seen)
    if len(tracks) < 2:
        return
    bodies = [seen[track].body for track in tracks]
    boxes = np.stack([body.box_xyxy for body in bodies])
    touching = (box_iou(boxes, boxes) > _TOUCHING_IOU) | (body_gaps(bodies) < _TOUCHING_TORSOS)
    np.fill_diagonal(touching, False)
    for row in np.flatnonzero(touching.any(axis=1)):
        tracks[row].contact_s = time_s


def _borrowed_bodies(seen: dict[Track, Sighting], settings: TrackerSettings) -> list[Track]:
    """Tracks whose skeleton lies on somebody else: it overlaps that person and wears their clothes, not its own.

    This happens while one person hides another: the region of the hidden one shows a part of the one in front.
    """
    borrowers = []
    for track, sighting in seen.items():
        unlike = track.colour_distance(sighting.body)
        if unlike is not None and unlike > settings.colour_limit:
            others = [other for other in seen if other is not track and _overlap(sighting.body, seen[other].body)]
            likeness = [other.colour_distance(sighting.body) for other in others]
            if any(distance is not None and distance < settings.same_clothes for distance in likeness):
                borrowers.append(track)
    return borrowers


def _overlap(body: Body, other: Body) -> bool:
    """Whether half of one's box or more is inside the other's."""
    return bool(box_containment(body.box_xyxy[None], other.box_xyxy[None])[0, 0] >= _BORROWED_SHARE)
