"""Whose joints a take holds, and where its cameras stand."""

import numpy as np
import pytest

from posecube.skeleton import find_layout
from posecube_studio.conditions import Conditions
from posecube_studio.motions import ACTIONS
from posecube_studio.take import Take, plan_take

COCO17, NTU25 = find_layout("coco17"), find_layout("ntu25")
SIZE_HW = (144, 256)


def arc(action: str, *, view: int = 0, seed: int = 0, num_frames: int = 20) -> Take:
    return plan_take(action, subject=2, view=view, seed=seed, num_frames=num_frames, size_hw=SIZE_HW, rig="arc")


def facing_deg(take: Take) -> float:
    """Where the first person looks in the beginning, degrees to the left of the scene's front."""
    x, _, z = take.performers[0].posture.bone("pelvis")[1][0, :, 2]
    return float(np.degrees(np.arctan2(x, z)))


def test_a_take_of_two_holds_the_joints_of_both() -> None:
    take = plan_take("push", subject=3, seed=1, num_frames=6)
    assert take.keypoints_xy.shape == (2, 6, 17, 2) and take.keypoints_3d.shape == (2, 6, 25, 3)
    assert take.joint_depth_m.shape == (2, 6, 17) and len(take.performers) == 2
    shared = sorted(set(COCO17.joints) & set(NTU25.joints))
    flat, deep = ([layout.index(joint) for joint in shared] for layout in (COCO17, NTU25))
    x, y, z = np.moveaxis(take.keypoints_3d[:, :, deep], -1, 0)
    lens = take.lenses[0]
    expected = np.stack([x, -y], axis=-1) / z[..., None] * lens.scale + np.array(lens.center_xy)
    np.testing.assert_allclose(take.keypoints_xy[:, :, flat], expected, atol=1e-2)


@pytest.mark.parametrize("action", ACTIONS)
def test_every_camera_of_an_arc_sees_every_joint(action: str) -> None:
    for view in range(3):
        take = arc(action, view=view, seed=view)
        edge = 0.05 * np.array(SIZE_HW[::-1])
        assert ((take.keypoints_xy > edge) & (take.keypoints_xy < SIZE_HW[::-1] - edge)).all()
        assert (take.joint_depth_m > 0).all()


def test_cameras_of_an_arc_stand_alike() -> None:
    lenses = [arc("wave", view=view).lenses[0] for view in range(3)]
    assert len({lens.scale for lens in lenses}) == 1
    np.testing.assert_allclose([lens.place_m[1] for lens in lenses], lenses[0].place_m[1])
    yaws = np.degrees([np.arctan2(-lens.axes[2, 0], -lens.axes[2, 2]) for lens in lenses])
    np.testing.assert_allclose(yaws, [0, -45, 45], atol=3.5)


def test_people_face_the_left_and_the_right_camera_in_turn() -> None:
    for seed in range(6):
        expected = -45 if seed % 2 == 0 else 45
        assert abs(facing_deg(arc("squat", seed=seed)) - expected) < 16
        usual = plan_take("squat", subject=2, seed=seed, num_frames=20)
        assert abs(facing_deg(usual)) < 6


def test_all_cameras_show_one_performance() -> None:
    for action in ("walk", "hug"):
        takes = [arc(action, view=view, seed=3) for view in (0, 2, 5)]
        for take in takes[1:]:
            for one, other in zip(take.performers, takes[0].performers, strict=True):
                np.testing.assert_array_equal(one.posture.origins_m, other.posture.origins_m)
        distances = []
        for take in takes:
            joints = take.keypoints_3d[:, :, NTU25.index("pelvis")].astype(np.float64)
            distances.append(np.linalg.norm(joints - joints[:1, :1], axis=-1))
        np.testing.assert_allclose(distances[1], distances[0], atol=1e-5)
        np.testing.assert_allclose(distances[2], distances[0], atol=1e-5)


def test_conditions_change_neither_motion_nor_where_the_camera_stands() -> None:
    hard = Conditions(dark=3.0, noise=0.1, shutter=0.5, occluders=1, bystanders=1, kinect_depth=True)
    plain, take = (
        plan_take("kick" if "kick" in ACTIONS else "wave", num_frames=12, size_hw=SIZE_HW, conditions=conditions)
        for conditions in (Conditions(), hard)
    )
    np.testing.assert_array_equal(take.keypoints_xy, plain.keypoints_xy)
    assert take.conditions == hard and take.bystanders and take.occluders


def test_a_hand_held_camera_turns_and_the_truth_turns_with_it() -> None:
    options = {"num_frames": 30, "size_hw": SIZE_HW, "seed": 1}
    still = plan_take("idle", **options)
    take = plan_take("idle", **options, conditions=Conditions(shake_deg=1.0))
    assert len({id(lens) for lens in still.lenses}) == 1 and len({id(lens) for lens in take.lenses}) == 30
    np.testing.assert_array_equal(take.lenses[7].place_m, still.lenses[0].place_m)
    moved = np.linalg.norm(take.keypoints_xy - still.keypoints_xy, axis=-1)
    assert moved.mean() > 1
    joints = take.performers[0].posture.joints(COCO17)[7]
    np.testing.assert_allclose(take.lenses[7].project(joints)[0], take.keypoints_xy[0, 7], atol=1e-3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rig": "ring"}, "unknown rig 'ring' of cameras; choose one of: usual, arc"),
        ({"rig": "arc", "view": 8}, "an arc has views 0 to 7, got view 8"),
        ({"rig": "arc", "view": -1}, "view and seed must be 0 or more, got view -1"),
        ({"subject": -1}, "subject's number must be 0 or more, got -1"),
        ({"seed": -3}, "view and seed must be 0 or more, got view 0 and seed -3"),
        ({"num_frames": -2}, "at least 1 frame, got -2"),
    ],
)
def test_misuse_costs_one_line(options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        plan_take(**({"action": "hug", "num_frames": 2, "size_hw": SIZE_HW} | options))
    assert "\n" not in str(error.value)
