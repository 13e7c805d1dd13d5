"""Generated sequences, stores, videos, models and recipes: small, seeded, and learnable."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import torch

from posecube.model import ActionModel, ModelSpec, WeightsCard
from posecube.model.predictor import Predictor
from posecube.networks import SPECS, AnyNetwork, NetworkSpec
from posecube.networks.dsc3d import Dsc3dSpec
from posecube.networks.gcn import AagcnSpec, CtrgcnSpec, Msg3dSpec, StgcnppSpec, StgcnSpec
from posecube.networks.motionbert import MotionBertSpec
from posecube.networks.posec3d import PoseC3DSpec, PoseSlowOnlySpec, PoseX3DSpec
from posecube.networks.rgbpose import RgbPoseConv3DSpec, RgbSlowOnlySpec
from posecube.representation import VolumeSpec
from posecube.sampling import Augmentation, ClipSpec, MapSpace
from posecube.sampling.rgb.views import RgbSpec
from posecube.skeleton import SkeletonLayout, SkeletonSequence
from posecube.skeleton.layouts import COCO17
from posecube.store import SkeletonStore, StoreWriter
from posecube.training import Recipe

CLASSES = ("hop", "sway", "stand")
SIZE_HW = (16, 16)
SMALL_C3D = PoseC3DSpec(base_channels=4, dropout=0.0)
# Every network with a few thousand weights and without dropout.
SMALL_NETWORKS: dict[str, AnyNetwork] = {
    network.name: network
    for network in (
        PoseSlowOnlySpec(base_channels=4, stage_blocks=(1, 2, 1), dropout=0.0),
        SMALL_C3D,
        PoseX3DSpec(base_channels=8, stage_blocks=(1, 1, 1), dropout=0.0),
        RgbPoseConv3DSpec(
            rgb_base_channels=8, pose_base_channels=4, rgb_stage_blocks=(1, 1, 2, 1), pose_stage_blocks=(1, 2, 1),
            dropout=0.0,
        ),
        RgbSlowOnlySpec(base_channels=4, stage_blocks=(1, 2, 1, 1), dropout=0.0),
        StgcnSpec(base_channels=8),
        StgcnppSpec(base_channels=12),
        AagcnSpec(base_channels=8),
        CtrgcnSpec(base_channels=8),
        Msg3dSpec(base_channels=12, num_hops=4, windows=(3,), window_hops=2),
        MotionBertSpec(
            base_channels=16, depth=2, representation_channels=8, max_frames=12, head_channels=12, dropout=0.0
        ),
        Dsc3dSpec(backbone=SMALL_C3D),
    )
}  # fmt: skip


def make_sequence(
    label: int | None = 0,
    *,
    seed: int = 0,
    people: int = 1,
    frames: int = 12,
    axes: int = 2,
    layout: SkeletonLayout = COCO17,
    name: str = "",
) -> SkeletonSequence:
    """A body of fixed joints that hops (label 0), sways (1) or stands (2), with a little noise."""
    rng = np.random.default_rng(seed)
    body = np.random.default_rng(1).uniform(0, 100, (layout.num_joints, axes)) + [200, 100, 50][:axes]
    keypoints = body + rng.normal(0, 1, (people, frames, layout.num_joints, axes))
    swing = 60 * np.sin(np.linspace(0, 6, frames))[:, None]
    if label in (0, 1):
        keypoints[..., 1 - label] += swing
    keypoints += 150 * np.arange(people)[:, None, None, None]
    return SkeletonSequence(
        keypoints=keypoints if axes == 2 else keypoints / 100,
        confidence=rng.uniform(0.5, 1, keypoints.shape[:3]),
        layout=layout,
        size_hw=(400, 600) if axes == 2 else (0, 0),
        fps=Fraction(30),
        label=label,
        name=name,
    )


def make_store(
    path: Path,
    splits: Mapping[str, int] = MappingProxyType({"train": 12, "test": 6}),
    *,
    classes: tuple[str, ...] = CLASSES,
    labelled: bool = True,
    **options: Any,
) -> SkeletonStore:
    """A store whose splits have so many clips, of all classes in turn; options are those of ``make_sequence``."""
    layout = options.get("layout", COCO17)
    with StoreWriter(path, layout=layout, classes=classes) as writer:
        for split, count in splits.items():
            names = [f"{split}{number:03d}" for number in range(count)]
            for number, name in enumerate(names):
                label = number % len(classes) if labelled else None
                options_here = {"frames": 10 + number, **options}
                writer.add(make_sequence(label, seed=len(writer), name=name, **options_here))
            writer.set_split(split, names)
    return SkeletonStore.open(path)


@dataclass(frozen=True)
class Photo:
    """A frame of a video."""

    image_rgb: np.ndarray


@dataclass(frozen=True)
class Films:
    """A video of each clip of a store, smaller than its joints' frame: green is a spot on the nose, red the number."""

    store: SkeletonStore
    scale: float = 0.25

    def find(self, name: str) -> str:
        if name not in self.store.names:
            raise FileNotFoundError(f"clip {name!r} has no video")
        return name

    def frames(self, name: str) -> Iterator[Photo]:
        sequence = self.store[self.store.index(self.find(name))]
        height, width = (round(side * self.scale) for side in sequence.size_hw)
        rows, columns = np.mgrid[:height, :width] + 0.5
        for number, (x, y) in enumerate((sequence.keypoints[0, :, 0] + 0.5) * self.scale):
            image = np.zeros((height, width, 3), np.uint8)
            image[..., 0] = number
            image[..., 1] = 255 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (50 * self.scale**2))
            yield Photo(image)


