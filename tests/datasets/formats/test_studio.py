"""Exact joints of the studio's clips: both layouts, splits by name, damaged and missing files."""

from fractions import Fraction

import numpy as np
import pytest

from posecube.datasets import READERS, import_dataset
from posecube.datasets.formats.studio import read_studio
from posecube.store import SkeletonStore

NAMES = ("S001C001P001R001A001", "S001C002P003R001A002", "S001C003P002R001A002")


def write_clip(path, *, people: int = 1, frames: int = 4, seed: int = 0, **changes) -> dict:
    rng = np.random.default_rng(seed)
    arrays = {
        "keypoints_xy": rng.uniform(0, 90, (people, frames, 17, 2)).astype(np.float32),
        "confidence": rng.choice([0.0, 0.5, 1.0], (people, frames, 17)).astype(np.float32),
        "keypoints_3d": rng.normal(size=(people, frames, 25, 3)).astype(np.float32),
        "size_hw": np.array([108, 192]),
        "fps": "20",
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **(arrays | changes))
    return arrays


@pytest.fixture
def folder(tmp_path):
    for seed, name in enumerate(NAMES):
        write_clip(tmp_path / "set" / "truth" / f"{name}.npz", people=1 + (seed == 1), seed=seed)
    (tmp_path / "set" / "classes.txt").write_text("walk\nhug\n")
    return tmp_path / "set"


def test_joints_in_the_picture(folder):
    contents = read_studio(folder)
    clips = {clip.name: clip for clip in contents.sequences}
    assert contents.layout.name == "coco17" and contents.classes == ("walk", "hug") and tuple(clips) == NAMES
    expected = write_clip(folder.parent / "again.npz", people=2, seed=1)
    clip = clips[NAMES[1]]
    np.testing.assert_array_equal(clip.keypoints, expected["keypoints_xy"])
    np.testing.assert_array_equal(clip.confidence, expected["confidence"])
    assert (clip.label, clip.fps, clip.size_hw) == (1, Fraction(20), (108, 192))


def test_joints_in_space(folder):
    clip = next(iter(read_studio(folder / "truth", axes=3).sequences))
    assert clip.layout.name == "ntu25" and clip.num_axes == 3 and (clip.confidence == 1).all()
    expected = write_clip(folder.parent / "again.npz", seed=0)["keypoints_3d"]
    np.testing.assert_array_equal(clip.keypoints, expected * [-1, 1, 1], err_msg="x points to the sensor's left")


def test_splits_are_ntus(folder):
    contents = read_studio(folder)
    list(contents.sequences)
    assert contents.splits["xsub_train"] == [NAMES[0], NAMES[2]] and contents.splits["xsub_val"] == [NAMES[1]]
    assert contents.splits["xview_val"] == [NAMES[0]] and contents.splits["xview_train"] == [NAMES[1], NAMES[2]]


def test_a_store_comes_of_it(folder, tmp_path):
    assert "studio" in READERS
    import_dataset("studio", folder, tmp_path / "store")
    store = SkeletonStore.open(tmp_path / "store")
    assert len(store) == 3 and len(store.split("xsub_val")) == 1 and store.classes == ("walk", "hug")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no more", b"text"])
def test_damaged_clips_are_skipped_and_named(folder, content):
    (folder / "truth" / f"{NAMES[0]}.npz").write_bytes(content)
    contents = read_studio(folder)
    assert len(list(contents.sequences)) == 2
    assert "not a clip's truth" in contents.skipped[NAMES[0]]
    assert NAMES[0] not in contents.splits["xsub_train"]


def test_pickles_are_never_loaded(folder):
    write_clip(folder / "truth" / f"{NAMES[0]}.npz", keypoints_xy=np.array([{"a": 1}], dtype=object))
    contents = read_studio(folder)
    assert len(list(contents.sequences)) == 2 and NAMES[0] in contents.skipped


def test_misuse_costs_one_line(folder, tmp_path):
    with pytest.raises(FileNotFoundError, match="holds no clips of the studio"):
        read_studio(tmp_path / "none")
    with pytest.raises(ValueError, match="axes must be 2 or 3, got 4"):
        read_studio(folder, axes=4)
    write_clip(folder / "truth" / "holiday.npz")
    with pytest.raises(ValueError, match="expected a name like S001C002P003R002A013"):
        read_studio(folder)
    (folder / "truth" / "holiday.npz").unlink()
    (folder / "classes.txt").unlink()
    with pytest.raises(FileNotFoundError, match=r"has no classes\.txt"):
        read_studio(folder)
