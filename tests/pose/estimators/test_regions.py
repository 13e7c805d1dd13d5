"""Regions cut out: geometry both ways, no aliasing, regions that leave the frame; boxes around joints."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecube.pose.estimators.regions import boxes_of_joints, crop_region, map_points, region_to_frame
from posecube.pose.types import Region

COORDINATE = st.floats(-50, 50)


def gradient(height: int, width: int) -> np.ndarray:
    """An image whose red is the column and whose green is the row."""
    image = np.zeros((height, width, 3), np.uint8)
    image[..., 0], image[..., 1] = np.arange(width), np.arange(height)[:, None]
    return image


def test_a_region_of_the_crops_own_size_is_a_plain_cut():
    image = gradient(60, 80)
    crop, to_frame = crop_region(image, Region((29.5, 19.5), (20, 10)), size_wh=(20, 10))
    np.testing.assert_array_equal(crop, image[15:25, 20:40])
    np.testing.assert_allclose(map_points(np.array([[0.0, 0.0]]), to_frame), [[20, 15]], atol=1e-9)


def test_a_quarter_turn_brings_a_lying_person_upright():
    image = np.zeros((60, 60, 3), np.uint8)
    image[30, 45] = 255  # the head points right: the body is turned by a quarter clockwise
    crop, to_frame = crop_region(image, Region((30, 30), (41, 41), math.pi / 2), size_wh=(41, 41))
    assert np.unravel_index(crop[..., 0].argmax(), crop.shape[:2]) == (5, 20)
    np.testing.assert_allclose(map_points(np.array([[20.0, 5.0]]), to_frame), [[45, 30]], atol=1e-9)


@pytest.mark.parametrize("factor", [1.5, 2, 3, 4.7, 8])
def test_coordinates_survive_shrinking(factor):
    image = gradient(200, 250)
    region = Region((125.3, 101.8), (24 * factor, 24 * factor))
    crop, to_frame = crop_region(image, region, size_wh=(24, 24))
    at = np.array([[12.0, 11.0], [4.0, 17.0]])
    expected = map_points(at, to_frame)
    got = np.array([crop[int(y), int(x), :2] for x, y in at], float)
    np.testing.assert_allclose(got, expected, atol=1.1)  # rounded to whole numbers twice


def test_fine_patterns_are_averaged_not_aliased():
    image = np.zeros((400, 400, 3), np.uint8)
    image[:, ::2] = 255
    crop, _ = crop_region(image, Region((199.5, 199.5), (400, 400)), size_wh=(50, 50))
    assert abs(crop.astype(int) - 127).max() <= 3


@pytest.mark.parametrize("size", [40.0, 400.0], ids=["enlarged", "shrunk"])
def test_outside_of_the_frame_lies_the_border(size):
    image = np.full((50, 50, 3), 200, np.uint8)
    crop, _ = crop_region(image, Region((-1000, -1000), (size, size)), size_wh=(32, 32), border=(1, 2, 3))
    assert (crop == [1, 2, 3]).all()


@given(COORDINATE, COORDINATE, st.floats(1, 200), st.floats(-4, 4))
def test_the_middle_of_the_crop_is_the_regions_centre(x, y, size, angle):
    affine = region_to_frame(Region((x, y), (size, size / 2), angle), (64, 32))
    np.testing.assert_allclose(map_points(np.array([[31.5, 15.5]]), affine), [[x, y]], atol=1e-6)
    corners = map_points(np.array([[-0.5, -0.5], [63.5, -0.5], [-0.5, 31.5]]), affine)
    assert np.hypot(*(corners[1] - corners[0])) == pytest.approx(size)
    assert np.hypot(*(corners[2] - corners[0])) == pytest.approx(size / 2)


def test_boxes_hold_seen_joints_only():
    keypoints = np.array([[[1, 2], [5, 9], [100, 100]], [[0, 0], [0, 0], [0, 0]]], np.float32)
    confidence = np.array([[0.5, 0.1, 0], [0, 0, 0]], np.float32)
    boxes = boxes_of_joints(keypoints, confidence, [(0, 0, 0, 0), (7, 7, 8, 8)])
    np.testing.assert_array_equal(boxes, [[1, 2, 5, 9], [7, 7, 8, 8]])
