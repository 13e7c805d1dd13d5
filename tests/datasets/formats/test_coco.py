"""COCO keypoints: annotations and results with known answers, clips of images, broken files."""

import json

import numpy as np
import pytest
from hypothesis import given, settings

from junk import spoiled
from posecube.datasets import import_dataset
from posecube.datasets.formats.coco import read_coco
from posecube.skeleton.layouts import COCO17
from posecube.store import SkeletonStore

KEYS = ["images", "annotations", "categories", "image_id", "keypoints", "id", "file_name", "video_id", "track_id"]
BODY_XY = np.random.default_rng(0).uniform(0, 100, (17, 2)).round(3)
PERSON = {"id": 1, "name": "person", "keypoints": list(COCO17.joints)}


def keypoints(x=0.0, third=2.0):
    return np.column_stack([BODY_XY + np.array([x, 0]), np.broadcast_to(third, 17)]).ravel().tolist()


def person(image_id=1, x=0.0, third=2.0, **fields):
    return {"image_id": image_id, "category_id": 1, "keypoints": keypoints(x, third), **fields}


def image(number=1, **fields):
    return {"id": number, "file_name": f"{number:06d}.jpg", "height": 480, "width": 640, **fields}


def write(folder, content, name="coco.json"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def dataset(images, annotations, **fields):
    return {"images": images, "annotations": annotations, "categories": [PERSON], **fields}


def read(path, **options):
    return list(read_coco(path, **options).sequences)


def test_images_without_video_are_clips_of_one_frame(tmp_path):
    path = write(tmp_path, dataset([image(2), image(1)], [person(2, 5), person(1)]))
    first, second = read(path)
    assert (first.name, first.size_hw, first.layout, first.label) == ("000001", (480, 640), COCO17, None)
    assert (second.name, second.keypoints.shape) == ("000002", (1, 1, 17, 2))
    np.testing.assert_allclose(second.keypoints[0, 0], BODY_XY + np.array([5, 0]), rtol=1e-6)


def test_visibility_becomes_confidence(tmp_path):
    visibility = np.array([0, 1, 2] * 5 + [2, 2])
    path = write(tmp_path, dataset([image()], [person(third=visibility)]))
    np.testing.assert_array_equal(read(path)[0].confidence[0, 0], visibility / 2)
    hidden_are_seen = read(path, occluded_confidence=1)[0]
    np.testing.assert_array_equal(hidden_are_seen.confidence[0, 0], visibility > 0)


def test_other_third_numbers_are_confidence(tmp_path):
    path = write(tmp_path, dataset([image()], [person(third=[0.25] * 16 + [1.5])]))
    assert read(path)[0].confidence[0, 0, [0, 16]].tolist() == [0.25, 1]
    path = write(tmp_path, [person(third=[1] * 16 + [0.5], score=0.9)])
    assert read(path)[0].confidence[0, 0, [0, 16]].tolist() == [1, 0.5]


@pytest.mark.parametrize("key", ["video_id", "vid_id"])
def test_videos(tmp_path, key):
    images = [image(1, **{key: 7}, frame_id=12), image(2, **{key: 7}, frame_id=10), image(3, **{key: 8}, frame_id=0)]
    annotations = [person(1, 2), person(2, 0), person(3)]
    path = write(tmp_path, dataset(images, annotations, videos=[{"id": 7, "name": "set/a.mp4"}, {"id": 8}]))
    first, second = read(path)
    assert [first.name, second.name] == ["8", "set/a.mp4"]
    assert second.confidence[0, :, 0].tolist() == [1, 0, 1]
    assert second.keypoints[0, [0, 2], 0, 0] == pytest.approx(BODY_XY[0, 0] + np.array([0, 2]))


def test_folders(tmp_path):
    images = [image(n, file_name=name) for n, name in enumerate(["x/a/10.jpg", "x/a/9.jpg", "x/b/1.jpg"], start=1)]
    path = write(tmp_path, dataset(images, [person(1, 1), person(2, 0), person(3)]))
    contents = read_coco(path, labels="folders")
    first, second = contents.sequences
    assert (first.name, second.name, contents.classes) == ("x/a", "x/b", ("x",))
    assert first.keypoints[0, :, 0, 0] == pytest.approx(BODY_XY[0, 0] + np.array([0, 1]))
    assert [one.name for one in read(path, group="image")] == ["x/a/10", "x/a/9", "x/b/1"]


def test_people_are_linked_or_tracked(tmp_path):
    images = [image(1, video_id=1, frame_id=0), image(2, video_id=1, frame_id=1)]
    swapped = [person(1, 0), person(1, 500), person(2, 500), person(2, 0)]
    (linked,) = read(write(tmp_path, dataset(images, swapped)))
    assert np.abs(np.diff(linked.keypoints, axis=1)).max() == 0
    numbered = [{**one, "track_id": number} for one, number in zip(swapped, [1, 2, 1, 2], strict=True)]
    (tracked,) = read(write(tmp_path, dataset(images, numbered)))
    assert np.abs(np.diff(tracked.keypoints[..., 0], axis=1)).min() > 400


def test_results(tmp_path):
    path = write(tmp_path, [person(139, third=0.5, score=0.3), person("b/2.jpg", third=0.5)])
    sequences = read(path)
    assert [one.name for one in sequences] == ["139", "b"]
    assert sequences[0].size_hw == (int(np.ceil(BODY_XY[:, 1].max())) + 1, int(np.ceil(BODY_XY[:, 0].max())) + 1)
    assert read(path, size="480x640")[0].size_hw == (480, 640)


def test_results_with_their_images(tmp_path):
    images = write(tmp_path, dataset([image(1, video_id=5), image(2, video_id=5)], []), "images.json")
    (sequence,) = read(write(tmp_path, [person(2, third=0.5)]), images=str(images))
    assert (sequence.name, sequence.num_frames, sequence.size_hw) == ("5", 2, (480, 640))


def test_boxes_and_other_categories_are_left_out(tmp_path):
    cat = {"id": 2, "name": "cat", "keypoints": ["nose"]}
    people = [person(), {"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}, person(category_id=2, x=50)]
    content = dataset([image()], people) | {"categories": [PERSON, cat]}
    assert read(write(tmp_path, content))[0].num_people == 1


def test_labels_of_a_file(tmp_path):
    path = write(tmp_path, dataset([image(1), image(2)], [person(1), person(2)]))
    (tmp_path / "labels.txt").write_text("000001.jpg wave train\n000002.jpg bow test\n")
    report = import_dataset("coco", path, tmp_path / "store", labels=tmp_path / "labels.txt")
    assert report.split_sizes == {"test": 1, "train": 1}
    assert SkeletonStore.open(tmp_path / "store").labels.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ([], "it has no detections"),
        ([person(third=0)], "it has no detections"),
        ([{**person(), "keypoints": [1, 2, 3]}], "image 000001.jpg, person 0: keypoints must have 51 numbers, got 3"),
        ([{**person(), "keypoints": "x"}], "keypoints must be a list, got 'x'"),
        ([{**person(), "keypoints": [None] * 51}], "keypoints must hold numbers only"),
        ([person(track_id="x")], "track_id must be a whole number, got 'x'"),
    ],
)
def test_bad_clips_are_skipped_and_told(tmp_path, bad, reason):
    report = import_dataset("coco", write(tmp_path, dataset([image(1), image(2)], [*bad, person(2)])), tmp_path / "st")
    assert report.num_clips == 1
    assert reason in report.skipped["000001"]


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ({"height": 100}, "its 2 sizes of images make no video; read each image by itself, group=image"),
        ({"frame_id": 1}, "frame 1 stands there twice"),
        ({"frame_id": 10**12}, "2 frames with numbers from 1 to 1000000000000 are no clip"),
    ],
)
def test_images_that_make_no_clip(tmp_path, second, reason):
    images = [image(1, video_id=1, frame_id=1), image(2, video_id=1, **{"frame_id": 2, **second}), image(3, video_id=2)]
    contents = read_coco(write(tmp_path, dataset(images, [person(1), person(2), person(3)])))
    assert [one.name for one in contents.sequences] == ["2"]
    assert contents.skipped == {"1": reason}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "coco.json is no JSON"),
        (b"\xff\xd8\x00", "it is not UTF-8 text"),
        (b"[" * 100_000, "coco.json is nested too deeply"),
        ("text", "the file must be an object, got 'text'"),
        ({}, "annotations is missing"),
        ([], "it lists no image"),
        ([3], r"\[0\] must be an object, got 3"),
        ([{"keypoints": []}], r"\[0\].image_id is missing"),
        (dataset([image()], [person(99)]), "people are given for image 99, which is not listed"),
        (dataset([image(), image()], []), r"images\[1\]: id 1 stands there twice"),
        (dataset([image(1), image(2, file_name="000001.png")], []), "two images would be called '000001'"),
        (dataset([{"id": None}], []), r"images\[0\].id must be a whole number, got None"),
        (dataset([image(file_name=3)], []), r"images\[0\].file_name must be a text, got 3"),
        (dataset([image(height=-1)], []), "height and width must be pixels, got -1 and 640"),
        (dataset([image(height=10**30)], []), "height and width must be pixels, got 1e"),
        (dataset([image(video_id=1.5)], []), "video_id must be a whole number, got 1.5"),
        (dataset([image()], [], videos={}), "videos must be a list, got dict"),
        (dataset([image()], []) | {"categories": [{"id": 1, "name": "cat"}]}, "no category has COCO's 17 keypoints"),
        (dataset([image()], []) | {"categories": []}, "no category has COCO's 17 keypoints"),
        (dataset([image()], []), "no clip could be read, 1 were skipped; the first, 000001: it has no detections"),
    ],
)
def test_refuses(tmp_path, content, message):
    with pytest.raises(ValueError, match=message) as caught:
        read(write(tmp_path, content))
    assert "coco.json" in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"group": "clip"}, "group must be one of auto, video, folder, image, got 'clip'"),
        ({"group": "video"}, "image 000001.jpg has no video; group images otherwise"),
        ({"group": "folder"}, "image 000001.jpg has no folder; group images otherwise"),
        ({"max_people": 0}, "max_people must be at least 1, got 0"),
        ({"occluded_confidence": 2}, r"occluded_confidence must lie in \[0, 1\], got 2"),
        ({"size": "1"}, "size must be HEIGHTxWIDTH"),
    ],
)
def test_refuses_options(tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        read(write(tmp_path, dataset([image()], [person()])), **options)


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="no JSON file at"):
        read_coco(tmp_path / "none.json")
    with pytest.raises(FileNotFoundError, match="no JSON file at"):
        read_coco(write(tmp_path, []), images=tmp_path / "none.json")


GOOD = dataset(
    [image(1, video_id=1, frame_id=0), image(2, video_id=1, frame_id=1), image(3, file_name="a/3.jpg")],
    [person(1, track_id=1), person(2, track_id=1), person(3)],
    videos=[{"id": 1, "name": "v"}],
)


@settings(max_examples=40)
@given(content=spoiled(GOOD, KEYS))
def test_junk_is_a_clear_line(tmp_path_factory, content):
    try:
        read(write(tmp_path_factory.getbasetemp(), content))
    except ValueError as error:
        assert "\n" not in str(error)
