"""Sitting down and standing up: hips onto the chair's height, feet where they are."""

import numpy as np
import pytest

from posecube_studio.performance import Performance, perform

TIME_S = np.arange(51) / 15
SEEDS = range(6)


def hip_height(performance: Performance) -> np.ndarray:
    return performance.performers[0].posture.bone("left_thigh")[0][:, 1]


@pytest.fixture(scope="module", params=["sit_down", "stand_up"])
def performed(request: pytest.FixtureRequest) -> tuple[str, list[Performance]]:
    return request.param, [perform(request.param, subject=seed, seed=seed, time_s=TIME_S) for seed in SEEDS]


def test_hips_go_between_standing_and_the_chair(performed: tuple[str, list[Performance]]) -> None:
    action, performances = performed
    for performance in performances:
        high = hip_height(performance)[:: 1 if action == "sit_down" else -1]
        leg_m = performance.performers[0].posture.shape.leg_m
        assert high[0] > leg_m and 0.45 < high[-1] < 0.65
        assert np.diff(high).max() < 0.02, "there is no way back"


def test_feet_stay(performed: tuple[str, list[Performance]]) -> None:
    for performance in performed[1]:
        posture = performance.performers[0].posture
        for side in ("left", "right"):
            assert np.ptp(posture.point(f"{side}_foot", (0.0, -0.05, 0.1)), axis=0).max() < 0.02


def test_the_trunk_bows_on_the_way(performed: tuple[str, list[Performance]]) -> None:
    for performance in performed[1]:
        upright = performance.performers[0].posture.bone("chest")[1][:, 1, 1]
        assert upright.min() < np.cos(np.radians(30))
        assert min(upright[0], upright[-1]) > np.cos(np.radians(22))


def test_the_chair_is_under_who_sits(performed: tuple[str, list[Performance]]) -> None:
    action, performances = performed
    for performance in performances:
        posture = performance.performers[0].posture
        seated = -1 if action == "sit_down" else 0
        hips = (posture.bone("left_thigh")[0] + posture.bone("right_thigh")[0])[seated] / 2
        chair = performance.prop.still
        assert chair and not performance.prop.solids
        seat = min(chair, key=lambda solid: float(np.linalg.norm(np.array(solid.origin) - hips)))
        assert 0.0 < hips[1] - seat.origin[1] < 0.2
        assert np.linalg.norm((np.array(seat.origin) - hips)[[0, 2]]) < 0.15


def test_some_look_for_the_chair_over_a_shoulder() -> None:
    turned_deg = []
    for seed in range(6, 12):
        posture = perform("sit_down", subject=0, seed=seed, time_s=TIME_S[::3]).performers[0].posture
        head, hips = (posture.bone(bone)[1][:, :, 2] for bone in ("head", "pelvis"))
        heading = np.arctan2(head[:, 0], head[:, 2]) - np.arctan2(hips[:, 0], hips[:, 2])
        turned_deg.append(float(np.degrees(np.abs(heading).max())))
    assert min(turned_deg) < 35 < 45 < max(turned_deg)
