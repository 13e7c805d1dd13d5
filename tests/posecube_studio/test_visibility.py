"""Which points a camera sees."""

import numpy as np

from posecube.skeleton import find_layout
from posecube_studio.render import Picture
from posecube_studio.visibility import below_skin, is_seen


def picture_of(depth: np.ndarray, person: np.ndarray) -> Picture:
    image = np.zeros((*depth.shape, 3), dtype=np.uint8)
    return Picture(image, depth, depth, person, person)


def test_joints_behind_a_surface_or_outside_are_not_seen() -> None:
    surface = np.full((10, 20), 5.0, dtype=np.float32)
    surface[:, 10:] = 2.0
    points = np.array([[[3, 4], [15, 4], [15, 4], [-0.6, 4], [3, 9.6], [3, 4], [19.4, 9.4]]])
    depth = np.array([[4.9, 2.9, 2.05, 4.0, 4.0, -1.0, 1.0]])
    seen = is_seen(points, depth, np.full((1, 7), 0.1), picture_of(surface, np.zeros((10, 20), dtype=np.int16)))
    assert seen.tolist() == [[True, False, True, False, False, False, True]]


def test_the_skin_of_another_hides() -> None:
    surface = np.full((4, 4), 2.0, dtype=np.float32)
    whose = np.array([[0, 1, -1, 2]] * 4, dtype=np.int16)
    points = np.array([[[x, 1] for x in range(4)]] * 2)
    seen = is_seen(points, np.full((2, 4), 2.05), np.full((2, 4), 0.1), picture_of(surface, whose))
    assert seen.tolist() == [[True, False, True, False], [False, True, True, False]]


def test_every_joint_has_its_depth_and_both_sides_the_same() -> None:
    for layout in (find_layout("coco17"), find_layout("ntu25")):
        below = dict(zip(layout.joints, below_skin(layout), strict=True))
        assert all(0 < depth < 0.15 for depth in below.values())
        assert all(below[joint] == below[joint.replace("left", "right")] for joint in below)
