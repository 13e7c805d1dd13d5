"""Kinetics-skeleton: a made data set with known answers, broken files, and the published loader's order of people."""

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junk import spoiled
from posecube.datasets import import_dataset
from posecube.datasets.formats.kinetics import read_kinetics
from posecube.store import SkeletonStore

KEYS = ["data", "frame_index", "skeleton", "pose", "score", "label", "label_index", "has_skeleton"]


def person(x=0.5, y=0.25, score=0.5):
    scores = np.broadcast_to(score, 18).tolist()
    return {"pose": [x, y] * 18, "score": scores}


def clip(*frames, first=1, label=1, **fields):
    data = [{"frame_index": index, "skeleton": list(people)} for index, people in enumerate(frames, start=first)]
    return {"data": data, "label": "bowling", "label_index": label, **fields}


def write(folder, clips, split="train", **labels):
    """Clips by name; text is written as it is, None is no file."""
    (folder / f"kinetics_{split}").mkdir(exist_ok=True)
    for name, content in clips.items():
        if content is not None:
            text = content if isinstance(content, bytes) else json.dumps(content).encode()
            (folder / f"kinetics_{split}/{name}.json").write_bytes(text)
    entry = {"has_skeleton": True, "label": "bowling", "label_index": 1}
    listed = {name: labels.get(name, entry) for name in clips}
    (folder / f"kinetics_{split}_label.json").write_text(json.dumps(listed))
    return folder


def read(folder, **options):
    return list(read_kinetics(folder, **options).sequences)


def test_one_clip(tmp_path):
    (sequence,) = read(write(tmp_path, {"abc": clip([person()], [], [person(0.1, 0.2, 0.75)])}))
    assert (sequence.name, sequence.label, sequence.size_hw, sequence.fps) == ("abc", 1, (256, 340), Fraction(30))
    assert (sequence.layout.name, sequence.keypoints.shape) == ("openpose18", (1, 3, 18, 2))
    np.testing.assert_allclose(sequence.keypoints[0, [0, 2], 5], [[170, 64], [34, 51.2]], rtol=1e-6)
    assert sequence.confidence[0, :, 0].tolist() == [0.5, 0, 0.75]


def test_splits_and_classes(tmp_path):
    jumping = {"has_skeleton": True, "label": "jumping", "label_index": 3}
    write(tmp_path, {"b": clip([person()]), "a": clip([person()])})
    write(tmp_path, {"c": clip([person()], label=3)}, "val", c=jumping)
    contents = read_kinetics(tmp_path)
    assert [sequence.name for sequence in contents.sequences] == ["a", "b", "c"]
    assert contents.splits == {"train": ["a", "b"], "val": ["c"]}
    assert contents.classes == ("0", "bowling", "2", "jumping")


def test_one_split_alone(tmp_path):
    contents = read_kinetics(write(tmp_path, {"a": clip([person()])}, "val"))
    list(contents.sequences)
    assert contents.splits == {"val": ["a"]}


def test_people_stand_in_the_order_of_their_scores(tmp_path):
    """As published: five are read, two are kept, per frame."""
    first = [person(x / 10, score=s) for x, s in enumerate([0.1, 0.4, 0.2, 0.3, 0.05, 0.9])]
    second = [person(0.7, score=0.2), person(0.8, score=0.6)]
    (sequence,) = read(write(tmp_path, {"a": clip(first, second, [person(0.9)])}))
    np.testing.assert_allclose(sequence.keypoints[..., 0, 0] / 340, [[0.1, 0.8, 0.9], [0.3, 0.7, 0]], rtol=1e-6)
    assert len(read(tmp_path, max_people=4)[0].keypoints) == 4


