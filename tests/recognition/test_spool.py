"""Poses that wait on disk for the second pass."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecube.pose.types import TrackedPose
from posecube.recognition.spool import PoseSpool


def pose(person: int, value: float = 0.0) -> TrackedPose:
    keypoints = np.arange(6, dtype=np.float32).reshape(3, 2) + value
    return TrackedPose(person, keypoints, np.array([1, 0.5, 0], np.float32), np.zeros(4, np.float32), 1.0)


@given(st.lists(st.lists(st.integers(1, 50), unique=True, max_size=3), max_size=30))
def test_every_frame_gets_its_people_back(ids_by_frame):
    with PoseSpool(3) as spool:
        for frame, ids in enumerate(ids_by_frame):
            spool.add(frame, frame / 25, [pose(person, frame) for person in ids])
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
            spool.add(frame, frame / 25, [pose(frame + 1)])
        rows_of = spool.rewind()
        assert [int(rows_of(frame)[0]["id"]) for frame in (2, 5, 9)] == [3, 6, 10]


def test_the_file_is_gone_afterwards():
    with PoseSpool(3) as spool:
        spool.add(0, 0.0, [pose(1)])
    with pytest.raises(ValueError, match="closed file"):
        spool.add(1, 0.04, [pose(1)])


def test_rows_know_their_times_and_are_read_as_often_as_one_likes():
    with PoseSpool(3) as spool:
        for frame in range(10):
            spool.add(frame, frame / 25, [pose(1, frame), pose(2, frame)])
        for _ in range(2):
            rows = list(spool.rows())
            assert [float(row["time_s"]) for row in rows[::2]] == [frame / 25 for frame in range(10)]
            assert [int(row["id"]) for row in rows[:4]] == [1, 2, 1, 2]
