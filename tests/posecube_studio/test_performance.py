import numpy as np
import pytest

from posecube.datasets.ntu.protocol import _TRAIN_SUBJECTS_60
from posecube_studio.performance import partner_of, perform, seeded
from posecube_studio.subject import find_subject

TIME_S = np.arange(20) / 30


def test_partners_are_of_the_same_half_of_the_cross_subject_protocol() -> None:
    for subject in range(40):
        partner = partner_of(subject)
        assert partner != subject and partner_of(partner) == subject
        assert (subject + 1 in _TRAIN_SUBJECTS_60) == (partner + 1 in _TRAIN_SUBJECTS_60)
    assert all(partner_of(subject) < 16 for subject in range(16)), "a set of 16 people is closed"
    assert partner_of(40) == 41 and partner_of(41) == 40


def test_two_perform_what_takes_two() -> None:
    first, second = perform("hug", subject=3, seed=1, time_s=TIME_S).performers
    assert first.person == find_subject(3) and second.person == find_subject(partner_of(3))
    assert len(perform("wave", subject=3, seed=1, time_s=TIME_S).performers) == 1


def test_the_same_arguments_give_the_same_motion_to_the_bit() -> None:
    for action in ("push", "squat"):
        once, again = (perform(action, subject=2, seed=5, time_s=TIME_S).performers for _ in range(2))
        for one, other in zip(once, again, strict=True):
            np.testing.assert_array_equal(one.posture.origins_m, other.posture.origins_m)
            np.testing.assert_array_equal(one.posture.rotations, other.posture.rotations)


@pytest.mark.parametrize("action", ["bench_press", "tennis_serve"])
def test_things_turn_with_the_people(action: str) -> None:
    acted = perform(action, subject=0, seed=0, time_s=TIME_S)
    turned = acted.turned(30.0)
    for name, (places, _) in acted.prop.frames.items():
        palms = [each.performers[0].posture.bone("right_hand")[0] for each in (acted, turned)]
        before = np.linalg.norm(places - palms[0], axis=1)
        after = np.linalg.norm(turned.prop.frames[name][0] - palms[1], axis=1)
        np.testing.assert_allclose(after, before, atol=1e-9)
    for before_solid, after_solid in zip(acted.prop.still, turned.prop.still, strict=True):
        x, _, z = before_solid.origin
        assert np.hypot(x, z) == pytest.approx(np.hypot(after_solid.origin[0], after_solid.origin[2]))
        assert before_solid.origin[1] == pytest.approx(after_solid.origin[1])
    facing = turned.performers[0].posture.bone("pelvis")[1][0, :, 2] @ [np.sin(np.pi / 6), 0, np.cos(np.pi / 6)]
    assert facing == pytest.approx(acted.performers[0].posture.bone("pelvis")[1][0, 2, 2])


def test_generators_of_different_purposes_differ() -> None:
    numbers = {purpose: seeded(purpose, "wave", 1, 2).random() for purpose in ("arc", "facing", "bystanders")}
    assert len(set(numbers.values())) == 3
    assert seeded("arc", "wave", 1, 2).random() == numbers["arc"]
