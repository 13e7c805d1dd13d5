"""Images of a COCO file: names from any system, and their order in a clip."""

from pathlib import PurePosixPath

import pytest

from posecube.datasets.formats.coco_images import CocoImage, group_images, images_of_ids, place_images, read_images


def make(number, path="a/1.jpg", **fields):
    return CocoImage(number, PurePosixPath(path), **fields)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("/data/x/1.jpg", "data/x/1.jpg"),
        ("..\\..\\x\\1.jpg", "x/1.jpg"),
        ("C:/x/../1.jpg", "C:/x/1.jpg"),
        ("./1.jpg", "1.jpg"),
        ("..", "image"),
        ("/", "image"),
    ],
)
def test_paths(name, path):
    (image,) = read_images({"images": [{"id": 1, "file_name": name}]}).values()
    assert image.path == PurePosixPath(path)


def test_what_is_not_said_is_none():
    (image,) = read_images({"images": [{"id": 5.0}]}).values()
    assert image == CocoImage(5, PurePosixPath("5"))
    assert images_of_ids([5, "x/a.jpg"])["x/a.jpg"].path == PurePosixPath("x/a.jpg")


@pytest.mark.parametrize(
    ("group", "expected"),
    [("auto", ["v", "a", "alone"]), ("image", ["a/1", "a/2", "alone"])],
)
def test_groups(group, expected):
    images = [make(1, video="v"), make(2, "a/2.jpg"), make(3, "alone.jpg")]
    assert list(group_images(images, group)) == expected


def test_order():
    by_frame = place_images([make(1, frame=9), make(2, frame=4)])
    assert {at: image.id for at, image in by_frame.items()} == {0: 2, 5: 1}
    by_name = place_images([make(1, "a/10.jpg"), make(2, "a/9.jpg")])
    assert {at: image.id for at, image in by_name.items()} == {0: 2, 1: 1}
