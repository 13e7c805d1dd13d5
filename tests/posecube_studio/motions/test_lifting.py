"""Lifting from the floor and throwing: what lies there waits for the hand, what is thrown leaves it."""

import numpy as np
import pytest

from posecube_studio.performance import Performance, perform

FPS = 30
SEEDS = range(8)


def perform_all(action: str, seconds: float) -> list[Performance]:
    time_s = np.arange(round(seconds * FPS)) / FPS
    return [perform(action, subject=seed, seed=seed, time_s=time_s) for seed in SEEDS]


@pytest.fixture(scope="module")
def lifts() -> list[Performance]:
    return perform_all("pick_up", 3.6)


@pytest.fixture(scope="module")
def throws() -> list[Performance]:
    return perform_all("throw", 2.8)


def main_palm(performance: Performance) -> np.ndarray:
    side = "left" if performance.mirrored else "right"
    return performance.performers[0].posture.point(f"{side}_hand", (0.0, -0.075, 0.0))


def test_what_lies_on_the_floor_waits_for_the_hand_and_follows_it(lifts: list[Performance]) -> None:
    for performance in lifts:
        places, palm = performance.prop.frames["lifted"][0], main_palm(performance)
        grasp = int(palm[:, 1].argmin())
        assert np.ptp(places[: grasp - 8], axis=0).max() < 1e-9, "nobody moves it before it is held"
        assert places[0, 1] < 0.25 and places[-1, 1] > 0.6
        assert np.linalg.norm(places - palm, axis=1)[grasp:].max() < 0.3
        assert places[0] @ performance.performers[0].posture.bone("pelvis")[1][0, :, 2] > 0.2, "it lies ahead"


def test_feet_stay_while_something_is_lifted(lifts: list[Performance]) -> None:
    for performance in lifts:
        posture = performance.performers[0].posture
        for side in ("left", "right"):
            ball = posture.point(f"{side}_foot", np.array([0, -0.047, 0.075]) * posture.shape.height_m)
            assert np.ptp(ball, axis=0).max() < 0.02


def test_people_squat_or_stoop_with_one_hand_or_two(lifts: list[Performance]) -> None:
    lowest = [performance.performers[0].posture.bone("pelvis")[0][:, 1].min() for performance in lifts]
    assert min(lowest) < 0.62 < 0.72 < max(lowest)
    boxes = [performance for performance in lifts if not performance.prop.grip]
    assert 0 < len(boxes) < len(lifts), "a box takes two open hands"
    for performance in boxes:
        posture = performance.performers[0].posture
        palms = [posture.point(f"{side}_hand", (0.0, -0.075, 0.0)) for side in ("left", "right")]
        lifted = int(palms[0][:, 1].argmin())
        assert np.ptp(np.linalg.norm(palms[0] - palms[1], axis=1)[lifted:]) < 0.12, "the box keeps its width"


def test_a_thrown_ball_leaves_the_hand_for_good(throws: list[Performance]) -> None:
    for performance in throws:
        ball, palm = performance.prop.frames["ball"][0], main_palm(performance)
        away = np.linalg.norm(ball - palm, axis=1)
        assert away[0] < 0.25 and away[-1] > 2.0
        gone = int(np.argmax(away > 0.4))
        assert (away[: gone - 4] < 0.3).all() and (away[gone:] > 0.4).all()
        assert ball[:, 1].min() > 0.05, "it bounces off the floor"


def test_a_ball_in_the_air_falls_as_things_do(throws: list[Performance]) -> None:
    for performance in throws:
        ball = performance.prop.frames["ball"][0]
        gone = int(np.argmax(np.linalg.norm(ball - main_palm(performance), axis=1) > 0.4))
        flight = ball[gone : gone + 5]
        np.testing.assert_allclose(np.diff(flight, n=2, axis=0) * FPS**2, [[0, -9.81, 0]] * 3, atol=1e-6)


def test_balls_are_thrown_over_or_under_hand_or_pushed(throws: list[Performance]) -> None:
    rises = []
    for performance in throws:
        palm, posture = main_palm(performance), performance.performers[0].posture
        gone = int(np.argmax(np.linalg.norm(performance.prop.frames["ball"][0] - palm, axis=1) > 0.4))
        rises.append(float((palm - posture.bone("chest")[0])[:gone, 1].max()))
    assert max(rises) - min(rises) > 0.3
