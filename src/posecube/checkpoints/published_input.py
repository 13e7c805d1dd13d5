"""How published networks were fed: what a card must say and no tensor shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from posecube.checkpoints.config_text import StreamName
from posecube.errors import UserError
from posecube.model import FRAME_PIXELS, SPEED_RATIO, ModelSpec
from posecube.representation import StreamSpec, VolumeSpec
from posecube.sampling import (
    BodySpace,
    ClipSpec,
    ImageSpace,
    MapSpace,
    Preprocess,
    SpreadFrames,
    SquareSpace,
    UniformFrames,
)
from posecube.sampling.geometry import Fit
from posecube.sampling.rgb.views import RgbSpec
from posecube.skeleton import find_layout
from posecube.skeleton.layouts import LAYOUTS

Framework = Literal["pyskl", "mmaction2"]
VOLUME_NETWORKS = ("posec3d_slowonly", "posec3d_c3d", "posec3d_x3d")
RGB_NETWORKS = ("slowonly_rgb", "rgbpose_conv3d")
IN_SPACE = ("ntu25", "kinect20", "h36m17", "sbu15")  # layouts of 3D joints
TOLD_BY_INPUT = ("num_classes", "num_joints", "layout", "in_channels")  # the card says them elsewhere
VOLUME_CLIP_LEN, POSE_ONLY_CLIP_LEN, GRAPH_CLIP_LEN, MOTIONBERT_CLIP_LEN = 48, 32, 100, 243
TEST_SIZE = 64
SIGMA_PX, SIGMA_BESIDE_FRAMES_PX = 0.6, 0.7
RGB_FRAMES, RGB_SIZE = 8, 224
PLACE_AND_CONFIDENCE = 3  # numbers a joint of MotionBERT's
SQUARE_PADDING = 1.0  # twice the side of what MotionBERT's people fill
MOST_PEOPLE = 10  # in a volume: published ones show everybody who was found
SQUASHED_CLASSES = 400  # Kinetics-400 is what MMAction2 tests without cutting the middle out
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
        framework: Whose test frames, threshold for unsure joints and fit; None is pyskl.
        fit: For volumes: how a box that is no square gets into the map in testing.
    """

    layout: str | None = None
    limbs: bool | None = None
    stream: StreamName | None = None
    size: int | None = None
    clip_len: int | None = None
    framework: Framework | None = None
    fit: Fit | None = None

    def __post_init__(self) -> None:
        for name, value in {"size": self.size, "clip length": self.clip_len}.items():
            if value is not None and value < 1:
                raise UserError(f"the {name} must be at least 1, got {value}")


def published_spec(architecture: str, told: Mapping[str, Any], choice: InputChoice) -> ModelSpec:
    """How an imported network is used.

    Args:
        told: The builder's arguments, as the checkpoint tells them.

    Raises:
        UserError: If the choice does not go with the architecture or with the checkpoint's sizes.

    Source: the training configurations of both frameworks, their published settings.
    """
    arguments = {name: value for name, value in told.items() if name not in TOLD_BY_INPUT}
    try:
        if architecture == "slowonly_rgb":
            return _rgb_spec(architecture, choice, arguments)
        if architecture in VOLUME_NETWORKS + RGB_NETWORKS:
            return _volume_spec(architecture, told, choice, arguments)
        if architecture == "motionbert":
            return _motionbert_spec(told, choice, arguments)
        return _graph_spec(architecture, told, choice, arguments)
    except ValidationError as error:
        raise UserError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error


def _volume_spec(
    architecture: str, told: Mapping[str, Any], choice: InputChoice, arguments: dict[str, Any]
) -> ModelSpec:
    """Of a network that reads volumes, or volumes and video frames."""
    if choice.stream is not None:
        raise UserError(f"a stream is for graph networks; {architecture} reads volumes of joints or, with limbs, limbs")
    looks = architecture in RGB_NETWORKS
    framework = choice.framework or "pyskl"
    representation = VolumeSpec(
        shows="limbs" if choice.limbs else "joints",
        sigma_px=SIGMA_BESIDE_FRAMES_PX if looks else SIGMA_PX,
        min_confidence=MIN_CONFIDENCE[framework],
    )
    # The pose half of RGBPose-Conv3D, alone or not, keeps time and has shorter clips.
    keeps_time = looks or 2 not in arguments.get("temporal_strides", (1, 1, 2))
    clip = _map_clip(choice, default_len=POSE_ONLY_CLIP_LEN if keeps_time else VOLUME_CLIP_LEN)
    cuts = framework == "mmaction2" and not keeps_time and told["num_classes"] != SQUASHED_CLASSES
    clip = clip.with_space(test_fit=choice.fit or ("centre_crop" if cuts else "squash"))
    frames = clip.clip_len // arguments.get("speed_ratio", SPEED_RATIO)
    rgb = (
        _frames_spec(frames, clip.map.size_hw[0] * FRAME_PIXELS, clip.map.view_size_hw[0] * FRAME_PIXELS)
        if looks
        else None
    )
    layout = choice.layout or _layout_of(told["num_joints"], representation)
    spec = ModelSpec(
        layout=layout, clip=clip, representation=representation, rgb=rgb, architecture=architecture, arguments=arguments
    )
    channels = spec.input_arguments["num_joints"]
    if channels != told["num_joints"]:
        raise UserError(
            f"the checkpoint reads {told['num_joints']} channels, layout {layout} has {channels} "
            f"{representation.shows}: choose another layout, or {'joints' if choice.limbs else 'limbs'}"
        )
    return spec


