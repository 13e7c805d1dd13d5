"""Poses that wait on disk for the second pass, and what is drawn from them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecube.pose.types import TrackedPose
from posecube.recognition.annotate import _drawn, _timeline
from posecube.recognition.result import ActionSegment, Person, Prediction
from posecube.recognition.spool import PoseSpool


def pose(person: int, value: float = 0.0) -> TrackedPose:
    keypoints = np.arange(6, dtype=np.float32).reshape(3, 2) + value
    return TrackedPose(person, keypoints, np.array([1, 0.5, 0], np.float32), np.zeros(4, np.float32), 1.0)


@given(st.lists(st.lists(st.integers(1, 50), unique=True, max_size=3), max_size=30))
def test_every_frame_gets_its_people_back(ids_by_frame):
    with PoseSpool(3) as spool:
        for frame, ids in enumerate(ids_by_frame):
            spool.add(frame, frame / 30, [pose(person, frame) for person in ids])
        for _ in range(2):
            rows_of = spool.rewind()
            for frame, ids in enumerate(ids_by_frame):
                rows = rows_of(frame)
                assert [int(row["id"]) for row in rows] == ids
                for row, person in zip(rows, ids, strict=True):
                    np.testing.assert_array_equal(row["keypoints"], pose(person, frame).keypoints_xy)
                    np.testing.assert_array_equal(row["confidence"], pose(person, frame).confidence)
        assert rows_of(len(ids_by_frame)) == []


def test_frames_that_nobody_asks_for_are_passed_over():
    with PoseSpool(3) as spool:
        for frame in range(10):
            spool.add(frame, frame / 30, [pose(frame + 1)])
        rows_of = spool.rewind()
        assert [int(rows_of(frame)[0]["id"]) for frame in (2, 5, 9)] == [3, 6, 10]


def test_the_file_is_gone_afterwards():
    with PoseSpool(3) as spool:
        spool.add(0, 0.0, [pose(1)])
    with pytest.raises(ValueError, match="closed file"):
        spool.add(1, 0.1, [pose(1)])


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


def test_the_timeline_has_the_longest_seen_on_top():
    people = (Person(1, SEGMENTS[1:]), Person(2, SEGMENTS), Person(3, SEGMENTS[:1]))
    rows = [(bar.row, bar.start_s, bar.end_s, bar.label) for bar in _timeline(people)]
    assert rows == [(0, 0, 2, "sway"), (0, 2, 3, None), (1, 0, 2, "sway"), (2, 2, 3, None)]
    assert _timeline(()) == []
