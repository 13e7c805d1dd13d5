"""Single-person best path, on painted people: nothing needs confirming, and a lamp does not take their place."""

import numpy as np
import pytest
from fake_people import SIZE_HW, PaintedPose, Walker, colour_at, frames_of, walking, write_video

from posecube.pose.estimators.loading import load_estimator
from posecube.pose.extraction.sequence_from_video import sequence_from_video
from posecube.pose.tracking.people import track_people
from posecube.pose.tracking.single_person import track_single_person
from posecube.pose.types import FramePoses


class Doubtful(PaintedPose):
    """Gives each colour a score of its own, and different ones in the frames that are named."""

    def __init__(self, scores, exceptions=None, **options):
        super().__init__(**options)
        self._scores, self._exceptions = scores, exceptions or {}

    def estimate(self, image_rgb, regions):
        poses = super().estimate(image_rgb, regions)
        frame = int(image_rgb[0, 0, 0])
        colours = [colour_at(image_rgb, points) for points in poses.keypoints_xy]
        score = [
            0.0 if colour is None else self._exceptions.get((frame, colour), self._scores[colour]) for colour in colours
        ]
        return FramePoses(
            poses.keypoints_xy, poses.confidence, poses.boxes_xyxy,
            np.where(poses.score > 0, np.array(score, np.float32), 0), poses.next_regions,
        )  # fmt: skip


def colours_of(frames, estimator):
    frames = list(frames)
    found, num_frames = track_single_person(frames, estimator)
    assert num_frames == len(frames)
    return [colour_at(frame.image_rgb, found[frame.index].keypoints_xy) if frame.index in found else None
            for frame in frames]  # fmt: skip


def test_somebody_whom_tracking_never_confirms_is_given():
    estimator = Doubtful({0: 0.15})
    frames = list(frames_of([Walker(0, walking(60, 30))], 30))
    assert not any(people for _, people in track_people(frames, estimator))
    found, _ = track_single_person(frames, estimator)
    assert sorted(found) == list(range(30)) and {pose.id for pose in found.values()} == {1}
    assert found[0].score == pytest.approx(0.15)


def test_one_who_is_likely_on_the_whole_is_kept_through_doubtful_frames():
    """The other is likelier in three frames; going there and back would cost more than it brings."""
    walkers = [Walker(0, walking(60, 10)), Walker(1, walking(240, 10))]
    exceptions = {(frame, 0): 0.2 for frame in (8, 9, 20)} | {(frame, 1): 0.6 for frame in (8, 9, 20)}
    assert colours_of(frames_of(walkers, 30), Doubtful({0: 0.5, 1: 0.3}, exceptions)) == [0] * 30


def test_the_path_goes_over_where_another_is_likelier_for_long():
    walkers = [Walker(0, walking(60, 10), is_there=lambda time_s: time_s < 0.5), Walker(1, walking(240, 10))]
    assert colours_of(frames_of(walkers, 40), Doubtful({0: 0.9, 1: 0.3})) == [0] * 15 + [1] * 25


def test_frames_in_which_the_search_fails_are_filled_from_the_frame_before():
    estimator = PaintedPose(overlooks=lambda frame, colour: frame % 5 != 0)
    assert colours_of(frames_of([Walker(0, walking(60, 30))], 20), estimator) == [0] * 20


def test_without_detections_the_whole_frame_is_a_region():
    seen = []

    class Blind(PaintedPose):
        def find_people(self, image_rgb, *, thorough=True):
            return []

        def estimate(self, image_rgb, regions):
            seen.extend(region.center_xy for region in regions)
            return super().estimate(image_rgb, regions)

    found, _ = track_single_person(frames_of([Walker(0, walking(100, 0))], 3), Blind())
    assert len(found) == 3 and seen[0] == ((SIZE_HW[1] - 1) / 2, (SIZE_HW[0] - 1) / 2)


def test_no_detections_at_all():
    assert track_single_person(frames_of([], 5), PaintedPose()) == ({}, 5)
    assert track_single_person([], PaintedPose()) == ({}, 0)


class TestSequences:
    """`sequence_from_video` with people="single"."""

    def test_a_video_gives_one_person(self, tmp_path):
        path = write_video(tmp_path / "a.mp4", [Walker(0, walking(60, 10)), Walker(1, walking(200, 0))], 12)
        sequence = sequence_from_video(path, estimator=PaintedPose(), people="single")
        assert (sequence.num_people, sequence.num_frames) == (1, 12) and (sequence.confidence > 0).all()
        assert (
            sequence_from_video(write_video(tmp_path / "b.mp4", []), estimator=PaintedPose(), people="single") is None
        )

    def test_what_does_not_go_together(self, tmp_path):
        path = write_video(tmp_path / "a.mp4", [])
        with pytest.raises(ValueError, match="unknown choice of people 'all'; known: single, surest, tracked"):
            sequence_from_video(path, estimator=PaintedPose(), people="all")
        with pytest.raises(ValueError, match="boxes say who the people are"):
            sequence_from_video(path, estimator=PaintedPose(), people="single", follow_box_xyxy=(0, 0, 5, 5))


def test_a_low_threshold_finds_people_in_the_dark(shared, monkeypatch):
    """A real dark clip in which tracking confirms no person."""
    monkeypatch.setenv("POSECUBE_WEIGHTS", str(shared / "data" / "weights"))
    path = shared / "data" / "dark" / "train" / "Walk" / "Walk_14_10.mp4"
    estimator = load_estimator("yolox-movenet", threads=1, low_threshold=True)
    assert sequence_from_video(path, estimator="yolox-movenet", gamma=2.5, threads=1) is None
    sequence = sequence_from_video(path, estimator=estimator, gamma=2.5, people="single", threads=1)
    assert (sequence.confidence[0].max(axis=-1) > 0).mean() > 0.8
