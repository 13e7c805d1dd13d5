"""pyskl and mmaction2 pickles: both forms, missing joints, refusals, and a real file."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecube.datasets import import_dataset
from posecube.datasets.pyskl.reader import read_pyskl
from posecube.store import SkeletonStore


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
    assert read_pyskl(path).splits == {"data": ["a", "b"]}
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
    ("label", "expected"),
    [(0, 0), (np.int64(1), 1), (np.array([2]), 2), (3.0, 3), (None, None), (-1, None), ("", None)],
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
    assert read_pyskl(path, classes=["a", "b", "a"]).classes == ("a", "b", "a (2)")
    assert read_pyskl(path, classes="ntu60").classes[2] == "brushing teeth"
    with pytest.raises(ValueError, match="has label 2, the store has 2 classes"):
        import_dataset("pyskl", path, tmp_path / "store", classes=["a", "b"])


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"shape": (0, 3, 17, 2)}, "no people or no frames"),
        ({"shape": (1, 0, 17, 2)}, "no people or no frames"),
        ({"keypoint_score": np.zeros((1, 3, 17))}, "it has no detections"),
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
        ([annotation(frame_dir=7)], "annotation 0 has no name"),
        (
            [annotation("a"), annotation("b"), annotation("a")],
            r"annotation 2 has the name 'a' \(frame_dir\) of annotation 0",
        ),
        ([annotation(label=2.5)], "annotation 0: label must be a whole number or a name, got 2.5"),
        ([annotation(label=[1])], "annotation 0: label must be a whole number or a name, got list"),
        ([annotation("a", label="wave"), annotation("b")], "labels must be all numbers or all names, got 2 and 'wave'"),
        ([annotation(label=10**9)], "label 1000000000 is no class index"),
        ({"split": {"t": "clip0"}, "annotations": [annotation()]}, "split 't' must have a name and be a list of clip"),
        ({"split": {"t": [["clip0"]]}, "annotations": [annotation()]}, "split 't' must have a name and be a list"),
        (
            {"split": {1: ["clip0"]}, "annotations": [annotation()]},
            "split 1 must have a name and be a list of clip names",
        ),
        ([annotation(keypoint=None, raw_file="x/clip0.pkl")], "has its joints in other files, first clip0.pkl: give"),
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
    with pytest.raises((ValueError, FileNotFoundError), match=message) as caught:
        read_pyskl(write(tmp_path, content))
    assert "data.pkl" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"keypoint": [[1, 2]]}, r"annotation 1: keypoint must be an array \(M, T, V, C\)"),
        (
            {"keypoint": np.ones((1, 3, 18, 2))},
            r"layout coco17 needs keypoint \(M, T, 17, 2 or 3\), got \(1, 3, 18, 2\)",
        ),
        ({"keypoint_score": np.ones((1, 4, 17))}, r"keypoint_score must be an array \(1, 3, 17\) like keypoint"),
        ({"keypoint": None, "raw_file": 5}, r"annotation 1: keypoint must be an array \(M, T, V, C\)"),
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


# What pyskl and mmaction2 share: name, joints, axes, people, whether there are scores, splits, label of the last class.
PUBLISHED = {
    "ntu60_hrnet": (17, 2, 2, True, ("xsub_train", "xsub_val", "xview_train", "xview_val"), 59),
    "ntu60_3danno": (25, 3, 2, False, ("xsub_train", "xsub_val", "xview_train", "xview_val"), 59),
    "ntu120_hrnet": (17, 2, 2, True, ("xsub_train", "xsub_val", "xset_train", "xset_val"), 119),
    "ntu120_3danno": (25, 3, 2, False, ("xsub_train", "xsub_val", "xset_train", "xset_val"), 119),
    "gym_hrnet": (17, 2, 1, True, ("train", "val"), 98),
    "ucf101_hrnet": (17, 2, 4, True, ("train1", "train2", "train3", "test1", "test2", "test3"), 100),
    "hmdb51_hrnet": (17, 2, 3, True, ("train1", "train2", "train3", "test1", "test2", "test3"), 50),
    "diving48_hrnet": (17, 2, 2, True, ("train", "test"), 47),
}


@pytest.mark.parametrize("name", PUBLISHED)
@pytest.mark.parametrize("splits_first", [True, False])
def test_published_data_sets(tmp_path, name, splits_first):
    num_joints, num_axes, num_people, has_scores, splits, last = PUBLISHED[name]
    clips = []
    for clip in range(4):
        shape = (1 + clip % num_people, 5 + clip, num_joints, num_axes)
        fields = {} if has_scores else {"keypoint_score": None, "img_shape": None, "original_shape": None}
        clips.append(annotation(f"clip{clip}", shape, label=last if clip == 3 else clip, **fields))
    table = {split: [f"clip{number % 4}"] for number, split in enumerate(splits)}
    content = {"split": table, "annotations": clips} if splits_first else {"annotations": clips, "split": table}
    report = import_dataset("pyskl", write(tmp_path, content, protocol=2), tmp_path / "store")
    assert not report.skipped and not report.remarks
    store = SkeletonStore.open(report.path)
    assert (store.layout.num_joints, store.num_axes, len(store.classes)) == (num_joints, num_axes, last + 1)
    assert report.split_sizes == dict.fromkeys(splits, 1)
    for stored, clip in zip(store, clips, strict=True):
        assert (stored.name, stored.label) == (clip["frame_dir"], clip["label"])
        np.testing.assert_array_equal(stored.keypoints, clip["keypoint"].astype(np.float32))


def test_lists_of_mmaction2_a_file_a_split(tmp_path):
    for name, clips in {"xsub_train": "ab", "xsub_val": "c", "xview_train": "bc", "xview_val": "a"}.items():
        (tmp_path / f"ntu60_{name}.pkl").write_bytes(pickle.dumps([annotation(clip) for clip in clips]))
    report = import_dataset("pyskl", tmp_path, tmp_path / "store")
    assert (report.num_clips, report.split_sizes) == (
        3, {"xsub_train": 2, "xsub_val": 1, "xview_train": 2, "xview_val": 1},
    )  # fmt: skip
    assert read_pyskl(tmp_path / "ntu60_xsub_val.pkl").splits == {"xsub_val": ["c"]}
    (tmp_path / "ntu60_xview_val.pkl").write_bytes(pickle.dumps([annotation("a", label=1)]))
    with pytest.raises(
        ValueError, match=r"clip 'a' has another label than in ntu60_xsub_train.pkl: is it one data set"
    ):
        read_pyskl(tmp_path)


@pytest.mark.parametrize(
    ("name", "split"),
    [("gym_train", "train"), ("gym-val", "val"), ("ntu120_xset-test", "xset_test"), ("train2", "train2"),
     ("strain", "strain"), ("mine", "mine"), ("train_of_mine", "train_of_mine")],
)  # fmt: skip
def test_the_split_in_a_files_name(tmp_path, name, split):
    path = write(tmp_path, [annotation()]).rename(tmp_path / f"{name}.pkl")
    assert list(read_pyskl(path).splits) == [split]


def test_a_folder_without_pickles(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no .pkl files in"):
        read_pyskl(tmp_path)


def test_labels_that_are_names(tmp_path):
    path = write(tmp_path, [annotation("a", label="wave"), annotation("b", label="bow"), annotation("c", label=None)])
    contents = read_pyskl(path)
    assert contents.classes == ("bow", "wave")
    assert [sequence.label for sequence in contents.sequences] == [1, 0, None]
    assert [sequence.label for sequence in read_pyskl(path, classes=["wave", "bow", "run"]).sequences] == [0, 1, None]
    with pytest.raises(ValueError, match=r"data.pkl, annotation 1: label 'bow' is none of the 1 classes"):
        list(read_pyskl(path, classes=["wave"]).sequences)


def test_the_number_of_frames_is_that_of_the_joints(tmp_path):
    clips = [annotation("a", total_frames=300), annotation("b"), annotation("c", total_frames="many")]
    report = import_dataset("pyskl", write(tmp_path, clips), tmp_path / "store")
    assert SkeletonStore.open(report.path).num_frames.tolist() == [3, 3, 3]
    (remark,) = report.remarks.items()
    assert remark == ("total_frames is not the number of frames that the joints have; the joints count", 2)


def test_a_split_that_names_a_few_clips_too_many(tmp_path):
    content = {"split": {"train": np.array(["a", "x"]), "val": {"y", "a", "z"}}, "annotations": [annotation("a")]}
    contents = read_pyskl(write(tmp_path, content))
    assert contents.splits == {"train": ["a"], "val": ["a"]}
    assert contents.remarks == {
        "split train names clips without annotation": 1, "split val names clips without annotation": 2,
    }  # fmt: skip


def test_older_names_of_fields(tmp_path):
    assert read_one(tmp_path, frame_dir=None, filename="video").name == "video"


def test_cut_at_any_byte(tmp_path):
    clip = annotation(shape=(1, 1, 17, 2))
    content = pickle.dumps({"split": {"train": ["clip0"]}, "annotations": [clip]}, 2)
    path = tmp_path / "data.pkl"
    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(ValueError, match=r"data\.pkl is no readable pickle \(.*\): download it again"):
            read_pyskl(path)


def test_an_endless_value_is_not_written_out(tmp_path):
    endless = ["x"]
    for _ in range(60):
        endless = [endless, endless]
    for field in ("img_shape", "label", "keypoint", "keypoint_score", "frame_dir"):
        with pytest.raises(ValueError) as caught:
            import_dataset("pyskl", write(tmp_path, [annotation("a"), annotation(**{field: endless})]), tmp_path / "s")
        assert len(str(caught.value)) < 300
    assert read_one(tmp_path, total_frames=endless).num_frames == 3
    with pytest.raises(ValueError, match="split 'a' must have a name and be a list"):
        read_pyskl(write(tmp_path, {"split": {"a": endless}, "annotations": [annotation()]}))


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
