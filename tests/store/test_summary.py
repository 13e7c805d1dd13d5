"""The figures of a store and their text."""

import io

import numpy as np
import pytest
from rich.console import Console

from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import PENN13
from posecube.store import SkeletonStore, StoreWriter
from posecube.store.summary import render_summary, summarize


def text(summary):
    output = io.StringIO()
    Console(width=100, file=output).print(render_summary(summary))
    return output.getvalue()


def test_counts(store, sequences):
    summary = summarize(store)
    assert (summary.num_clips, summary.num_frames) == (11, sum(sequence.num_frames for sequence in sequences))
    assert summary.frames_min_median_max == (1, 16.0, 31)
    assert summary.clips_by_people == {1: 4, 2: 4, 3: 3}
    assert summary.clips_by_class == {"walk": 3, "run": 3, "jump": 3}
    assert summary.num_unlabelled == 2
    assert summary.clips_by_split == {"train": 3, "test": 0}
    assert (summary.layout, summary.num_joints, summary.num_axes) == ("penn13", 13, 2)
    assert summary.fingerprint == store.fingerprint
    assert summary.num_bytes == sum(path.stat().st_size for path in store.path.iterdir())


def test_missing_joints_and_absent_people(tmp_path):
    confidence = np.ones((2, 4, 13), np.float32)
    confidence[0, 0, 0] = 0  # the head, in one of the five frames in which somebody is seen
    confidence[1, 1:] = 0  # the second person leaves
    sequence = SkeletonSequence(
        keypoints=np.ones((2, 4, 13, 2), np.float32), confidence=confidence, layout=PENN13, size_hw=(9, 9), name="a"
    )
    with StoreWriter(tmp_path / "store", layout=PENN13, classes=()) as writer:
        writer.add(sequence)
    summary = summarize(SkeletonStore.open(tmp_path / "store"))
    assert summary.absent_percent == pytest.approx(100 * 3 / 8)
    assert summary.missing_percent["head"] == pytest.approx(20)
    assert summary.missing_percent["left_hip"] == 0
    assert summary.num_unlabelled == 1


def test_reads_so_many_clips_at_most(store):
    assert summarize(store, max_clips_read=3).num_clips_read == 3
    assert summarize(store, max_clips_read=1).num_clips_read == 1
    assert summarize(store).num_clips_read == 11


def test_text(store):
    shown = text(summarize(store, max_clips_read=3))
    for part in ("11 (", "a clip has 1 to 31, median 16", "penn13, 13 joints, pixels", "train", "walk", "(no label)"):
        assert part in shown
    assert "joint (in 3 clips)" in shown
    assert store.fingerprint[:16] in shown


def test_text_with_many_classes_and_odd_names(tmp_path, make_sequence):
    classes = ("[bold]brackets[/]", *(f"class{number}" for number in range(99)))
    with StoreWriter(tmp_path / "[odd] store", layout=PENN13, classes=classes) as writer:
        writer.add(make_sequence(label=0))
        writer.add(make_sequence(1, label=90))
    shown = text(summarize(SkeletonStore.open(tmp_path / "[odd] store")))
    assert "[bold]brackets[/]" in shown
    assert "class58" in shown
    assert "class59" not in shown
    assert "... 40 more" in shown
    assert "no splits" in shown
