"""Worker processes: the same result as without, and nothing lost when one of them or the whole run is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import fake_people
import numpy as np
import pytest
from fake_people import Walker, make_painted, walking, write_video

from posecube.pose.extraction.extract import extract
from posecube.store import SkeletonStore


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("workers") / "clips"
    for number in range(2):
        write_video(folder / f"jump/{number}.mp4", [Walker(0, walking(60, 10 * number))])
    write_video(folder / "run/blue.mp4", [Walker(0, walking(60, 0)), Walker(1, walking(200, 0))])
    write_video(folder / "run/empty.mp4", [])
    (folder / "run/broken.mp4").write_bytes(b"no video at all")
    return folder


@pytest.fixture
def store(tmp_path) -> Path:
    return tmp_path / "store"


def test_workers_give_the_same_store(folder, store, tmp_path):
    extract([folder], store=store, pose=make_painted)
    report = extract([folder], store=tmp_path / "other", pose=make_painted, workers=2)
    assert SkeletonStore.open(tmp_path / "other").fingerprint == SkeletonStore.open(store).fingerprint
    assert list(report.failed) == ["clips/run/broken.mp4"] and report.no_detections == ["clips/run/empty.mp4"]


def test_a_worker_that_dies_costs_its_video_alone(folder, store):
    report = extract([folder], store=store, pose=fake_people.make_deadly, workers=2)
    assert set(report.failed) == {"clips/run/broken.mp4", "clips/run/blue.mp4"}
    assert "worker process died" in report.failed["clips/run/blue.mp4"]
    assert len(SkeletonStore.open(store)) == 2


def test_a_killed_run_leaves_whole_clips_and_is_continued(tmp_path, store):
    folder = tmp_path / "clips"
    for number in range(8):
        write_video(folder / f"jump/{number:02}.mp4", [Walker(0, walking(60, 10))], num_frames=5)
    command = (
        "import fake_people, posecube.pose.extraction.target as target\n"
        "from posecube.pose.extraction.extract import extract\n"
        "if __name__ == '__main__':\n"
        "    target._FLUSH_S = 0\n"
        f"    extract([{str(folder)!r}], store={str(store)!r}, pose=fake_people.make_slow, workers=2)\n"
    )
    script = tmp_path / "run.py"
    script.write_text(command)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, script], env=environment)
    deadline = time.monotonic() + 60
    while len(list(store.glob("clips-*.arrow"))) < 3 and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    survived = SkeletonStore.open(store)
    assert 2 <= len(survived) < 8
    survived.verify()
    first = survived[0].keypoints.copy()
    del survived
    report = extract([folder], store=store, pose=fake_people.make_slow, workers=1)
    clips = SkeletonStore.open(store)
    clips.verify()
    assert clips.names == [f"clips/jump/{number:02}.mp4" for number in range(8)]
    assert report.num_new < 8 and report.num_clips == 8
    assert len(clips.split("clips")) == 8
    np.testing.assert_array_equal(clips[0].keypoints, first)
