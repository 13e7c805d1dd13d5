"""ActionModel: a representation and a network, saved and loaded together with the card that says how to use them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import torch
from jaxtyping import Float, UInt8
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as serialized
from torch import Tensor, nn

from posecube.networks import NETWORKS, rgbpose_from_single
from posecube.representation import (
    CoordinateChannels,
    CoordinateSpec,
    HeatmapVolume,
    PlaneSpec,
    PlaneVolumes,
    SkeletonStreams,
    StreamSpec,
    VolumeSpec,
)
from posecube.representation.rgb import NormalizedFrames
from posecube.sampling import ClipSpec
from posecube.sampling.rgb import RgbSpec
from posecube.skeleton import SkeletonLayout, find_layout

CARD_KEY = "posecube_card"
CARD_VERSION = 2
SHIPPED_WEIGHTS = Path(__file__).parent / "weights"
# What the networks that look at video frames have heads for; all others read joints alone.
HEADS_WITH_FRAMES = {"slowonly_rgb": ("rgb",), "rgbpose_conv3d": ("rgb", "pose")}
FRAME_PIXELS = 4  # of a video frame, to each pixel of the map beside it
SPEED_RATIO = 4  # maps to each frame, unless a network's arguments say otherwise

Representation = Annotated[VolumeSpec | CoordinateSpec | PlaneSpec | StreamSpec, Field(discriminator="kind")]
# In which of the clip's spaces a representation finds the joints; video frames alone are cut out around those on a map.
SPACES = {
    None: ("map",),
    "volume": ("map",),
    "coordinates": ("map",),
    "planes": ("body", "upright"),
    "streams": ("image", "square", "body", "upright"),
}


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
            raise ValueError(f"unknown architecture {self.architecture!r}; known: {', '.join(NETWORKS)}")
        _check_frames(self)
        kind = None if self.representation is None else self.representation.kind
        if self.clip.space not in SPACES[kind]:
            raise ValueError(
                f"representation {kind!r} and clip.space {self.clip.space!r} do not go together: "
                f"it is read in {' or '.join(map(repr, SPACES[kind]))}"
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
        return {"layout": self.layout, "in_channels": self.representation.num_channels(self.clip.num_axes)}

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
            ValueError: If the network reads video frames alone.
        """
        if self.representation is None:
            raise ValueError(f"{self.architecture} reads video frames alone: see input_shapes")
        clip, arguments = self.clip, self.input_arguments
        if not isinstance(self.representation, StreamSpec):
            size_hw = (1, 1) if isinstance(self.representation, CoordinateSpec) else clip.size_hw
            return num_clips, arguments["num_joints"], clip.clip_len, *size_hw
        num_joints = self.skeleton_layout.num_joints
        return num_clips, clip.max_people, clip.clip_len, num_joints, arguments["in_channels"]


