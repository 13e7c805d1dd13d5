"""Files of boxes: every way to write them, and what is said about those that cannot be read."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecube.pose.tracking.given_boxes import FrameBoxes, read_boxes


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("b.csv", "0,1,2,3,4.5\n2,5,6,7,8\n2,1,1,9,9\n"),
        ("b.csv", "frame,x1,y1,x2,y2\n0,1,2,3,4.5\n\n2, 5, 6, 7, 8\n2,1,1,9,9"),
        ("b.CSV", "\ufeffY1,x1,x2,y2,Frame\n2,1,3,4.5,0\n6,5,7,8,2\n1,1,9,9,2\n"),
        ("b.json", json.dumps([dict(zip(("frame", "x1", "y1", "x2", "y2"), row, strict=True))
                               for row in [(0, 1, 2, 3, 4.5), (2, 5, 6, 7, 8), (2, 1, 1, 9, 9)]])),
    ],
)  # fmt: skip
def test_boxes_are_grouped_by_frame(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    boxes = read_boxes(tmp_path / name)
    assert list(boxes) == [0, 2] and boxes[0].ids is None
    np.testing.assert_array_equal(boxes[0].boxes_xyxy, [[1, 2, 3, 4.5]])
    np.testing.assert_array_equal(boxes[2].boxes_xyxy, [[5, 6, 7, 8], [1, 1, 9, 9]])


def test_ids_are_kept(tmp_path):
    (tmp_path / "b.csv").write_text("0,1,2,3,4,2\n0,5,6,7,8,1\n")
    assert read_boxes(tmp_path / "b.csv")[0].ids == (2, 1)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("b.csv", "", "got no box at all"),
        ("b.csv", "0,1,2,3\n", "line 1: expected frame,x1,y1,x2,y2 .*, got 0,1,2,3"),
        ("b.csv", "0,1,2,3,4\n0,1,two,3,4\n", "line 2"),
        ("b.csv", "0,3,2,1,4\n", "line 1: .*x1 < x2"),
        ("b.csv", "-1,1,2,3,4\n", "whole frame numbers from 0"),
        ("b.csv", "0.5,1,2,3,4\n", "whole frame numbers"),
        ("b.csv", "0,1,2,nan,4\n", "line 1"),
        ("b.csv", "0,1,2,3,4,0\n", "from 1, got"),
        ("b.csv", "0,1,2,3,4,1\n0,5,6,7,8\n", "line 2: has no id while other boxes"),
        ("b.csv", "0,1,2,3,4,1\n0,5,6,7,8,1\n", "an id stands twice in frame 0"),
        ("b.json", "{", "not JSON"),
        ("b.json", '{"frame": 0}', "expected a list of objects"),
        ("b.json", "[[0, 1, 2, 3, 4]]", "entry 0: expected frame"),
        ("b.json", '[{"frame": 0, "x1": 1}]', "entry 0"),
        ("b.txt", "0,1,2,3,4\n", "expected boxes as .csv or .json, got '.txt'"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, text, message):
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=message) as error:
        read_boxes(tmp_path / name)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_or_not_text(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such file"):
        read_boxes(tmp_path / "b.csv")
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x81")
    with pytest.raises(ValueError, match="not text"):
        read_boxes(tmp_path / "b.csv")


@pytest.mark.parametrize(
    ("boxes", "ids", "message"),
    [
        (np.zeros(4), None, r"must be \(P, 4\)"),
        (np.array([[3, 1, 2, 2]]), None, "x1 < x2"),
        (np.array([[1, 1, 2, 2]]), (1, 2), "a different id for each of 1 boxes"),
        (np.array([[1, 1, 2, 2], [1, 1, 3, 3]]), (4, 4), "a different id"),
        (np.array([[1, 1, 2, 2]]), (0,), "count from 1"),
    ],
)
def test_boxes_check_themselves(boxes, ids, message):
    with pytest.raises(ValueError, match=message):
        FrameBoxes(boxes, ids)


@given(st.text(alphabet='0123456789,.-naninfe \n"{}[]:xyframe', max_size=60), st.sampled_from([".csv", ".json"]))
def test_no_text_makes_the_reader_fail_otherwise(tmp_path_factory, text, suffix):
    path = tmp_path_factory.getbasetemp() / f"anything{suffix}"
    path.write_text(text)
    try:
        boxes = read_boxes(path)
    except ValueError as error:
        assert str(path) in str(error)
    else:
        assert boxes and all(frame >= 0 for frame in boxes)
