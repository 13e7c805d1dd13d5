"""OpenPose's JSON: folders of frames with known answers, broken ones, labels, sizes."""

import json

import numpy as np
import pytest
from hypothesis import given, settings

from junk import spoiled
from posecube.datasets import import_dataset
from posecube.datasets.formats.openpose import read_openpose
from posecube.store import SkeletonStore

KEYS = ["people", "person_id", "pose_keypoints_2d"]
BODY_XY = np.random.default_rng(0).uniform(0, 100, (25, 2)).round(3)


def person(x=0.0, y=0.0, joints=25, score=0.5, **fields):
    values = np.column_stack([BODY_XY[:joints] + np.array([x, y]), np.full(joints, score)])
    return {"person_id": [-1], "pose_keypoints_2d": values.ravel().tolist(), **fields}


def frame(*people):
    return {"version": 1.3, "people": list(people)}


def write(folder, *frames, name="clip", first=0):
    folder.mkdir(parents=True, exist_ok=True)
    for index, content in enumerate(frames, start=first):
        text = content if isinstance(content, bytes) else json.dumps(content).encode()
        (folder / f"{name}_{index:012d}_keypoints.json").write_bytes(text)
    return folder


def read(folder, **options):
    return list(read_openpose(folder, **options).sequences)


@pytest.mark.parametrize(("joints", "layout"), [(25, "openpose25"), (18, "openpose18")])
def test_one_video(tmp_path, joints, layout):
    write(tmp_path, frame(person(10, joints=joints)), frame(), frame(person(12, joints=joints)))
    (sequence,) = read(tmp_path)
    assert (sequence.name, sequence.layout.name, sequence.label) == ("clip", layout, None)
    assert sequence.keypoints.shape == (1, 3, joints, 2)
    np.testing.assert_allclose(sequence.keypoints[0, 0], BODY_XY[:joints] + np.array([10, 0]), rtol=1e-6)
    np.testing.assert_allclose(sequence.keypoints[0, 2], BODY_XY[:joints] + np.array([12, 0]), rtol=1e-6)
    assert sequence.confidence[0, :, 0].tolist() == [0.5, 0, 0.5]


def test_the_frame_is_the_smallest_or_given(tmp_path):
    write(tmp_path, frame(person(10, 20)))
    x, y = (BODY_XY + np.array([10, 20])).max(axis=0)
    assert read(tmp_path)[0].size_hw == (int(np.ceil(y)) + 1, int(np.ceil(x)) + 1)
    assert read(tmp_path, size="1080x1920")[0].size_hw == (1080, 1920)


def test_a_frame_size_that_is_guessed_is_told(tmp_path):
    write(tmp_path, frame(person()))
    for size, remarks in ((None, 1), ("480x640", 0)):
        contents = read_openpose(tmp_path, size=size)
        list(contents.sequences)
        assert sum(contents.remarks.values()) == remarks


def test_people_are_linked_and_bounded(tmp_path):
    left, right = person(0), person(500)
    write(tmp_path, frame(left, right), frame(right, left), frame(left, right, person(1000)))
    (sequence,) = read(tmp_path)
    assert sequence.num_people == 2
    assert np.abs(np.diff(sequence.keypoints, axis=1)).max() == 0
    assert read(tmp_path, max_people=9)[0].num_people == 3


def test_numbers_of_people_are_used(tmp_path):
    first, second = person(0, person_id=[4]), person(500, person_id=[2])
    write(tmp_path, frame(first, second), frame(person(0, person_id=[2]), person(500, person_id=[4])))
    assert np.abs(np.diff(read(tmp_path)[0].keypoints[..., 0], axis=1)).min() > 400


def test_frames_stand_where_their_numbers_put_them(tmp_path):
    write(tmp_path, frame(person()), first=7)
    write(tmp_path, frame(person()), first=10)
    assert read(tmp_path)[0].confidence.any(axis=-1).tolist() == [[True, False, False, True]]


def test_missing_joints(tmp_path):
    values = person()["pose_keypoints_2d"]
    values[:9] = [0, 0, 0, float("nan"), 5, 1, 10**400, 5, 1]
    write(tmp_path, frame({"pose_keypoints_2d": values}, {"pose_keypoints_2d": []}))
    assert read(tmp_path)[0].confidence[0, 0, :4].tolist() == [0, 0, 0, 0.5]


def test_fractions_of_the_frame(tmp_path):
    body = person()
    values = np.array(body["pose_keypoints_2d"]).reshape(25, 3)
    values[:, :2] /= 100
    write(tmp_path, frame({"pose_keypoints_2d": values.ravel().tolist()}))
    (sequence,) = read(tmp_path, size="101x201")
    np.testing.assert_allclose(sequence.keypoints[0, 0], BODY_XY * (2, 1), rtol=1e-5)
    with pytest.raises(ValueError, match="its coordinates are fractions of the frame; give the frame's size"):
        read(tmp_path)
    values[:, :2] -= 0.5
    write(tmp_path, frame({"pose_keypoints_2d": values.ravel().tolist()}))
    with pytest.raises(ValueError, match=r"its coordinates lie in \[-1, 1\]"):
        read(tmp_path, size="101x201")


