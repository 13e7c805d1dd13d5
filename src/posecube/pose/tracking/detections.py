"""Regions of interest of a frame, and the detections in them: one body for each person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float32
from numpy import ndarray

from posecube.pose.similarity import best_of_each_body, box_containment, joint_distance, match_boxes, torso_appearance
from posecube.pose.tracking.track import Body, Track, TrackerSettings
from posecube.pose.types import PoseEstimator, Region
from posecube.video.frame import Frame

# A found person whose box agrees this well with a track's region needs no region of its own ...
_COVERED_IOU = 0.6
# ... and one whose box agrees this well still says that somebody is there.
_FOUND_IOU = 0.3
# A known person's region gives the smoother skeleton: it wins over one of a little more confidence.
_KNOWN_MERIT = 0.1
# Measured: people who embrace have boxes inside each other, but lean by 35 degrees at most; a body that was read upside
# down, or across with the legs for a person of their own, differs by 80 to 180 degrees.
_ACROSS_COSINE = 0.26
_IN_ONE_PLACE = 0.6
_BESIDE = 0.35


@dataclass(frozen=True, eq=False)
class RegionOfInterest:
    """A region in which a pose is estimated.

    Attributes:
        track: Whom is expected there.
        is_found: Whether a search of the whole frame, or the user, said that somebody is there.
        is_given: Whether it is the user who said so.
    """

    region: Region
    track: Track | None = None
    is_found: bool = False
    is_given: bool = False


@dataclass(frozen=True, eq=False)
class Detection:
    """A body of this frame with all the regions that led to it, the best first."""

    body: Body
    regions: tuple[RegionOfInterest, ...]

    def is_of(self, track: Track) -> bool:
        """Whether it was seen where this track was expected."""
        return any(region.track is track for region in self.regions)

    @property
    def is_found(self) -> bool:
        """Whether a search of the whole frame, or the user, pointed at it."""
        return any(region.is_found for region in self.regions)

    @property
    def is_given(self) -> bool:
        """Whether it is what the user pointed at."""
        return any(region.is_given for region in self.regions)


def regions_of_interest(
    tracks: Sequence[Track],
    found: Sequence[Region],
    *,
    time_s: float,
    is_search: bool,
    settings: TrackerSettings,
) -> list[RegionOfInterest]:
    """Regions to estimate poses in: where tracks are expected, and where the search found somebody else.

    A track that is missing is expected at its place for a short while, and later whenever there is a search;
    then beside that place, too, for people come out from behind somebody on either side.
    """
    followed = [t for t in tracks if not t.is_missing or t.lost_for_s(time_s) <= settings.retry_s or is_search]
    expected = [track.region(time_s) for track in followed]
    pairs = match_boxes(_boxes(expected), _boxes(found), min_iou=_FOUND_IOU)
    confirmed_by = {first for first, _, _ in pairs}
    covered = {second for _, second, overlap in pairs if overlap >= _COVERED_IOU}
    regions = [
        RegionOfInterest(region, track, is_found=row in confirmed_by)
        for row, (region, track) in enumerate(zip(expected, followed, strict=True))
    ]
    if is_search:
        missing = [track for track in tracks if track.is_missing and track.is_confirmed]
        regions += [RegionOfInterest(region, track) for track in missing for region in _regions_beside(track)]
    return regions + [RegionOfInterest(region, is_found=True) for row, region in enumerate(found) if row not in covered]


def detect(
    frame: Frame,
    regions: Sequence[RegionOfInterest],
    estimator: PoseEstimator,
    *,
    with_appearance: bool,
    settings: TrackerSettings,
) -> list[Detection]:
    """Estimate the pose in every region; skeletons on the same body become one detection."""
    if not regions:
        return []
    poses = estimator.estimate(frame.image_rgb, [each.region for each in regions])
    rows = [
        row for row in range(len(regions)) if poses.score[row] >= settings.min_score and poses.confidence[row].any()
    ]
    bodies = [Body.from_poses(poses, row, estimator, settings) for row in rows]
    seen = [regions[row] for row in rows]
    detections = []
    for group in _same_bodies(bodies, seen, settings):
        body = bodies[group[0]]
        if with_appearance:
            body = body.with_appearance(
                torso_appearance(frame.image_rgb, body.keypoints_xy, body.confidence, estimator.layout)
            )
        detections.append(Detection(body, tuple(seen[member] for member in group)))
    return detections


def body_distances(bodies: Sequence[Body]) -> Float32[ndarray, "P P"]:
    """Joint distances between all bodies of a frame, in torso lengths."""
    keypoints_xy = np.stack([body.keypoints_xy for body in bodies])
    confidence = np.stack([body.confidence for body in bodies])
    size_px = np.array([body.size_px for body in bodies])
    return joint_distance(
        keypoints_xy, confidence, keypoints_xy, confidence, first_size_px=size_px, second_size_px=size_px
    )


def _same_bodies(
    bodies: Sequence[Body], regions: Sequence[RegionOfInterest], settings: TrackerSettings
) -> list[list[int]]:
    if not bodies:
        return []
    known = [each.track is not None and each.track.is_confirmed and not each.track.is_missing for each in regions]
    merit = np.array([body.score for body in bodies]) + _KNOWN_MERIT * np.array(known)
    distances = np.where(_contradictions(bodies), 0, body_distances(bodies))
    return best_of_each_body(distances, merit, same_body=settings.same_body)


def _contradictions(bodies: Sequence[Body]) -> Bool[ndarray, "P P"]:
    """Pairs of skeletons in one place that stand across or upside down to each other: one body, read in two ways."""
    boxes = np.stack([body.box_xyxy for body in bodies])
    ups = np.array([(np.nan, np.nan) if body.up_xy is None else body.up_xy for body in bodies])
    with np.errstate(invalid="ignore"):
        return (ups @ ups.T < _ACROSS_COSINE) & (box_containment(boxes, boxes) > _IN_ONE_PLACE)


def _regions_beside(track: Track) -> list[Region]:
    region = track.region(track.seen_s)
    x, y = region.center_xy
    return [replace(region, center_xy=(x + side * _BESIDE * region.size_wh[0], y)) for side in (-1, 1)]


def _boxes(regions: Sequence[Region]) -> Float32[ndarray, "P 4"]:
    return np.array([region.box_xyxy for region in regions], np.float32).reshape(-1, 4)
