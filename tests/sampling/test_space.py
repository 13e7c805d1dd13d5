"""Spaces: the angles that 3D joints are seen from."""

import math

import numpy as np
import pytest

from posecube.sampling import ImageSpace


def test_training_angles_stay_in_range_and_vary() -> None:
    space = ImageSpace(yaw_deg=60, pitch_deg=10)
    rng = np.random.default_rng(0)
    angles = np.degrees([space.training_angles(rng) for _ in range(200)])
    assert (np.abs(angles) <= (60, 10)).all()
    assert (np.abs(angles).max(axis=0) > (50, 8)).all()


@pytest.mark.parametrize(
    ("num_views", "degrees"), [(1, [0]), (2, [0, 30]), (3, [0, 30, -30]), (5, [0, 15, -15, 30, -30])]
)
def test_test_angles_spread_from_the_front(num_views: int, degrees: list[float]) -> None:
    space = ImageSpace(yaw_deg=60, pitch_deg=10)
    angles = [space.test_angles(view, num_views) for view in range(num_views)]
    assert [round(math.degrees(yaw), 6) for yaw, _ in angles] == degrees
    assert all(pitch == 0 for _, pitch in angles)
