"""Penn Action: a made-up label file, broken ones, and the real data set."""

import numpy as np
import pytest
import scipy.io
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.datasets import import_dataset
from posecube.datasets.formats.penn_action import CLASSES, read_penn_action
from posecube.skeleton.layouts import PENN13
from posecube.store import SkeletonStore


def write_clip(folder, name="0001", **fields):
    folder.mkdir(exist_ok=True)
    x = np.arange(1, 27, dtype=np.float64).reshape(2, 13)
    content = {
        "action": "bowl",
        "x": x,
        "y": x + 100,
        "visibility": np.ones((2, 13), np.uint8),
        "train": 1,
        "dimensions": np.array([270, 480, 2], np.uint16),
        **fields,
    }
    scipy.io.savemat(folder / f"{name}.mat", {key: value for key, value in content.items() if value is not None})
    return folder


def read_one(folder, **options):
    (sequence,) = read_penn_action(folder, **options).sequences
    return sequence


def test_one_clip(tmp_path):
    sequence = read_one(write_clip(tmp_path / "labels"))
    assert (sequence.name, sequence.size_hw, sequence.layout) == ("0001", (270, 480), PENN13)
    assert CLASSES[sequence.label] == "bowl"
    # MATLAB counts pixels from 1.
    np.testing.assert_array_equal(sequence.keypoints[0, 0, :2], [[0, 100], [1, 101]])
    np.testing.assert_array_equal(sequence.confidence, 1)


@pytest.mark.parametrize("invisible_confidence", [0.0, 0.3, 1.0])
def test_invisible_joints_keep_their_coordinates(tmp_path, invisible_confidence):
    visibility = np.ones((2, 13), np.uint8)
    visibility[1, 3] = visibility[1, 4] = 0
    x = np.arange(1, 27, dtype=np.float64).reshape(2, 13)
    x[1, 4] = 0
    y = x.copy()
    sequence = read_one(
        write_clip(tmp_path / "labels", visibility=visibility, x=x, y=y), invisible_confidence=invisible_confidence
    )
    assert sequence.confidence[0, 1, 3] == pytest.approx(invisible_confidence)
    np.testing.assert_array_equal(sequence.keypoints[0, 1, 3], x[1, 3] - 1)
    assert sequence.confidence[0, 1, 4] == 0  # (0, 0) was never annotated


def test_splits_and_order(tmp_path):
    for name, flag in (("0010", -1), ("0002", 1), ("0003", 1)):
        write_clip(tmp_path / "labels", name, train=flag)
    contents = read_penn_action(tmp_path)
    assert [sequence.name for sequence in contents.sequences] == ["0002", "0003", "0010"]
    assert contents.splits == {"train": ["0002", "0003"], "test": ["0010"]}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"x": np.full((2, 13), np.nan)}, "x and y must be pixels, got up to nan"),
        ({"action": 3}, "0001.mat is no Penn Action label file: action is not what it should be"),
        ({"action": "curling"}, "0001.mat: unknown action 'curling'; Penn Action has baseball_pitch"),
        ({"train": 0}, "0001.mat: the flag `train` must be 1 or -1, got 0"),
        ({"x": None, "train": None}, "0001.mat is no Penn Action label file: it lacks x, train"),
        (
            {"visibility": np.ones((3, 13))},
            r"x, y and visibility must be \(T, 13\), got \(2, 13\), \(2, 13\), \(3, 13\)",
        ),
    ],
)
def test_refuses(tmp_path, fields, message):
    with pytest.raises(ValueError, match=message):
        read_one(write_clip(tmp_path / "labels", **fields))


def test_wrong_option(tmp_path):
    with pytest.raises(ValueError, match=r"invisible_confidence must lie in \[0, 1\], got 2"):
        read_penn_action(tmp_path, invisible_confidence=2)


@settings(max_examples=100, deadline=None)
@given(damage=st.binary(max_size=40), start=st.integers(0, 2500), length=st.integers(0, 2500))
def test_a_damaged_file_is_one_clear_line(tmp_path_factory, damage, start, length):
    folder = write_clip(tmp_path_factory.mktemp("penn") / "labels")
    path = folder / "0001.mat"
    content = path.read_bytes()
    path.write_bytes(content[:start] + damage + content[start + length :])
    try:
        read_one(folder)
    except ValueError as error:
        assert "\n" not in str(error)


def test_the_real_data_set(shared, tmp_path):
    report = import_dataset("penn-action", shared / "data/skeletons/penn_action.tar.xz", tmp_path / "penn")
    assert (report.num_clips, report.num_frames, report.num_classes) == (2326, 163_841, 15)
    assert report.split_sizes == {"train": 1258, "test": 1068}
    store = SkeletonStore.open(tmp_path / "penn")
    assert (store.num_frames.min(), np.median(store.num_frames), store.num_frames.max()) == (18, 56, 663)
    assert np.bincount(store.labels).tolist() == [
        167, 173, 140, 220, 88, 166, 82, 112, 199, 211, 100, 231, 94, 157, 186,
    ]  # fmt: skip
    assert not set(store.split("train")) & set(store.split("test"))
