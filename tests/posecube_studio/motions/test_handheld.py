"""What is brought to the face gets there, and arms alone hardly say what it is."""

from functools import cache

import numpy as np
import pytest

from posecube_studio.performance import Performance, perform

TIME_S = np.arange(36) / 10
SEEDS = range(6)
LIPS, EARS = (0.0, 0.0165, 0.064), ((0.0435, 0.045, 0.004), (-0.0435, 0.045, 0.004))


@cache
def perform_all(action: str) -> list[Performance]:
    return [perform(action, subject=seed, seed=seed, time_s=TIME_S) for seed in SEEDS]


def on_head(performance: Performance, place: tuple[float, float, float]) -> np.ndarray:
    posture = performance.performers[0].posture
    return posture.point("head", np.array(place) * posture.shape.height_m)


def end_of(performance: Performance, frame: str, along_m: float) -> np.ndarray:
    origin, axes = performance.prop.frames[frame]
    return origin + along_m * axes[:, :, 1]


def main_side(performance: Performance) -> str:
    return "left" if performance.mirrored else "right"


def wrist_path(performance: Performance) -> np.ndarray:
    """The wrist from the hips, in their first frame's axes, as of a right-hander."""
    posture = performance.performers[0].posture
    origin, axes = posture.bone("pelvis")
    path = (posture.bone(f"{main_side(performance)}_hand")[0] - origin) @ axes[0]
    return path * np.array([-1 if performance.mirrored else 1, 1, 1])


def test_the_rim_of_the_cup_comes_to_the_lips() -> None:
    for performance in perform_all("drink"):
        origin, axes = performance.prop.frames["cup"]
        away = np.linalg.norm(origin - on_head(performance, LIPS), axis=1)
        assert away.min() < 0.09 and away[0] > 0.25
        assert axes[away > 0.25][:, 1, 1].min() > 0.95, "a cup on its way is upright"
        assert axes[:, 1, 1].min() < 0.85, "and is tipped at the mouth"
        assert away[axes[:, 1, 1].argmin()] < 0.15


def test_food_comes_to_the_lips() -> None:
    for performance in perform_all("eat"):
        away = np.linalg.norm(end_of(performance, "food", 0.09) - on_head(performance, LIPS), axis=1)
        assert away.min() < 0.05 and away[0] > 0.2


def test_a_phone_is_held_at_the_ear_or_before_the_mouth() -> None:
    at_ear = 0
    for performance in perform_all("phone_call"):
        phone = end_of(performance, "phone", 0.05)
        ear = np.min([np.linalg.norm(phone - on_head(performance, place), axis=1) for place in EARS], axis=0)
        lips = np.linalg.norm(phone - on_head(performance, LIPS), axis=1)
        assert (np.minimum(ear, lips) < 0.2).mean() > 0.15, "long enough to talk"
        at_ear += bool(ear.min() < 0.1)
    assert 0 < at_ear < len(SEEDS)


@pytest.mark.parametrize("action", ["drink", "eat", "phone_call"])
def test_what_is_held_stays_in_the_hand(action: str) -> None:
    for performance in perform_all(action):
        (origin, _), posture = next(iter(performance.prop.frames.values())), performance.performers[0].posture
        wrist = posture.bone(f"{main_side(performance)}_hand")[0]
        assert np.ptp(np.linalg.norm(origin - wrist, axis=1)) < 1e-6
        feet = np.stack([posture.bone(f"{side}_foot")[0] for side in ("left", "right")])
        assert np.ptp(feet, axis=1).max() < 0.01


def test_arms_alone_hardly_tell_the_three_apart() -> None:
    paths = {action: np.stack([wrist_path(each) for each in perform_all(action)])
             for action in ("drink", "eat", "phone_call", "wave")}  # fmt: skip

    def apart(first: str, second: str) -> float:
        return float(np.linalg.norm(paths[first][:, None] - paths[second][None], axis=-1).mean())

    alike = max(apart("drink", "eat"), apart("drink", "phone_call"), apart("eat", "phone_call"))
    assert alike < 0.6 * min(apart(action, "wave") for action in ("drink", "eat", "phone_call"))
    within = np.mean([apart(action, action) for action in ("drink", "eat", "phone_call")])
    assert alike < 1.5 * within, "two actions differ little more than two performances of one"
