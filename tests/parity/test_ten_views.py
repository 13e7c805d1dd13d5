"""Ten views and their mirror images, from a sequence to what the network reads, against the published steps.

The reference is written from their rules: it chooses the frames of all views, crops to one box, fits it into the map,
draws slowly and in double precision, and mirrors pixels. That these are the steps, the stored pipelines show.
"""

import math

import numpy as np
import pytest
import torch
from numpy import ndarray
from published_frames import published_frames
from published_rule import slow_volume

from posecube.representation import HeatmapVolume, VolumeSpec
from posecube.sampling import Clip, ClipSpec, MapSpace, UniformFrames, view_clips
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import COCO17

CLIP_LEN, NUM_VIEWS, SIDE = 6, 10, 32


def two_people(*, num_frames: int, spread_px: float, seed: int = 0) -> SkeletonSequence:
    """Two who walk through the frame; the second is there half of the time, and one joint in ten is not seen."""
    rng = np.random.default_rng(seed)
    body = rng.uniform(-1, 1, (2, 1, COCO17.num_joints, 2)) * [0.4, 1]
    hips = [COCO17.index("left_hip"), COCO17.index("right_hip")]
    body[:, :, hips[1]] = body[:, :, hips[0]] + 0.01  # seen from the side: the limb between them is below a pixel
    path = np.linspace(0, 2, num_frames)[:, None, None] * [1, 0.2] + rng.normal(0, 0.02, (2, num_frames, 1, 2))
    place = body + path + np.array([[0, 0], [1, 0.1]])[:, None, None]
    confidence = rng.uniform(0.0005, 1, (2, num_frames, COCO17.num_joints))
    confidence[rng.uniform(size=confidence.shape) < 0.1] = 0
    confidence[1, num_frames // 2 :] = 0
    return SkeletonSequence(
        keypoints=place * spread_px + [600, 400],
        confidence=confidence,
        layout=COCO17,
        size_hw=(1080, 1920),
    )


def published_maps(sequence: SkeletonSequence, *, fit: str, stream: str, limbs: bool) -> ndarray:
    """The volumes of all views, then their mirror images: (20, C, T, H, W)."""
    frames = published_frames(sequence.num_frames, CLIP_LEN, NUM_VIEWS, stream)
    keypoints, confidence = sequence.keypoints[:, frames].astype(np.float64), sequence.confidence[:, frames]
    seen = keypoints[confidence > 0]
    (left, top), (right, bottom) = seen.min(0), seen.max(0)
    box_left, box_top, (height, width) = 0, 0, sequence.size_hw
    if right - left >= 10 and bottom - top >= 10:
        half = max(right - left, bottom - top) / 2 * 1.25
        box_left, box_top = int((left + right) / 2 - half), int((top + bottom) / 2 - half)
        width, height = int((left + right) / 2 + half) - box_left, int((top + bottom) / 2 + half) - box_top
    new_width, new_height, cut_left, cut_top = SIDE, SIDE, 0, 0
    if fit == "centre_crop":
        scale = SIDE / min(width, height)
        new_width, new_height = math.floor(width * scale + 0.5), math.floor(height * scale + 0.5)
        cut_left, cut_top = (new_width - SIDE) // 2, (new_height - SIDE) // 2
    keypoints = (keypoints - [box_left, box_top]) * [new_width / width, new_height / height] - [cut_left, cut_top]
    eps = 1e-3 if stream == "pyskl" else 1e-4
    drawn = slow_volume(keypoints, confidence, (SIDE, SIDE), limbs=list(COCO17.limbs) if limbs else None, eps=eps)
    views = drawn.reshape(len(drawn), NUM_VIEWS, CLIP_LEN, SIDE, SIDE).swapaxes(0, 1)
    mirror = list(COCO17.limb_mirror if limbs else COCO17.joint_mirror)
    return np.concatenate([views, views[:, mirror, ..., ::-1]])


def joints_of(clip: Clip) -> list[torch.Tensor]:
    return [torch.from_numpy(values)[None] for values in (clip.keypoints, clip.confidence)]


@pytest.mark.parametrize(
    ("num_frames", "spread_px"),
    [(4, 150), (9, 150), (75, 150), (75, 1)],  # the last is too small to be cropped to
)
@pytest.mark.parametrize("shows", ["joints", "limbs"])
@pytest.mark.parametrize(("stream", "fit"), [("mmaction2", "centre_crop"), ("pyskl", "squash")])
def test_twenty_views(stream: str, fit: str, shows: str, num_frames: int, spread_px: float) -> None:
    sequence = two_people(num_frames=num_frames, spread_px=spread_px)
    spec = ClipSpec(
        clip_len=CLIP_LEN,
        frames=UniformFrames(published_sampling=stream),
        space=MapSpace(test_size_hw=(SIDE, SIDE), test_fit=fit),
    )
    clips = view_clips(sequence, spec, num_views=NUM_VIEWS, flips=True)
    min_confidence = 1e-3 if stream == "pyskl" else 1e-4
    volume_spec = VolumeSpec(shows=shows, min_confidence=min_confidence)
    draw = HeatmapVolume(volume_spec, COCO17, size_hw=spec.map.size_hw, test_size_hw=spec.map.test_size_hw).eval()
    volumes = [draw(*joints_of(clip), mirrored=clip.window.flipped)[0].numpy() for clip in clips]
    expected = published_maps(sequence, fit=fit, stream=stream, limbs=shows == "limbs")
    assert expected.any()
    np.testing.assert_allclose(volumes[::2] + volumes[1::2], expected, atol=1e-5, rtol=0)
