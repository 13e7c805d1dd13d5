"""The benchmarks run and give the figures they promise, on less data; how fast this machine is, is not tested."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from posecube.bench import BENCHMARKS, film, loader, memory, method, recognize, startup, timing, volumes
from posecube.bench.people import swinging_people
from posecube.video.reader import open_video, read_frames

SCRIPTS = Path(__file__).parents[2] / "benchmarks"


def test_every_benchmark_says_how_it_measures_and_has_a_script() -> None:
    assert {path.stem for path in SCRIPTS.glob("*.py")} == BENCHMARKS.keys()
    for name in BENCHMARKS:
        assert len(method(name)) > 20 and method(name).endswith("."), name


def test_benchmarks_call_their_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in BENCHMARKS:
        monkeypatch.setattr(f"posecube.bench.{name}.measure", lambda name=name: {name: 1.0})
        assert BENCHMARKS[name]() == {name: 1.0}


def test_fastest_is_the_fastest() -> None:
    pauses = iter([0.0, 0.05, 0.01, 0.05])
    assert 0.009 < timing.fastest(lambda: time.sleep(next(pauses)), repeats=3, warm_up=1) < 0.05


def test_one_thread_is_given_back() -> None:
    before = torch.get_num_threads()
    with timing.one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


def test_as_table() -> None:
    table = timing.as_table("dance", {"a_ms": 1.5, "long_name_ms": 20.25}, "By a clock.")
    assert table.splitlines() == [
        "dance",
        "  a_ms               1.500",
        "  long_name_ms      20.250",
        "",
        "By a clock.",
    ]


def test_swinging_people_swing_within_their_square() -> None:
    keypoints, confidence = swinging_people(3, 2, 20, size_px=56)
    assert keypoints.shape == (3, 2, 20, 17, 2)
    assert keypoints.min() > 0 and keypoints.max() < 56
    assert confidence.min() >= 0.3 and confidence.max() <= 1
    assert keypoints.std(axis=2).min() > 0
    np.testing.assert_array_equal(keypoints, swinging_people(3, 2, 20, size_px=56)[0])


def test_volumes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volumes, "NUM_CLIPS", 1)
    figures = volumes.measure()
    drawn = {f"{what}_{people}_people_ms" for what in ("joints", "limbs") for people in (1, 2)}
    assert figures.keys() == {"fill_ms", *drawn}
    assert all(0 < figures["fill_ms"] < figures[name] < 1000 for name in drawn)


def test_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "NUM_CLIPS", 20)
    figures = loader.measure()
    assert figures.keys() == {"read_us", "sample_published_ms", "sample_robust_ms"}
    assert all(0 < value < 10_000 for value in figures.values())


def test_startup() -> None:
    assert 0 < startup.measure()["help_s"] < 60


def test_mannequin_video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film, "CYCLE_FRAMES", 3)
    path = film.write_mannequin_video(tmp_path / "film.mp4", num_frames=7, size_hw=(64, 66), enlarge=2)
    assert open_video(path).size_hw == (128, 132)
    assert sum(1 for _ in read_frames(path)) == 7


class FakeRecognizer:
    """Takes a millisecond a frame, two with a video."""

    calls: list[Any] = []  # noqa: RUF012

    @classmethod
    def load(cls, *weights: str) -> "FakeRecognizer":
        cls.calls = [weights]
        return cls()

    def recognize(self, video: Path, *, pose: object, annotated: Path | None) -> SimpleNamespace:
        self.calls.append((video.name, pose))
        time.sleep(0.02 if annotated is None else 0.04)
        return SimpleNamespace(num_frames=20)


def test_recognize(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(recognize, "Recognizer", FakeRecognizer)
    monkeypatch.setattr(recognize, "load_estimator", lambda name: f"the {name}")
    figures = recognize.measure(tmp_path / "own.mp4", weights=("mine",), pose="other")
    assert FakeRecognizer.calls == [("mine",), *[("own.mp4", "the other")] * 4]
    assert 0 < figures["frames_per_s_annotated"] < 500
    assert 0 < figures["frames_per_s"] <= 1000
    assert figures.keys() == {
        "loading_s", "frames_per_s", "processor_ms", "frames_per_s_annotated", "processor_ms_annotated",
    }  # fmt: skip


def test_recognize_makes_its_own_video(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognize, "Recognizer", FakeRecognizer)
    monkeypatch.setattr(recognize, "load_estimator", lambda name: name)
    monkeypatch.setattr(recognize, "NUM_FRAMES", 2)
    monkeypatch.setattr(recognize, "SIZE_HW", (64, 64))
    recognize.measure()
    assert FakeRecognizer.calls[1] == ("bench.mp4", "blazepose")


def test_memory_carries_growth_on_to_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    peaks = iter([400.0, 410.0, 430.0])
    monkeypatch.setattr(memory, "write_mannequin_video", lambda path, **_: path)
    monkeypatch.setattr(memory, "peak_mib", lambda video, folder: next(peaks))
    figures = memory.measure((1, 3, 11))
    assert figures == {"1_min_mib": 400, "3_min_mib": 410, "11_min_mib": 430, "hour_mib": 430 + 3 * 49}


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="this system does not tell a process's peak memory")
def test_memory_of_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With other programs in Python's place."""
    monkeypatch.setattr(memory.sys, "executable", shutil.which("true"))
    assert 0.1 < memory.peak_mib(tmp_path / "absent.mp4", tmp_path) < 1000
    monkeypatch.setattr(memory.sys, "executable", shutil.which("false"))
    with pytest.raises(RuntimeError, match="failed with exit code 1"):
        memory.peak_mib(tmp_path / "absent.mp4", tmp_path)


def test_a_script_prints_its_table() -> None:
    done = subprocess.run([sys.executable, SCRIPTS / "startup.py"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("startup\n  help_s ")
    assert startup.METHOD in done.stdout
