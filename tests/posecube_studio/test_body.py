"""The kinematic body: lengths, limits, mirror images, layouts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.skeleton import SkeletonLayout, find_layout
from posecube_studio.body import LIMITS_DEG, BodyShape, JointAngles, ball_angles, ball_rotation, pose_body

SHAPE = BodyShape(height_m=1.8, arm_factor=1.02)


def random_angles(rng: np.random.Generator, num_frames: int = 5) -> JointAngles:
    rest = JointAngles.at_rest(num_frames)
    names = ("pelvis", "spine", "neck", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    drawn = {name: rng.normal(0, 1.5, size=getattr(rest, name).shape) for name in names}
    return replace(rest, position_m=rng.normal(size=(num_frames, 3)), **drawn)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_bones_keep_their_length_whatever_the_angles(seed: int) -> None:
    posture = pose_body(SHAPE, random_angles(np.random.default_rng(seed)))
    for side in ("left", "right"):
        for first, second, length in (
            ("upper_arm", "forearm", SHAPE.upper_arm_m),
            ("forearm", "hand", SHAPE.forearm_m),
            ("thigh", "shank", SHAPE.thigh_m),
            ("shank", "foot", SHAPE.shank_m),
        ):
            between = posture.bone(f"{side}_{first}")[0] - posture.bone(f"{side}_{second}")[0]
            np.testing.assert_allclose(np.linalg.norm(between, axis=-1), length, atol=1e-9)
    np.testing.assert_allclose(np.linalg.det(posture.rotations), 1, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_limited_angles_lie_within_the_limits(seed: int) -> None:
    limited = random_angles(np.random.default_rng(seed)).limited()
    for name, limits in LIMITS_DEG.items():
        angles = np.degrees(getattr(limited, name))
        low, high = np.array(limits).T
        angles = angles if len(limits) > 1 else angles[..., None]
        assert (angles >= low - 1e-9).all() and (angles <= high + 1e-9).all(), name


@pytest.mark.parametrize("sign", [1, -1])
@settings(max_examples=50, deadline=None)
@given(plane=st.floats(-3, 3), elevation=st.floats(0.05, 3.0), twist=st.floats(-3, 3))
def test_ball_angles_come_back(sign: int, plane: float, elevation: float, twist: float) -> None:
    angles = np.array([plane, elevation, twist])
    np.testing.assert_allclose(ball_angles(ball_rotation(angles, sign), sign), angles, atol=1e-7)


def test_a_raised_arm_points_where_its_plane_says() -> None:
    rest = JointAngles.at_rest(1)
    forward = np.zeros((1, 2, 3))
    forward[..., 0] = forward[..., 1] = np.pi / 2
    posture = pose_body(SHAPE, replace(rest, shoulder=forward))
    for side in ("left", "right"):
        arm = posture.bone(f"{side}_hand")[0] - posture.bone(f"{side}_upper_arm")[0]
        np.testing.assert_allclose(arm[0] / SHAPE.arm_m, [0, 0, 1], atol=1e-9)


def test_standing_at_rest_has_the_height_and_is_symmetric() -> None:
    layout = find_layout("ntu25")
    rest = replace(JointAngles.at_rest(1), position_m=np.array([[0, SHAPE.leg_m + SHAPE.ankle_m, 0]]))
    posture = pose_body(SHAPE, rest)
    joints = posture.joints(layout)[0]
    mirrored = joints[list(layout.joint_mirror)] * np.array([-1, 1, 1])
    np.testing.assert_allclose(joints, mirrored, atol=1e-9)
    assert joints[layout.index("left_shoulder"), 0] > 0
    top = posture.point("head", (0, 0.128 * SHAPE.height_m, 0))[0, 1]
    assert top == pytest.approx(SHAPE.height_m, rel=0.03)


@pytest.mark.parametrize("name", ["coco17", "ntu25", "kinect20", "halpe26", "h36m17"])
def test_layouts_are_found_by_joint_name(name: str) -> None:
    layout = find_layout(name)
    assert pose_body(SHAPE, JointAngles.at_rest(2)).joints(layout).shape == (2, layout.num_joints, 3)


def test_an_unknown_joint_is_named() -> None:
    layout = SkeletonLayout(name="odd", joints=("tail",), limbs_by_name=())
    with pytest.raises(ValueError, match=r"no joint 'tail' of layout odd"):
        pose_body(SHAPE, JointAngles.at_rest(1)).joints(layout)


def test_impossible_bodies_are_refused() -> None:
    with pytest.raises(ValueError, match=r"between 0.5 and 2.5 metres, got 3"):
        BodyShape(height_m=3.0)
    with pytest.raises(ValueError, match=r"same number of frames"):
        replace(JointAngles.at_rest(2), knee=np.zeros((3, 2)))
