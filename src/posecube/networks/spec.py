"""What a network's specification is: its sizes, typed, and the facts that the rest of the package asks it for.

Each network has a subclass of ``NetworkSpec`` beside its module; ``posecube.networks`` lists them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from torch import nn

from posecube.errors import UserError
from posecube.networks.published import PublishedCheckpoints
from posecube.skeleton.layout import SkeletonLayout


@dataclass(frozen=True)
class VolumeInput:
    """What a network is told of a volume, (N, V, T, H, W): its channels, joints or limbs."""

    num_joints: int


@dataclass(frozen=True)
class StreamInput:
    """What a network is told of a stream of joints, (N, M, T, V, C): whose bones connect them, and numbers a joint."""

    layout: str | SkeletonLayout
    in_channels: int


# What a builder takes that is no size of the network: it follows from the data.
INPUT_ARGUMENTS = ("num_classes", "num_joints", "layout", "in_channels")


class NetworkSpec(BaseModel):
    """Sizes of a network: the keyword arguments of its module, beside the classes and what follows from the input.

    Attributes:
        module: The network itself.
        reads: What it makes of the joints; None if it does not see them.
        heads: What its scores are about: the pose, the video frames, or each of them. Frames are read where "rgb" is
            among them.
        is_depthwise: Most of its work is in depthwise convolutions, which bfloat16 slows down on a CPU (measured).
        published: What is known of its published checkpoints, if there are any.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    module: ClassVar[Callable[..., nn.Module]]
    reads: ClassVar[Literal["volume", "stream"] | None]
    heads: ClassVar[tuple[str, ...]] = ("pose",)
    is_depthwise: ClassVar[bool] = False
    published: ClassVar[PublishedCheckpoints | None] = None

    name: str

    @classmethod
    def architecture(cls) -> str:
        """The name that every specification of this network has."""
        return cls.model_fields["name"].default

    def build(self, inputs: VolumeInput | StreamInput | None, *, num_classes: int) -> nn.Module:
        """The network, with random weights.

        Raises:
            UserError: If the sizes do not go together.
        """
        told = vars(inputs) if inputs is not None else {}
        try:
            return type(self).module(num_classes=num_classes, **told, **self.arguments)
        except RuntimeError as error:  # a size no tensor has
            raise UserError(f"{self.name} cannot be built with {self.arguments}: {error}") from error

    @property
    def arguments(self) -> dict[str, Any]:
        """The sizes as keyword arguments of the module."""
        return {field: getattr(self, field) for field in type(self).model_fields if field != "name"}

    @property
    def chosen(self) -> dict[str, Any]:
        """Those sizes that are not the published ones."""
        return self.model_dump(exclude_defaults=True, exclude={"name"})

    @property
    def maps_per_frame(self) -> int | None:
        """How many maps of the joints there are to each video frame, in a network that reads both."""
        return None

    @property
    def relative_width(self) -> Fraction:
        """Channels, as a fraction of those of the published network."""
        published = type(self).model_fields["base_channels"].default
        return Fraction(self.arguments["base_channels"], published)

    @classmethod
    def scaled(cls, relative_width: Fraction, *, max_people: int, **sizes: Any) -> Self:
        """The published network made narrower or wider, for clips of so many people."""
        if "num_people" in cls.model_fields:  # those that normalise people apart
            sizes["num_people"] = max_people
        published = cls.model_fields["base_channels"].default
        return cls.model_validate({"base_channels": int(relative_width * published), **sizes})

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, Any]) -> Self:
        """The sizes among the arguments of a builder.

        Raises:
            UserError: If one is unknown or out of range.
        """
        sizes = {name: value for name, value in arguments.items() if name not in INPUT_ARGUMENTS}
        try:
            return cls(**sizes)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise UserError(f"{cls.architecture()} cannot be built with {where}: {first['msg']}") from error
