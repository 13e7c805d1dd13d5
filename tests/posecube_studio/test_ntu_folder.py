"""The .skeleton file of a clip, read by the NTU reader's own parser, says what the take knows."""

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from posecube.datasets.ntu.recording import Recording, parse_recording
from posecube.skeleton.layouts import NTU25
from posecube_studio.ntu_folder import ClipPaths, depth_name, flow_name, ntu_joints, skeleton_text, write_truth
from posecube_studio.take import Take, plan_take

SIZE_HW = (108, 192)


@pytest.fixture(scope="module")
def take() -> Take:
    return plan_take("handshake", subject=1, view=1, num_frames=3, size_hw=SIZE_HW, rig="arc")


@pytest.fixture(scope="module")
def recording(take: Take) -> Recording:
    seen = np.ones((2, 3, 25), dtype=bool)
    seen[1, 2, :4] = False
    return parse_recording(skeleton_text(take, seen).encode())


def test_frames_and_bodies(recording: Recording) -> None:
    assert recording.num_frames == 3
    assert recording.frames.tolist() == [0, 0, 1, 1, 2, 2] and recording.bodies.tolist() == [0, 1] * 3


def test_joints_are_exact_with_x_to_the_sensors_left(take: Take, recording: Recording) -> None:
    by_body = np.moveaxis(take.keypoints_3d, 0, 1).reshape(6, 25, 3)
    np.testing.assert_array_equal(recording.joints_m.astype(np.float32), by_body * [-1, 1, 1])


def test_the_axes_are_right_handed_as_kinects_are(recording: Recording) -> None:
    """Feet point to where left x up points: in the mirrored axes of our truth they would point backwards."""
    at = dict(zip(NTU25.joints, np.moveaxis(recording.joints_m, 1, 0), strict=True))
    for side in ("left", "right"):
        forward = np.cross(at["left_shoulder"] - at["right_shoulder"], at["neck"] - at["pelvis"])
        toes = at[f"{side}_foot"] - at[f"{side}_ankle"]
        assert (np.einsum("bi,bi->b", forward, toes) > 0).all()


def test_colour_pixels_lie_over_the_picture_stretched_to_1920x1080(take: Take, recording: Recording) -> None:
    lens = take.lenses[0]
    pixels = np.stack([lens.project(each.posture.joints(NTU25)[0])[0] for each in take.performers])
    small = (recording.colour_xy[:2] + 0.5) / (1080 / 108) - 0.5  # pixel centres are whole numbers in both
    np.testing.assert_allclose(small, pixels, atol=1e-3)
    found = np.stack([ntu_joints(take, 0)[0]])
    np.testing.assert_allclose(found[0], pixels, atol=1e-3)


def test_hidden_joints_are_inferred(recording: Recording) -> None:
    assert recording.tracking[5, :4].tolist() == [1] * 4
    assert (recording.tracking[:5] == 2).all() and (recording.tracking[5, 4:] == 2).all()


def test_joints_behind_the_camera_are_not_tracked(take: Take) -> None:
    behind = replace(take, keypoints_3d=take.keypoints_3d * np.array([1, 1, -1], dtype=np.float32))
    recording = parse_recording(skeleton_text(behind, np.ones((2, 3, 25), dtype=bool)).encode())
    assert (recording.tracking == 0).all() and np.isfinite(recording.colour_xy).all()


def test_truth_says_where_the_camera_was(take: Take, tmp_path: Path) -> None:
    write_truth(tmp_path / "clip.npz", take, np.ones((2, 3, 17), dtype=np.float32))
    with np.load(tmp_path / "clip.npz", allow_pickle=False) as truth:
        assert (str(truth["label"]), int(truth["subject"]), int(truth["view"])) == ("handshake", 1, 1)
        assert truth["size_hw"].tolist() == list(SIZE_HW) and str(truth["fps"]) == "30"
        for person, performer in enumerate(take.performers):
            world = performer.posture.joints(NTU25)[2]
            seen = (world - truth["camera_place_m"][2]) @ truth["camera_axes"][2].T
            np.testing.assert_allclose(truth["keypoints_3d"][person, 2], seen * [1, -1, 1], atol=1e-5)
            xy = seen[:, :2] / seen[:, 2:] * truth["focal_px"] + truth["center_xy"]
            nose_free = [NTU25.joints.index(joint) for joint in ("left_wrist", "right_knee")]
            coco = [9, 14]
            np.testing.assert_allclose(truth["keypoints_xy"][person, 2, coco], xy[nose_free], atol=1e-3)


def test_paths(tmp_path: Path) -> None:
    paths = ClipPaths.of(tmp_path, "S001C002P003R001A004")
    below = {key: path.relative_to(tmp_path).as_posix() for key, path in asdict(paths).items()}
    assert below == {
        "skeleton": "nturgb+d_skeletons/S001C002P003R001A004.skeleton",
        "video": "nturgb+d_rgb/S001C002P003R001A004_rgb.mp4",
        "depth": "nturgb+d_depth_masked/S001C002P003R001A004",
        "flow": "flow/S001C002P003R001A004",
        "truth": "truth/S001C002P003R001A004.npz",
    }
    assert (depth_name(0), flow_name(9)) == ("MDepth-00000001.png", "00000010.png")
