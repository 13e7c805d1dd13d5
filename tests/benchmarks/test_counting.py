"""The counting benchmark reads its list and does its sums; the list itself is whole."""

from pathlib import Path

import numpy as np
import pytest

import counting
from counting import COUNTS, Counted, figures, read_counts
from posecube.errors import UserError
from posecube.skeleton.layouts import COCO17


def test_the_list_of_counts() -> None:
    rows = read_counts(COUNTS)
    assert len({name for name, _, _ in rows}) == len(rows) >= 30
    assert all(by_eye >= 1 and action for _, action, by_eye in rows)
    assert ("pushup_01.mp4", "pushup", 2) in rows


def test_figures() -> None:
    clips = [Counted("a", "squat", 20, 18), Counted("b", "squat", 2, 2), Counted("c", "pushup", 3, 0)]
    assert figures(clips) == {
        "pushup_error": 3.0,
        "squat_error": 1.0,
        "clips": 3,
        "clips_error": pytest.approx(5 / 3),
        "within_one_percent": pytest.approx(200 / 3),
        "repetitions_error_percent": 20.0,
    }


def test_a_folder_without_the_videos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "load_estimator", lambda name: name)
    with pytest.raises(UserError, match="has none of the videos"):
        counting.measure(tmp_path)


def test_the_main_person_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A passer-by does not decide, however much."""
    (tmp_path / "film.mp4").touch()
    (tmp_path / "counts.tsv").write_text("# by eye\nfile\taction\tcount\nfilm.mp4\tsquat\t5\nabsent.mp4\tsquat\t2\n")
    monkeypatch.setattr(counting, "load_estimator", lambda name: FakeEstimator())
    monkeypatch.setattr(counting, "track_people", lambda frames, estimator: _tracks())
    monkeypatch.setattr(counting.Video, "open", lambda path: FakeVideo())
    assert counting.measure(tmp_path, tmp_path / "counts.tsv")["clips_error"] == 0
    assert "by eye   5  counted   5" in capsys.readouterr().out


class FakeEstimator:
    layout = COCO17


class FakeVideo:
    def __enter__(self) -> "FakeVideo":
        return self

    def __exit__(self, *_: object) -> None: ...

    def frames(self) -> list[object]:
        return []


class Row:
    """A frame's time, or a pose."""

    def __init__(self, **values: object) -> None:
        self.__dict__.update(values)


def _tracks() -> object:
    """A body that goes down five times, and a small still one that is gone after a second."""
    body = np.random.default_rng(0).uniform(0, 100, size=(17, 2))
    body[COCO17.index("left_ankle") :, 1] = 250  # the feet
    for number in range(250):
        moved = body.copy()
        depth = 0.5 - 0.5 * np.cos(2 * np.pi * number / 50)
        moved[: COCO17.index("left_ankle")] += (0, 40 * depth)
        people = [Row(id=1, keypoints_xy=moved, confidence=np.ones(17))]
        if number < 25:
            people.append(Row(id=2, keypoints_xy=body / 5, confidence=np.ones(17)))
        yield Row(time_s=number / 25), people