class WeightsCard(BaseModel):
    """What a weights file needs to be used and judged; stored inside the file.

    Attributes:
        scores: Measured figures in percent, by a name that says split and views.
        temperature: Logits are divided by it before softmax, so that scores are calibrated.
        rejection_threshold: A best score below it means none of the classes.
        tensors_sha256: Checksum of the tensors, filled in when saved.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    description: str = ""
    model: ModelSpec
    classes: tuple[str, ...]
    scores: dict[str, float] = Field(default_factory=dict)
    data: str = ""
    licence: str = "Apache-2.0"
    recipe: dict[str, Any] = Field(default_factory=dict)
    temperature: float = Field(default=1.0, gt=0.0)
    rejection_threshold: float = Field(default=0.0, ge=0.0, le=1.0)
    tensors_sha256: str = ""
    card_version: int = CARD_VERSION

    def updated(self, **fields: Any) -> WeightsCard:
        """A copy with some fields changed."""
        return self.model_copy(update=fields)


class ActionModel(nn.Module):
    """Coordinates, and video frames where they are looked at, to logits: parameter-free representations, a network.

    Raises:
        ValueError: If the architecture's builder does not take the arguments of the spec.
    """

    def __init__(self, spec: ModelSpec, *, num_classes: int) -> None:
        super().__init__()
        self.spec = spec
        self.representation = _built_representation(spec)
        self.colours = _built_colours(spec.rgb)
        self.network = _built_network(spec, num_classes=num_classes)
        for parameter in self.network.parameters():  # the memory order in which CPU and GPU convolve fastest
            if parameter.ndim == 5:
                parameter.data = parameter.data.contiguous(memory_format=torch.channels_last_3d)

    def forward(
        self,
        keypoints: Float[Tensor, "N M T V C"],
        confidence: Float[Tensor, "N M T V"],
        frames_rgb: UInt8[Tensor, "N S H W 3"] | None = None,
        *,
        mirrored: bool = False,
    ) -> Float[Tensor, "N K"]:
        """Logits of clips, whose coordinates are in the space of ``spec.clip``; those of several heads are fused."""
        return fused(self.heads(keypoints, confidence, frames_rgb, mirrored=mirrored))

    def heads(
        self,
        keypoints: Float[Tensor, "N M T V C"],
        confidence: Float[Tensor, "N M T V"],
        frames_rgb: UInt8[Tensor, "N S H W 3"] | None = None,
        *,
        mirrored: bool = False,
    ) -> dict[str, Float[Tensor, "N K"]]:
        """Logits of each head, named as ``spec.heads`` says.

        Args:
            mirrored: The clips are mirror images, and their volumes are drawn as published tests do: see HeatmapVolume.

        Raises:
            ValueError: If a network that looks at video frames gets none, or one that does not gets some.
        """
        if self.colours is None and frames_rgb is not None:
            raise ValueError(f"{self.spec.architecture} reads no video frames: leave frames_rgb out")
        inputs = []
        if self.colours is not None:
            if frames_rgb is None:
                raise ValueError(f"{self.spec.architecture} reads video frames: give frames_rgb")
            inputs.append(self.colours(frames_rgb))
        if self.representation is not None:
            if not isinstance(self.spec.representation, StreamSpec):
                drawn = {"mirrored": mirrored} if isinstance(self.spec.representation, VolumeSpec) else {}
                volume = self.representation(keypoints, confidence, **drawn)
                inputs.append(volume.contiguous(memory_format=torch.channels_last_3d))
            else:
                inputs.append(self.representation(keypoints, confidence))
        logits = self.network(*inputs)
        return logits if isinstance(logits, dict) else {self.spec.heads[0]: logits}

    def save(self, path: str | Path, card: WeightsCard, *, dtype: torch.dtype = torch.float32) -> WeightsCard:
        """Write the tensors and the card to a safetensors file, whole or not at all.

        Args:
            dtype: Type in which floating-point tensors are stored; they are read back as float32.

        Raises:
            OSError: If the file cannot be written.
        """
        path = Path(path)
        tensors = {
            name: (tensor.to(dtype) if tensor.is_floating_point() else tensor).detach().cpu().contiguous()
            for name, tensor in self.network.state_dict().items()
        }
        card = card.updated(tensors_sha256=_checksum(tensors))
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(path.name + ".unfinished")
        try:
            # Not safetensors' own save_file: what it writes nobody else may read.
            unfinished.write_bytes(serialized(tensors, metadata={CARD_KEY: card.model_dump_json()}))
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        return card

    @classmethod
    def load(cls, name_or_path: str | Path) -> tuple[ActionModel, WeightsCard]:
        """A model in eval mode and its card, from a file, a run folder or the name of shipped weights.

        Raises:
            FileNotFoundError: If there is no such file or name.
            ValueError: If the file is not posecube weights, damaged, or does not fit its card.
        """
        path = find_weights(name_or_path)
        card = read_card(path)
        try:
            with safe_open(path, framework="pt") as file:
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        except (SafetensorError, OSError) as error:
            raise ValueError(f"weights {path} are damaged: {error}; copy or train them again") from error
        if card.tensors_sha256 and _checksum(tensors) != card.tensors_sha256:
            raise ValueError(f"weights {path} are damaged: their checksum differs from their card's; copy them again")
        model = cls(card.model, num_classes=len(card.classes))
        try:
            model.network.load_state_dict(tensors)
        except RuntimeError as error:
            last_line = str(error).splitlines()[-1].strip()
            raise ValueError(f"weights {path} do not fit the network of their card: {last_line}") from error
        return model.eval(), card


def fused(heads: Mapping[str, Float[Tensor, "N K"]]) -> Float[Tensor, "N K"]:
    """Logits whose softmax is the mean of the heads' probabilities; those of a single head as they are.

    Source: PoseConv3D section 4.5 fuses late; weighing probabilities 1 to 1 is what the published figures do.
    """
    if len(heads) == 1:
        return next(iter(heads.values()))
    of_each = torch.stack([torch.log_softmax(logits.float(), dim=1) for logits in heads.values()])
    return torch.logsumexp(of_each, dim=0) - math.log(len(heads))


def joined_pathways(spec: ModelSpec, rgb: ActionModel, pose: ActionModel) -> dict[str, Tensor]:
    """Tensors for a network of two pathways, out of two that were trained alone; what joins them is not among them.

    Raises:
        ValueError: If the two do not fit the network of the specification.
    """
    network = rgbpose_from_single(rgb.network, pose.network, **spec.arguments)
    pathways = tuple(f"{name}." for name in spec.heads)
    return {name: tensor for name, tensor in network.state_dict().items() if name.startswith(pathways)}


def find_weights(name_or_path: str | Path) -> Path:
    """The weights file of a name, a run folder or a path.

    Raises:
        FileNotFoundError: If there is none.
    """
    path = Path(name_or_path)
    shipped = SHIPPED_WEIGHTS / f"{name_or_path}.safetensors"
    if path.is_dir() and (path / "weights.safetensors").is_file():
        return path / "weights.safetensors"
    if path.is_file():
        return path
    if shipped.is_file():
        return shipped
    if path.is_dir():
        raise FileNotFoundError(f"{path} has no weights.safetensors: its training has not finished; use --resume")
    known = ", ".join(shipped_weights()) or "none"
    raise FileNotFoundError(f"no weights {name_or_path}: expected a file, a run folder or a shipped name ({known})")


def shipped_weights() -> list[str]:
    """Names of the weights in the package."""
    return sorted(path.stem for path in SHIPPED_WEIGHTS.glob("*.safetensors"))


def read_card(path: Path) -> WeightsCard:
    """The card inside a weights file.

    Raises:
        ValueError: If the file is not posecube weights or its card is of another version.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise ValueError(f"{path} is not a safetensors file: {error}") from error
    if CARD_KEY not in metadata:
        raise ValueError(f"{path} has no posecube card; bring foreign checkpoints in with `posecube weights import`")
    try:
        content = json.loads(metadata[CARD_KEY])
        card_version = content.get("card_version")
    except (json.JSONDecodeError, AttributeError) as error:
        raise ValueError(f"{path} has a card that cannot be read: {error}; copy or train the weights again") from error
    if card_version != CARD_VERSION:
        raise ValueError(f"{path} has a card of version {card_version}, this posecube reads {CARD_VERSION}")
    try:
        return WeightsCard.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"{path} has a card that does not fit: {where}: {first['msg']}") from error


