"""The published pipelines step by step: each of our functions gives what stood after the transform of the same duty."""

import ast

import numpy as np
import pytest
import torch
from numpy import ndarray
from pipeline_states import Golden, golden_names

from posecube.representation import HeatmapVolume, VolumeSpec, render_joint_volume, render_limb_volume
from posecube.sampling import ClipSpec, MapSpace, UniformFrames, uniform_frames, view_clips
from posecube.sampling.geometry import covering_size, crop_and_resize, flip, subject_box
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import COCO17

TESTING = golden_names("*_pipe_*.npz")
TRAINING = golden_names("*_train_*.npz")
RELATIVE, VOLUME = 1e-5, 1e-5


def decoded(golden: Golden) -> tuple[ndarray, ndarray]:
    """Joints and scores of the chosen frames, in frame pixels: what our functions begin with."""
    frames = golden.after("UniformSampleFrames", "frame_inds")
    keypoints, scores = golden["in_keypoint"][:, frames], golden["in_keypoint_score"][:, frames]
    return keypoints.astype(np.float32), scores.astype(np.float32)


def box_of(golden: Golden) -> ndarray:
    return subject_box(*decoded(golden), size_hw=tuple(golden["in_img_shape"].tolist()))


def rendered(golden: Golden, keypoints: ndarray, scores: ndarray, *, size_hw: tuple[int, int], **options) -> ndarray:
    tensors = torch.from_numpy(keypoints.astype(np.float32)), torch.from_numpy(scores)
    options |= {"size_hw": size_hw, "min_confidence": golden.min_confidence}
    if golden.limbs is None:
        return render_joint_volume(*tensors, **options).numpy()
    return render_limb_volume(*tensors, limbs=golden.limbs, **options).numpy()


def assert_same_where_seen(ours: ndarray, published: ndarray, scores: ndarray) -> None:
    """Joints that are not seen mean nothing to us, and (0, 0), carried along, to the public code."""
    np.testing.assert_allclose(ours[scores > 0], published[scores > 0], rtol=RELATIVE, atol=1e-4)


def test_steps_follow_each_other_as_these_tests_take_them() -> None:
    for name in TESTING:
        steps = [step.split("_", 1)[1] for step in Golden(name).transforms]
        steps = [step for step in steps if step != "CenterCrop"]
        assert steps == [
            "UniformSampleFrames", "PoseDecode", "PoseCompact", "Resize", "GeneratePoseTarget", "FormatShape",
        ], name  # fmt: skip


@pytest.mark.parametrize("name", TESTING)
def test_test_frames(name: str) -> None:
    golden = Golden(name)
    published = golden.after("UniformSampleFrames", "frame_inds")
    clip_len, num_frames = golden.meta["clip_len"], int(golden["in_total_frames"])
    views = len(published) // clip_len
    frames = uniform_frames(num_frames, clip_len, num_clips=views, stream=golden.framework)
    np.testing.assert_array_equal(frames, published)


@pytest.mark.parametrize("name", TRAINING)
def test_training_frames_after_the_published_seed(name: str) -> None:
    golden = Golden(name)
    published = golden.after("UniformSampleFrames", "frame_inds")
    rng = np.random.RandomState(int(name.split("_seed")[1].split("_")[0]))
    frames = uniform_frames(int(golden["in_total_frames"]), len(published), rng=rng, stream=golden.framework)
    np.testing.assert_array_equal(frames, published)


@pytest.mark.parametrize("name", TESTING + TRAINING)
def test_joints_of_the_frames(name: str) -> None:
    golden = Golden(name)
    keypoints, scores = decoded(golden)
    np.testing.assert_array_equal(keypoints, golden.after("PoseDecode", "keypoint"))
    np.testing.assert_array_equal(scores, golden.after("PoseDecode", "keypoint_score"))


