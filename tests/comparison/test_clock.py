"""A run's time is that of all its starts; a killed one counts as far as it was kept."""

import json
import os
import time

import pytest

from posecube.comparison import clock
from posecube.comparison.clock import clocked, training_seconds


def test_starts_add_up(tmp_path):
    for _ in range(2):
        with clocked(tmp_path / "run", checkpoint=tmp_path / "none"):
            time.sleep(0.02)
    seconds = training_seconds(tmp_path / "run")
    assert seconds is not None and 0.04 <= seconds < 5
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["seconds.json"]


@pytest.mark.parametrize(("written_after", "kept"), [(30.0, 30.0), (-5.0, 0.0), (None, 0.0)])
def test_a_killed_start_counts_until_its_last_checkpoint(written_after, kept, tmp_path, monkeypatch):
    checkpoint = tmp_path / "last.ckpt"
    with pytest.raises(KeyboardInterrupt), clocked(tmp_path, checkpoint=checkpoint):
        raise KeyboardInterrupt
    assert training_seconds(tmp_path) is None, "it has not finished"
    began = json.loads((tmp_path / "seconds.json").read_text())[0]["began"]
    if written_after is not None:
        checkpoint.touch()
        os.utime(checkpoint, (began, began + written_after))
    monkeypatch.setattr(clock.time, "perf_counter", iter([100.0, 107.0]).__next__)
    with clocked(tmp_path, checkpoint=checkpoint):
        checkpoint.touch()
    assert training_seconds(tmp_path) == pytest.approx(kept + 7, abs=0.01)


def test_nobody_took_the_time(tmp_path):
    assert training_seconds(tmp_path) is None


@pytest.mark.parametrize("content", ["", "{}", '[{"began": "yesterday"}]', '[{"began": 1, "seconds": -1}]'])
def test_a_damaged_file_is_named(content, tmp_path):
    (tmp_path / "seconds.json").write_text(content)
    with pytest.raises(ValueError, match=r"seconds\.json is damaged: delete it"):
        training_seconds(tmp_path)
