"""ModelSpec: everything that turns a skeleton sequence into scores, but the numbers."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from posecube.errors import UserError
from posecube.networks import NETWORKS
from posecube.representation import (
    CoordinateSpec,
    PlaneSpec,
    SkeletonStreams,
    StreamSpec,
    VolumeSpec,
)
from posecube.sampling import ClipSpec
from posecube.sampling.rgb.views import RgbSpec
from posecube.skeleton import SkeletonLayout, find_layout

# What the networks that look at video frames have heads for; all others read joints alone.
HEADS_WITH_FRAMES = {"slowonly_rgb": ("rgb",), "rgbpose_conv3d": ("rgb", "pose")}
FRAME_PIXELS = 4  # of a video frame, to each pixel of the map beside it
SPEED_RATIO = 4  # maps to each frame, unless a network's arguments say otherwise
Representation = Annotated[VolumeSpec | CoordinateSpec | PlaneSpec | StreamSpec, Field(discriminator="kind")]
FRAMES_ALONE_SPACES = ("map",)  # video frames alone are cut out around the joints on a map


class ModelSpec(BaseModel):
    """Everything that turns a skeleton sequence into scores, but the numbers.

    Attributes:
        layout: Name of the skeleton layout that the model reads.
        clip: How a sequence becomes network input.
        representation: What the network reads of the clip: a heatmap volume, or a stream of joints. None if it
            reads video frames alone, which are cut out around the joints all the same.
        rgb: What the network sees of the video, if it looks at it.
        architecture: A name of ``posecube.networks.NETWORKS``.
        arguments: Keyword arguments of that network's builder, beside the number of classes and the input's size.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    layout: str
    clip: ClipSpec = ClipSpec()
    representation: Representation | None = VolumeSpec()
    rgb: RgbSpec | None = None
    architecture: str
    arguments: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _agrees(self) -> ModelSpec:
        find_layout(self.layout)
        if self.architecture not in NETWORKS:
            raise UserError(f"unknown architecture {self.architecture!r}; known: {', '.join(NETWORKS)}")
        _check_frames(self)
        spaces = FRAMES_ALONE_SPACES if self.representation is None else self.representation.spaces
        if self.clip.space.kind not in spaces:
            kind = None if self.representation is None else self.representation.kind
            raise UserError(
                f"representation {kind!r} and clip.space {self.clip.space.kind!r} do not go together: "
                f"it is read in {' or '.join(map(repr, spaces))}"
            )
        if isinstance(self.representation, StreamSpec):
            SkeletonStreams(self.representation, self.skeleton_layout)  # says what does not go together
        return self

    @property
    def skeleton_layout(self) -> SkeletonLayout:
        return find_layout(self.layout)

    @property
    def input_arguments(self) -> dict[str, Any]:
        """What the network's builder must be told about its input."""
        if self.representation is None:
            return {}
        if isinstance(self.representation, CoordinateSpec):
            max_people = self.clip.max_people
            return {"num_joints": self.representation.num_channels(self.skeleton_layout, max_people=max_people)}
        if isinstance(self.representation, VolumeSpec | PlaneSpec):
            return {"num_joints": self.representation.num_channels(self.skeleton_layout)}
        return {"layout": self.layout, "in_channels": self.representation.num_channels(self.clip.space.num_axes)}

    @property
    def heads(self) -> tuple[str, ...]:
        """Names of the network's heads: what each of them, in the end, is about."""
        return HEADS_WITH_FRAMES.get(self.architecture, ("pose",))

    def input_shapes(self, num_clips: int) -> tuple[tuple[int, ...], ...]:
        """Shapes of all that the network reads in training: video frames (N, 3, T, H, W), then what joints become."""
        frames = [(num_clips, 3, self.rgb.clip_len, *self.rgb.size_hw)] if self.rgb is not None else []
        return (*frames, *([self.input_shape(num_clips)] if self.representation is not None else []))

    def input_shape(self, num_clips: int) -> tuple[int, ...]:
        """Shape of what joints become in training: (N, V, T, H, W) of a volume, (N, M, T, V, C) of a stream.

        Raises:
            UserError: If the network reads video frames alone.
        """
        if self.representation is None:
            raise UserError(f"{self.architecture} reads video frames alone: see input_shapes")
        clip, arguments = self.clip, self.input_arguments
        if not isinstance(self.representation, StreamSpec):
            if isinstance(self.representation, CoordinateSpec):
                size_hw = (1, 1)
            else:
                size_hw = (
                    self.representation.size_hw if isinstance(self.representation, PlaneSpec) else clip.map.size_hw
                )
            return num_clips, arguments["num_joints"], clip.clip_len, *size_hw
        num_joints = self.skeleton_layout.num_joints
        return num_clips, clip.max_people, clip.clip_len, num_joints, arguments["in_channels"]


def _check_frames(spec: ModelSpec) -> None:
    """Whether the network looks at video frames, at joints or at both, and whether the two sizes meet in it.

    Raises:
        UserError: If the specification says otherwise.
    """
    network, heads = spec.architecture, spec.heads
    if (spec.rgb is None) != ("rgb" not in heads):
        needed = "reads video frames: say in rgb which" if spec.rgb is None else "reads no video frames: leave rgb out"
        raise UserError(f"{network} {needed}")
    if (spec.representation is None) != ("pose" not in heads):
        needed = "joints: say in representation how" if "pose" in heads else "no joints: set representation to null"
        raise UserError(f"{network} reads {needed}")
    if spec.rgb is None:
        return
    for name in ("skeleton_threshold", "joint_threshold"):
        if getattr(spec.clip.preprocess, name) > 0:
            raise UserError(f"video frames do not follow frames that are left out: set clip.preprocess.{name} to 0")
    if spec.representation is None:
        return
    if not isinstance(spec.representation, VolumeSpec):
        raise UserError(f"{network} reads a volume beside video frames, not {spec.representation.kind!r}")
    rgb, clip, ratio = spec.rgb, spec.clip, spec.arguments.get("speed_ratio", SPEED_RATIO)
    if isinstance(ratio, int) and clip.clip_len != ratio * rgb.clip_len:
        raise UserError(
            f"clip.clip_len must be speed_ratio x rgb.clip_len = {ratio} x {rgb.clip_len}, got {clip.clip_len}"
        )
    for name in ("size_hw", "view_size_hw"):
        maps, frames = getattr(clip.map, name), getattr(rgb, name)
        if frames != tuple(FRAME_PIXELS * side for side in maps):
            when = "training" if name == "size_hw" else "testing"
            raise UserError(
                f"video frames must be {FRAME_PIXELS} times as high and wide as maps: in {when}, rgb has {frames} for "
                f"{maps} of clip"
            )
