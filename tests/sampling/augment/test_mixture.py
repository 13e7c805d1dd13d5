"""One person's arms on another's legs."""

import numpy as np
import pytest

from builders import make_sequence
from posecube.sampling.augment.mixture import leg_joints, with_legs_of
from posecube.skeleton.layouts import COCO17, PENN13


def test_arms_stay_and_legs_come_to_their_hips():
    upper, lower = make_sequence(0, seed=1, frames=20), make_sequence(1, seed=2, frames=9)
    mixed = with_legs_of(upper, lower)
    legs = leg_joints(COCO17)
    assert mixed.num_frames == 20 and mixed.num_people == 1
    np.testing.assert_array_equal(mixed.keypoints[0][:, ~legs], upper.keypoints[0][:, ~legs])
    hips = [COCO17.index("left_hip"), COCO17.index("right_hip")]
    np.testing.assert_allclose(mixed.keypoints[0][:, hips].mean(1), upper.keypoints[0][:, hips].mean(1), atol=1e-2)
    assert not np.allclose(mixed.keypoints[0][:, legs], upper.keypoints[0][:, legs])


def test_a_persons_own_legs_change_nothing():
    sequence = make_sequence(0, frames=12)
    np.testing.assert_allclose(with_legs_of(sequence, sequence).keypoints, sequence.keypoints[:1], atol=1e-3)


def test_other_joints_are_refused():
    with pytest.raises(ValueError, match="of one layout"):
        with_legs_of(make_sequence(0), make_sequence(0, layout=PENN13))
