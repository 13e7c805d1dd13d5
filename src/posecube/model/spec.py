"""ModelSpec: everything that turns a skeleton sequence into scores, but the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from posecube.errors import UserError
from posecube.model.migration import migrated_model
from posecube.networks import AnyNetwork, StreamInput, VolumeInput
from posecube.networks.published_input import FRAME_PIXELS
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
        network: Which network it is, and its sizes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    layout: str
    clip: ClipSpec = ClipSpec()
    representation: Representation | None = VolumeSpec()
    rgb: RgbSpec | None = None
    network: AnyNetwork

    @model_validator(mode="before")
    @classmethod
    def _in_todays_form(cls, content: Any) -> Any:
        return migrated_model(content) if isinstance(content, Mapping) else content

    @model_validator(mode="after")
    def _agrees(self) -> ModelSpec:
        find_layout(self.layout)
        _check_frames(self)
        kind = None if self.representation is None else self.representation.kind
        spaces = FRAMES_ALONE_SPACES if self.representation is None else self.representation.spaces
        if self.clip.space.kind not in spaces:
            raise UserError(
                f"representation {kind!r} and clip.space {self.clip.space.kind!r} do not go together: "
                f"it is read in {' or '.join(map(repr, spaces))}"
            )
        if self.network.reads is not None and (self.network.reads == "stream") != (kind == "streams"):
            raise UserError(f"{self.architecture} reads a {self.network.reads} of joints, not {kind!r}")
        if isinstance(self.representation, StreamSpec):
            SkeletonStreams(self.representation, self.skeleton_layout)  # says what does not go together
        return self

    @property
    def skeleton_layout(self) -> SkeletonLayout:
        return find_layout(self.layout)

    @property
    def architecture(self) -> str:
        """The network's name, one of ``posecube.networks.NETWORKS``."""
        return self.network.name

    @property
    def heads(self) -> tuple[str, ...]:
        """Names of the network's heads: what each of them, in the end, is about."""
        return self.network.heads

    @property
    def network_input(self) -> VolumeInput | StreamInput | None:
        """What the network is told of the joints that it reads; None if it reads video frames alone."""
        if self.representation is None:
            return None
        if isinstance(self.representation, CoordinateSpec):
            max_people = self.clip.max_people
            return VolumeInput(self.representation.num_channels(self.skeleton_layout, max_people=max_people))
        if isinstance(self.representation, VolumeSpec | PlaneSpec):
            return VolumeInput(self.representation.num_channels(self.skeleton_layout))
        return StreamInput(self.layout, self.representation.num_channels(self.clip.space.num_axes))

    def input_shapes(self, num_clips: int) -> tuple[tuple[int, ...], ...]:
        """Shapes of all that the network reads in training: video frames (N, 3, T, H, W), then what joints become."""
        frames = [(num_clips, 3, self.rgb.clip_len, *self.rgb.size_hw)] if self.rgb is not None else []
        return (*frames, *([self.input_shape(num_clips)] if self.representation is not None else []))

    def input_shape(self, num_clips: int) -> tuple[int, ...]:
        """Shape of what joints become in training: (N, V, T, H, W) of a volume, (N, M, T, V, C) of a stream.

        Raises:
            UserError: If the network reads video frames alone.
        """
        told = self.network_input
        if told is None:
            raise UserError(f"{self.architecture} reads video frames alone: see input_shapes")
        clip = self.clip
        if isinstance(told, StreamInput):
            return num_clips, clip.max_people, clip.clip_len, self.skeleton_layout.num_joints, told.in_channels
        return num_clips, told.num_joints, clip.clip_len, *self._size_hw

    @property
    def _size_hw(self) -> tuple[int, int]:
        """Height and width of a volume in training."""
        if isinstance(self.representation, CoordinateSpec):
            return 1, 1
        return self.representation.size_hw if isinstance(self.representation, PlaneSpec) else self.clip.map.size_hw


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
    rgb, clip, ratio = spec.rgb, spec.clip, spec.network.maps_per_frame
    if ratio is not None and clip.clip_len != ratio * rgb.clip_len:
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
