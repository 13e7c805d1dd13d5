"""Several skeletons on one body, and regions of interest."""

import numpy as np
import pytest
from fake_people import PaintedPose, Walker, frames_of, walking

from posecube.pose.tracking.detections import RegionOfInterest, detect, regions_of_interest
from posecube.pose.tracking.track import Body, Track, TrackerSettings

SETTINGS = TrackerSettings()


class Misreads(PaintedPose):
    """Answers every second region with the same body turned by an angle."""

    turn_rad = np.pi

    def estimate(self, image_rgb, regions):
        poses = super().estimate(image_rgb, regions)
        cosine, sine = np.cos(self.turn_rad), np.sin(self.turn_rad)
        for row in range(1, len(poses), 2):
            middle = poses.keypoints_xy[row].mean(axis=0)
            poses.keypoints_xy[row] = (poses.keypoints_xy[row] - middle) @ [[cosine, sine], [-sine, cosine]] + middle
            poses.score[row] = 0.6
            points = poses.keypoints_xy[row]
            poses.boxes_xyxy[row] = [*points.min(axis=0), *points.max(axis=0)]
        return poses


def first_frame(*walkers):
    return next(frames_of(walkers, 1))


@pytest.mark.parametrize(("degrees", "num_people"), [(180, 1), (160, 1)])
def test_a_body_read_upside_down_is_still_one_body(degrees, num_people):
    frame = first_frame(Walker(0, walking(100, 0), size_wh=(40, 80)))
    estimator = Misreads()
    estimator.turn_rad = np.radians(degrees)
    region = estimator.region_of_box((80, 20, 120, 100))
    regions = [RegionOfInterest(region)] * 2
    detections = detect(frame, regions, estimator, with_appearance=False, settings=SETTINGS)
    assert len(detections) == num_people
    assert detections[0].body.score == pytest.approx(0.9), "the more confident reading stays"


def test_people_side_by_side_are_two():
    frame = first_frame(Walker(0, walking(100, 0)), Walker(1, walking(130, 0)))
    estimator = PaintedPose()
    regions = [RegionOfInterest(region, is_found=True) for region in estimator.find_people(frame.image_rgb)]
    detections = detect(frame, regions, estimator, with_appearance=True, settings=SETTINGS)
    assert len(detections) == 2 and all(detection.is_found for detection in detections)
    assert all(detection.body.appearance is not None for detection in detections)


def make_track(estimator, frame, region):
    poses = estimator.estimate(frame.image_rgb, [region])
    return Track(Body.from_poses(poses, 0, estimator, SETTINGS), frame_index=0, time_s=0.0)


def test_what_the_search_found_where_somebody_is_known_needs_no_second_region():
    estimator = PaintedPose()
    frame = first_frame(Walker(0, walking(100, 0)), Walker(1, walking(200, 0)))
    found = estimator.find_people(frame.image_rgb)
    track = make_track(estimator, frame, found[0])
    regions = regions_of_interest([track], found, time_s=0.03, is_search=True, settings=SETTINGS)
    assert [(region.track, region.is_found) for region in regions] == [(track, True), (None, True)]


def test_the_lost_are_searched_at_once_and_then_at_every_search_beside_their_place():
    estimator = PaintedPose()
    frame = first_frame(Walker(0, walking(100, 0)))
    track = make_track(estimator, frame, estimator.find_people(frame.image_rgb)[0])
    track.is_missing = track.is_confirmed = True

    def number(time_s: float, *, is_search: bool) -> int:
        return len(regions_of_interest([track], [], time_s=time_s, is_search=is_search, settings=SETTINGS))

    assert number(0.1, is_search=False) == 1
    assert number(1.0, is_search=False) == 0
    assert number(1.0, is_search=True) == 3
