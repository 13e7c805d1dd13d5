"""How published networks were fed: what a card must say and no tensor shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from posecube.migration.config_text import StreamName
from posecube.model import ModelSpec
from posecube.representation import StreamSpec, VolumeSpec
from posecube.sampling import ClipSpec
from posecube.skeleton import find_layout
from posecube.skeleton.layouts import LAYOUTS

Framework = Literal["pyskl", "mmaction2"]
VOLUME_NETWORKS = ("posec3d_slowonly", "posec3d_c3d", "posec3d_x3d")
RGB_NETWORKS = ("slowonly_rgb", "rgbpose_conv3d")
IN_SPACE = ("ntu25", "kinect20", "h36m17", "sbu15")  # layouts of 3D joints
TOLD_BY_INPUT = ("num_classes", "num_joints", "layout", "in_channels")  # the card says them elsewhere
VOLUME_CLIP_LEN, POSE_ONLY_CLIP_LEN, GRAPH_CLIP_LEN = 48, 32, 100
TEST_SIZE = 64
TRAIN_SIZES = {64: 56, 56: 48}  # by the size in testing
# Joints surer than this are drawn.
MIN_CONFIDENCE = {"pyskl": 1e-3, "mmaction2": 1e-4}


@dataclass(frozen=True)
class InputChoice:
    """What is fed to an imported network, as far as somebody says it; None is what is published.

    Attributes:
        layout: Name of the skeleton layout.
        limbs: For volumes: whether they show limbs.
        stream: For graph networks: what they read of the joints.
        size: For volumes: height and width of the map in testing.
        clip_len: Frames of a clip.
        framework: Whose test frames and whose threshold for unsure joints; None is pyskl.
    """

    layout: str | None = None
    limbs: bool | None = None
    stream: StreamName | None = None
    size: int | None = None
    clip_len: int | None = None
    framework: Framework | None = None

    def __post_init__(self) -> None:
        for name, value in {"size": self.size, "clip length": self.clip_len}.items():
            if value is not None and value < 1:
                raise ValueError(f"the {name} must be at least 1, got {value}")


def published_spec(architecture: str, told: Mapping[str, Any], choice: InputChoice) -> ModelSpec:
    """How an imported network is used.

    Args:
        told: The builder's arguments, as the checkpoint tells them.

    Raises:
        ValueError: If the choice does not go with the architecture or with the checkpoint's sizes.

    Source: the training configurations of both frameworks, their published settings.
    """
    arguments = {name: value for name, value in told.items() if name not in TOLD_BY_INPUT}
    if architecture in RGB_NETWORKS:
        raise ValueError(f"{architecture} reads frames of a video; use it by posecube.networks.load_published")
    if architecture in VOLUME_NETWORKS:
        return _volume_spec(architecture, told, choice, arguments)
    return _graph_spec(architecture, told, choice, arguments)


def _volume_spec(
    architecture: str, told: Mapping[str, Any], choice: InputChoice, arguments: dict[str, Any]
) -> ModelSpec:
    if choice.stream is not None:
        raise ValueError(
            f"a stream is for graph networks; {architecture} reads volumes of joints or, with limbs, limbs"
        )
    representation = VolumeSpec(
        shows="limbs" if choice.limbs else "joints", min_confidence=MIN_CONFIDENCE[choice.framework or "pyskl"]
    )
    # The pose half of RGBPose-Conv3D keeps time and has shorter clips.
    halves_time = 2 in arguments.get("temporal_strides", (1, 1, 2))
    size = choice.size or TEST_SIZE
    train_size = TRAIN_SIZES.get(size, size)
    clip = ClipSpec(
        clip_len=choice.clip_len or (VOLUME_CLIP_LEN if halves_time else POSE_ONLY_CLIP_LEN),
        size_hw=(train_size, train_size),
        test_size_hw=(size, size),
        stream=choice.framework or "pyskl",
    )
    layout = choice.layout or _layout_of(told["num_joints"], representation)
    spec = ModelSpec(
        layout=layout, clip=clip, representation=representation, architecture=architecture, arguments=arguments
    )
    channels = spec.input_arguments["num_joints"]
    if channels != told["num_joints"]:
        raise ValueError(
            f"the checkpoint reads {told['num_joints']} channels, layout {layout} has {channels} "
            f"{representation.shows}: choose another layout, or {'joints' if choice.limbs else 'limbs'}"
        )
    return spec


def _graph_spec(
    architecture: str, told: Mapping[str, Any], choice: InputChoice, arguments: dict[str, Any]
) -> ModelSpec:
    if choice.limbs or choice.size:
        raise ValueError(
            f"limbs and a size are for volumes; {architecture} reads joints, bones or their motion: choose a stream"
        )
    layout = choice.layout or told.get("layout")
    if layout is None:
        raise ValueError("the checkpoint has a number of joints that no published layout has: name its layout")
    stream = choice.stream or "joint"
    is_in_space = layout in IN_SPACE
    num_axes = 3 if is_in_space else 2
    clip = ClipSpec(
        clip_len=choice.clip_len or GRAPH_CLIP_LEN,
        space="body" if is_in_space else "image",
        crop=False,
        max_people=told.get("num_people") or 2,
        stream=choice.framework or "pyskl",
        motion=stream.endswith("motion"),
    )
    representation = StreamSpec(
        shows="bones" if stream.startswith("bone") else "joints", with_confidence=told["in_channels"] == num_axes + 1
    )
    spec = ModelSpec(
        layout=layout, clip=clip, representation=representation, architecture=architecture, arguments=arguments
    )
    if spec.input_arguments["in_channels"] != told["in_channels"]:
        raise ValueError(
            f"the checkpoint reads {told['in_channels']} numbers a joint, layout {layout} gives "
            f"{num_axes} coordinates and, at most, a confidence: choose another layout"
        )
    return spec


def _layout_of(num_channels: int, representation: VolumeSpec) -> str:
    """The usual layout with so many joints, or limbs."""
    for name in ("coco17", "penn13", "sbu15", "openpose18", "kinect20", "ntu25"):
        if representation.num_channels(find_layout(name)) == num_channels:
            return name
    raise ValueError(
        f"the checkpoint reads {num_channels} channels, and no usual layout has so many {representation.shows}: name "
        f"one of {', '.join(LAYOUTS)}"
    )