def _check_frames(spec: ModelSpec) -> None:
    """Whether the network looks at video frames, at joints or at both, and whether the two sizes meet in it.

    Raises:
        ValueError: If the specification says otherwise.
    """
    network, heads = spec.architecture, spec.heads
    if (spec.rgb is None) != ("rgb" not in heads):
        needed = "reads video frames: say in rgb which" if spec.rgb is None else "reads no video frames: leave rgb out"
        raise ValueError(f"{network} {needed}")
    if (spec.representation is None) != ("pose" not in heads):
        needed = "joints: say in representation how" if "pose" in heads else "no joints: set representation to null"
        raise ValueError(f"{network} reads {needed}")
    if spec.rgb is None or spec.representation is None:
        return
    if not isinstance(spec.representation, VolumeSpec):
        raise ValueError(f"{network} reads a volume beside video frames, not {spec.representation.kind!r}")
    rgb, clip, ratio = spec.rgb, spec.clip, spec.arguments.get("speed_ratio", SPEED_RATIO)
    if isinstance(ratio, int) and clip.clip_len != ratio * rgb.clip_len:
        raise ValueError(
            f"clip.clip_len must be speed_ratio x rgb.clip_len = {ratio} x {rgb.clip_len}, got {clip.clip_len}"
        )
    for name in ("size_hw", "view_size_hw"):
        maps, frames = getattr(clip, name), getattr(rgb, name)
        if frames != tuple(FRAME_PIXELS * side for side in maps):
            when = "training" if name == "size_hw" else "testing"
            raise ValueError(
                f"video frames must be {FRAME_PIXELS} times as high and wide as maps: in {when}, rgb has {frames} for "
                f"{maps} of clip"
            )


def _built_representation(spec: ModelSpec) -> nn.Module | None:
    if spec.representation is None:
        return None
    if isinstance(spec.representation, StreamSpec):
        return SkeletonStreams(spec.representation, spec.skeleton_layout)
    if isinstance(spec.representation, CoordinateSpec):
        return CoordinateChannels()
    clip = spec.clip
    if isinstance(spec.representation, PlaneSpec):
        return PlaneVolumes(spec.representation, size_hw=clip.size_hw)
    return HeatmapVolume(
        spec.representation, spec.skeleton_layout, size_hw=clip.size_hw, test_size_hw=clip.test_size_hw
    )


def _built_colours(rgb: RgbSpec | None) -> NormalizedFrames | None:
    return None if rgb is None else NormalizedFrames(mean_rgb=rgb.mean_rgb, std_rgb=rgb.std_rgb)


def _built_network(spec: ModelSpec, *, num_classes: int) -> nn.Module:
    try:
        return NETWORKS[spec.architecture](num_classes=num_classes, **spec.input_arguments, **spec.arguments)
    except (TypeError, RuntimeError) as error:  # a name the builder does not know, a size no tensor has
        raise ValueError(f"{spec.architecture} cannot be built with {spec.arguments}: {error}") from error


def _checksum(tensors: dict[str, Tensor]) -> str:
    """sha256 over names and bytes, in the order of names."""
    digest = sha256()
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(tensors[name].contiguous().view(torch.uint8).numpy().tobytes() if tensors[name].ndim else b"")
    return digest.hexdigest()