def small_rgb_spec(architecture: str = "rgbpose_conv3d", **fields: Any) -> ModelSpec:
    """A network that looks at video frames, or with ``posec3d_slowonly`` the half of it that does not."""
    blocks = (1, 1, 1, 1)
    networks: dict[str, NetworkSpec] = {
        "rgbpose_conv3d": RgbPoseConv3DSpec(
            rgb_base_channels=4, pose_base_channels=4, rgb_stage_blocks=blocks, pose_stage_blocks=blocks[1:]
        ),
        "slowonly_rgb": RgbSlowOnlySpec(base_channels=4, stage_blocks=blocks),
        "posec3d_slowonly": PoseSlowOnlySpec(base_channels=4, stage_blocks=blocks[1:], temporal_strides=(1, 1, 1)),
    }
    content = {
        "clip": ClipSpec(clip_len=8, max_people=1, space=MapSpace(size_hw=(8, 8))),
        "rgb": RgbSpec(clip_len=2, size_hw=(32, 32)) if "rgb" in architecture else None,
        "representation": None if architecture == "slowonly_rgb" else VolumeSpec(),
        "network": networks[architecture],
    }
    return small_spec(**(content | fields))


def small_spec(**fields: Any) -> ModelSpec:
    """A network that computes a clip in a millisecond; has dropout, so that randomness in training shows."""
    clip = ClipSpec(clip_len=4, max_people=1, space=MapSpace(size_hw=SIZE_HW))
    content = {
        "layout": "coco17",
        "clip": clip,
        "representation": VolumeSpec(),
        "network": PoseC3DSpec(base_channels=4, dropout=0.3),
    }
    return ModelSpec.model_validate(content | fields)


def small_recipe(**fields: Any) -> Recipe:
    """A recipe that trains on ``make_store`` in about a second."""
    content = {
        "name": "small",
        "model": small_spec(),
        "augmentation": Augmentation(flip=0.5, jitter=0.5, drop_joint_frames=0.3),
        "epochs": 3,
        "batch_size": 4,
        "learning_rate": 0.01,
        "warmup_steps": 2,
        "precision": "float32",
        "threads": 1,
    }
    return Recipe.model_validate(content | fields)


def make_model(
    *, classes: tuple[str, ...] = CLASSES, seed: int = 0, spec: ModelSpec | None = None, **card: Any
) -> tuple[ActionModel, WeightsCard]:
    """An untrained model, in eval mode, whose scores differ between clips, and its card."""
    spec = spec or small_spec()
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = ActionModel(spec, num_classes=len(classes)).eval()
        for name, parameter in model.network.named_parameters():
            if name.endswith("head.linear.weight"):
                torch.nn.init.normal_(parameter, std=2.0)
    return model, WeightsCard(**{"name": "small", "model": spec, "classes": classes, **card})


def make_predictor(
    *, classes: tuple[str, ...] = CLASSES, seed: int = 0, spec: ModelSpec | None = None, **card: Any
) -> Predictor:
    """The same as a predictor with one view."""
    return Predictor(*make_model(classes=classes, seed=seed, spec=spec, **card))


def published_names(architecture: str, own: Iterable[str], found: Container[str] = ()) -> dict[str, str]:
    """Our name of every tensor of a network and its published one; ``found`` are those of a checkpoint."""
    published = SPECS[architecture].published
    assert published is not None, f"{architecture} has no published names"
    return published.names(own, found)
