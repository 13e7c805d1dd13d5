"""Every action by several people: smooth, above the floor, and with what makes it that action."""

import numpy as np
import pytest

from posecube.skeleton import find_layout
from posecube_studio.motions import ACTIONS, find_action
from posecube_studio.take import plan_take

NTU25 = find_layout("ntu25")


def joints_of(action: str, seed: int = 0) -> np.ndarray:
    return plan_take(action, subject=seed, seed=seed).performers[0].posture.joints(NTU25)


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_smooth_and_stays_above_the_floor(action: str) -> None:
    for seed in range(3):
        joints = joints_of(action, seed)
        assert np.isfinite(joints).all()
        assert joints[..., 1].min() > -0.02, "a joint lies below the floor"
        step_m = np.linalg.norm(np.diff(joints, axis=0), axis=-1)
        assert step_m.max() < 1.0, "a joint jumps: nothing moves faster than 30 m/s"
        jerk = np.linalg.norm(np.diff(joints, n=2, axis=0), axis=-1)
        assert jerk.max() < 0.40, "a joint kinks"


def height(joints: np.ndarray, joint: str) -> np.ndarray:
    return joints[:, NTU25.index(joint), 1]


def test_jumping_jacks_raise_the_hands_and_spread_the_feet() -> None:
    joints = joints_of("jumping_jacks")
    apart = np.abs(joints[:, NTU25.index("left_ankle"), 0] - joints[:, NTU25.index("right_ankle"), 0])
    up = height(joints, "left_wrist") - height(joints, "head")
    assert up.max() > 0.1 and up.min() < -0.5
    assert np.corrcoef(apart, up)[0, 1] > 0.9


def test_a_squat_lowers_the_hips_over_standing_feet() -> None:
    joints = joints_of("squat")
    assert np.ptp(height(joints, "pelvis")) > 0.3
    assert np.ptp(joints[:, NTU25.index("left_ankle")], axis=0).max() < 0.03


def test_a_pushup_turns_about_hands_and_toes() -> None:
    joints = joints_of("pushup")
    assert np.ptp(height(joints, "thorax")) > 0.2
    for joint in ("left_wrist", "right_wrist", "left_foot"):
        assert np.ptp(joints[:, NTU25.index(joint)], axis=0).max() < 0.05, joint


def test_hands_hold_the_bar_of_a_pullup() -> None:
    joints = joints_of("pullup")
    assert np.ptp(height(joints, "left_wrist")) < 0.03
    assert np.ptp(height(joints, "head")) > 0.35


def test_a_bowler_runs_down_the_lane() -> None:
    joints = joints_of("bowl")
    assert joints[-1, 0, 2] - joints[0, 0, 2] > 1.2


@pytest.mark.parametrize(
    ("name", "message"),
    [("pushups", "did you mean pushup"), ("Squat", "did you mean squat"), ("zzz", "known: baseball_pitch, ")],
)
def test_an_unknown_action_costs_one_line(name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        find_action(name)
    assert "\n" not in str(error.value)
