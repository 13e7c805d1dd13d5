"""The JSON of a recognition: every key that ARCHITECTURE.md promises, and nothing else."""

import io
import json
from fractions import Fraction

import pytest
from rich.console import Console

from posecube.commands.recognize import recognition_table
from posecube.recognition.result import ActionSegment, Person, Prediction, Recognition

TOP5 = (("squat", 0.7), ("bowl", 0.2))
SQUAT = Prediction("squat", 0.7, TOP5)
IN_DOUBT = Prediction(None, 0.3, (("bowl", 0.3), ("squat", 0.29)))


def make_recognition(**fields) -> Recognition:
    segments = (ActionSegment(0.0, 1.23456, SQUAT), ActionSegment(1.23456, 4.0, IN_DOUBT))
    content = {
        "video": "clips/squat.mp4",
        "fps": Fraction(30000, 1001),
        "num_frames": 120,
        "size_hw": (360, 270),
        "people": (Person(1, segments), Person(3, segments[:1])),
        "prediction": SQUAT,
        "pose": "blazepose",
        "weights": ("penn15-joint", "penn15-limb"),
        "seconds": {"pose": 1.23456},
    }
    return Recognition(**{**content, **fields})


def test_the_json_has_the_documented_keys_and_values(tmp_path):
    make_recognition().save_json(tmp_path / "result.json")
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]
    squat = {"label": "squat", "score": 0.7, "top5": [["squat", 0.7], ["bowl", 0.2]]}
    in_doubt = {"label": None, "score": 0.3, "top5": [["bowl", 0.3], ["squat", 0.29]]}
    assert json.loads((tmp_path / "result.json").read_text()) == {
        "video": "clips/squat.mp4",
        "fps": 29.97,
        "num_frames": 120,
        "size_hw": [360, 270],
        "people": [
            {
                "id": 1,
                "segments": [
                    {"start_s": 0.0, "end_s": 1.235, **squat},
                    {"start_s": 1.235, "end_s": 4.0, **in_doubt},
                ],
            },
            {"id": 3, "segments": [{"start_s": 0.0, "end_s": 1.235, **squat}]},
        ],
        **squat,
        "pose": "blazepose",
        "weights": ["penn15-joint", "penn15-limb"],
        "seconds": {"pose": 1.235},
    }


def test_nobody_in_view_has_no_label():
    content = make_recognition(people=(), prediction=None).as_dict()
    assert (content["people"], content["label"], content["score"], content["top5"]) == ([], None, 0.0, [])


def test_none_of_the_known_actions_has_no_label_but_its_best():
    content = make_recognition(prediction=IN_DOUBT).as_dict()
    assert (content["label"], content["top5"][0]) == (None, ["bowl", 0.3])


def test_a_write_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(OSError):
        make_recognition().save_json(tmp_path / "missing" / "result.json")
    broken = make_recognition(seconds={"pose": 1.0})
    object.__setattr__(broken, "video", object())
    with pytest.raises(TypeError):
        broken.save_json(tmp_path / "result.json")
    assert not list(tmp_path.iterdir())


def printed(recognition: Recognition) -> str:
    console = Console(width=120, file=io.StringIO(), record=True)
    console.print(recognition_table(recognition))
    return console.export_text()


def test_the_table_says_who_did_what_when():
    text = printed(make_recognition(video="clips/[bold]squat.mp4"))
    assert "clips/[bold]squat.mp4: squat (70%)" in text
    assert "120 frames in 1.2 s (97 frames/s)" in text
    for part in ("0.0 s", "1.2 s", "4.0 s", "(unknown)", "bowl 20%"):
        assert part in text


def test_the_table_of_nobody():
    text = printed(make_recognition(people=(), prediction=None, seconds={}))
    assert "no known action" in text and "no detections, or too short" in text


def test_a_class_name_in_brackets_is_shown_as_it_is():
    odd = Prediction("[/b]", 0.9, (("[/b]", 0.9), ("[red]", 0.1)))
    text = printed(make_recognition(people=(Person(1, (ActionSegment(0, 1, odd),)),), prediction=odd))
    assert text.count("[/b]") == 2 and "[red] 10%" in text
