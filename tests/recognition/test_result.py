"""The JSON of a recognition: every key that ARCHITECTURE.md promises, and nothing else."""

import json

import pytest

from made_recognition import IN_DOUBT, SQUAT, make_recognition
from posecube.recognition.counting import Repetitions
from posecube.recognition.result import ActionSegment, Person


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
                    {"start_s": 0.0, "end_s": 1.235, **squat, "repetitions": None},
                    {"start_s": 1.235, "end_s": 4.0, **in_doubt, "repetitions": None},
                ],
            },
            {"id": 3, "segments": [{"start_s": 0.0, "end_s": 1.235, **squat, "repetitions": None}]},
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


def test_records_are_short():
    assert repr(SQUAT) == "Prediction('squat' 0.70)" and repr(IN_DOUBT) == "Prediction(None 0.30)"
    assert repr(make_recognition()) == "Recognition('clips/squat.mp4': 'squat' 0.70, 2 people)"
    assert repr(make_recognition().people[0]) == "Person(1, 2 segments)"


def test_counted_repetitions_are_told_with_their_times():
    counted = Repetitions(((0.0, 1.0), (1.5, 2.34567)), (0.5, 2.0), 40.0)
    recognition = make_recognition(people=(Person(1, (ActionSegment(0.0, 3.0, SQUAT, counted),)),))
    (segment,) = recognition.as_dict()["people"][0]["segments"]
    assert segment["repetitions"] == {"count": 2, "times_s": [[0.0, 1.0], [1.5, 2.346]], "tempo_per_minute": 40.0}
