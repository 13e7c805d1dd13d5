import numpy as np

from posecube_studio.body import BodyShape
from posecube_studio.goals import Goals
from posecube_studio.motions.pairs import pointing, pose, touching
from posecube_studio.motions.style import with_tracks

SHAPE = BodyShape(height_m=1.68, arm_factor=1.02)
PLACE_M = np.array([-0.05, 1.15, 0.35])


def bowing(num_frames: int = 9) -> Goals:
    part = np.linspace(0, 1, num_frames)
    return with_tracks(Goals.standing(num_frames), bend=25 * part, twist=20 * part, lean=-8 * part)


def test_a_hand_stays_at_a_place_while_the_trunk_moves() -> None:
    target = np.tile(PLACE_M, (9, 1))
    goals = touching(SHAPE, bowing(), {"right": target}, np.ones(9))
    wrist = pose(SHAPE, goals).bone("right_hand")[0]
    np.testing.assert_allclose(wrist, target, atol=2e-3)
    np.testing.assert_array_equal(goals.hands[:, 0], bowing().hands[:, 0])


def test_a_hand_that_has_not_set_out_hangs() -> None:
    amount = np.linspace(0, 1, 9)
    goals = touching(SHAPE, bowing(), {"left": np.tile(PLACE_M, (9, 1))}, amount)
    np.testing.assert_array_equal(goals.hands[0], bowing().hands[0])
    distance = np.linalg.norm(pose(SHAPE, goals).bone("left_hand")[0] - PLACE_M, axis=1)
    assert (np.diff(distance) < 1e-3).all() and distance[-1] < 2e-3


def test_fingers_turn_where_they_are_told() -> None:
    goals = touching(SHAPE, bowing(), {"right": np.tile(PLACE_M, (9, 1))}, np.ones(9))
    posture = pose(SHAPE, pointing(SHAPE, goals, {"right": (0.0, 1.0, 0.2)}, np.ones(9)))
    along = -posture.bone("right_hand")[1][:, :, 1]
    assert (along[:, 1] > 0.9).all()
    straight = pose(SHAPE, pointing(SHAPE, goals, {}, np.ones(9)))
    np.testing.assert_allclose(straight.origins_m, pose(SHAPE, goals).origins_m, atol=1e-9)
