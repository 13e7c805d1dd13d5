"""The command that recognises: one video or several, what it writes, what it shows."""

import csv
import io
import json
from pathlib import Path

import av
import fake_people
import pytest
from fake_people import Walker, walking, write_video
from rich.console import Console

from builders import make_model
from made_recognition import make_recognition
from posecube.cli import main
from posecube.commands.recognize import recognition_table
from posecube.commands.recognize_outputs import segments_csv
from posecube.recognition.result import ActionSegment, Person, Prediction, Recognition


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A model and two painted videos, with an estimator that reads the paint."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("posecube.recognizer.load_estimator", lambda *_names, **_options: fake_people.make_painted())
    model, card = make_model()
    model.save(tmp_path / "weights.safetensors", card)
    for number in range(2):
        write_video(tmp_path / f"{number}.mp4", [Walker(number, walking(60, 10))], num_frames=40)
    return tmp_path


def run(arguments: str) -> int:
    return main(["recognize", *arguments.split(), "--weights", "weights.safetensors", "--device", "cpu"])


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text())))


def test_one_video_to_json_csv_and_a_drawn_one_is_opened_once_for_each(folder, capsys, monkeypatch) -> None:
    opened, really_open = [], av.open
    monkeypatch.setattr(av, "open", lambda file, *rest, **more: opened.append(file) or really_open(file, *rest, **more))
    assert run("0.mp4 --json 0.json --csv 0.csv --video out.mp4") == 0
    assert opened.count("file:0.mp4") == 2 and len(opened) == 3, "once to recognise, once to draw on, once to write"
    content = json.loads((folder / "0.json").read_text())
    rows = read_csv(folder / "0.csv")
    segments = [segment for person in content["people"] for segment in person["segments"]]
    assert [row["label"] for row in rows] == [segment["label"] or "" for segment in segments]
    assert {row["video"] for row in rows} == {"0.mp4"} and float(rows[0]["end_s"]) == segments[0]["end_s"]
    assert (folder / "out.mp4").is_file() and capsys.readouterr().out.startswith("0.mp4: ")


def test_several_videos_are_a_list(folder, capsys) -> None:
    assert run("0.mp4 1.mp4 --json all.json --csv all.csv --quiet") == 0
    assert [content["video"] for content in json.loads((folder / "all.json").read_text())] == ["0.mp4", "1.mp4"]
    assert {row["video"] for row in read_csv(folder / "all.csv")} == {"0.mp4", "1.mp4"}
    assert not capsys.readouterr().out
    assert run("0.mp4 1.mp4 --video out.mp4") == 2
    assert "--video serves one video, got 2" in capsys.readouterr().err


def test_one_broken_video_of_many_is_named_and_the_rest_goes_on(folder, capsys) -> None:
    (folder / "broken.mp4").write_text("these are words")
    assert run("broken.mp4 0.mp4 1.mp4 --json-lines - --json all.json") == 2
    out, err = capsys.readouterr()
    assert [json.loads(line)["video"] for line in out.splitlines()] == ["0.mp4", "1.mp4"], "and no table among them"
    assert len(json.loads((folder / "all.json").read_text())) == 2 and "0.mp4: " in err
    assert err.count("broken.mp4: cannot be read as a video") == 1
    assert err.endswith("posecube: error: 1 of 3 videos could not be recognised: broken.mp4\n")


def test_what_concerns_all_videos_ends_the_command(folder, capsys) -> None:
    assert main(["recognize", "0.mp4", "1.mp4", "--weights", "absent"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_an_output_that_is_an_input_is_refused_and_nothing_is_lost(folder, capsys) -> None:
    before = (folder / "0.mp4").read_bytes()
    (folder / "link.mp4").symlink_to(folder / "0.mp4")
    assert run("0.mp4 --video link.mp4") == 2 and run("0.mp4 --json weights.safetensors") == 2
    assert capsys.readouterr().err.count("it is the input") == 2 and (folder / "0.mp4").read_bytes() == before


def test_a_segment_is_a_line() -> None:
    lines = segments_csv([make_recognition()]).splitlines()
    assert lines[:3] == [
        "video,person,start_s,end_s,label,score",
        "clips/squat.mp4,1,0.000,1.235,squat,0.7",
        "clips/squat.mp4,1,1.235,4.000,,0.3",
    ]


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
