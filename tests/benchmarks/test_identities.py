"""IDF1, switches and MOTA on answers that are right by construction, and ByteTrack on boxes that cross."""

import numpy as np
import pytest

from identities import Counts, count
from other_trackers import byte_track
from posecube.pose.types import FramePoses, TrackedPose

FRAMES = 20
STANDING = np.array([(np.cos(angle) * 20, angle * 15) for angle in np.linspace(0, 6, 17)], np.float32)


def people_at(*places_x: float) -> np.ndarray:
    """Everybody's true joints, who stand for all frames: (M, T, 17, 2)."""
    return np.stack([np.repeat((STANDING + np.array([x, 50]))[None], FRAMES, axis=0) for x in places_x])


def answered(truth: np.ndarray, ids) -> list[list[TrackedPose]]:
    """Exact skeletons; `ids` says who is called what in which frame, None for nobody."""
    box = np.zeros(4, np.float32)
    return [
        [
            TrackedPose(id_, truth[person, t].astype(np.float32), np.ones(17, np.float32), box, 1.0)
            for person in range(len(truth))
            if (id_ := ids(person, t)) is not None
        ]
        for t in range(FRAMES)
    ]


@pytest.mark.parametrize(
    ("ids", "idf1", "switches", "mota"),
    [
        (lambda person, t: person + 1, 100, 0, 100),
        (lambda person, t: 2 - person if t < 10 else person + 1, 50, 2, 95),
        (lambda person, t: person + 1 if t % 2 else None, 100 * 2 * 20 / 60, 0, 50),
        (lambda person, t: person + 1 + 2 * (t >= 5), 75, 2, 95),
        (lambda person, t: None, 0, 0, 0),
    ],
)
def test_two_people(ids, idf1, switches, mota):
    truth = people_at(100, 400)
    counts = count(answered(truth, ids), truth, np.ones(truth.shape[:3], bool))
    assert (counts.idf1, counts.switches, counts.mota) == pytest.approx((idf1, switches, mota))


def test_whoever_is_out_of_sight_counts_neither_way():
    truth = people_at(100, 400)
    is_seen = np.ones(truth.shape[:3], bool)
    is_seen[1, :, 5:] = False
    everybody = count(answered(truth, lambda person, t: person + 1), truth, is_seen)
    one = count(answered(truth, lambda person, t: 1 if person == 0 else None), truth, is_seen)
    assert (everybody.idf1, one.idf1, everybody.people) == (100, 100, 1)


def test_counts_add_up():
    assert Counts(10, 10, 10, 5) + Counts(10, 10, 10, 10) == Counts(20, 20, 20, 15)


def test_byte_track_follows_two_who_cross():
    frames = []
    for t in range(30):
        boxes = np.array([[20 + 8 * t, 50, 60 + 8 * t, 150], [260 - 8 * t, 70, 300 - 8 * t, 160]], np.float32)
        points = np.zeros((2, 17, 2), np.float32)
        frames.append(FramePoses(points, np.ones((2, 17), np.float32), boxes, np.array([0.9, 0.8], np.float32)))
    answers = byte_track(frames, 30.0)
    assert [sorted(each.id for each in people) for people in answers] == [[1, 2]] * 30
    assert answers[0][0].id == 1 and answers[-1][0].box_xyxy[0] > 200
