"""The benchmark of rendering runs on small clips and names its figures."""

import pytest

import studio


def test_studio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio, "NUM_FRAMES", 2)
    monkeypatch.setattr(studio, "SIZE_HW", (64, 64))
    monkeypatch.setattr(studio, "REPEATS", 1)
    monkeypatch.setattr(studio, "WORKERS", 1)
    monkeypatch.setattr(studio, "ACTIONS", ("wave",))
    figures = studio.measure()
    clips = ("one_person", "two_people", "crowded", "written")
    assert figures.keys() == {f"{clip}{what}_s" for clip in clips for what in ("", "_processor")} | {"clips_a_minute"}
    assert all(value > 0 for value in figures.values())
