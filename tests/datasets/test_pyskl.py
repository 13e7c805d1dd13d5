"""pyskl and mmaction2 pickles: both forms, missing joints, refusals, and a real file."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecube.datasets import import_dataset
from posecube.datasets.pyskl import read_pyskl
from posecube.skeleton.store import SkeletonStore


def annotation(name="clip0", shape=(1, 3, 17, 2), **fields):
    rng = np.random.default_rng(0)
    made = {
        "frame_dir": name,
        "total_frames": shape[1],
        "img_shape": (240, 320),
        "original_shape": (480, 640),
        "label": 2,
        "keypoint": rng.uniform(1, 200, shape).astype(np.float16),
        "keypoint_score": rng.uniform(0.1, 1, shape[:3]).astype(np.float16),
        **fields,
    }
    return {key: value for key, value in made.items() if value is not None}


def write(folder, content, protocol=4):
    path = folder / "data.pkl"
    path.write_bytes(pickle.dumps(content, protocol))
    return path


def read_one(folder, **fields):
    (sequence,) = read_pyskl(write(folder, [annotation(**fields)])).sequences
    return sequence


def test_annotations_with_splits(tmp_path):
    content = {
        "split": {"xsub_train": ["b"], "xsub_val": ["a", "c"]},
        "annotations": [annotation(name) for name in "abc"],
    }
    contents = read_pyskl(write(tmp_path, content))
    sequences = list(contents.sequences)
    assert [sequence.name for sequence in sequences] == ["a", "b", "c"]
    assert contents.splits == {"xsub_train": ["b"], "xsub_val": ["a", "c"]}
    assert (contents.layout.name, contents.classes) == ("coco17", ("class_000", "class_001", "class_002"))
    assert (sequences[0].size_hw, sequences[0].label) == ((240, 320), 2)
    np.testing.assert_array_equal(sequences[0].keypoints, annotation()["keypoint"].astype(np.float32))
    np.testing.assert_array_equal(sequences[0].confidence, annotation()["keypoint_score"].astype(np.float32))


def test_a_plain_list_and_its_split(tmp_path):
    path = write(tmp_path, [annotation("a"), annotation("b")])
    assert read_pyskl(path).splits == {}
    assert read_pyskl(path, split="train").splits == {"train": ["a", "b"]}


def test_three_axes_without_scores(tmp_path):
    keypoint = np.random.default_rng(0).normal(size=(2, 3, 25, 3)).astype(np.float16)
    keypoint[1, 1:] = 0  # the second person leaves
    sequence = read_one(tmp_path, keypoint=keypoint, keypoint_score=None, img_shape=None, original_shape=None)
    assert (sequence.layout.name, sequence.size_hw) == ("ntu25", (0, 0))
    assert sequence.confidence.sum(axis=(1, 2)).tolist() == [75, 25]


def test_missing_joints_get_confidence_zero(tmp_path):
    keypoint, score = annotation()["keypoint"], annotation()["keypoint_score"]
    keypoint[0, 0, 3] = 0  # (0, 0), though its score is not
    keypoint[0, 1, 4] = np.nan
    score[0, 1, 5] = 0
    score[0, 2, 6] = np.nan
    score[0, 2, 7] = 1.2
    confidence = read_one(tmp_path, keypoint=keypoint, keypoint_score=score).confidence[0]
    assert [confidence[0, 3], confidence[1, 4], confidence[1, 5], confidence[2, 6], confidence[2, 7]] == [0, 0, 0, 0, 1]
    assert (confidence > 0).sum() == 3 * 17 - 4


@pytest.mark.parametrize(
    ("label", "expected"), [(0, 0), (np.int64(1), 1), (np.array([2]), 2), (None, None), (-1, None)]
)
def test_labels(tmp_path, label, expected):
    assert read_one(tmp_path, label=label).label == expected


def test_class_names(tmp_path):
    path = write(tmp_path, [annotation()])
    names = tmp_path / "names.txt"
    names.write_text("walk\nrun\n\njump high\n")
    assert read_pyskl(path, classes=names).classes == ("walk", "run", "jump high")
    assert read_pyskl(path, classes=["a", "b", "c"]).classes == ("a", "b", "c")
    with pytest.raises(FileNotFoundError, match="no file of class names at"):
        read_pyskl(path, classes=tmp_path / "none.txt")
    with pytest.raises(ValueError, match="has label 2, the store has 2 classes"):
        import_dataset("pyskl", path, tmp_path / "store", classes=["a", "b"])


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"shape": (0, 3, 17, 2)}, "no people or no frames"),
        ({"shape": (1, 0, 17, 2)}, "no people or no frames"),
        ({"keypoint_score": np.zeros((1, 3, 17))}, "nobody was seen in it"),
    ],
)
def test_clips_without_anybody_are_skipped_and_counted(tmp_path, fields, reason):
    content = {"split": {"train": ["bad", "good"]}, "annotations": [annotation("bad", **fields), annotation("good")]}
    report = import_dataset("pyskl", write(tmp_path, content), tmp_path / "store")
    assert list(report.skipped) == ["bad"]
    assert reason in report.skipped["bad"]
    assert (report.num_clips, report.split_sizes) == (1, {"train": 1})


def test_nothing_but_empty_clips(tmp_path):
    path = write(tmp_path, [annotation(shape=(0, 3, 17, 2))])
    with pytest.raises(ValueError, match="no clip could be imported; 1 were skipped"):
        import_dataset("pyskl", path, tmp_path / "store")
    assert [item.name for item in tmp_path.iterdir()] == ["data.pkl"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "is no pyskl pickle: expected annotations, a list of dicts"),
        ("text", "is no pyskl pickle"),
        ({"a": 1}, "is no pyskl pickle"),
        ([1, 2], "is no pyskl pickle"),
        ({"split": ["a"], "annotations": [annotation()]}, "is no pyskl pickle"),
        ([annotation(frame_dir=None)], "annotation 0 has no name"),
        ([annotation(keypoint=None)], r"its annotations have no keypoint \(M, T, V, C\)"),
        (
            [annotation(shape=(1, 3, 99, 2))],
            "99 joints belong to no known layout of this format; name one with `layout`",
        ),
        (
            {"split": {"t": ["x"]}, "annotations": [annotation()]},
            "split 't' names 1 clips without annotation, first 'x'",
        ),
    ],
)
def test_refuses_the_file(tmp_path, content, message):
    with pytest.raises(ValueError, match=message) as caught:
        read_pyskl(write(tmp_path, content))
    assert "data.pkl" in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"keypoint": [[1, 2]]}, r"annotation 1: keypoint must be an array \(M, T, V, C\)"),
        (
            {"keypoint": np.ones((1, 3, 18, 2))},
            r"layout coco17 needs keypoint \(M, T, 17, 2 or 3\), got \(1, 3, 18, 2\)",
        ),
        ({"keypoint_score": np.ones((1, 4, 17))}, r"keypoint_score must be an array \(1, 3, 17\) like keypoint"),
        ({"img_shape": (0, 0)}, r"a frame size \(height, width\) above 0 is needed"),
        ({"img_shape": "big"}, r"img_shape must be \(height, width\), got 'big'"),
        ({"img_shape": None, "original_shape": None}, r"img_shape must be \(height, width\), got None"),
    ],
)
def test_refuses_an_annotation(tmp_path, fields, message):
    with pytest.raises(ValueError, match=message):
        list(read_pyskl(write(tmp_path, [annotation("a"), annotation("b", **fields)])).sequences)


class Runs:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


def test_a_malicious_pickle_does_nothing(tmp_path):
    marker = tmp_path / "ran"
    path = write(tmp_path, [annotation(keypoint_score=Runs(str(marker)))])
    with pytest.raises(ValueError, match=r"was not loaded: .* this one names io.open"):
        import_dataset("pyskl", path, tmp_path / "store")
    assert [item.name for item in tmp_path.iterdir()] == ["data.pkl"]


@settings(max_examples=40, deadline=None)
@given(
    keypoint=hnp.arrays(
        st.sampled_from(["<f2", "<f4", "<f8"]),
        st.tuples(st.integers(0, 2), st.integers(0, 3), st.just(17), st.sampled_from([2, 3])),
        elements={"allow_nan": True, "allow_infinity": True},
    ),
    protocol=st.sampled_from(range(6)),
)
def test_any_numbers_make_a_valid_sequence_or_a_skip(tmp_path_factory, keypoint, protocol):
    folder = tmp_path_factory.mktemp("any")
    contents = read_pyskl(write(folder, [annotation(keypoint=keypoint, keypoint_score=None)], protocol))
    sequences = list(contents.sequences)
    assert len(sequences) + len(contents.skipped) == 1
    for sequence in sequences:
        seen = sequence.confidence > 0
        np.testing.assert_array_equal(sequence.keypoints[seen], keypoint[seen].astype(np.float32))


def test_a_real_file(shared, tmp_path):
    source = shared / "data/formats/ucf101_mini_pyskl.pkl"
    report = import_dataset("pyskl", source, tmp_path / "ucf", classes=["ApplyEyeMakeup"])
    assert (report.num_clips, report.split_sizes) == (6, {"train1": 3, "test1": 3})
    store = SkeletonStore.open(tmp_path / "ucf")
    with source.open("rb") as file:
        published = pickle.load(file)["annotations"]
    for expected in published:
        sequence = store[store.index(expected["frame_dir"])]
        assert (sequence.size_hw, sequence.layout.name) == ((256, 340), "coco17")
        np.testing.assert_array_equal(sequence.keypoints, expected["keypoint"])
        np.testing.assert_array_equal(sequence.confidence, expected["keypoint_score"])
