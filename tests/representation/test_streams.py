"""Joint and bone streams: the published normalisation and features, missing joints, channels."""

import numpy as np
import pytest
import torch

from golden.files import VOLUMES
from posecube.representation import SkeletonStreams, StreamSpec
from posecube.representation.streams import bones_of, in_coco_order
from posecube.sampling import BodySpace, ClipSpec, ImageSpace, UniformFrames, uniform_frames, view_clips
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import COCO17, H36M17, NTU25


def made_sequence(layout=COCO17, axes=2, *, people=2, frames=9, seed=0):
    rng = np.random.default_rng(seed)
    keypoints = rng.uniform(20, 180, (people, frames, layout.num_joints, axes)).astype(np.float32)
    return SkeletonSequence(
        keypoints, rng.uniform(0.2, 1, keypoints.shape[:3]), layout, (200, 240) if axes == 2 else (0, 0)
    )


def stream(sequence, spec, shows, *, with_confidence):
    clip = view_clips(sequence, spec)[0]
    module = SkeletonStreams(StreamSpec(shows=shows, with_confidence=with_confidence), sequence.layout)
    return module(torch.from_numpy(clip.keypoints)[None], torch.from_numpy(clip.confidence)[None])[0].numpy()


@pytest.mark.parametrize(("name", "shows"), [("j", "joints"), ("b", "bones")])
def test_three_axes_equal_the_stored_pipeline(name, shows):
    # Made with pyskl: PreNormalize3D, GenSkeFeat, UniformSampleFrames (train, global seed), PoseDecode, FormatGCNInput.
    stored = np.load(VOLUMES / f"pyskl_gcn3d_{name}.npz")
    keypoints = stored["in_keypoint"]
    sequence = SkeletonSequence(keypoints, (keypoints != 0).any(axis=-1), NTU25, (0, 0))
    frames = stored["s2_UniformSampleFrames__frame_inds"]
    spec = ClipSpec(clip_len=sequence.num_frames, space=BodySpace())  # every frame once
    whole = stream(sequence, spec, shows, with_confidence=False)
    np.testing.assert_allclose(whole[:, frames], stored["s4_FormatGCNInput__keypoint"][0], atol=1e-5)


@pytest.mark.parametrize("shows", ["joints", "bones"])
@pytest.mark.parametrize("motion", [False, True])
def test_two_axes_follow_the_published_formulas(shows, motion):
    sequence = made_sequence()
    spec = ClipSpec(
        clip_len=5, frames=UniformFrames(published_sampling="pyskl"), space=ImageSpace(crop=False, motion=motion)
    )
    found = stream(sequence, spec, shows, with_confidence=True)
    data = np.concatenate([(sequence.keypoints - (120, 100)) / (120, 100), sequence.confidence[..., None]], axis=-1)
    if shows == "bones":  # the hips are measured from the nose
        parents = [0, 0, 0, 1, 2, 0, 0, 5, 6, 7, 8, 0, 0, 11, 12, 13, 14]
        data = np.concatenate([data - data[:, :, parents], (data + data[:, :, parents]) / 2], axis=-1)[..., [0, 1, 5]]
    if motion:
        moves = np.zeros_like(data)
        moves[:, :-1, :, :2] = np.diff(data[..., :2], axis=1)
        moves[:, :-1, :, 2] = (data[:, :-1, :, 2] + data[:, 1:, :, 2]) / 2
        data = moves
    frames = uniform_frames(sequence.num_frames, 5, stream="pyskl")
    np.testing.assert_allclose(found, data[:, frames], atol=1e-5)


def test_a_bone_with_a_missing_end_is_nothing():
    confidence = torch.ones(1, 1, 17)
    confidence[0, 0, 7] = 0  # the left elbow: upper arm and forearm are gone
    bones, sure = bones_of(torch.rand(1, 1, 17, 2), confidence, parents=COCO17.bone_parents)
    gone = (sure[0, 0] == 0).nonzero().flatten().tolist()
    assert gone == [7, 9]
    assert not bones[0, 0, gone].any()


@pytest.mark.parametrize(("spec", "axes", "channels"), [(StreamSpec(), 3, 3), (StreamSpec(with_confidence=True), 2, 3)])
def test_channels_are_counted(spec, axes, channels):
    assert spec.num_channels(axes) == channels


def test_joints_pass_unchanged():
    keypoints, confidence = torch.rand(2, 1, 4, 17, 2), torch.rand(2, 1, 4, 17)
    assert torch.equal(SkeletonStreams(StreamSpec(), COCO17)(keypoints, confidence), keypoints)


def test_confidences_in_the_order_of_coco():
    spec = StreamSpec(with_confidence=True, confidence_order="coco17")
    names = [H36M17.joints[joint] for joint in in_coco_order(H36M17)]
    assert names[:5] == ["nose", "head", "head", "head", "head"] and tuple(names[5:]) == COCO17.joints[5:]
    confidence = torch.arange(17.0).view(1, 1, 1, 17)
    found = SkeletonStreams(spec, H36M17)(torch.zeros(1, 1, 1, 17, 2), confidence)
    assert found[0, 0, 0, :, 2].tolist() == [9, 10, 10, 10, 10, 11, 14, 12, 15, 13, 16, 4, 1, 5, 2, 6, 3]
    with pytest.raises(ValueError, match="confidence_order 'coco17' is for layout h36m17, got coco17: choose 'joints'"):
        SkeletonStreams(spec, COCO17)
