"""Folders of clips: what lies in them, the NTU reader on them, resuming after every kind of end, refusing."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from posecube.datasets import import_dataset
from posecube.datasets.ntu.reader import read_ntu
from posecube.pose.extraction.video_list import list_videos
from posecube.store import SkeletonStore
from posecube.video.clip_videos import ClipVideos
from posecube.video.reader import read_frames
from posecube_studio import StudioSet, clip_folder, read_depth, read_flow, render_to_folder
from posecube_studio.clip import render_take
from posecube_studio.render import RenderedFrame
from posecube_studio.take import Take, plan_take

SMALL = StudioSet(
    ("wave", "handshake"), subjects=(0, 2), num_views=2, num_frames=2, size_hw=(108, 192), fps=Fraction(20)
)
ONE = replace(SMALL, actions=("wave",), subjects=(0,), num_views=1)
NAME = "S001C001P003R001A001"  # camera 0, subject 2, wave


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def filmed(**options: int) -> tuple[Take, list[RenderedFrame]]:
    """A clip of "wave" in memory."""
    take = plan_take("wave", num_frames=2, size_hw=(108, 192), fps=20, rig="arc", **options)
    return take, list(render_take(take, flow=True))


def truth_of(folder: Path) -> dict[str, dict[str, np.ndarray]]:
    truth = {}
    for path in sorted((folder / "truth").iterdir()):
        with np.load(path, allow_pickle=False) as file:
            truth[path.stem] = dict(file)
    return truth


def assert_same_truth(one: Path, other: Path) -> None:
    """Same bytes of joints and depth."""
    first, second = truth_of(one), truth_of(other)
    assert first.keys() == second.keys()
    for name in first:
        for key in first[name]:
            np.testing.assert_array_equal(first[name][key], second[name][key])
    for path in (one / "nturgb+d_depth_masked").rglob("*.png"):
        assert path.read_bytes() == (other / path.relative_to(one)).read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("studio") / "clips"
    steps: list[tuple[str, int, int]] = []
    report = render_to_folder(out, SMALL, depth=True, progress=lambda *done: steps.append(done))
    assert (report.num_rendered, report.num_present, report.num_frames) == (8, 0, 16)
    assert steps == [("rendering", done, 8) for done in range(1, 9)]
    assert str(report).startswith("8 clips (16 frames) rendered into")
    return out


def test_a_folder_is_laid_out_as_ntus(folder: Path) -> None:
    names = names_in(folder)
    assert {
        f"nturgb+d_skeletons/{NAME}.skeleton",
        f"nturgb+d_rgb/{NAME}_rgb.mp4",
        f"nturgb+d_depth_masked/{NAME}/MDepth-00000002.png",
        f"truth/{NAME}.npz",
        "classes.txt",
        "studio.json",
    } <= names
    assert len(names) == 2 + 8 * (3 + 2), "nothing else, nothing unfinished"
    assert (folder / "classes.txt").read_text() == "wave\nhandshake\n"
    settings = json.loads((folder / "studio.json").read_text())
    assert (settings["licence"], settings["depth"], settings["flow"]) == ("CC0-1.0", True, False)
    assert StudioSet.from_dict(settings) == SMALL


def test_a_clip_is_what_is_rendered_in_memory(folder: Path) -> None:
    take, pictures = filmed(subject=2, view=0, seed=2)
    truth = truth_of(folder)[NAME]
    np.testing.assert_array_equal(truth["keypoints_xy"], take.keypoints_xy)
    np.testing.assert_array_equal(truth["keypoints_3d"], take.keypoints_3d)
    frames = list(read_frames(folder / f"nturgb+d_rgb/{NAME}_rgb.mp4"))
    assert len(frames) == 2
    assert np.abs(frames[0].image_rgb.astype(int) - pictures[0].image).mean() < 6
    depth = read_depth(folder / f"nturgb+d_depth_masked/{NAME}/MDepth-00000002.png")
    exact = np.where(np.isfinite(pictures[1].depth_m), pictures[1].depth_m, 0)
    np.testing.assert_allclose(depth, exact, atol=0.0006)


def test_the_ntu_reader_takes_it_as_it_is(folder: Path, tmp_path: Path) -> None:
    report = import_dataset("ntu", folder, tmp_path / "store", axes=2, fps=20)
    assert not report.skipped
    assert report.split_sizes == {"xsub_train": 4, "xsub_val": 4, "xview_train": 4, "xview_val": 4}
    store = SkeletonStore.open(tmp_path / "store")
    assert store.classes == ("wave", "handshake") and store.num_people.tolist() == [1, 2] * 4
    clip = store[store.names.index(NAME)]
    wrist = clip.keypoints[0, :, clip.layout.joints.index("left_wrist")]
    exact = truth_of(folder)[NAME]["keypoints_xy"][0, :, 9]
    np.testing.assert_allclose((wrist + 0.5) / 10 - 0.5, exact, atol=1e-3)
    assert clip.fps == 20 and set(np.unique(clip.confidence)) <= {0.5, 1.0}
    (in_metres, *_) = read_ntu(folder / "nturgb+d_skeletons", axes=3).sequences
    exact_3d = truth_of(folder)[in_metres.name]["keypoints_3d"]
    np.testing.assert_array_equal(in_metres.keypoints, exact_3d * np.array([-1, 1, 1], dtype=np.float32))


def test_videos_are_found_by_the_clips_names(folder: Path) -> None:
    videos = ClipVideos(folder / "nturgb+d_rgb", "{name}_rgb")
    assert sum(1 for _ in videos.frames(NAME)) == 2
    listed = {video.name: video for video in list_videos([folder], labels="ntu").videos}
    assert len(listed) == 8
    assert (listed[NAME].class_name, listed[NAME].splits) == ("wave", ("xsub_val", "xview_val"))


def test_only_what_is_missing_is_made_again(folder: Path) -> None:
    lost = folder / f"nturgb+d_rgb/{NAME}_rgb.mp4"
    lost.unlink()
    (folder / ".unfinished" / NAME).mkdir(parents=True)  # as a killed render leaves it
    (folder / ".unfinished" / NAME / "truth.npz").write_text("half")
    report = render_to_folder(folder, SMALL, depth=True)
    assert (report.num_rendered, report.num_present) == (1, 7)
    assert lost.is_file() and not (folder / ".unfinished").exists()
    assert "7 were there already" in str(report)


def test_two_processes_make_the_same_clips(folder: Path, tmp_path: Path) -> None:
    render_to_folder(tmp_path, SMALL, depth=True, workers=2)
    assert names_in(tmp_path) == names_in(folder)
    assert_same_truth(tmp_path, folder)


def test_flow_is_written_from_every_frame_but_the_last(tmp_path: Path) -> None:
    _, pictures = filmed()
    render_to_folder(tmp_path, ONE, flow=True)
    below = names_in(tmp_path)
    assert [name for name in below if name.startswith("flow")] == ["flow/S001C001P001R001A001/00000001.png"]
    assert not [name for name in below if name.startswith("nturgb+d_depth")]
    flow = read_flow(tmp_path / "flow/S001C001P001R001A001/00000001.png")
    np.testing.assert_allclose(flow, pictures[0].flow_m, atol=0.00006)
    assert np.nanmax(np.abs(flow)) > 0.003, "somebody moves"


def test_kinects_depth_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    noisy = replace(ONE, conditions=replace(ONE.conditions, kinect_depth=True))
    _, pictures = filmed()
    render_to_folder(tmp_path, noisy, depth=True)
    depth = read_depth(tmp_path / "nturgb+d_depth_masked/S001C001P001R001A001/MDepth-00000001.png")
    measured = depth > 0
    off_m = np.abs(depth - pictures[0].depth_m)[measured]
    assert 0.3 < measured.mean() < 1 and 0.001 < np.median(off_m) < 0.02
    assert truth_of(tmp_path)["S001C001P001R001A001"]["confidence"].mean() > 0.8, "visibility is that of exact depth"


class Interruption:
    """Fails while the second clip is filmed."""

    def __init__(self, error: BaseException) -> None:
        self.error, self.num_clips = error, 0

    def __call__(self, take: object, **options: object) -> Iterator[object]:
        self.num_clips += 1
        frames = render_take(take, **options)
        yield next(frames)
        if self.num_clips == 2:
            raise self.error
        yield from frames


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))], ids=str)
def test_what_stops_a_render_leaves_whole_clips_and_the_next_call_goes_on(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr(clip_folder, "render_take", Interruption(error))
    with pytest.raises(type(error)) as raised:
        render_to_folder(tmp_path, SMALL, depth=True)
    if isinstance(error, OSError):
        assert str(raised.value) == f"{tmp_path}: the disk is full; make room, and the same command goes on"
    assert len(names_in(tmp_path)) == 2 + 3 + 2, "one clip, whole"
    monkeypatch.undo()
    assert render_to_folder(tmp_path, SMALL, depth=True).num_present == 1
    assert_same_truth(tmp_path, folder)


def test_a_disk_that_fills_while_parts_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, *_rest: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "clip")

    for part in ("write_depth", "write_truth", "write_text"):
        monkeypatch.setattr(clip_folder, part, full)
        with pytest.raises(OSError, match="the disk is full; make room"):
            render_to_folder(tmp_path / part, ONE, depth=True)
        assert names_in(tmp_path / part) <= {"classes.txt", "studio.json"}
        monkeypatch.undo()
        assert render_to_folder(tmp_path / part, ONE, depth=True).num_rendered == 1


def test_a_killed_render_goes_on(tmp_path: Path, folder: Path) -> None:
    code = (
        "from pathlib import Path; from posecube_studio.clip_folder import render_to_folder;"
        "from posecube_studio.sets import StudioSet; from fractions import Fraction;"
        "import sys, json; settings = StudioSet.from_dict(json.loads(Path(sys.argv[1]).read_text()));"
        "render_to_folder(sys.argv[2], settings, depth=True)"
    )
    running = subprocess.Popen([sys.executable, "-c", code, str(folder / "studio.json"), str(tmp_path)])
    videos = tmp_path / "nturgb+d_rgb"
    while running.poll() is None and not (videos.is_dir() and any(videos.iterdir())):
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    report = render_to_folder(tmp_path, SMALL, depth=True)
    assert report.num_present >= 1
    assert names_in(tmp_path) == names_in(folder)
    assert_same_truth(tmp_path, folder)


def test_misuse_costs_one_line_and_leaves_nothing(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(ValueError, match="workers must be 1 or more, got 0"):
        render_to_folder(tmp_path / "new", ONE, workers=0)
    assert not (tmp_path / "new").exists()
    (tmp_path / "file").write_text("text")
    with pytest.raises(ValueError, match="expected a folder to render into, got a file"):
        render_to_folder(tmp_path / "file", ONE)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_frames": 3}, "num_frames was 2, now it is 3"),
        ({"actions": ("wave", "bowl")}, 'actions was .*"handshake".*, now it is .*"bowl"'),
        ({"conditions": replace(SMALL.conditions, dark=2)}, 'conditions was .*"dark": 1.0.*"dark": 2'),
    ],
)
def test_a_folder_of_other_settings_is_refused(folder: Path, changes: dict, message: str) -> None:
    before = names_in(folder)
    with pytest.raises(ValueError, match=rf"with other settings: {message}.*; choose another folder") as error:
        render_to_folder(folder, replace(SMALL, **changes), depth=True)
    assert "\n" not in str(error.value)
    with pytest.raises(ValueError, match="depth was true, now it is false"):
        render_to_folder(folder, SMALL)
    assert names_in(folder) == before


@pytest.mark.parametrize("content", [b"[1", b"[]", b"{}", b"\xff\xfe", b""])
def test_damaged_settings_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "studio.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"studio.json is damaged; remove it if"):
        render_to_folder(tmp_path, ONE)
    (tmp_path / "studio.json").unlink()
    assert render_to_folder(tmp_path, ONE).num_rendered == 1


def test_depth_is_a_16_bit_picture(folder: Path) -> None:
    path = folder / f"nturgb+d_depth_masked/{NAME}/MDepth-00000001.png"
    depth = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert depth.dtype == np.uint16 and depth.shape == (108, 192) and 1000 < np.median(depth) < 20000
