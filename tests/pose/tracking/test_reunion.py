"""Who comes back as a newcomer: after a cut, beside where they were lost, and who only looks like somebody."""

import numpy as np
import pytest
from fake_people import PaintedPose, Walker, colours_by_id, frames_of, standing, walking

from posecube.pose.similarity import body_size_px
from posecube.pose.tracking.people import track_people
from posecube.pose.tracking.reunion import former_self
from posecube.pose.tracking.track import Body, Track, TrackerSettings
from posecube.pose.types import Region
from posecube.skeleton.layouts import COCO17

RED, BLUE, PURPLE = np.eye(3, dtype=np.float32)
REDDISH = np.array([0.7, 0.3, 0.0], np.float32)


def somebody(x: float, *, frame: int, appearance: np.ndarray | None, height: float = 90, seen: int = 1) -> Track:
    """A confirmed track of somebody who stands, first seen in this frame and followed for so many."""
    box = np.array([x, 40, x + height / 3, 40 + height], np.float32)
    points, confidence = standing(box).astype(np.float32), np.full(17, 0.9, np.float32)
    size_px = body_size_px(points, confidence, COCO17)
    region = Region((float(x), 80.0), (120.0, 120.0))
    body = Body(points, confidence, box, 0.9, size_px, region, appearance=appearance)
    track = Track(body, frame_index=frame, time_s=frame / 30)
    for later in range(frame + 1, frame + seen):
        track.see(body, frame_index=later, time_s=later / 30, interval_s=1 / 30)
    track.is_confirmed = True
    return track


@pytest.mark.parametrize(
    ("newcomer", "is_known"),
    [
        ({"x": 105, "appearance": REDDISH}, True),
        ({"x": 105, "appearance": None}, True),
        ({"x": 105, "appearance": BLUE}, False),
        ({"x": 105, "appearance": RED, "height": 200}, False),
        ({"x": 300, "appearance": RED}, True),  # the film was cut
        ({"x": 300, "appearance": RED, "height": 140}, False),
        ({"x": 300, "appearance": REDDISH}, False),
        ({"x": 300, "appearance": None}, False),
    ],
)
def test_a_newcomer_is_known_by_place_size_and_colours(newcomer, is_known):
    lost = somebody(100, frame=0, appearance=RED, seen=30)
    new = somebody(**newcomer, frame=40, seen=10)
    assert former_self(new, [lost, new], TrackerSettings()) is (lost if is_known else None)


def test_whoever_was_seen_in_the_same_frame_is_somebody_else():
    present = somebody(100, frame=0, appearance=RED, seen=41)
    assert former_self(somebody(105, frame=40, appearance=RED), [present], TrackerSettings()) is None


def test_a_body_read_badly_for_a_while_is_the_same_when_it_is_read_well():
    half = somebody(100, frame=0, appearance=None, height=60, seen=45)
    half.mean_score = 0.3
    whole = somebody(103, frame=40, appearance=RED, height=70, seen=10)
    assert former_self(whole, [half, whole], TrackerSettings()) is half
    half.mean_score = 0.95
    assert former_self(whole, [half, whole], TrackerSettings()) is None, "both are well seen: two people"


def test_of_two_in_the_same_shirt_none_is_known_after_a_cut():
    lost, twin = somebody(100, frame=0, appearance=RED, seen=30), somebody(400, frame=0, appearance=RED, seen=50)
    new = somebody(250, frame=40, appearance=RED, seen=10)
    assert former_self(new, [lost, twin, new], TrackerSettings()) is None
    assert former_self(new, [lost, somebody(400, frame=0, appearance=BLUE, seen=50)], TrackerSettings()) is lost


def test_the_one_who_fits_better_is_taken():
    near, far = somebody(100, frame=0, appearance=REDDISH, seen=30), somebody(160, frame=0, appearance=BLUE, seen=30)
    assert former_self(somebody(110, frame=35, appearance=RED), [far, near], TrackerSettings()) is near


def test_a_long_time_later_they_are_new():
    lost = somebody(100, frame=0, appearance=RED, seen=30)
    assert former_self(somebody(100, frame=400, appearance=RED), [lost], TrackerSettings()) is None


def test_ids_last_over_a_cut():
    """The camera moves in one frame: everybody is elsewhere, and all keep their ids."""

    def jumps(before: float, after: float):
        return lambda time_s: (before if time_s < 1.0 else after, 60.0)

    walkers = [Walker(0, jumps(60, 230)), Walker(2, jumps(140, 20)), Walker(1, walking(290, 0))]
    result = list(track_people(frames_of(walkers, 75), PaintedPose()))
    colours = {id_: set(seen) - {None} for id_, seen in colours_by_id(result).items()}
    assert sorted(map(tuple, colours.values())) == [(0,), (1,), (2,)]
    assert max(id_ for _, people in result for id_ in [person.id for person in people]) == 3
