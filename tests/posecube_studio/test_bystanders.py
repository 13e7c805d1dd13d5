import numpy as np
import pytest

from posecube.skeleton import find_layout
from posecube_studio.backdrop import make_place
from posecube_studio.bystanders import CLEARANCE_M, FIRST_NUMBER
from posecube_studio.conditions import Conditions
from posecube_studio.performance import perform
from posecube_studio.subject import find_subject
from posecube_studio.take import Take, plan_take

NTU25 = find_layout("ntu25")
CROWDED = Conditions(bystanders=3)


def crowd(action: str = "handshake", view: int = 0, seed: int = 2) -> Take:
    return plan_take(
        action, subject=4, view=view, seed=seed, rig="arc", num_frames=24, size_hw=(144, 256), conditions=CROWDED
    )


@pytest.mark.parametrize("action", ["handshake", "walk", "pushup"])
def test_bystanders_stand_well_behind_the_performers(action: str) -> None:
    for seed in range(3):
        take = crowd(action, seed=seed)
        assert len(take.bystanders) == 3
        performers = [each.posture.joints(NTU25)[..., [0, 2]] for each in take.performers]
        for somebody in take.bystanders:
            floor = somebody.posture.joints(NTU25)[..., [0, 2]]
            for other in performers:
                gap = np.linalg.norm(floor[:, :, None] - other[:, None], axis=-1).min()
                assert gap > CLEARANCE_M - 0.05


def test_nobody_walks_through_a_wall() -> None:
    for seed in range(6):
        take = crowd("push", seed=seed)
        room_m = make_place(take.backdrop, take.scene_rng("place")).room_m
        assert room_m is not None
        for somebody in take.bystanders:
            assert (np.abs(somebody.posture.joints(NTU25)[..., [0, 2]]) < room_m[:2]).all()


def test_all_cameras_of_an_arc_see_bystanders_behind() -> None:
    for view in range(3):
        take = crowd(view=view)
        lens = take.lenses[0]
        farthest = take.joint_depth_m.mean(axis=-1).max()
        seen = []
        for somebody in take.bystanders:
            pixels, depth = lens.project(somebody.posture.joints(NTU25))
            assert depth.mean() > farthest
            seen.append(((pixels >= 0) & (pixels < lens.size_hw[::-1])).all(axis=-1).mean())
        assert max(seen) > 0.9 and np.mean(seen) > 0.5


def test_bystanders_are_nobody_who_performs_and_the_same_for_every_camera() -> None:
    takes = [crowd(view=view) for view in range(3)]
    people = [find_subject(number) for number in range(40)]
    assert all(somebody.person not in people for somebody in takes[0].bystanders)
    assert len({somebody.person.shape.height_m for somebody in takes[0].bystanders}) == 3
    assert FIRST_NUMBER > 106, "NTU RGB+D 120 has 106 subjects"
    for take in takes[1:]:
        for one, other in zip(take.bystanders, takes[0].bystanders, strict=True):
            np.testing.assert_array_equal(one.posture.origins_m, other.posture.origins_m)


def test_bystanders_change_neither_performance_nor_truth() -> None:
    alone = plan_take("handshake", subject=4, seed=2, rig="arc", num_frames=24, size_hw=(144, 256))
    take = crowd()
    assert take.keypoints_xy.shape[0] == 2
    np.testing.assert_array_equal(take.keypoints_xy, alone.keypoints_xy)
    time_s = np.arange(24) / 30
    acted = perform("handshake", subject=4, seed=2, time_s=time_s)
    assert [each.person for each in acted.performers] == [each.person for each in take.performers]
