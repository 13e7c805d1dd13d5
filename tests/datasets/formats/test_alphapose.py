"""AlphaPose's JSON: its three forms with known answers, tracks, broken files."""

import json

import numpy as np
import pytest
from hypothesis import given, settings

from junk import spoiled
from posecube.datasets import import_dataset
from posecube.datasets.formats.alphapose import read_alphapose

KEYS = ["image_id", "keypoints", "score", "idx", "people", "bodies", "joints"]
BODY_XY = np.random.default_rng(0).uniform(0, 100, (136, 2)).round(3)


def values(x=0.0, joints=17, score=0.5):
    return np.column_stack([BODY_XY[:joints] + np.array([x, 0]), np.full(joints, score)]).ravel().tolist()


def person(image="0.jpg", x=0.0, joints=17, score=0.5, **fields):
    return {"image_id": image, "category_id": 1, "keypoints": values(x, joints, score), "score": 2.9, **fields}


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def read(source, **options):
    return list(read_alphapose(source, **options).sequences)


@pytest.mark.parametrize(
    ("joints", "layout", "kept"),
    [(17, "coco17", 17), (26, "halpe26", 26), (136, "halpe26", 26), (133, "coco17", 17), (68, "halpe26", 26)],
)
def test_one_video(tmp_path, joints, layout, kept):
    path = write(tmp_path / "clip.json", [person("0.jpg", 10, joints), person("2.jpg", 12, joints, score=5.5)])
    (sequence,) = read(path)
    assert (sequence.name, sequence.layout.name, sequence.keypoints.shape) == ("clip", layout, (1, 3, kept, 2))
    np.testing.assert_allclose(sequence.keypoints[0, 0], BODY_XY[:kept] + np.array([10, 0]), rtol=1e-6)
    assert sequence.confidence[0, :, 0].tolist() == [0.5, 0, 1]
    assert read(path, size="480x640")[0].size_hw == (480, 640)


@pytest.mark.parametrize(("people_key", "values_key"), [("people", "pose_keypoints_2d"), ("bodies", "joints")])
def test_forms_of_other_tools(tmp_path, people_key, values_key):
    images = {
        f"{index}.jpg": {"version": "AlphaPose v0.3", people_key: [{values_key: values(index, 18)}]}
        for index in (9, 10)
    }
    write(tmp_path / "a/alphapose-results.json", images)
    for name, image in images.items():
        write(tmp_path / "a/sep-json" / name.replace("jpg", "json"), image)
        write(tmp_path / "b/sep-json" / name.replace("jpg", "json"), image)
        write(tmp_path / "c" / name.replace("jpg", "json"), image)
    sequences = read(tmp_path)
    assert [sequence.name for sequence in sequences] == ["a", "b", "c"]
    for sequence in sequences:
        assert (sequence.layout.name, sequence.keypoints.shape) == ("openpose18", (1, 2, 18, 2))
        np.testing.assert_allclose(sequence.keypoints[0, 1], BODY_XY[:18] + np.array([10, 0]), rtol=1e-6)


def test_a_single_image(tmp_path):
    path = write(tmp_path / "x.json", {"people": [{"pose_keypoints_2d": values(0, 18)}]})
    assert [(one.name, one.num_frames) for one in read(path)] == [("x", 1)]


@pytest.mark.parametrize(
    "wrap", [lambda number: number, float, lambda number: [number], lambda number: [float(number)]]
)
def test_tracks(tmp_path, wrap):
    crossing = [
        person("0.jpg", 0, idx=wrap(1)), person("0.jpg", 500, idx=wrap(2)),
        person("1.jpg", 500, idx=wrap(1)), person("1.jpg", 0, idx=wrap(2)),
    ]  # fmt: skip
    (sequence,) = read(write(tmp_path / "a.json", crossing))
    assert np.abs(np.diff(sequence.keypoints[..., 0], axis=1)).min() > 400


@pytest.mark.parametrize("fields", [{}, {"idx": [0.0]}, {"idx": -1}, {"idx": []}, {"idx": None}])
def test_people_without_numbers_are_linked(tmp_path, fields):
    people = [
        person("0.jpg", 0, **fields), person("0.jpg", 500, **fields),
        person("1.jpg", 500, **fields), person("1.jpg", 0, **fields),
    ]  # fmt: skip
    (sequence,) = read(write(tmp_path / "a.json", people))
    assert np.abs(np.diff(sequence.keypoints, axis=1)).max() == 0


