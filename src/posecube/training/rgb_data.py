"""Stores and the videos that they were taken from to batches of joints and RGB frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import UInt8
from numpy import ndarray
from torch import Tensor
from torch.utils.data import Dataset

from posecube.sampling import Augmentation, Clip, clip_rng, training_clip, view_clips
from posecube.sampling.rgb import Picture, RgbSpec, read_views, rgb_views, training_rgb_view
from posecube.skeleton import SkeletonLayout, SkeletonSequence
from posecube.training.data import Batch, ClipSource, collate

Videos = Callable[[str], Iterable[Picture]]  # a clip's name to the frames of its video; goes to worker processes


@dataclass(frozen=True)
class RgbClip:
    """The two halves of a clip: joints, and frames (T, H, W, 3) of what they show."""

    joints: Clip
    frames_rgb: UInt8[ndarray, "T H W 3"]


@dataclass(frozen=True)
class RgbBatch(Batch):
    """A batch with the frames beside the joints, as bytes: they are normalised where the network runs."""

    frames_rgb: UInt8[Tensor, "N T H W 3"]

    def to(self, device: torch.device) -> RgbBatch:
        """The batch on another device."""
        tensors = (self.keypoints, self.confidence, self.labels, self.frames_rgb)
        return RgbBatch(*(tensor.to(device) for tensor in tensors))


class RgbTrainingClips(Dataset[tuple[RgbClip, int]]):
    """Random views of clips and of their videos, addressed by (epoch, position) as ``EpochSampler`` does.

    Joints are those that ``TrainingClips`` draws of the same address: the frames are drawn after them.

    Raises:
        ValueError: If joints are to be turned: frames stay upright.
    """

    def __init__(
        self,
        source: ClipSource,
        spec: RgbSpec,
        videos: Videos,
        *,
        augmentation: Augmentation,
        layout: SkeletonLayout,
        seed: int,
    ) -> None:
        if augmentation.rotate_deg > 0:
            raise ValueError(
                f"RGB frames are not turned: set augmentation.rotate_deg to 0, got {augmentation.rotate_deg}"
            )
        self.source = source
        self.spec = spec
        self.videos = videos
        self.augmentation = augmentation
        self.layout = layout
        self.seed = seed

    def __getitem__(self, address: tuple[int, int, int]) -> tuple[RgbClip, int]:
        epoch, source_index, position = address
        sequence, label = self.source.read(position, self.layout)
        rng = clip_rng(self.seed, epoch, f"{source_index}/{sequence.name}/{position}")
        joints = training_clip(_in_pixels(sequence), self.source.spec, self.augmentation, rng)
        view = training_rgb_view(joints.window, self.spec, rng)
        return RgbClip(joints, read_views(self.videos(sequence.name), [view], name=f"clip {sequence.name!r}")[0]), label


class RgbTestClips(Dataset[tuple[list[RgbClip], int]]):
    """The test views of each clip of a split and of its video, which is read once for all of them."""

    def __init__(
        self,
        source: ClipSource,
        spec: RgbSpec,
        videos: Videos,
        *,
        layout: SkeletonLayout,
        num_views: int = 1,
        flips: bool = False,
    ) -> None:
        self.source = source
        self.spec = spec
        self.videos = videos
        self.layout = layout
        self.num_views = num_views
        self.flips = flips

    def __len__(self) -> int:
        return len(self.source.indices)

    def __getitem__(self, position: int) -> tuple[list[RgbClip], int]:
        sequence, label = self.source.read(position, self.layout)
        spec = self.source.spec
        joints = view_clips(_in_pixels(sequence), spec, num_views=self.num_views, flips=self.flips)
        views = rgb_views([clip.window for clip in joints], self.spec, flips=self.flips, stream=spec.stream)
        frames = read_views(self.videos(sequence.name), views, name=f"clip {sequence.name!r}")
        return [RgbClip(*halves) for halves in zip(joints, frames, strict=True)], label


def collate_rgb(samples: list[tuple[RgbClip, int]]) -> RgbBatch:
    """Stack clips to a batch."""
    batch = collate([(clip.joints, label) for clip, label in samples])
    frames = torch.from_numpy(np.stack([clip.frames_rgb for clip, _ in samples]))
    return RgbBatch(batch.keypoints, batch.confidence, batch.labels, frames)


def _in_pixels(sequence: SkeletonSequence) -> SkeletonSequence:
    """The sequence, if its joints are where they are in the video.

    Raises:
        ValueError: If they are in space.
    """
    if sequence.num_axes != 2:
        raise ValueError(
            f"clip {sequence.name!r} has 3D joints: RGB frames are cut out around 2D ones, in pixels of the video"
        )
    return sequence
