"""N-UCLA: made-up clips, broken ones, and the real data set."""

import json

import numpy as np
import pytest

from posecube.datasets import import_dataset
from posecube.datasets.formats.nucla import CLASSES, read_nucla
from posecube.skeleton.layouts import KINECT20
from posecube.store import SkeletonStore

JOINTS_M = np.random.default_rng(0).uniform(1, 3, (4, 20, 3)).round(3)


def write_clip(folder, name="a08_s01_e00_v01", content=None):
    content = {"file_name": name, "skeletons": JOINTS_M.tolist(), "label": 7} if content is None else content
    (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


def test_one_clip(tmp_path):
    (sequence,) = read_nucla(write_clip(tmp_path)).sequences
    assert (sequence.layout, sequence.size_hw, sequence.num_axes) == (KINECT20, (0, 0), 3)
    assert CLASSES[sequence.label] == "donning"
    np.testing.assert_allclose(sequence.keypoints[0], JOINTS_M, rtol=1e-6)
    assert sequence.confidence.min() == 1


def test_an_untracked_joint_is_missing(tmp_path):
    joints_m = JOINTS_M.copy()
    joints_m[2, 5] = 0
    (sequence,) = read_nucla(write_clip(tmp_path, content={"skeletons": joints_m.tolist()})).sequences
    assert sequence.confidence[0, 2, 5] == 0
    assert sequence.confidence.sum() == 79


def test_views_make_the_splits(tmp_path):
    for view in (3, 1, 2):
        write_clip(tmp_path, f"a01_s01_e00_v0{view}")
    contents = read_nucla(tmp_path)
    names = [sequence.name for sequence in contents.sequences]
    assert contents.splits == {"xview_train": names[:2], "xview_val": ["a01_s01_e00_v03"]}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a07_s01_e00_v01", None, "expected a name like a01_s02_e03_v01.json with an action of"),
        ("a01_s01_e00_v04", None, "expected a name like"),
        ("a01_s01_e00_v01", {"label": 1}, "is no N-UCLA clip: KeyError 'skeletons'"),
        ("a01_s01_e00_v01", [], "is no N-UCLA clip: TypeError"),
        ("a01_s01_e00_v01", {"skeletons": "walk"}, "is no N-UCLA clip: ValueError"),
        ("a01_s01_e00_v01", {"skeletons": [[[1, 2, 3]]]}, r"skeletons must be \(T, 20, 3\), got \(1, 1, 3\)"),
        ("a01_s01_e00_v01", {"skeletons": []}, r"skeletons must be \(T, 20, 3\), got \(0,\)"),
    ],
)
def test_refuses(tmp_path, name, content, message):
    with pytest.raises(ValueError, match=message) as caught:
        list(read_nucla(write_clip(tmp_path, name, content)).sequences)
    assert name in str(caught.value)


def test_the_real_data_set(shared, tmp_path):
    report = import_dataset("nucla", shared / "data/skeletons/nucla.tar.xz", tmp_path / "nucla")
    assert (report.num_clips, report.num_classes) == (1484, 10)
    assert report.split_sizes == {"xview_train": 1020, "xview_val": 464}
    store = SkeletonStore.open(tmp_path / "nucla")
    assert (store.num_frames.min(), store.num_frames.max()) == (1, 201)
    # The camera space is right-handed with x to the sensor's left: left x up x feet's direction agrees with the body.
    turned = 0
    for clip in range(0, len(store), 20):
        joints = {name: store[clip].keypoints[0, :, index] for index, name in enumerate(KINECT20.joints)}
        left, up = joints["left_hip"] - joints["right_hip"], joints["neck"] - joints["pelvis"]
        forwards = sum(joints[f"{side}_foot"] - joints[f"{side}_ankle"] for side in ("left", "right"))
        turned += np.sign((left * np.cross(up, forwards)).sum(axis=-1).mean())
    assert turned > 60  # of 75 clips