@pytest.mark.parametrize("name", TESTING + TRAINING)
def test_subject_box(name: str) -> None:
    """Its place, its size in whole pixels, and the crop that follows from it."""
    golden = Golden(name)
    box, (height, width) = box_of(golden), golden["in_img_shape"]
    left, top, share_width, share_height = golden.after("PoseCompact", "crop_quadruple")
    published = np.array([left * width, top * height, (left + share_width) * width, (top + share_height) * height])
    np.testing.assert_allclose(box, published, rtol=RELATIVE)
    assert golden.size_after("PoseCompact") == (box[3] - box[1], box[2] - box[0])
    keypoints, scores = decoded(golden)
    assert_same_where_seen(keypoints - box[:2], golden.after("PoseCompact", "keypoint"), scores)


@pytest.mark.parametrize("name", TESTING + TRAINING)
def test_resize(name: str) -> None:
    """The shorter side to 64 pixels, the longer one rounded; each axis by its own ratio of whole sizes."""
    golden = Golden(name)
    box, size_hw = box_of(golden), golden.size_after("Resize")
    if golden.has("CenterCrop") or golden.has("RandomResizedCrop"):
        side = min(size_hw)
        assert covering_size((box[3] - box[1], box[2] - box[0]), (side, side)) == size_hw
    keypoints, scores = decoded(golden)
    assert_same_where_seen(crop_and_resize(keypoints, box, size_hw), golden.after("Resize", "keypoint"), scores)


@pytest.mark.parametrize("name", [name for name in TESTING if "mmaction2" in name])
def test_centre_crop(name: str) -> None:
    golden = Golden(name)
    if not golden.has("CenterCrop"):
        pytest.skip("this pipeline squashes")
    keypoints, scores = decoded(golden)
    size_hw = golden.size_after("CenterCrop")
    cropped = crop_and_resize(keypoints, box_of(golden), size_hw, fit="centre_crop")
    assert_same_where_seen(cropped, golden.after("CenterCrop", "keypoint"), scores)


@pytest.mark.parametrize("name", TESTING)
def test_the_network_sees_the_same(name: str) -> None:
    """From the annotation to the volumes, the mirrored ones after the others."""
    golden = Golden(name)
    published = golden.after("FormatShape", "imgs")
    size_hw = published.shape[-2:]
    keypoints, scores = decoded(golden)
    fit = "centre_crop" if golden.has("CenterCrop") else "squash"
    keypoints = crop_and_resize(keypoints, box_of(golden), size_hw, fit=fit)
    views = keypoints.shape[1] // golden.meta["clip_len"]
    volume = rendered(golden, keypoints, scores, size_hw=size_hw)
    volumes = volume.reshape(len(volume), views, -1, *size_hw).swapaxes(0, 1)
    if len(published) == 2 * views:
        assert ast.literal_eval(golden.meta["gen"]).get("double") or "double1" in name
        channel_mirror = list(COCO17.joint_mirror if golden.limbs is None else COCO17.limb_mirror)
        volumes = np.concatenate([volumes, volumes[:, channel_mirror, ..., ::-1]])
    np.testing.assert_allclose(volumes, published, atol=VOLUME, rtol=0)


@pytest.mark.parametrize("name", [name for name in TESTING if "double1" in name])
def test_mirrored_volumes_are_drawn_as_the_published_ones_are_flipped(name: str) -> None:
    golden = Golden(name)
    published = golden.after("FormatShape", "imgs")
    last = published[len(published) - 1]
    keypoints, scores = decoded(golden)
    fit = "centre_crop" if golden.has("CenterCrop") else "squash"
    keypoints = crop_and_resize(keypoints, box_of(golden), last.shape[-2:], fit=fit)
    keypoints, scores = keypoints[:, -last.shape[1] :], scores[:, -last.shape[1] :]
    tensors = torch.from_numpy(keypoints), torch.from_numpy(scores)
    options = {"size_hw": last.shape[-2:], "min_confidence": golden.min_confidence, "mirrored": True}
    if golden.limbs is None:
        mirror = list(COCO17.joint_mirror)
        drawn = render_joint_volume(tensors[0][..., mirror, :], tensors[1][..., mirror], **options)
    else:
        drawn = render_limb_volume(*tensors, limbs=[golden.limbs[limb] for limb in COCO17.limb_mirror], **options)
    np.testing.assert_allclose(drawn.numpy(), last, atol=VOLUME, rtol=0)