def test_the_published_tensor_comes_back(tmp_path):
    """An independent reading in the way of the published loader: (x, y, score) by frame and person, sorted by score."""
    rng = np.random.default_rng(0)
    frames, expected = [], np.zeros((3, 30, 18, 5))
    for t in range(30):
        people = rng.integers(0, 6)
        values = rng.random((people, 18, 3)).round(3)
        values[rng.random((people, 18)) < 0.2, 2] = 0
        frames.append([{"pose": one[:, :2].ravel().tolist(), "score": one[:, 2].tolist()} for one in values])
        expected[:, t, :, : min(people, 5)] = values[:5].transpose(2, 1, 0)
    expected[:2, expected[2] == 0] = 0
    order = np.argsort(-expected[2].sum(axis=1), axis=1, kind="stable")
    expected = np.stack([expected[:, t][..., order[t, :2]] for t in range(30)], axis=1)
    (sequence,) = read(write(tmp_path, {"a": clip(*frames)}))
    got = np.concatenate([sequence.keypoints / (340, 256), sequence.confidence[..., None]], axis=-1)
    np.testing.assert_allclose(got.transpose(3, 1, 2, 0)[:, : sequence.num_frames], expected[:, : sequence.num_frames],
                               atol=1e-6)  # fmt: skip


def test_linked_rows_are_people(tmp_path):
    rng = np.random.default_rng(0)
    body = rng.uniform(0, 0.2, (18, 2))
    near, far = ({"pose": (body + x).ravel().tolist(), "score": [0.5] * 18} for x in (0.1, 0.7))
    louder = {**far, "score": [0.9] * 18}
    write(tmp_path, {"a": clip([near, far], [near, louder], [far, near])})
    crossing = read(tmp_path)[0].keypoints[:, :, 0, 0]
    assert np.abs(np.diff(crossing, axis=1)).max() > 100
    linked = read(tmp_path, linked=True)[0].keypoints[:, :, 0, 0]
    assert np.abs(np.diff(linked, axis=1)).max() == 0


@pytest.mark.parametrize(
    ("first", "num_frames", "expected"), [(0, 3, 3), (1, 3, 3), (1, 300, 300), (1, 310, 300), (0, 301, 300)]
)
def test_frame_numbers(tmp_path, first, num_frames, expected):
    (sequence,) = read(write(tmp_path, {"a": clip(*[[person()]] * num_frames, first=first)}))
    assert sequence.num_frames == expected
    assert sequence.confidence.all()


def test_impossible_joints_are_missing(tmp_path):
    odd = person()
    odd["pose"][:6] = [float("nan"), 0.5, 0.5, float("inf"), 10**400, 0.5]
    odd["score"][3:6] = [0, float("nan"), 1.7]
    (sequence,) = read(write(tmp_path, {"a": clip([odd])}))
    assert sequence.confidence[0, 0, :7].tolist() == [0, 0, 0, 0, 0, 1, 0.5]


def test_several_processes_read_the_same(tmp_path):
    write(tmp_path, {f"{n:02d}": clip([person(n / 20)]) if n % 5 else b"{" for n in range(20)})
    alone, together = read_kinetics(tmp_path), read_kinetics(tmp_path, workers=2)
    assert alone.num_clips == 20
    for one, other in zip(alone.sequences, together.sequences, strict=True):
        assert one.name == other.name
        np.testing.assert_array_equal(one.keypoints, other.keypoints)
    assert together.splits == alone.splits
    assert together.skipped == alone.skipped
    assert len(alone.skipped) == 4


ENTRY = {"has_skeleton": True, "label": "bowling", "label_index": 1}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "no JSON file at"),
        (b"", "bad.json is no JSON"),
        (b"\xff\xd8\x00", "bad.json is no JSON: it is not UTF-8 text"),
        (b"[" * 100_000, "bad.json is nested too deeply"),
        ([], "bad.json must be an object, got list"),
        ({"label_index": 1}, "bad.json: data is missing"),
        (clip([person()], label=2), "bad.json has class 2, the label file says 1"),
        (clip(), "it has no detections"),
        (clip([], []), "it has no detections"),
        (clip([person(score=0)]), "it has no detections"),
        (clip([{"pose": [0.5] * 34, "score": [1] * 18}]), "data[0].skeleton[0].pose must have 36 numbers, got 34"),
        (clip([{"pose": [0.5] * 36, "score": [1] * 17}]), "data[0].skeleton[0].score must have 18 numbers, got 17"),
        (clip([{"pose": ["a"] * 36, "score": [1] * 18}]), "pose must hold numbers only"),
        (clip([7]), "data[0].skeleton[0] must be an object, got 7"),
        ({"data": [{"frame_index": -4, "skeleton": []}]}, "frame_index -4 is negative"),
        ({"data": [{"frame_index": 2, "skeleton": []}] * 2}, "frame_index 2 is there twice"),
        ({"data": [{"frame_index": "2", "skeleton": []}]}, "data[0].frame_index must be a whole number, got '2'"),
        ({"data": [{"frame_index": 10**30, "skeleton": [person()]}]}, "it has no detections"),
        ({"data": [{"frame_index": 1}]}, "data[0].skeleton is missing"),
    ],
)
def test_bad_clips_are_skipped_and_told(tmp_path, content, reason):
    write(tmp_path, {"bad": content, "good": clip([person()]), "empty": None}, empty={**ENTRY, "has_skeleton": False})
    report = import_dataset("kinetics", tmp_path, tmp_path / "store")
    assert (report.num_clips, report.split_sizes) == (1, {"train": 1})
    assert reason in report.skipped["bad"]
    assert report.skipped["empty"] == "the label file says that it has no skeleton"
    assert SkeletonStore.open(tmp_path / "store").names == ["good"]


