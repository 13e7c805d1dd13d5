"""Frames become clips: where they stand, how large the picture is."""

import numpy as np
import pytest

from posecube.datasets.formats.pose_clips import frame_positions, natural_order, parse_size, sequence_of_frames
from posecube.datasets.frame_people import FramePeople
from posecube.skeleton.layouts import COCO17


def pose(xy, confidence=1.0):
    return FramePeople(np.full((1, 17, 2), xy, np.float32), np.full((1, 17), confidence, np.float32), (None,))


def make(frames, **options):
    arguments = {"num_frames": 3, "layout": COCO17, "size_hw": None, "max_people": 2, "name": "a", "label": 1}
    return sequence_of_frames(frames, **arguments | options)


def test_frames_without_people_are_empty():
    sequence = make({0: pose((10, 20.5)), 2: pose((30, 4))})
    assert sequence.confidence.any(axis=(0, 2)).tolist() == [True, False, True]
    assert (sequence.label, sequence.name, sequence.fps) == (1, "a", None)


def test_the_frame_holds_all_joints_seen():
    assert make({0: pose((10, 20.5)), 2: pose((30, 4))}).size_hw == (22, 31)
    assert make({0: pose((-10, -20.5))}).size_hw == (1, 1)
    assert make({0: pose((10, 20))}, size_hw=(480, 640)).size_hw == (480, 640)


def test_no_detections():
    with pytest.raises(ValueError, match="it has no detections"):
        make({})


@pytest.mark.parametrize(("numbers", "expected"), [([5], [0]), ([3, 4, 9], [0, 1, 6]), ([-2, 0], [0, 2])])
def test_positions(numbers, expected):
    assert frame_positions(numbers) == expected


def test_positions_of_a_long_video():
    assert frame_positions(range(0, 300_000)) == list(range(300_000))
    assert frame_positions([0, 99_999]) == [0, 99_999]


@pytest.mark.parametrize(
    ("numbers", "message"),
    [([1, 2, 1], "frame 1 stands there twice"), ([0, 10**12], "2 frames with numbers from 0 to 1000000000000 are no")],
)
def test_no_positions(numbers, message):
    with pytest.raises(ValueError, match=message):
        frame_positions(numbers)


def test_natural_order():
    names = ["img10.jpg", "img2.jpg", "b", "img", "9", "10"]
    assert sorted(names, key=natural_order) == ["b", "img", "img2.jpg", "img10.jpg", "9", "10"]


def test_size():
    assert parse_size("1080x1920") == (1080, 1920)
    assert parse_size(None) is None


@pytest.mark.parametrize("size", ["1080", "0x10", "x", "10x-3", "1e3x10", "9999999x10", ""])
def test_no_size(size):
    with pytest.raises(ValueError, match="size must be HEIGHTxWIDTH such as 1080x1920, got"):
        parse_size(size)
