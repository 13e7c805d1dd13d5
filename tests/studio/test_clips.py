"""Folders of clips: what lies in them, resuming, refusing."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

import posecube.studio.clips as clips
from posecube.studio.clips import render_to_folder
from posecube.studio.film import render_clip
from posecube.video.reader import read_frames

SMALL = {"num_frames": 2, "size_hw": (96, 64)}


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("studio") / "clips"
    steps: list[tuple[int, int]] = []
    report = render_to_folder(
        out, actions=["wave", "bowl"], views=2, depth=True, progress=lambda *done: steps.append(done), **SMALL
    )
    assert (report.num_rendered, report.num_present, report.num_frames) == (4, 0, 8)
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert str(report).startswith("4 clips (8 frames) rendered into")
    return out


def test_a_folder_holds_videos_truth_and_depth(folder: Path) -> None:
    stem = "wave/wave_s000_v01_r000"
    assert {f"{stem}.mp4", f"{stem}.npz", f"{stem}/00000001.png", "studio.json"} <= names_in(folder)
    assert not [name for name in names_in(folder) if ".part" in name]
    expected = render_clip("wave", view=1, depth=True, **SMALL)
    with np.load(folder / f"{stem}.npz", allow_pickle=False) as truth:
        np.testing.assert_array_equal(truth["keypoints_xy"], expected.keypoints_xy)
        np.testing.assert_array_equal(truth["keypoints_3d"], expected.keypoints_3d)
        np.testing.assert_array_equal(truth["confidence"], expected.confidence)
        assert str(truth["label"]) == "wave" and float(truth["focal_px"]) == expected.focal_px
    frames = list(read_frames(folder / f"{stem}.mp4"))
    assert len(frames) == 2
    assert np.abs(frames[0].image_rgb.astype(int) - expected.images[0]).mean() < 6
    depth = cv2.imread(str(folder / f"{stem}/00000002.png"), cv2.IMREAD_UNCHANGED)
    assert depth.dtype == np.uint16 and expected.depth_m is not None
    np.testing.assert_allclose(depth / 1000, expected.depth_m[1], atol=0.0006)


def test_only_what_is_missing_is_made_again(folder: Path) -> None:
    lost = folder / "bowl/bowl_s000_v00_r000.mp4"
    lost.unlink()
    (folder / "bowl/.bowl_s000_v00_r000.part").mkdir()  # as a killed render leaves it
    report = render_to_folder(folder, actions=["wave", "bowl"], views=2, depth=True, **SMALL)
    assert (report.num_rendered, report.num_present) == (1, 3)
    assert lost.is_file() and not list(folder.rglob("*.part"))
    assert "3 were there already" in str(report)


def test_an_interrupted_clip_leaves_no_video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def film_and_stop(take: object):
        yield from ()
        raise KeyboardInterrupt

    monkeypatch.setattr(clips, "film", film_and_stop)
    with pytest.raises(KeyboardInterrupt):
        render_to_folder(tmp_path, actions=["wave"], depth=True, **SMALL)
    assert names_in(tmp_path) == {"studio.json"}


def test_two_processes_make_the_same_clips(folder: Path, tmp_path: Path) -> None:
    render_to_folder(tmp_path, actions=["wave"], views=2, depth=True, workers=2, **SMALL)
    made = {name for name in names_in(tmp_path) if name.endswith(".npz")}
    assert made == {name for name in names_in(folder) if name.startswith("wave") and name.endswith(".npz")}
    for name in made:
        with np.load(folder / name) as one, np.load(tmp_path / name) as other:
            for key in one.files:
                np.testing.assert_array_equal(one[key], other[key])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"actions": ["dance"]}, "unknown action 'dance'"),
        ({"actions": []}, "no action was named"),
        ({"actions": ["wave", "wave"]}, "named twice"),
        ({"subjects": 0}, "subjects must be at least 1, got 0"),
        ({"workers": 0}, "workers must be at least 1, got 0"),
        ({"num_frames": 0}, "at least 1 frame, got 0"),
        ({"size_hw": (8, 8)}, "64 to 2048 pixels"),
        ({"seed": -1}, "0 or more"),
    ],
)
def test_misuse_costs_one_line_and_leaves_nothing(tmp_path: Path, options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        render_to_folder(tmp_path / "new", **({"actions": ["wave"], **SMALL} | options))
    assert "\n" not in str(error.value)
    assert not (tmp_path / "new").exists()


def test_a_file_or_another_folder_is_refused(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(ValueError, match="expected a folder to render into, got a file"):
        render_to_folder(tmp_path / "file", actions=["wave"], **SMALL)
    with pytest.raises(ValueError, match="other settings"):
        render_to_folder(folder, actions=["wave"], num_frames=3, size_hw=(96, 64))
    (tmp_path / "studio.json").write_text("[1")
    with pytest.raises(ValueError, match="not the settings"):
        render_to_folder(tmp_path, actions=["wave"], **SMALL)
    assert json.loads((folder / "studio.json").read_text())["version"] == 1
