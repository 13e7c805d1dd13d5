"""Volleyball's annotations: both orders of a player's words, and lines that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecube.datasets.formats.volleyball_moments import (
    CLASSES,
    SPLIT_OF_VIDEO,
    SPLIT_VIDEOS,
    Moment,
    Player,
    parse_moment,
    read_moments,
)

STANDING = Player((100, 200, 50, 90), "standing")


def test_the_official_split():
    assert {split: len(videos) for split, videos in SPLIT_VIDEOS.items()} == {"train": 24, "val": 15, "test": 16}
    assert sorted(SPLIT_OF_VIDEO) == list(range(55))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("13286.jpg r_spike 100 200 50 90 standing", Moment(13286, "r_spike", (STANDING,))),
        ("13286.jpg r-spike standing 100 200 50 90", Moment(13286, "r_spike", (STANDING,))),
        ("1.jpg l_pass 100 200 50 90 standing standing 100 200 50 90", Moment(1, "l-pass", (STANDING, STANDING))),
        ("1.jpg  l_set   ", Moment(1, "l_set", ())),
        ("1.jpg l_set -3 2.5 50 90 standing", Moment(1, "l_set", (Player((-3, 2.5, 50, 90), "standing"),))),
    ],
)
def test_lines(line, expected):
    assert parse_moment(line) == expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "expected `FRAME.jpg ACTIVITY` and players"),
        ("1.jpg", "expected `FRAME.jpg ACTIVITY` and players"),
        ("one.jpg r_set", "expected `FRAME.jpg ACTIVITY` and players"),
        ("1.jpg r_jump", "activity 'r_jump' is none of r_set, r_spike"),
        ("1.jpg r_set 1 2 3 4", "a player must be a box of four numbers and an action, got '1 2 3 4'"),
        ("1.jpg r_set 1 2 standing 3 4", "a player must be a box"),
        ("1.jpg r_set 1 2 3 4 5", "a player must be a box"),
        ("1.jpg r_set 1 2 3 1e999 standing", "a player must be a box"),
    ],
)
def test_no_lines(line, message):
    with pytest.raises(ValueError, match=message):
        parse_moment(line)


def test_files(tmp_path):
    for video, text in {"10": "7.jpg r_set\n", "2": "20.jpg l_set\n\n3.jpg l_set\n3.jpg r_set\nbad\n", "x": ""}.items():
        (tmp_path / video).mkdir()
        (tmp_path / video / "annotations.txt").write_text(text)
    moments = read_moments(tmp_path)
    assert {name: moment for name, moment in moments.items() if isinstance(moment, Moment)} == {
        "2_20": Moment(20, "l_set", ()), "10_7": Moment(7, "r_set", ()),
    }  # fmt: skip
    assert moments["2_3"] == "annotations.txt of video 2 lists frame 3 twice"
    assert str(moments["2_line5"]).startswith("annotations.txt of video 2, line 5: expected")
    assert len(CLASSES) == 8


@given(st.text(max_size=40))
def test_any_line(line):
    try:
        parse_moment(line)
    except ValueError as error:
        assert "\n" not in str(error)
