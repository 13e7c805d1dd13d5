"""Clips: truth agrees with pixels, the same arguments give the same clip, misuse costs one line."""

from fractions import Fraction

import numpy as np
import pytest

from posecube.skeleton import find_layout
from posecube_studio.body import BONES
from posecube_studio.camera import aim
from posecube_studio.clip import RenderedClip, render_clip, render_take
from posecube_studio.figure import body_solids
from posecube_studio.motions import ACTIONS
from posecube_studio.take import plan_take

COCO17, NTU25 = find_layout("coco17"), find_layout("ntu25")
SHARED = sorted(set(COCO17.joints) & set(NTU25.joints))
SIZE_HW = (128, 96)


@pytest.fixture(scope="module")
def clip() -> RenderedClip:
    return render_clip("wave", subject=3, seed=2, num_frames=3, size_hw=SIZE_HW, depth=True)


def test_a_clip_is_complete(clip: RenderedClip) -> None:
    assert clip.images.shape == (3, *SIZE_HW, 3) and clip.images.dtype == np.uint8
    assert clip.depth_m is not None and clip.depth_m.shape == (3, *SIZE_HW) and clip.depth_m.dtype == np.float32
    assert clip.keypoints_xy.shape == (1, 3, 17, 2) and clip.keypoints_3d.shape == (1, 3, 25, 3)
    assert clip.label == "wave" and clip.fps == Fraction(30)
    assert clip.images.std() > 20, "the picture is not empty"


def test_3d_joints_project_onto_the_2d_ones(clip: RenderedClip) -> None:
    for joint in SHARED:
        x, y, z = clip.keypoints_3d[0, :, NTU25.index(joint)].T
        expected = np.stack([x, -y], axis=-1) / z[:, None] * clip.focal_px + np.array(clip.center_xy)
        np.testing.assert_allclose(clip.keypoints_xy[0, :, COCO17.index(joint)], expected, atol=1e-2, err_msg=joint)


def test_depth_at_a_seen_joint_is_its_z_less_the_limb(clip: RenderedClip) -> None:
    """Elbows and wrists lie in the middle of round limbs whose radii the figure's own solids tell."""
    take = plan_take("wave", subject=3, seed=2, num_frames=3, size_hw=SIZE_HW)
    solids = [s for s in body_solids(take.performers[0].person) if s.length and s.scale == (1.0, 1.0, 1.0)]
    for joint, bone in (("left_elbow", "left_forearm"), ("right_elbow", "right_forearm"), ("left_knee", "left_shank")):
        radius = max(s.radius for s in solids if s.frame == bone and np.allclose(s.origin, 0))
        index, deep = COCO17.index(joint), NTU25.index(joint)
        for frame in np.flatnonzero(clip.confidence[0, :, index] == 1):
            x, y = np.rint(clip.keypoints_xy[0, frame, index]).astype(int)
            assert clip.depth_m is not None
            under_skin = clip.keypoints_3d[0, frame, deep, 2] - clip.depth_m[frame, y, x]
            assert 0.5 * radius < under_skin < 1.35 * radius, joint


def test_depth_of_a_picture_is_the_figure_before_a_backdrop(clip: RenderedClip) -> None:
    assert clip.depth_m is not None
    pelvis_z = clip.keypoints_3d[0, 0, 0, 2]
    figure = np.abs(clip.depth_m[0] - pelvis_z) < 0.5
    assert 0.03 < figure.mean() < 0.4
    assert clip.depth_m.min() > 0.5


def test_the_same_arguments_give_the_same_clip(clip: RenderedClip) -> None:
    again = render_clip("wave", subject=3, seed=2, num_frames=3, size_hw=SIZE_HW, depth=True)
    for name in ("images", "depth_m", "keypoints_xy", "confidence", "keypoints_3d"):
        np.testing.assert_array_equal(getattr(clip, name), getattr(again, name), err_msg=name)


def test_views_show_one_performance_and_seeds_show_others() -> None:
    takes = [plan_take("squat", subject=1, view=view, seed=4) for view in (0, 1, 7)]
    origins = [take.performers[0].posture.origins_m for take in takes]
    for take, places in zip(takes[1:], origins[1:], strict=True):
        np.testing.assert_array_equal(places, origins[0])
        assert not np.allclose(take.keypoints_xy, takes[0].keypoints_xy)
    assert not np.allclose(plan_take("squat", subject=1, seed=5).performers[0].posture.origins_m, origins[0])


def test_hidden_joints_and_joints_outside_say_so() -> None:
    behind = render_clip("bowl", num_frames=2, size_hw=SIZE_HW)
    assert (behind.confidence[0, 0, [COCO17.index("nose"), COCO17.index("left_eye")]] == 0.5).all()
    assert (behind.confidence[0, 0, [COCO17.index("left_shoulder"), COCO17.index("right_knee")]] == 1).all()
    upper = render_clip("strum_guitar", num_frames=2, size_hw=SIZE_HW)
    assert (upper.confidence[0, :, [COCO17.index("left_ankle"), COCO17.index("right_knee")]] == 0).all()
    assert (upper.confidence[0, :, COCO17.index("nose")] == 1).all()


def test_a_clip_becomes_a_sequence(clip: RenderedClip) -> None:
    sequence = clip.sequence(label=4)
    assert sequence.label == 4 and sequence.size_hw == SIZE_HW and sequence.layout == COCO17
    assert sequence.name == "wave_s003_v0_r2"


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_is_whole_in_the_picture(action: str) -> None:
    take = plan_take(action, subject=2, view=1, seed=1, num_frames=40, size_hw=(120, 160))
    inside = ((take.keypoints_xy >= 0) & (take.keypoints_xy < [160, 120])).all(axis=-1)
    if action != "strum_guitar":
        assert inside.all()
    assert (take.joint_depth_m > 0).all()


@pytest.mark.parametrize("action", sorted({a.scene: name for name, a in ACTIONS.items()}.values()))
def test_every_place_can_be_filmed(action: str) -> None:
    picture = next(render_take(plan_take(action, num_frames=1, size_hw=(96, 96))))
    assert picture.image.std() > 15
    assert 0.01 < (picture.solid >= 0).mean() < 0.6


def test_a_frame_that_is_asked_for_tightly_still_holds_all_points() -> None:
    take = plan_take("idle", num_frames=5)
    points = take.performers[0].posture.joints(NTU25)
    for size_hw in ((64, 256), (256, 64)):
        lens = aim(points, ACTIONS["idle"].views[0], size_hw=size_hw, margin=0.0)
        pixels, _ = lens.project(points)
        assert (pixels > -1.5).all() and (pixels < np.array(size_hw[::-1]) + 0.5).all()


def test_bones_have_solids() -> None:
    assert {solid.frame for solid in body_solids(plan_take("idle", num_frames=1).performers[0].person)} == set(BONES)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"action": "sqat"}, "did you mean squat"),
        ({"num_frames": 0}, "at least 1 frame, got 0"),
        ({"size_hw": (20, 100)}, r"64 to 2048 pixels a side, got \(20, 100\)"),
        ({"fps": 0}, "between 1 and 240, got 0"),
        ({"view": -1}, "view and seed must be 0 or more"),
        ({"subject": -2}, "subject's number must be 0 or more, got -2"),
        ({"variety": 7.0}, "variety must lie between 0"),
    ],
)
def test_misuse_costs_one_line(options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        render_clip(**({"action": "squat", "num_frames": 2, "size_hw": SIZE_HW} | options))
    assert "\n" not in str(error.value)