@pytest.mark.parametrize(
    ("names", "positions"),
    [
        (["10.jpg", "9.jpg"], [1, 0]),
        (["frame_0003.png", "frame_0001.png"], [2, 0]),
        ([7, 5], [2, 0]),
        (["b.jpg", "a.jpg"], [1, 0]),
        (["a1.jpg", "b1.jpg"], [0, 1]),
        (["x/2.jpg", "x/1.jpg"], [1, 0]),
        (["1" * 30, "2"], [1, 0]),
    ],
)
def test_names_of_images_give_the_frames(tmp_path, names, positions):
    people = [person(name, 10 * index) for index, name in enumerate(names)]
    (sequence,) = read(write(tmp_path / "a.json", people))
    assert [sequence.keypoints[0, at, 0, 0] for at in positions] == pytest.approx(BODY_XY[0, 0] + np.array([0, 10]))


def test_folders_are_labels(tmp_path):
    write(tmp_path / "set/wave/a.json", [person()])
    write(tmp_path / "set/bow/b/alphapose-results.json", [person()])
    contents = read_alphapose(tmp_path / "set")
    assert [(one.name, contents.classes[one.label]) for one in contents.sequences] == [
        ("bow/b", "bow"),
        ("wave/a", "wave"),
    ]


def test_its_own_name_means_its_folder(tmp_path):
    path = write(tmp_path / "video_3/alphapose-results.json", [person()])
    assert [one.name for one in read(path)] == [one.name for one in read(path.parent)] == ["video_3"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "bad.json is no JSON"),
        (b"\xff\xd8\x00", "it is not UTF-8 text"),
        (b"[" * 100_000, "bad.json is nested too deeply"),
        ("text", "bad.json must be a list, got 'text'"),
        ([], "it has no detections"),
        ({}, "it has no detections"),
        ([3], "bad.json: [0] must be an object, got 3"),
        ([{"keypoints": []}], "bad.json: [0].image_id is missing"),
        ([person(image=True)], "[0].image_id must be a name, got True"),
        ([person(joints=26)], "image '0.jpg', person 0: keypoints must have 51 or 399 numbers, got 78"),
        ([{"image_id": "0.jpg"}], "keypoints must be a list, got None"),
        ([person(idx="x")], "idx must be a whole number, got 'x'"),
        ([person(score=0)], "it has no detections"),
        ({"0.jpg": 3}, "'0.jpg' must be an object, got 3"),
        ({"0.jpg": {"people": 3}}, "people must be a list, got 3"),
        ([person("0.jpg"), person("999999999999.jpg")], "2 frames with numbers from 0 to 999999999999 are no clip"),
    ],
)
def test_bad_videos_are_skipped_and_told(tmp_path, content, reason):
    write(tmp_path / "set/bad.json", content)
    write(tmp_path / "set/a_good.json", [person()])
    report = import_dataset("alphapose", tmp_path / "set", tmp_path / "store", labels="none")
    assert report.num_clips == 1
    assert reason in report.skipped["bad"]


def test_refuses(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such file or folder"):
        read_alphapose(tmp_path / "none")
    with pytest.raises(ValueError, match=r"holds no \.json file"):
        read_alphapose(tmp_path)
    path = write(tmp_path / "a.json", [person(joints=16)])
    with pytest.raises(ValueError, match="numbers of joints that are read: 17, 18, 26, 68, 133, 136"):
        read_alphapose(path)
    with pytest.raises(ValueError, match="max_people must be at least 1, got -1"):
        read_alphapose(path, max_people=-1)


@pytest.mark.parametrize(
    "good", [[person(idx=1), person("1.jpg", idx=2)], {"0.jpg": {"people": [{"pose_keypoints_2d": values(0, 18)}]}}]
)
def test_junk_is_a_clear_line(tmp_path_factory, good):
    path = tmp_path_factory.getbasetemp() / "alphapose.json"

    @settings(max_examples=40)
    @given(content=spoiled(good, KEYS))
    def check(content):
        write(path, content)
        try:
            read(path)
        except ValueError as error:
            assert "\n" not in str(error)

    check()
