import numpy as np
import pytest

from posecube_studio.motions.steps import Footstep, stepping, walking

TIME_S = np.arange(0, 3, 1 / 30)


def test_feet_stand_still_but_for_their_own_steps() -> None:
    goals = stepping(TIME_S, walking(-1.0, 0.0, start_s=0.5, num_steps=3, step_s=0.5), first_z=(-1.0, -1.0))
    np.testing.assert_allclose(goals.feet[0, :, 2], -1.0)
    np.testing.assert_allclose(goals.feet[-1, :, 2], 0.0, atol=1e-12)
    resting = goals.feet[:, :, 1] < 1e-9
    moving = np.abs(np.diff(goals.feet[:, :, 2], axis=0)) > 1e-9
    assert not (moving & resting[1:] & resting[:-1]).any(), "a foot slides over the floor"
    assert goals.feet[:, :, 1].min() >= 0


def test_hips_go_smoothly_from_place_to_place() -> None:
    goals = stepping(TIME_S, walking(0.0, 1.2, start_s=0.4, num_steps=4, step_s=0.45))
    z = goals.pelvis[:, 2]
    assert z[0] == pytest.approx(0, abs=1e-3) and z[-1] == pytest.approx(1.2, abs=1e-2)
    assert np.diff(z).min() > -1e-3
    assert np.abs(np.diff(z, n=2)).max() < 0.01


def test_one_who_is_pushed_falls_before_he_steps() -> None:
    steps = walking(0.0, -0.8, start_s=1.0, num_steps=2, step_s=0.3)
    late, early = (stepping(TIME_S, steps, lead_s=lead).pelvis[33, 2] for lead in (0.0, 0.1))
    assert early < late < 0


def test_a_body_that_takes_no_step_stands() -> None:
    goals = stepping(TIME_S, [], first_z=(0.05, 0.0))
    assert np.ptp(goals.pelvis, axis=0).max() < 1e-12
    one = stepping(TIME_S, [Footstep(1, 0.5, 1.0, 0.4)])
    assert one.feet[-1, 1, 2] == pytest.approx(0.4) and one.feet[-1, 0, 2] == 0
