"""What is drawn of a person at a time, and the rows of the timeline."""

import numpy as np
import pytest

from posecube.pose.types import TrackedPose
from posecube.recognition.annotate import _drawn, _timeline
from posecube.recognition.counting import Repetitions
from posecube.recognition.result import ActionSegment, Person, Prediction
from posecube.recognition.spool import PoseSpool


def pose(person: int, value: float = 0.0) -> TrackedPose:
    keypoints = np.arange(6, dtype=np.float32).reshape(3, 2) + value
    return TrackedPose(person, keypoints, np.array([1, 0.5, 0], np.float32), np.zeros(4, np.float32), 1.0)


SWAY, IN_DOUBT = Prediction("sway", 0.9, ()), Prediction(None, 0.2, ())
SEGMENTS = (ActionSegment(0.0, 2.0, SWAY), ActionSegment(2.0, 3.0, IN_DOUBT))


def row_of(person: int) -> np.void:
    with PoseSpool(3) as spool:
        spool.add(0, 0.0, [pose(person)])
        return spool.rewind()(0)[0]


@pytest.mark.parametrize(
    ("time_s", "expected"),
    [(0.0, ("sway", 0.9)), (1.99, ("sway", 0.9)), (2.0, (None, None)), (3.5, (None, None))],
)
def test_a_person_bears_the_name_of_what_they_do_at_the_time(time_s, expected):
    drawn = _drawn(row_of(4), Person(4, SEGMENTS), time_s)
    assert (drawn.label, drawn.score) == expected
    assert drawn.id == 4
    np.testing.assert_array_equal(drawn.keypoints_xy, pose(4).keypoints_xy)


def test_a_person_who_was_never_judged_bears_none():
    assert _drawn(row_of(4), None, 1.0).label is None


def test_a_tag_counts_what_was_done_until_now():
    squats = Repetitions(((0.0, 1.0), (1.0, 2.0)), (0.5, 1.5), 60.0)
    later = Repetitions(((5.0, 6.0),), (5.5,), 60.0)
    squat = Prediction("squat", 0.9, ())
    person = Person(
        4, (ActionSegment(0, 3, squat, squats), ActionSegment(3, 5, SWAY), ActionSegment(5, 7, squat, later))
    )
    counts = [_drawn(row_of(4), person, time_s).count for time_s in (0.5, 1.2, 2.5, 4.0, 5.5, 6.5)]
    assert counts == [0, 1, 2, None, 2, 3]


def test_the_timeline_has_the_longest_seen_on_top():
    people = (Person(1, SEGMENTS[1:]), Person(2, SEGMENTS), Person(3, SEGMENTS[:1]))
    rows = [(bar.row, bar.person, bar.start_s, bar.end_s, bar.label) for bar in _timeline(people)]
    assert rows == [
        (0, 2, 0, 2, "sway"), (0, 2, 2, 3, None), (1, 3, 0, 2, "sway"), (2, 1, 2, 3, None),
    ]  # fmt: skip
    assert _timeline(()) == []
