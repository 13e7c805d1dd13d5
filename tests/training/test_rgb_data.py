"""Joints and RGB frames of one clip show the same part of the same video."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from builders import make_store
from posecube.sampling import PUBLISHED_AUGMENTATION, Augmentation, ClipSpec
from posecube.sampling.rgb import RgbSpec
from posecube.skeleton.layouts import COCO17, NTU25
from posecube.skeleton.store import SkeletonStore
from posecube.training.data import ClipSource, EpochSampler, TrainingClips
from posecube.training.rgb_data import RgbTestClips, RgbTrainingClips, collate_rgb

CLIP = ClipSpec(clip_len=32, size_hw=(28, 28), test_size_hw=(32, 32), max_people=1)
RGB = RgbSpec(clip_len=8, size_hw=(112, 112), test_size_hw=(128, 128))


@dataclass
class Photo:
    image_rgb: np.ndarray


@dataclass(frozen=True)
class Films:
    """A video of each clip: a white spot on the nose; red tells the frame's number."""

    store: SkeletonStore

    def __call__(self, name: str) -> Iterator[Photo]:
        sequence = self.store[self.store.index(name)]
        rows, columns = np.mgrid[: sequence.size_hw[0], : sequence.size_hw[1]]
        for number, (x, y) in enumerate(sequence.keypoints[0, :, 0]):
            image = np.zeros((*sequence.size_hw, 3), np.uint8)
            image[..., 0] = number
            image[..., 1] = 255 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 50)
            yield Photo(image)


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> SkeletonStore:
    return make_store(tmp_path_factory.mktemp("stores") / "generated", {"train": 3, "test": 2}, frames=32)


def spot(frame_rgb: np.ndarray) -> np.ndarray:
    """Where the nose is, in map pixels."""
    weights = frame_rgb[..., 1].astype(float) / frame_rgb[..., 1].sum()
    across = np.arange(frame_rgb.shape[1])
    return np.array([(weights * across).sum(), (weights * across[:, None]).sum()]) / 4


def agree(clip) -> bool:
    """Joints have every frame of the sequence, so those of an RGB frame are known by its number."""
    numbers = clip.frames_rgb[..., 0].max(axis=(1, 2))
    noses = clip.joints.keypoints[0, numbers, 0]
    return all(np.abs(spot(frame) - nose).max() < 1.0 for frame, nose in zip(clip.frames_rgb, noses, strict=True))


def test_training_clips_show_one_part_of_the_video(store):
    source = ClipSource(store, store.split("train"), CLIP)
    augmentation = Augmentation(flip=0.5, crop_area=(0.8, 1.0), crop_aspect=(0.9, 1.1))
    clips = RgbTrainingClips(source, RGB, Films(store), augmentation=augmentation, layout=COCO17, seed=0)
    flipped = set()
    for epoch in range(4):
        for position in range(3):
            clip, label = clips[epoch, 0, position]
            assert clip.frames_rgb.shape == (8, 112, 112, 3) and clip.frames_rgb.dtype == np.uint8
            assert label == position
            assert agree(clip)
            flipped.add(clip.joints.window.flipped)
    assert flipped == {False, True}


def test_joints_are_those_of_training_without_video(store):
    source = ClipSource(store, store.split("train"), CLIP)
    options = {"augmentation": PUBLISHED_AUGMENTATION, "layout": COCO17, "seed": 3}
    alone, with_video = TrainingClips([source], **options), RgbTrainingClips(source, RGB, Films(store), **options)
    for address in [(0, 0, 1), (5, 0, 2)]:
        assert np.array_equal(alone[address][0].keypoints, with_video[address][0].joints.keypoints)
    again = RgbTrainingClips(source, RGB, Films(store), **options)
    assert np.array_equal(with_video[5, 0, 2][0].frames_rgb, again[5, 0, 2][0].frames_rgb)


def test_views_of_testing_and_their_mirror_images(store):
    source = ClipSource(store, store.split("test"), CLIP)
    clips = RgbTestClips(source, RGB, Films(store), layout=COCO17, num_views=3, flips=True)
    assert len(clips) == 2
    views, label = clips[1]
    assert label == 1 and len(views) == 6
    for straight, mirrored in zip(views[::2], views[1::2], strict=True):
        assert straight.frames_rgb.shape == (8, 128, 128, 3)
        assert np.array_equal(straight.frames_rgb[:, :, ::-1], mirrored.frames_rgb)
        assert agree(straight) and agree(mirrored)


def test_batches_carry_bytes(store):
    source = ClipSource(store, store.split("train"), CLIP)
    clips = RgbTrainingClips(source, RGB, Films(store), augmentation=Augmentation(), layout=COCO17, seed=0)
    sampler = EpochSampler([3], num_outliers=0, seed=0)
    (batch,) = DataLoader(clips, batch_size=3, sampler=sampler, collate_fn=collate_rgb)
    assert batch.frames_rgb.shape == (3, 8, 112, 112, 3) and batch.frames_rgb.dtype == torch.uint8
    assert batch.keypoints.shape == (3, 1, 32, 17, 2)
    assert sorted(batch.labels.tolist()) == [0, 1, 2]
    assert batch.to(torch.device("meta")).frames_rgb.is_meta


def test_what_frames_cannot_follow(tmp_path, store):
    source = ClipSource(store, store.split("train"), CLIP)
    with pytest.raises(ValueError, match=r"RGB frames are not turned: set augmentation\.rotate_deg to 0, got 5"):
        RgbTrainingClips(source, RGB, Films(store), augmentation=Augmentation(rotate_deg=5), layout=COCO17, seed=0)
    in_space = make_store(tmp_path / "space", {"train": 1}, axes=3, layout=NTU25)
    clips = RgbTestClips(ClipSource(in_space, in_space.split("train"), CLIP), RGB, Films(in_space), layout=NTU25)
    with pytest.raises(ValueError, match="clip 'train000' has 3D joints: RGB frames are cut out around 2D ones"):
        _ = clips[0]
