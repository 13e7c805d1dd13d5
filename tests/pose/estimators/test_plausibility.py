"""Who counts as a person: a table of skeletons, rules one by one, and one skeleton a body."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecube.pose.estimators.plausibility import (
    PlausibilityRules,
    distinct_people,
    joints_inside,
    judge_people,
    limited_by_chain,
    stretched_limbs,
)
from posecube.pose.estimators.regions import boxes_of_joints
from posecube.pose.types import FramePoses
from posecube.skeleton.layouts import COCO17, PENN13

SIZE_HW = (480, 640)
# A standing person, 400 pixels tall, seen from the front: (x, y) of COCO's joints.
STANDING = np.array(
    [
        [320, 60], [328, 52], [312, 52], [338, 58], [302, 58],
        [360, 120], [280, 120], [375, 190], [265, 190], [380, 250], [260, 250],
        [345, 245], [295, 245], [348, 345], [292, 345], [350, 440], [290, 440],
    ],
    np.float32,
)  # fmt: skip
LOWER = slice(13, 17)


def moved(right: float, down: float) -> np.ndarray:
    return STANDING + np.array([right, down], np.float32)


def judged(keypoints, confidence, **options):
    seen = np.broadcast_to(np.asarray(confidence, np.float32), (17,))
    cleaned, score = judge_people(keypoints[None], seen[None].copy(), COCO17, size_hw=SIZE_HW, **options)
    return cleaned[0], float(score[0])


def confident_where(rows, value=0.9, otherwise=0.1) -> np.ndarray:
    confidence = np.full(17, otherwise, np.float32)
    confidence[rows] = value
    return confidence


@pytest.mark.parametrize(
    ("keypoints", "confidence", "is_person"),
    [
        (STANDING, 0.9, True),
        (STANDING, 0.6, True),
        (STANDING[:, ::-1] * [1.0, 0.7], 0.9, True),
        (moved(0, 230), 0.9, True),
        (STANDING, confident_where(slice(0, 13)), True),
        (STANDING, 0.15, False),
        (STANDING, confident_where(slice(0, 5)), False),
        (STANDING, confident_where(LOWER), False),
        (moved(0, 440), 0.9, False),
        (np.full((17, 2), 200.0) + STANDING * 0.005, 0.9, False),
        (moved(2000, 0), 0.9, False),
    ],
    ids=[
        "standing", "standing, blurred", "lying", "feet below the frame", "legs hidden",
        "not seen", "only a face", "only legs", "only eyes in the frame", "collapsed", "outside",
    ],
)  # fmt: skip
def test_table_of_skeletons(keypoints, confidence, is_person):
    assert (judged(np.asarray(keypoints, np.float32), confidence)[1] > 0) is is_person


def test_joints_outside_of_the_frame_are_not_seen():
    confidence, score = judged(moved(0, 150), 0.9)
    assert (confidence[15:] == 0).all() and (confidence[:13] > 0).all() and score > 0


def test_a_foot_is_not_more_confident_than_its_leg():
    confidence = np.full(17, 0.9, np.float32)
    confidence[COCO17.index("left_knee")] = 0.1
    assert judged(STANDING, confidence)[0][COCO17.index("left_ankle")] == pytest.approx(0.2)


def test_one_flung_wrist_loses_its_confidence_and_the_person_stays():
    keypoints = STANDING.copy()
    keypoints[COCO17.index("left_wrist")] = [630, 470]
    confidence, score = judged(keypoints, 0.9)
    assert confidence[COCO17.index("left_wrist")] == 0 and (confidence > 0).sum() == 16 and score > 0.5


def test_too_many_wrong_limbs_make_no_person():
    keypoints = STANDING.copy()
    keypoints[[7, 8, 9, 10]] = [[630, 10], [5, 470], [5, 10], [630, 470]]
    assert judged(keypoints, 0.9)[1] == 0


def test_layouts_without_eyes_are_judged_too():
    rows = [COCO17.index(joint) if joint != "head" else 0 for joint in PENN13.joints]
    confidence, score = judge_people(STANDING[None, rows], np.full((1, 13), 0.9, np.float32), PENN13, size_hw=SIZE_HW)
    assert score[0] == pytest.approx(0.9) and (confidence > 0).all()


def test_no_detections_to_judge():
    confidence, score = judge_people(
        np.zeros((0, 17, 2), np.float32), np.zeros((0, 17), np.float32), COCO17, size_hw=(9, 9)
    )
    assert confidence.shape == (0, 17) and score.shape == (0,)


def test_rules_can_be_loosened():
    assert judged(STANDING, 0.15, rules=PlausibilityRules(min_score=0.1, seen_confidence=0.1))[1] > 0


@given(st.floats(0.2, 1.5), st.floats(-3.1, 3.1), st.floats(0.3, 1.0))
def test_size_direction_and_squeeze_do_not_make_limbs_wrong(scale, angle, squeeze):
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    keypoints = (STANDING * [squeeze, 1]) @ turn.T * scale
    assert not stretched_limbs(keypoints, np.ones(17, bool), COCO17, max_ratio=2.5).any()


def test_pixels_at_the_rim_are_inside():
    points = np.array([[0, 0], [639, 479], [639.4, 0], [639.6, 0], [-0.6, 0], [5, 480]])
    np.testing.assert_array_equal(joints_inside(points, SIZE_HW), [True, True, True, False, False, False])


def test_the_chain_limits_hands_through_elbows():
    confidence = np.full((1, 17), 0.8, np.float32)
    confidence[0, COCO17.index("right_shoulder")] = 0.1
    limited = limited_by_chain(confidence, COCO17, max_ratio=2)[0]
    assert limited[COCO17.index("right_elbow")] == pytest.approx(0.2)
    assert limited[COCO17.index("right_wrist")] == pytest.approx(0.4)
    assert limited[COCO17.index("left_wrist")] == pytest.approx(0.8)


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


def test_the_most_confident_of_two_on_one_body_is_kept():
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


def test_no_detections():
    assert kept() == []