def test_nothing_valid_is_an_error(tmp_path):
    write(tmp_path, {"a": b"{", "b": None})
    with pytest.raises(ValueError, match=r"no clip could be read, 2 were skipped; the first, a: a\.json is no JSON"):
        import_dataset("kinetics", tmp_path, tmp_path / "store")
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (b"{", "kinetics_train_label.json is no JSON"),
        ([], "kinetics_train_label.json must be an object, got list"),
        ({}, "its label files list no clip"),
        ({"a": 1}, "clip 'a' must be an object, got 1"),
        ({"a": {"label": "x"}}, "clip 'a': label_index is missing"),
        ({"a": {"label_index": -1}}, "label_index must be 0 to 9999, got -1"),
        ({"a": {"label_index": 10**30}}, "label_index must be 0 to 9999, got 10000"),
        ({"a": {"label_index": 1, "label": 5}}, "clip 'a': label must be a text, got 5"),
        ({"a": {"label_index": 1, "label": "\ud800"}}, "clip 'a': label must be a text, got"),
        ({"../a": {"label_index": 1}}, "clip '../a' is no name of a file"),
        ({"": {"label_index": 1}}, "clip '' is no name of a file"),
        ({"a": ENTRY, "b": {**ENTRY, "label": "x"}}, "class 1 is 'bowling' and 'x'"),
    ],
)
def test_refuses_labels(tmp_path, labels, message):
    write(tmp_path, {"a": clip([person()])})
    text = labels if isinstance(labels, bytes) else json.dumps(labels).encode()
    (tmp_path / "kinetics_train_label.json").write_bytes(text)
    with pytest.raises(ValueError, match=message):
        read_kinetics(tmp_path)


def test_refuses_a_clip_of_both_splits(tmp_path):
    write(tmp_path, {"a": clip([person()])})
    with pytest.raises(ValueError, match="clip 'a' is listed for train and for val"):
        read_kinetics(write(tmp_path, {"a": clip([person()])}, "val"))


def test_refuses_the_source(tmp_path):
    with pytest.raises(ValueError, match="holds neither kinetics_train nor kinetics_val"):
        read_kinetics(tmp_path)
    with pytest.raises(FileNotFoundError, match="no folder"):
        read_kinetics(tmp_path / "none")
    (tmp_path / "kinetics_val").mkdir()
    with pytest.raises(FileNotFoundError, match=r"no JSON file at .*kinetics_val_label\.json"):
        read_kinetics(tmp_path)
    with pytest.raises(ValueError, match="max_people must be at least 1, got 0"):
        read_kinetics(tmp_path, max_people=0)


@settings(max_examples=40)
@given(content=spoiled(clip([person()], [person(), person()]), KEYS), is_label=st.booleans())
def test_junk_is_a_clear_line(tmp_path_factory, content, is_label):
    folder = write(tmp_path_factory.getbasetemp(), {"a": content})
    if is_label:
        (folder / "kinetics_train_label.json").write_text(json.dumps(content))
    try:
        for sequence in read_kinetics(folder).sequences:
            assert sequence.num_frames <= 300
    except (ValueError, FileNotFoundError) as error:
        assert "\n" not in str(error)