def test_folders_are_labels_and_splits(tmp_path):
    for split, label, video in [("train", "wave", "a"), ("train", "bow", "b"), ("test", "bow", "c")]:
        write(tmp_path / "set" / split / label / video, frame(person()))
    report = import_dataset("openpose", tmp_path / "set", tmp_path / "store")
    assert report.split_sizes == {"test": 1, "train": 2}
    store = SkeletonStore.open(tmp_path / "store")
    assert store.classes == ("bow", "wave")
    assert dict(zip(store.names, store.labels.tolist(), strict=True)) == {
        "test/bow/c": 0, "train/bow/b": 0, "train/wave/a": 1,
    }  # fmt: skip


def test_several_videos_in_a_folder(tmp_path):
    write(tmp_path / "wave", frame(person()), name="a")
    write(tmp_path / "wave", frame(person()), frame(person()), name="b_2")
    contents = read_openpose(tmp_path)
    assert [(one.name, one.num_frames, one.label) for one in contents.sequences] == [
        ("wave/a", 1, 0),
        ("wave/b_2", 2, 0),
    ]


def test_labels_of_a_file(tmp_path):
    write(tmp_path / "a", frame(person()))
    write(tmp_path / "b", frame(person()))
    (tmp_path / "labels.csv").write_text("a.mp4,wave\n")
    contents = read_openpose(tmp_path, labels=tmp_path / "labels.csv")
    assert [(one.name, contents.classes[one.label]) for one in contents.sequences] == [("a", "wave")]
    assert contents.skipped == {"b": "labels.csv does not list it"}


@pytest.mark.parametrize("name", ["0007_keypoints.json", "img0007_keypoints.json", "a-b_c_7_keypoints.json"])
def test_names_of_images(tmp_path, name):
    (tmp_path / "clip").mkdir()
    (tmp_path / "clip" / name).write_text(json.dumps(frame(person())))
    assert [one.name for one in read(tmp_path)] == ["clip"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "clip_000000000000_keypoints.json is no JSON"),
        (b"\xff\xd8\x00", "it is not UTF-8 text"),
        (b"[" * 100_000, "clip_000000000000_keypoints.json is nested too deeply"),
        ([], "clip_000000000000_keypoints.json must be an object, got list"),
        ({}, "clip_000000000000_keypoints.json: people is missing"),
        (frame(3), "people[0] must be an object, got 3"),
        (frame({}), "people[0].pose_keypoints_2d is missing"),
        (frame(person(), person(joints=18)), "people[1].pose_keypoints_2d must have 75 numbers, got 54"),
        (frame({"pose_keypoints_2d": [None] * 75}), "people[0].pose_keypoints_2d must hold numbers only"),
        (frame(person(person_id="x")), "people[0].person_id must be a whole number, got 'x'"),
        (frame(), "it has no detections"),
        (frame(person(score=0)), "it has no detections"),
    ],
)
def test_bad_videos_are_skipped_and_told(tmp_path, content, reason):
    write(tmp_path / "set/bad", content)
    write(tmp_path / "set/good", frame(person()))
    report = import_dataset("openpose", tmp_path / "set", tmp_path / "store")
    assert report.num_clips == 1
    assert reason in report.skipped["bad"]


def test_frames_too_far_apart(tmp_path):
    write(tmp_path / "set/bad", frame(person()))
    write(tmp_path / "set/bad", frame(person()), first=999_999_999_999)
    write(tmp_path / "set/good", frame(person()))
    contents = read_openpose(tmp_path / "set")
    assert [one.name for one in contents.sequences] == ["good"]
    assert "2 frames with numbers from 0 to 999999999999 are no clip" in contents.skipped["bad"]


def test_refuses(tmp_path):
    with pytest.raises(FileNotFoundError, match="no folder"):
        read_openpose(tmp_path / "none")
    with pytest.raises(ValueError, match=r"holds no file like NAME_000000000000_keypoints\.json"):
        read_openpose(tmp_path)
    write(tmp_path, frame(), frame(person(joints=10)))
    with pytest.raises(ValueError, match="no file shows a person with pose_keypoints_2d of 75 or 54 numbers"):
        read_openpose(tmp_path)
    with pytest.raises(ValueError, match="max_people must be at least 1, got 0"):
        read_openpose(tmp_path, max_people=0)
    with pytest.raises(ValueError, match="size must be HEIGHTxWIDTH"):
        read_openpose(tmp_path, size="big")


@settings(max_examples=40)
@given(content=spoiled(frame(person(joints=18), person(5, joints=18, person_id=[3])), KEYS))
def test_junk_is_a_clear_line(tmp_path_factory, content):
    folder = write(tmp_path_factory.getbasetemp() / "openpose", frame(person(joints=18)), content)
    try:
        read(folder)
    except ValueError as error:
        assert "\n" not in str(error)
