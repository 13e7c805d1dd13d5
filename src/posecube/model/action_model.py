"""ActionModel: a representation and a network, saved and loaded together with the card that says how to use them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import torch
from jaxtyping import Float, UInt8
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as serialized
from torch import Tensor, nn

from posecube.errors import UserError
from posecube.files import write_bytes
from posecube.model.card import CARD_KEY, WeightsCard, find_weights, read_card
from posecube.model.spec import ModelSpec
from posecube.networks.posec3d import PoseSlowOnly
from posecube.networks.rgbpose import RgbSlowOnly, joined_networks
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
from posecube.sampling.rgb.views import RgbSpec


class ActionModel(nn.Module):
    """Coordinates, and video frames where they are looked at, to logits: parameter-free representations, a network.

    Raises:
        UserError: If the network's sizes do not go together.
    """

    def __init__(self, spec: ModelSpec, *, num_classes: int) -> None:
        super().__init__()
        self.spec = spec
        self.representation = _built_representation(spec)
        self.colours = _built_colours(spec.rgb)
        self.network = spec.network.build(spec.network_input, num_classes=num_classes)
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
            UserError: If a network that looks at video frames gets none, or one that does not gets some.
        """
        if self.colours is None and frames_rgb is not None:
            raise UserError(f"{self.spec.architecture} reads no video frames: leave frames_rgb out")
        inputs = []
        if self.colours is not None:
            if frames_rgb is None:
                raise UserError(f"{self.spec.architecture} reads video frames: give frames_rgb")
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
        # Not safetensors' own save_file: what it writes nobody else may read.
        write_bytes(path, serialized(tensors, metadata={CARD_KEY: card.model_dump_json()}))
        return card

    @classmethod
    def load(cls, name_or_path: str | Path) -> tuple[ActionModel, WeightsCard]:
        """A model in eval mode and its card, from a file, a run folder or the name of shipped weights.

        Raises:
            FileNotFoundError: If there is no such file or name.
            UserError: If the file is not posecube weights, damaged, or does not fit its card.
        """
        path = find_weights(name_or_path)
        card = read_card(path)
        try:
            with safe_open(path, framework="pt") as file:
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        except (SafetensorError, OSError) as error:
            raise UserError(f"weights {path} are damaged: {error}; copy or train them again") from error
        if card.tensors_sha256 and _checksum(tensors) != card.tensors_sha256:
            raise UserError(f"weights {path} are damaged: their checksum differs from their card's; copy them again")
        model = cls(card.model, num_classes=len(card.classes))
        try:
            model.network.load_state_dict(tensors)
        except RuntimeError as error:
            last_line = str(error).splitlines()[-1].strip()
            raise UserError(f"weights {path} do not fit the network of their card: {last_line}") from error
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
        UserError: If the two do not fit the network of the specification.
    """
    if not isinstance(rgb.network, RgbSlowOnly) or not isinstance(pose.network, PoseSlowOnly):
        raise UserError(
            "a network of two pathways starts from a 'slowonly_rgb' and a 'posec3d_slowonly', got "
            f"{rgb.spec.architecture!r} and {pose.spec.architecture!r}"
        )
    network = joined_networks(rgb.network, pose.network, **spec.network.arguments)
    pathways = tuple(f"{name}." for name in spec.heads)
    return {name: tensor for name, tensor in network.state_dict().items() if name.startswith(pathways)}


def _built_representation(spec: ModelSpec) -> nn.Module | None:
    if spec.representation is None:
        return None
    if isinstance(spec.representation, StreamSpec):
        return SkeletonStreams(spec.representation, spec.skeleton_layout)
    if isinstance(spec.representation, CoordinateSpec):
        return CoordinateChannels()
    if isinstance(spec.representation, PlaneSpec):
        return PlaneVolumes(spec.representation)
    on = spec.clip.map
    return HeatmapVolume(spec.representation, spec.skeleton_layout, size_hw=on.size_hw, test_size_hw=on.test_size_hw)


def _built_colours(rgb: RgbSpec | None) -> NormalizedFrames | None:
    return None if rgb is None else NormalizedFrames(mean_rgb=rgb.mean_rgb, std_rgb=rgb.std_rgb)


def _checksum(tensors: dict[str, Tensor]) -> str:
    """sha256 over names and bytes, in the order of names."""
    digest = sha256()
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(tensors[name].contiguous().view(torch.uint8).numpy().tobytes() if tensors[name].ndim else b"")
    return digest.hexdigest()
