"""Distances of skeletons, boxes and appearances, and pairings, against plain loops and known cases."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecube.pose.similarity import (
    appearance_distance,
    best_of_each_body,
    body_size_px,
    box_containment,
    box_iou,
    joint_distance,
    match,
    match_boxes,
    torso_appearance,
    torso_up_xy,
)
from posecube.skeleton import find_layout

COCO = find_layout("coco17")
STANDING = np.array(
    [[0, -50], [2, -52], [-2, -52], [5, -50], [-5, -50], [10, -35], [-10, -35], [14, -20], [-14, -20], [15, -5],
     [-15, -5], [7, 0], [-7, 0], [8, 25], [-8, 25], [8, 50], [-8, 50]], np.float64
)  # fmt: skip
SEEN = np.ones(17)


def distances(first, second, first_seen=SEEN, second_seen=SEEN, size=35.0, **options):
    return joint_distance(
        first[None], first_seen[None], second[None], second_seen[None],
        first_size_px=np.array([size]), second_size_px=np.array([size]), **options,
    )[0, 0]  # fmt: skip


def test_size_is_the_torso_or_a_quarter_of_the_body():
    assert body_size_px(STANDING, SEEN, COCO) == pytest.approx(35)
    bent = STANDING.copy()
    bent[[5, 6]] = bent[[11, 12]] + [0, -2]
    assert body_size_px(bent, SEEN, COCO) == pytest.approx(np.hypot(30, 102) / 4)
    assert body_size_px(STANDING, SEEN * 0, COCO) == 1.0
    no_hips = np.where(np.isin(np.arange(17), [11, 12]), 0, SEEN)
    assert body_size_px(STANDING, no_hips, COCO) == pytest.approx(np.hypot(30, 102) / 4)


def test_up_is_from_hips_to_shoulders():
    np.testing.assert_allclose(torso_up_xy(STANDING, SEEN, COCO), [0, -1])
    np.testing.assert_allclose(torso_up_xy(-STANDING, SEEN, COCO), [0, 1])
    assert torso_up_xy(STANDING, np.where(np.arange(17) == 11, 0, SEEN), COCO) is None
    assert torso_up_xy(STANDING * 0, SEEN, COCO) is None


def test_joint_distance_counts_torsos():
    assert distances(STANDING, STANDING) == 0
    assert distances(STANDING, STANDING + np.array([35, 0])) == pytest.approx(1)
    assert distances(STANDING, STANDING + np.array([3500, 0])) == 3
    assert distances(STANDING, STANDING + np.array([350, 0]), furthest=15) == pytest.approx(10)


def test_joints_not_seen_do_not_count():
    flung = STANDING.copy()
    flung[9] = np.nan
    assert distances(STANDING, flung, second_seen=np.where(np.arange(17) == 9, 0, SEEN)) == 0
    assert np.isinf(distances(STANDING, STANDING, first_seen=SEEN * 0))


@given(seed=st.integers(0, 10**6))
def test_joint_distance_equals_a_loop(seed):
    rng = np.random.default_rng(seed)
    first, second = rng.normal(0, 60, (2, 17, 2)), rng.normal(0, 60, (3, 17, 2))
    sure, also = rng.uniform(0, 1, (2, 17)) * (rng.random((2, 17)) < 0.8), rng.uniform(0.1, 1, (3, 17))
    sizes, others = rng.uniform(10, 50, 2), rng.uniform(10, 50, 3)
    result = joint_distance(first, sure, second, also, first_size_px=sizes, second_size_px=others)
    for p in range(2):
        for q in range(3):
            weight = np.sqrt(sure[p] * also[q])
            torsos = [
                min(3, np.hypot(*(a - b)) / ((sizes[p] + others[q]) / 2))
                for a, b in zip(first[p], second[q], strict=True)
            ]
            assert result[p, q] == pytest.approx(np.dot(weight, torsos) / weight.sum(), rel=1e-4)


def test_boxes():
    whole, inside, beside = [0, 0, 10, 10], [2, 2, 4, 7], [10, 0, 20, 10]
    boxes = np.array([whole, inside, beside], np.float32)
    np.testing.assert_allclose(box_iou(boxes, boxes), [[1, 0.1, 0], [0.1, 1, 0], [0, 0, 1]])
    np.testing.assert_allclose(box_containment(boxes, boxes), [[1, 1, 0], [1, 1, 0], [0, 0, 1]])
    assert box_iou(np.zeros((0, 4)), boxes).shape == (0, 3)


def test_groups_have_their_best_first():
    distance = np.array([[0, 0.1, 9], [0.1, 0, 9], [9, 9, 0]])
    assert best_of_each_body(distance, np.array([0.5, 0.7, 0.6]), same_body=0.35) == [[1, 0], [2]]
    assert best_of_each_body(np.zeros((0, 0)), np.zeros(0), same_body=0.35) == []


@given(st.integers(0, 10**6))
def test_the_pairing_is_the_cheapest_of_all(seed):
    rng = np.random.default_rng(seed)
    cost = rng.uniform(0, 1, (3, 4))
    pairs = match(cost)
    best = min(sum(cost[row, column] for row, column in enumerate(columns)) for columns in permutations(range(4), 3))
    assert sum(cost[pair] for pair in pairs) == best or abs(sum(cost[pair] for pair in pairs) - best) < 1e-12


def test_impossible_pairs_are_left_out():
    assert match(np.array([[np.inf, 0.2], [np.inf, 0.1]])) == [(1, 1)]
    assert match(np.full((2, 2), np.inf)) == []
    assert match(np.zeros((0, 3))) == []


def test_boxes_are_paired_by_overlap():
    first, second = np.array([[0, 0, 10, 10], [20, 0, 30, 10]]), np.array([[21, 0, 31, 10], [100, 0, 110, 10]])
    ((row, column, overlap),) = match_boxes(first, second, min_iou=0.3)
    assert (row, column) == (1, 0) and 0.8 < overlap < 0.85


class TestAppearance:
    def looking(self, colour, noise=10):
        rng = np.random.default_rng(0)
        image = np.clip(np.array(colour) + rng.normal(0, noise, (200, 200, 3)), 0, 255).astype(np.uint8)
        return torso_appearance(image, STANDING + 100, SEEN, COCO)

    def test_the_same_appearance_is_near_and_others_far(self):
        blue, darker, white = self.looking((30, 110, 180)), self.looking((25, 95, 160)), self.looking((220, 220, 215))
        assert blue.sum() == pytest.approx(1)
        assert appearance_distance(blue, blue) < 0.01
        assert appearance_distance(blue, darker) < 0.5 < 0.85 < appearance_distance(blue, white)

    def test_an_unseen_torso_has_no_appearance(self):
        image = np.zeros((200, 200, 3), np.uint8)
        assert torso_appearance(image, STANDING + 100, np.where(np.arange(17) == 5, 0, SEEN), COCO) is None
        assert torso_appearance(image, STANDING + 1000, SEEN, COCO) is None
        assert torso_appearance(image, STANDING - 1000, SEEN, COCO) is None

    def test_brightest_and_darkest_stay_in_the_histogram(self):
        for colour in ((255, 255, 255), (0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)):
            assert self.looking(colour, noise=0).sum() == pytest.approx(1)
