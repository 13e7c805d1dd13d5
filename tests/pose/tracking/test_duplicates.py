"""One skeleton a body."""

import numpy as np

from posecube.pose.estimators.loading import FramePoses, boxes_of_joints
from posecube.pose.tracking.duplicates import distinct_people
from posecube.skeleton.layouts import COCO17

BODY = np.array(
    [[0, 0]] * 5 + [[8, 12], [-8, 12], [12, 25], [-12, 25], [14, 38], [-14, 38]]
    + [[6, 40], [-6, 40], [6, 62], [-6, 62], [6, 84], [-6, 84]],
    np.float32,
)  # fmt: skip


def poses(people: list[tuple[np.ndarray, float]]) -> FramePoses:
    keypoints = np.array([body for body, _ in people], np.float32).reshape(-1, 17, 2)
    confidence = np.full(keypoints.shape[:2], 0.8, np.float32)
    boxes = boxes_of_joints(keypoints, confidence, [(0, 0, 1, 1)] * len(people))
    return FramePoses(keypoints, confidence, boxes, np.array([score for _, score in people], np.float32))


def kept(*people) -> list[int]:
    return distinct_people(poses(list(people)), COCO17).tolist()


def test_the_surest_of_two_on_one_body_is_kept():
    assert kept((BODY, 0.6), (BODY + 2, 0.9)) == [1]


def test_two_people_side_by_side_are_two():
    assert kept((BODY, 0.6), (BODY + np.array([30, 0]), 0.9)) == [1, 0]


def test_people_who_hug_are_two():
    turned = BODY * [-1, 1] + [16, 3]
    assert sorted(kept((BODY, 0.9), (turned, 0.8))) == [0, 1]


def test_a_small_skeleton_on_a_part_of_a_body_goes():
    assert kept((BODY, 0.9), (BODY * 0.3 + [0, 12], 0.5)) == [0]


def test_a_child_beside_an_adult_stays():
    assert sorted(kept((BODY, 0.9), (BODY * 0.4 + [40, 40], 0.5))) == [0, 1]


def test_nobody():
    assert kept() == []