def _rgb_spec(architecture: str, choice: InputChoice, arguments: dict[str, Any]) -> ModelSpec:
    """Of a network that reads video frames alone; the joints say where to look."""
    if choice.stream is not None or choice.limbs:
        raise UserError(f"a stream and limbs are for networks that read joints; {architecture} reads video frames")
    size = choice.size or RGB_SIZE
    clip = _map_clip(choice, default_len=RGB_FRAMES).with_space(size_hw=(size, size), test_size_hw=None)
    return ModelSpec(
        layout=choice.layout or "coco17",
        clip=clip,
        representation=None,
        rgb=_frames_spec(clip.clip_len, size, size),
        architecture=architecture,
        arguments=arguments,
    )


def _map_clip(choice: InputChoice, *, default_len: int) -> ClipSpec:
    size = choice.size or TEST_SIZE
    train_size = TRAIN_SIZES.get(size, size)
    return ClipSpec(
        clip_len=choice.clip_len or default_len,
        max_people=MOST_PEOPLE,
        frames=UniformFrames(published_sampling=choice.framework or "pyskl"),
        space=MapSpace(size_hw=(train_size, train_size), test_size_hw=(size, size)),
    )


def _frames_spec(num_frames: int, train_size: int, test_size: int) -> RgbSpec:
    return RgbSpec(clip_len=num_frames, size_hw=(train_size, train_size), test_size_hw=(test_size, test_size))


def _graph_spec(
    architecture: str, told: Mapping[str, Any], choice: InputChoice, arguments: dict[str, Any]
) -> ModelSpec:
    if choice.limbs or choice.size:
        raise UserError(
            f"limbs and a size are for volumes; {architecture} reads joints, bones or their motion: choose a stream"
        )
    layout = choice.layout or told.get("layout")
    if layout is None:
        raise UserError("the checkpoint has a number of joints that no published layout has: name its layout")
    stream = choice.stream or "joint"
    is_in_space = layout in IN_SPACE
    num_axes, is_motion = 3 if is_in_space else 2, stream.endswith("motion")
    clip = ClipSpec(
        clip_len=choice.clip_len or GRAPH_CLIP_LEN,
        max_people=told.get("num_people") or 2,
        frames=UniformFrames(published_sampling=choice.framework or "pyskl"),
        space=BodySpace(motion=is_motion) if is_in_space else ImageSpace(crop=False, motion=is_motion),
    )
    representation = StreamSpec(
        shows="bones" if stream.startswith("bone") else "joints", with_confidence=told["in_channels"] == num_axes + 1
    )
    spec = ModelSpec(
        layout=layout, clip=clip, representation=representation, architecture=architecture, arguments=arguments
    )
    return _reading_as_many(spec, told)


def _motionbert_spec(told: Mapping[str, Any], choice: InputChoice, arguments: dict[str, Any]) -> ModelSpec:
    if choice.limbs or choice.size or choice.stream:
        raise UserError("limbs, a size and a stream are for other networks; motionbert reads joints with confidence")
    layout = choice.layout or told.get("layout")
    if layout is None:
        raise UserError("the checkpoint has a number of joints that no published layout has: name its layout")
    spec = ModelSpec(
        layout=layout,
        clip=ClipSpec(
            clip_len=choice.clip_len or told.get("max_frames", MOTIONBERT_CLIP_LEN),
            max_people=2,
            preprocess=Preprocess(undo_id_switches=True),
            frames=SpreadFrames(),
            space=SquareSpace(padding=SQUARE_PADDING),
        ),
        representation=StreamSpec(
            with_confidence=told.get("in_channels") == PLACE_AND_CONFIDENCE,
            confidence_order="coco17" if layout == "h36m17" else "joints",
        ),
        architecture="motionbert",
        arguments=arguments,
    )
    return _reading_as_many(spec, told)


def _reading_as_many(spec: ModelSpec, told: Mapping[str, Any]) -> ModelSpec:
    """The specification, if it gives as many numbers a joint as the checkpoint reads."""
    if spec.input_arguments["in_channels"] != told["in_channels"]:
        raise UserError(
            f"the checkpoint reads {told['in_channels']} numbers a joint, layout {spec.layout} gives "
            f"{spec.clip.space.num_axes} coordinates and, at most, a confidence: choose another layout"
        )
    return spec


def _layout_of(num_channels: int, representation: VolumeSpec) -> str:
    """The usual layout with so many joints, or limbs."""
    for name in ("coco17", "penn13", "sbu15", "openpose18", "kinect20", "ntu25"):
        if representation.num_channels(find_layout(name)) == num_channels:
            return name
    raise UserError(
        f"the checkpoint reads {num_channels} channels, and no usual layout has so many {representation.shows}: name "
        f"one of {', '.join(LAYOUTS)}"
    )
