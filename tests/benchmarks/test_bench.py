"""The benchmarks run and give the figures they promise, on less data; how fast this machine is, is not tested."""

import os
import shutil
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

import inputs
import loader
import memory
import posecube
import recognize
import startup
import timing
import volumes
from inputs import swinging_people
from posecube.commands.bench import NAMES, measured, scripts_folder
from posecube.video.reader import open_video, read_frames

FOLDER = Path(__file__).parents[2] / "benchmarks"
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.py"))


def test_bench_knows_its_folder() -> None:
    assert scripts_folder() == FOLDER
    assert set(NAMES) <= set(SCRIPTS)


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_can_be_imported(name: str) -> None:
    assert import_module(name).__doc__


@pytest.mark.parametrize("name", NAMES)
def test_every_benchmark_says_how_it_measures(name: str) -> None:
    script = import_module(name)
    assert len(script.METHOD) > 20 and script.METHOD.endswith(".")
    assert callable(script.measure)


def test_figures_come_from_a_process_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "posecube_dance.py").write_text(
        "import timing\nif __name__ == '__main__':\n    timing.run(lambda: {'steps': 3.0}, 'Counted.')\n"
    )
    for name in ("timing",):
        shutil.copy(FOLDER / f"{name}.py", tmp_path)
    assert measured(tmp_path / "posecube_dance.py") == {"steps": 3.0}


def test_a_benchmark_that_fails_costs_one_line(tmp_path: Path) -> None:
    (tmp_path / "dance.py").write_text("raise KeyError('no shoes')\n")
    with pytest.raises(ValueError, match=r"^the benchmark dance failed: KeyError: 'no shoes'; `python .*` says more$"):
        measured(tmp_path / "dance.py")


def test_a_package_without_its_scripts_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posecube, "__file__", str(tmp_path / "site" / "posecube" / "__init__.py"))
    with pytest.raises(FileNotFoundError, match="has no folder benchmarks"):
        scripts_folder()


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
    monkeypatch.setattr(inputs, "CYCLE_FRAMES", 3)
    path = inputs.write_mannequin_video(tmp_path / "film.mp4", num_frames=7, size_hw=(64, 66), enlarge=2)
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
    done = subprocess.run([sys.executable, FOLDER / "startup.py"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("startup\n  help_s ")
    assert startup.METHOD in done.stdout
