"""SBU: made-up clips, broken ones, and the real data set."""

from fractions import Fraction

import numpy as np
import pytest

from posecube.datasets import import_dataset
from posecube.datasets.formats.sbu import read_sbu
from posecube.skeleton.layouts import SBU15
from posecube.store import SkeletonStore

JOINTS = np.random.default_rng(0).uniform(0.1, 1, (3, 2, 15, 3)).round(4)


def write_clip(folder, where="s01s02/03/001", joints=JOINTS, text=None):
    path = folder / where / "skeleton_pos.txt"
    path.parent.mkdir(parents=True)
    rows = ([180 + row, *joints[row].ravel().tolist()] for row in range(len(joints)))
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) if text is None else text)
    return folder


def test_pixels(tmp_path):
    (sequence,) = read_sbu(write_clip(tmp_path)).sequences
    assert (sequence.layout, sequence.size_hw, sequence.fps) == (SBU15, (480, 640), Fraction(15))
    assert (sequence.name, sequence.label) == ("s01s02_03_001", 2)
    assert sequence.keypoints.shape == (2, 3, 15, 2)
    np.testing.assert_allclose(
        sequence.keypoints[1, 2, 7], [JOINTS[2, 1, 7, 0] * 640 - 0.5, JOINTS[2, 1, 7, 1] * 480 - 0.5], rtol=1e-5
    )


def test_metres(tmp_path):
    (sequence,) = read_sbu(write_clip(tmp_path), axes=3).sequences
    x, y, z = JOINTS[2, 1, 7]
    # The data set's equations, in mm: 1280 - 2560 x, 960 - 1920 y, 10000 z / 7.8125.
    expected_mm = [1280 - 2560 * x, 960 - 1920 * y, 10000 * z / 7.8125]
    np.testing.assert_allclose(sequence.keypoints[1, 2, 7] * 1000, expected_mm, rtol=1e-4)
    assert sequence.size_hw == (0, 0)


def test_an_untracked_joint_is_missing(tmp_path):
    joints = JOINTS.copy()
    joints[1, 0, 3] = 0
    (sequence,) = read_sbu(write_clip(tmp_path, joints=joints)).sequences
    assert sequence.confidence[0, 1, 3] == 0
    assert sequence.confidence.sum() == 89


@pytest.mark.parametrize(
    ("clip", "message"),
    [
        ({"where": "s01s02/09/001"}, "the class must be 01 to 08, got '09'"),
        ({"where": "s01s09/03/001"}, "'s01s09' is none of the data set's 21 pairs of actors"),
        ({"text": "1,2,3"}, r"91 columns expected .*, got \(1, 3\)"),
        ({"text": "one,two"}, "is no table of numbers"),
        ({"text": ""}, r"91 columns expected .*, got \(0,\)"),
    ],
)
def test_refuses(tmp_path, clip, message):
    with pytest.raises(ValueError, match=message):
        list(read_sbu(write_clip(tmp_path, **clip)).sequences)


def test_wrong_axes(tmp_path):
    with pytest.raises(ValueError, match="axes must be 2 or 3, got 4"):
        read_sbu(tmp_path, axes=4)


def test_the_real_data_set(shared, tmp_path):
    report = import_dataset("sbu", shared / "data/skeletons/sbu.tar.xz", tmp_path / "sbu")
    assert (report.num_clips, report.num_classes, len(report.split_sizes)) == (282, 8, 10)
    store = SkeletonStore.open(tmp_path / "sbu")
    assert set(store.num_people) == {2}
    tested = np.concatenate([store.split(f"fold{fold}_test") for fold in range(1, 6)])
    assert sorted(tested) == list(range(282))
    for fold in range(1, 6):
        train, test = store.split(f"fold{fold}_train"), store.split(f"fold{fold}_test")
        assert sorted([*train, *test]) == list(range(282))
        pairs = [{store.names[clip][:6] for clip in part} for part in (train, test)]
        assert not pairs[0] & pairs[1]


def test_bones_of_the_real_data_have_human_lengths(shared, tmp_path):
    import_dataset("sbu", shared / "data/skeletons/sbu.tar.xz", tmp_path / "sbu", axes=3)
    store = SkeletonStore.open(tmp_path / "sbu")
    joints = np.concatenate([store[clip].keypoints.reshape(-1, 15, 3) for clip in range(0, 282, 10)])
    for first, second, expected_m in (("hip", "knee", 0.43), ("knee", "foot", 0.41), ("elbow", "hand", 0.28)):
        bone = joints[:, SBU15.index(f"left_{first}")] - joints[:, SBU15.index(f"left_{second}")]
        assert np.median(np.linalg.norm(bone, axis=-1)) == pytest.approx(expected_m, abs=0.03)
