"""Exact flow against pictures and against points followed one by one; joints hidden by others."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from posecube.skeleton import find_layout
from posecube_studio.clip import RenderedClip, render_clip, render_take
from posecube_studio.conditions import Conditions
from posecube_studio.figure import body_solids
from posecube_studio.lens import Lens
from posecube_studio.render import RenderedFrame
from posecube_studio.rotation import about
from posecube_studio.stage import Stage
from posecube_studio.take import plan_take
from posecube_studio.truth import below_skin, is_seen, optical_flow, scene_flow, see_joints

COCO17, NTU25 = find_layout("coco17"), find_layout("ntu25")
SIZE_HW = (160, 160)
SHARP = Conditions(noise=0.0)


def flow_px(clip: RenderedClip, index: int) -> np.ndarray:
    assert clip.depth_m is not None and clip.flow_m is not None
    return optical_flow(clip.depth_m[index], clip.flow_m[index], clip.lenses[index], clip.lenses[index + 1])


def stays_seen(clip: RenderedClip, index: int, flow: np.ndarray) -> np.ndarray:
    """Pixels whose point is seen in the next frame too, away from edges: the depth there is the moved point's."""
    assert clip.depth_m is not None and clip.flow_m is not None
    y, x = np.mgrid[: flow.shape[0], : flow.shape[1]].astype(np.float32)
    later = cv2.remap(clip.depth_m[index + 1], x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR, borderValue=-1)
    expected = clip.depth_m[index] + clip.flow_m[index, ..., 2]
    with np.errstate(invalid="ignore"):
        seen = np.abs(later - expected) < 0.02
    return cv2.erode(seen.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0


@pytest.mark.parametrize(
    ("action", "conditions"),
    [
        ("walk", SHARP),
        ("jumping_jacks", SHARP),
        ("wave", replace(SHARP, shake_deg=1.5)),
        ("push", replace(SHARP, shake_deg=1.0, bystanders=1, occluders=1)),
    ],
    ids=["walk", "jumping jacks", "shaking camera", "people and furniture in the way"],
)
def test_the_next_frame_warped_by_the_flow_is_this_frame(action: str, conditions: Conditions) -> None:
    clip = render_clip(
        action, seed=1, num_frames=9, fps=20, size_hw=SIZE_HW, depth=True, flow=True, conditions=conditions
    )
    index = 6
    flow = flow_px(clip, index)
    y, x = np.mgrid[: SIZE_HW[0], : SIZE_HW[1]].astype(np.float32)
    warped = cv2.remap(clip.images[index + 1], x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR)
    seen = stays_seen(clip, index, flow)
    moving = seen & (np.linalg.norm(flow, axis=-1) > 0.5)
    assert seen.mean() > 0.7 and moving.mean() > 0.005
    right = np.abs(warped.astype(int) - clip.images[index]).mean(axis=-1)
    still = np.abs(clip.images[index + 1].astype(int) - clip.images[index]).mean(axis=-1)
    assert np.median(right[moving]) < 4
    assert right[moving].mean() < 0.75 * still[moving].mean()


def test_a_still_camera_sees_a_still_world_at_rest() -> None:
    clip = render_clip("squat", num_frames=3, size_hw=(96, 96), depth=True, flow=True)
    assert clip.flow_m is not None and clip.flow_m.shape == (2, 96, 96, 3) and clip.flow_m.dtype == np.float32
    moves = (clip.flow_m[0] != 0).any(axis=-1)
    assert 0.02 < moves.mean() < 0.5
    assert not moves[:, :8].any() and not moves[:8].any()
    np.testing.assert_array_equal(flow_px(clip, 0)[~moves], 0)


def test_a_turning_camera_sees_a_still_world_move_about_itself() -> None:
    clip = render_clip(
        "wave", num_frames=3, size_hw=(96, 96), depth=True, flow=True, conditions=Conditions(shake_deg=3)
    )
    assert clip.flow_m is not None and clip.depth_m is not None
    now, later = clip.lenses[:2]
    y, x = np.mgrid[:96, :96].astype(np.float64)
    world = now.unproject(x, y, clip.depth_m[0].astype(np.float64)).transpose(1, 2, 0)
    before, after = ((world - lens.place_m) @ lens.axes.T for lens in (now, later))
    corner = (slice(0, 20), slice(0, 20))
    np.testing.assert_allclose(clip.flow_m[0][corner], (after - before)[corner], atol=1e-5)
    assert np.abs(clip.flow_m[0][corner]).min(axis=(0, 1)).max() > 1e-3
    pixels, _ = later.project(world)
    np.testing.assert_allclose(flow_px(clip, 0)[corner], (pixels - np.stack([x, y], -1))[corner], atol=1e-3)


def test_the_sky_has_no_flow_but_moves_in_the_picture_as_the_camera_turns() -> None:
    lens = Lens(np.array([0.0, 1.0, 3.0]), np.diag([1.0, -1.0, -1.0]), 80.0, (31.5, 31.5), (64, 64))
    turned = replace(lens, axes=about("y", 0.02) @ lens.axes, place_m=lens.place_m + 5.0)
    stage = Stage(plan_take("idle", num_frames=1))
    depth, solid = np.full((64, 64), np.inf), np.full((64, 64), -1, dtype=np.int16)
    flow = scene_flow(depth, solid, (lens, turned), (stage.place(0), stage.place(0)))
    assert np.isnan(flow).all()
    pixels = optical_flow(depth, flow, lens, turned)
    np.testing.assert_allclose(pixels[32, 32], [80 * np.tan(0.02), 0], atol=0.02)
    np.testing.assert_array_equal(optical_flow(depth, flow, lens, lens), 0)


@pytest.mark.parametrize(("action", "seed"), [("wave", 2), ("squat", 4), ("push", 1), ("handshake", 3)])
def test_depth_at_a_seen_joint_is_its_z_less_the_limb_of_everyone(action: str, seed: int) -> None:
    """Elbows and knees lie in the middle of round limbs whose radii the figure's own solids tell."""
    take = plan_take(action, subject=3, seed=seed, num_frames=4, size_hw=(200, 200))
    tested = 0
    for frame, picture in enumerate(render_take(take)):
        confidence = see_joints(take, frame, picture)
        for who, performer in enumerate(take.performers):
            solids = [s for s in body_solids(performer.person) if s.length and s.scale == (1.0, 1.0, 1.0)]
            for joint in ("left_elbow", "right_elbow", "left_knee", "right_knee"):
                index, deep = COCO17.index(joint), NTU25.index(joint)
                if confidence[who, index] < 1:
                    continue
                bone = joint.replace("elbow", "forearm").replace("knee", "shank")
                radius = max(s.radius for s in solids if s.frame == bone and np.allclose(s.origin, 0))
                x, y = np.rint(take.keypoints_xy[who, frame, index]).astype(int)
                under_skin = take.keypoints_3d[who, frame, deep, 2] - picture.depth_m[y, x]
                assert 0.4 * radius < under_skin < 1.6 * radius, (joint, frame, who)
                assert picture.person[y, x] == who
                tested += 1
    assert tested > 4 * len(take.performers)


def test_joints_project_in_every_frame_of_a_shaking_camera() -> None:
    take = plan_take("hug", seed=1, num_frames=5, size_hw=SIZE_HW, conditions=Conditions(shake_deg=3))
    for joint in sorted(set(COCO17.joints) & set(NTU25.joints)):
        x, y, z = np.moveaxis(take.keypoints_3d[:, :, NTU25.index(joint)], -1, 0)
        expected = np.stack([x, -y], axis=-1) / z[..., None] * take.lenses[0].scale + take.lenses[0].center_xy
        np.testing.assert_allclose(take.keypoints_xy[:, :, COCO17.index(joint)], expected, atol=1e-2, err_msg=joint)


def test_anothers_hand_hides_a_joint_that_ones_own_skin_does_not() -> None:
    take = plan_take("push", seed=1, num_frames=1, size_hw=SIZE_HW)
    picture = next(render_take(take))
    shoulder = COCO17.index("left_shoulder")
    x, y = np.rint(take.keypoints_xy[0, 0, shoulder]).astype(int)
    depth, person = np.full(SIZE_HW, 50, dtype=np.float32), np.full(SIZE_HW, -1, dtype=np.int16)
    depth[y, x] = take.joint_depth_m[0, 0, shoulder] - 0.05
    for who, expected in ((0, 1.0), (1, 0.5), (-1, 1.0)):
        person[y, x] = who
        seen = see_joints(take, 0, with_truth(picture, depth, person))
        assert seen[0, shoulder] == expected


def with_truth(picture: RenderedFrame, depth_m: np.ndarray, person: np.ndarray) -> RenderedFrame:
    return replace(picture, depth_m=depth_m, person=person)


def test_a_kinect_changes_what_is_measured_but_not_the_truth() -> None:
    exact, measured = (
        render_clip("wave", num_frames=2, size_hw=(96, 96), depth=True, conditions=Conditions(kinect_depth=on))
        for on in (False, True)
    )
    np.testing.assert_array_equal(exact.depth_m, exact.measured_depth_m)
    np.testing.assert_array_equal(exact.depth_m, measured.depth_m)
    np.testing.assert_array_equal(exact.confidence, measured.confidence)
    assert measured.depth_m is not None and measured.measured_depth_m is not None
    known = measured.measured_depth_m > 0
    assert 0.3 < known.mean() < 1
    error = np.abs(measured.measured_depth_m - measured.depth_m)[known]
    assert 0 < np.median(error) < 0.02


def picture_of(depth: np.ndarray, person: np.ndarray) -> RenderedFrame:
    image = np.zeros((*depth.shape, 3), dtype=np.uint8)
    return RenderedFrame(image, depth, depth, person, person)


def test_joints_behind_a_surface_or_outside_are_not_seen() -> None:
    surface = np.full((10, 20), 5.0, dtype=np.float32)
    surface[:, 10:] = 2.0
    points = np.array([[[3, 4], [15, 4], [15, 4], [-0.6, 4], [3, 9.6], [3, 4], [19.4, 9.4]]])
    depth = np.array([[4.9, 2.9, 2.05, 4.0, 4.0, -1.0, 1.0]])
    seen = is_seen(points, depth, np.full((1, 7), 0.1), picture_of(surface, np.zeros((10, 20), dtype=np.int16)))
    assert seen.tolist() == [[True, False, True, False, False, False, True]]


def test_the_skin_of_another_hides() -> None:
    surface = np.full((4, 4), 2.0, dtype=np.float32)
    whose = np.array([[0, 1, -1, 2]] * 4, dtype=np.int16)
    points = np.array([[[x, 1] for x in range(4)]] * 2)
    seen = is_seen(points, np.full((2, 4), 2.05), np.full((2, 4), 0.1), picture_of(surface, whose))
    assert seen.tolist() == [[True, False, True, False], [False, True, True, False]]


def test_every_joint_has_its_depth_and_both_sides_the_same() -> None:
    for layout in (find_layout("coco17"), find_layout("ntu25")):
        below = dict(zip(layout.joints, below_skin(layout), strict=True))
        assert all(0 < depth < 0.15 for depth in below.values())
        assert all(below[joint] == below[joint.replace("left", "right")] for joint in below)
