"""What makes walking, running, turning, jumping, kicking and punching what they are, for several people and styles."""

import numpy as np
import pytest

from posecube.skeleton import find_layout
from posecube_studio.body import Posture
from posecube_studio.take import plan_take

NTU25 = find_layout("ntu25")
SEEDS = range(6)
FPS = 30
STANDS_M = 0.02  # a sole this near to the floor may bear weight


def act(action: str, seed: int, *, variety: float = 1.0) -> Posture:
    return plan_take(action, subject=seed, seed=seed, fps=FPS, variety=variety).performers[0].posture


def track(posture: Posture, joint: str) -> np.ndarray:
    return posture.joints(NTU25)[:, NTU25.index(joint)]


def feet_on_floor(posture: Posture) -> np.ndarray:
    """Whether the ball of each foot lies on the floor. (T, 2)"""
    heights_m = np.stack([ball_of_foot(posture, side)[:, 1] for side in ("left", "right")], axis=-1)
    return np.asarray(heights_m < STANDS_M)


def ball_of_foot(posture: Posture, side: str) -> np.ndarray:
    """Of the sole: about it the heel rises."""
    return posture.point(f"{side}_foot", (0.0, -posture.shape.ankle_m, 0.075 * posture.shape.height_m))


def both_feet_up(posture: Posture) -> np.ndarray:
    left, right = feet_on_floor(posture).T
    return np.asarray(~(left | right))


def yaw_deg(posture: Posture) -> np.ndarray:
    axes = posture.bone("pelvis")[1]
    return np.degrees(np.unwrap(np.arctan2(axes[:, 0, 2], axes[:, 2, 2])))


@pytest.mark.parametrize("action", ["walk", "run", "turn"])
def test_a_foot_that_bears_weight_does_not_slide(action: str) -> None:
    for seed in SEEDS:
        posture = act(action, seed)
        standing = feet_on_floor(posture)
        for index, side in enumerate(("left", "right")):
            ball = ball_of_foot(posture, side)[:, [0, 2]]
            stance = np.flatnonzero(standing[1:-1, index] & standing[2:, index] & standing[:-2, index]) + 1
            step_m = np.linalg.norm(ball[stance + 1] - ball[stance], axis=-1)
            assert len(stance) > 10
            assert np.median(step_m) < 0.001, (seed, side)
            assert np.quantile(step_m, 0.8) < 0.01, (seed, side)


def test_a_walker_crosses_the_room_with_a_foot_on_the_floor() -> None:
    headings = []
    for seed in SEEDS:
        posture = act("walk", seed)
        way = np.diff(track(posture, "pelvis")[:, [0, 2]], axis=0)
        length_m = np.linalg.norm(way, axis=-1).sum()
        assert 1.0 < length_m < 4.5
        assert both_feet_up(posture).mean() < 0.05
        headings.append(np.degrees(np.arctan2(*way.sum(axis=0))))
    assert np.ptp(headings) > 90, "people walk in different directions"


def test_a_runner_flies_between_steps_and_stays_in_the_room() -> None:
    lengths_m = []
    for seed in range(10):
        posture = act("run", seed)
        airborne = both_feet_up(posture)
        assert airborne.sum() >= 4, seed
        pelvis = track(posture, "pelvis")[:, [0, 2]]
        lengths_m.append(np.linalg.norm(pelvis[-1] - pelvis[0]))
        bent = [flexion_deg(posture, side).max() for side in ("left", "right")]
        assert min(bent) > 65, "running arms are bent"
    assert max(lengths_m) < 4.5
    assert max(lengths_m) > 2.2, "most run across the room"
    assert min(lengths_m) < 0.3, "some run on the spot"


def flexion_deg(posture: Posture, side: str) -> np.ndarray:
    """Of the elbow: 0 is a straight arm."""
    upper = track(posture, f"{side}_elbow") - track(posture, f"{side}_shoulder")
    fore = track(posture, f"{side}_wrist") - track(posture, f"{side}_elbow")
    cosine = (upper * fore).sum(-1) / np.linalg.norm(upper, axis=-1) / np.linalg.norm(fore, axis=-1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def test_one_who_turns_stays_in_place_and_faces_elsewhere() -> None:
    turned_deg = []
    for seed in SEEDS:
        posture = act("turn", seed)
        yaw = yaw_deg(posture)
        turned_deg.append(yaw[-1] - yaw[0])
        assert 90 < abs(turned_deg[-1]) < 365
        assert np.ptp(track(posture, "pelvis")[:, [0, 2]], axis=0).max() < 0.25
    assert min(turned_deg) < 0 < max(turned_deg), "some to the left, some to the right"


def test_a_jumper_leaves_the_floor_and_falls_as_gravity_has_it() -> None:
    for seed in range(10):
        posture = act("jump", seed)
        airborne = both_feet_up(posture)
        assert airborne.sum() >= 4, seed
        assert not airborne[[0, -1]].any(), "begins and ends on the floor"
        hips = track(posture, "pelvis")[:, 1]
        flying = np.flatnonzero(airborne[1:-1] & airborne[2:] & airborne[:-2]) + 1
        falls_m_s2 = np.diff(hips, n=2)[flying - 1] * FPS**2
        assert np.median(falls_m_s2) == pytest.approx(-9.81, abs=1.5)


def test_both_feet_leave_the_floor_together_in_a_typical_jump() -> None:
    posture = act("jump", 0, variety=0.0)
    left, right = feet_on_floor(posture).T
    assert (left == right).all()


def test_a_kick_stretches_one_leg_far_from_the_body_and_puts_it_back() -> None:
    high_m = []
    for seed in range(10):
        posture = act("kick", seed)
        ankles = np.stack([track(posture, f"{side}_ankle") for side in ("left", "right")])
        kicks = int(ankles[:, :, 1].max(axis=1).argmax())
        rise_m, side = ankles[kicks, :, 1], ("left", "right")[kicks]
        hip = track(posture, f"{side}_hip")
        apart = np.linalg.norm((ankles[kicks] - hip)[:, [0, 2]], axis=-1)
        straight = np.linalg.norm(ankles[kicks] - hip, axis=-1) > 0.93 * posture.shape.leg_m
        assert (straight & (apart > 0.45 * posture.shape.leg_m)).any(), seed
        assert rise_m.max() > track(posture, "left_knee")[0, 1], "above knee height"
        assert rise_m[-1] < 0.25 and ankles[1 - kicks, :, 1].max() < 0.40, "the other foot carries"
        high_m.append(rise_m.max() / posture.shape.leg_m)
    assert max(high_m) > 0.8 > min(high_m), "some at the height of the hips, some of a ball"


def test_a_punch_is_fast_and_comes_back() -> None:
    for seed in range(10):
        posture = act("punch", seed)
        wrists = np.stack([track(posture, f"{side}_wrist") for side in ("left", "right")])
        speed_m_s = np.linalg.norm(np.diff(wrists, axis=1), axis=-1) * FPS
        assert speed_m_s.max() > 3.0, seed
        shoulders = np.stack([track(posture, f"{side}_shoulder") for side in ("left", "right")])
        far = np.linalg.norm(wrists - shoulders, axis=-1) / posture.shape.arm_m
        assert far.max() > 0.55 and far.min() < 0.60, "out, and back to the chin"


def test_a_typical_punch_goes_straight_ahead() -> None:
    posture = act("punch", 0, variety=0.0)
    arm = track(posture, "right_wrist") - track(posture, "right_shoulder")
    farthest = arm[np.linalg.norm(arm, axis=-1).argmax()]
    assert farthest[2] / np.linalg.norm(farthest) > np.cos(np.radians(25))