@pytest.mark.parametrize("name", TRAINING)
def test_training_crop(name: str) -> None:
    """Given the drawn box: in the resized picture, as published, and in the frame, as our training clips crop."""
    golden = Golden(name)
    keypoints, scores = decoded(golden)
    box, part = box_of(golden), golden.after("RandomResizedCrop", "crop_bbox").astype(np.float64)
    size_hw, published = golden.size_after("Resize", nth=1), golden.after("Resize", "keypoint", nth=1)
    resized = crop_and_resize(keypoints, box, golden.size_after("Resize"))
    assert_same_where_seen(crop_and_resize(resized, part, size_hw), published, scores)

    height, width = golden.size_after("Resize")
    pixel = np.tile([(box[2] - box[0]) / width, (box[3] - box[1]) / height], 2)
    in_frame = np.tile(box[:2], 2) + part * pixel
    assert_same_where_seen(crop_and_resize(keypoints, in_frame, size_hw), published, scores)


@pytest.mark.parametrize("name", TRAINING)
def test_training_flip_differs_by_the_published_pixel(name: str) -> None:
    """The public code mirrors training clips to W - x and test volumes to W - 1 - x; ours are all W - 1 - x."""
    golden = Golden(name)
    before, size_hw = golden.after("Resize", "keypoint", nth=1), golden.size_after("Flip")
    scores = golden.after("Resize", "keypoint_score", nth=1)
    assert golden.after("Flip", "flip") == 1
    ours, sure = flip(before.astype(np.float32), scores, layout=COCO17, width_px=size_hw[1])
    np.testing.assert_array_equal(sure, golden.after("Flip", "keypoint_score"))
    ours[..., 0] += 1
    assert_same_where_seen(ours, golden.after("Flip", "keypoint"), sure)


@pytest.mark.parametrize("name", TRAINING)
def test_training_volumes(name: str) -> None:
    golden = Golden(name)
    published = golden.after("FormatShape", "imgs")
    keypoints = golden.after("Flip", "keypoint")
    volume = rendered(golden, keypoints, golden.after("Flip", "keypoint_score"), size_hw=published.shape[-2:])
    np.testing.assert_allclose(volume[None], published, atol=VOLUME, rtol=0)


@pytest.mark.parametrize("name", TESTING)
def test_what_evaluation_feeds_a_network(name: str) -> None:
    """The whole way that `posecube evaluate` goes: sequence, views with their mirror images, volumes."""
    golden = Golden(name)
    published = golden.after("FormatShape", "imgs")
    size_hw = published.shape[-2:]
    clip_len = golden.meta["clip_len"]
    num_views = len(golden.after("UniformSampleFrames", "frame_inds")) // clip_len
    flips = len(published) == 2 * num_views
    spec = ClipSpec(
        clip_len=clip_len,
        max_people=len(golden["in_keypoint"]),
        frames=UniformFrames(published_sampling=golden.framework),
        space=MapSpace(size_hw=size_hw, test_fit="centre_crop" if golden.has("CenterCrop") else "squash"),
    )
    shows = "joints" if golden.limbs is None else "limbs"
    draw = HeatmapVolume(VolumeSpec(shows=shows, min_confidence=golden.min_confidence), COCO17, size_hw=size_hw).eval()
    assert golden.limbs is None or tuple(golden.limbs) == COCO17.limbs
    scores = golden["in_keypoint_score"].astype(np.float32)
    sequence = SkeletonSequence(
        golden["in_keypoint"], np.clip(scores, 0, 1), COCO17, tuple(golden["in_img_shape"].tolist())
    )
    clips = view_clips(sequence, spec, num_views=num_views, flips=flips)
    volumes = []
    for clip in clips:
        joints = torch.from_numpy(clip.keypoints)[None], torch.from_numpy(clip.confidence)[None]
        volumes.append(draw(*joints, mirrored=clip.window.flipped)[0].numpy())
    in_their_order = volumes[::2] + volumes[1::2] if flips else volumes
    np.testing.assert_allclose(in_their_order, published, atol=VOLUME, rtol=0)
