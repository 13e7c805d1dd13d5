"""Decoding of BlazePose's landmarks against a slow reference on made maps."""

import math

import numpy as np
import pytest

from posecube.pose.estimators.blazepose.landmarks import decode_landmarks, sigmoid


def made(points_xy: np.ndarray, *, peak_logit: float = 4.0, at_xy: np.ndarray | None = None):
    """Raw landmarks at points (in 256 units) and maps with one spot each; spots at the points unless given."""
    at_xy = points_xy if at_xy is None else at_xy
    raw = np.zeros((39, 5), np.float32)
    raw[:, :2], raw[:, 4] = points_xy, 50
    y, x = np.mgrid[:64, :64]
    maps = np.full((64, 64, 39), -12.0, np.float32)
    for point in range(39):
        distance = (x - at_xy[point, 0] / 4) ** 2 + (y - at_xy[point, 1] / 4) ** 2
        maps[..., point] = np.maximum(-12.0, peak_logit - distance)
    return raw, maps


@pytest.fixture
def points() -> np.ndarray:
    return np.random.default_rng(1).integers(10, 54, (39, 2)).astype(float) * 4


def test_a_sharp_spot_confirms_its_point(points):
    found = decode_landmarks(*made(points), body_score=0.7)
    np.testing.assert_allclose(found.points_xy, points - 0.5, atol=0.05)
    np.testing.assert_allclose(found.confidence, 1, atol=1e-3)
    assert found.body_score == 0.7


def test_points_move_to_the_spot_beside_them(points):
    spot = points + np.array([4.0, -4.0])
    found = decode_landmarks(*made(points, at_xy=spot), body_score=1.0)
    np.testing.assert_allclose(found.points_xy, spot - 0.5, atol=0.2)


def test_a_spot_far_away_says_that_the_point_is_wrong(points):
    found = decode_landmarks(*made(points, at_xy=(points + 128) % 256), body_score=1.0)
    far = np.abs((points + 128) % 256 - points).max(axis=1) > 40
    np.testing.assert_allclose(found.confidence[far], 0, atol=1e-3)
    np.testing.assert_allclose(found.points_xy[far], points[far] - 0.5, atol=1e-4)


def test_faint_spots_leave_the_regressed_points_alone(points):
    spot = points + np.array([4.0, 0.0])
    found = decode_landmarks(*made(points, at_xy=spot, peak_logit=-1.5), body_score=1.0)
    np.testing.assert_allclose(found.points_xy, points - 0.5, atol=1e-4)
    expected = (1 / (1 + math.exp(1.5)) - 0.15) / 0.65
    np.testing.assert_allclose(found.confidence, expected, atol=1e-3)


def test_absent_joints_have_no_confidence(points):
    raw, maps = made(points)
    raw[:, 4] = -50
    np.testing.assert_allclose(decode_landmarks(raw, maps, body_score=1.0).confidence, 0, atol=1e-6)


def test_points_off_the_map_are_unseen():
    points = np.full((39, 2), 600.0)
    found = decode_landmarks(*made(points), body_score=1.0)
    np.testing.assert_allclose(found.points_xy, 599.5)
    assert (found.confidence == 0).all()


def test_points_at_the_rim_match_a_slow_reference():
    rng = np.random.default_rng(2)
    raw, maps = made(np.full((39, 2), 2.0))
    raw[:, :2] = rng.uniform(-8, 264, (39, 2))
    maps = rng.normal(0, 2, maps.shape).astype(np.float32)
    found = decode_landmarks(raw, maps, body_score=1.0)
    for point in range(39):
        x, y = raw[point, :2] / 4
        column, row = math.floor(x + 0.5), math.floor(y + 0.5)
        cells = [(c, r) for r in range(row - 3, row + 4) for c in range(column - 3, column + 4)]
        cells = [(c, r) for c, r in cells if 0 <= c < 64 and 0 <= r < 64]
        heat = np.array([1 / (1 + math.exp(-maps[r, c, point])) for c, r in cells])
        peak = heat.max(initial=0)
        mean = heat @ np.array(cells) / heat.sum() if len(cells) else np.zeros(2)
        share = min(max((peak - 0.3) / 0.3, 0), 1)
        expected = ((1 - share) * np.array([x, y]) + share * mean) * 4 - 0.5
        np.testing.assert_allclose(found.points_xy[point], expected, atol=1e-3)


def test_sigmoid_does_not_overflow():
    np.testing.assert_allclose(sigmoid(np.array([-1e4, 0, 1e4], np.float32)), [0, 0.5, 1], atol=1e-6)
