"""RGBPose-Conv3D from an RGB network and a pose network that were trained alone: how its training starts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from posecube.errors import UserError
from posecube.networks.posec3d_slowonly import PoseSlowOnly
from posecube.networks.rgbpose_conv3d import RgbPoseConv3D
from posecube.networks.slowonly_rgb import RgbSlowOnly

Source = str | Path | Mapping[str, Tensor] | nn.Module
Network = TypeVar("Network", RgbSlowOnly, PoseSlowOnly)


def rgbpose_from_single(rgb_checkpoint: Source, pose_checkpoint: Source, **builder_arguments: Any) -> RgbPoseConv3D:
    """A two-pathway network that scores as the two networks it is made of do.

    All weights and both heads are taken over. Where a lateral's channels join a stage's input, weights of zero wait for
    them, so that training starts from what the single networks know and learns what to make of the other modality.

    Args:
        rgb_checkpoint: A published checkpoint of ``slowonly_rgb``, as ``load_published`` takes it, or such a network.
        pose_checkpoint: Likewise of ``posec3d_slowonly``; its strides in time do not matter, here they are 1.
        builder_arguments: What ``RgbPoseConv3D`` takes beside the sizes that the checkpoints tell, such as laterals.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If a checkpoint is none, does not fit, or the two do not know the same number of classes.

    Source: PoseConv3D section 4.5 trains the two alone first; what becomes of their weights is as in the public code.
    """
    rgb = _single(rgb_checkpoint, RgbSlowOnly, "slowonly_rgb")
    pose = _single(pose_checkpoint, PoseSlowOnly, "posec3d_slowonly")
    sizes = {
        "num_classes": rgb.head.linear.out_features,
        "num_joints": pose.stem[0].in_channels,
        "rgb_base_channels": rgb.stem[0].out_channels,
        "pose_base_channels": pose.stem[0].out_channels,
        "rgb_stage_blocks": _blocks(rgb),
        "pose_stage_blocks": _blocks(pose),
    }
    both = RgbPoseConv3D(**{**sizes, **builder_arguments})
    own = both.state_dict()
    for pathway, single in (("rgb", rgb), ("pose", pose)):
        known = {f"{pathway}.{name}": tensor for name, tensor in single.state_dict().items()}
        strangers = [name for name in own if name.startswith(f"{pathway}.") and name not in known]
        strangers += [name for name in known if name not in own]
        if strangers:
            raise UserError(
                f"the {pathway} network has other blocks than {pathway}_stage_blocks asks for, such as {strangers[0]}: "
                "leave it out"
            )
        own |= {name: _widened(tensor, own[name].shape, name) for name, tensor in known.items()}
    both.load_state_dict(own)
    return both


def _single(source: Source, build: type[Network], architecture: str) -> Network:
    if isinstance(source, nn.Module):
        if not isinstance(source, build):
            raise UserError(f"expected a network {architecture!r}, got a {type(source).__name__}")
        return source
    from posecube.checkpoints.loading import load_into

    network = load_into(build, source, architecture)
    assert isinstance(network, build), "a builder builds its own kind"
    return network


def _blocks(network: RgbSlowOnly | PoseSlowOnly) -> list[int]:
    """Bottlenecks of each stage."""
    return [len(list(stage.children())) for stage in network.stages]


def _widened(tensor: Tensor, shape: torch.Size, name: str) -> Tensor:
    """A tensor with zeros behind it in the dimension of input channels, where a lateral's channels will meet them."""
    if tensor.shape == shape:
        return tensor
    fits = tensor.ndim == len(shape) > 1 and tensor.shape[1] < shape[1] and tensor[:, 0].shape == (shape[0], *shape[2:])
    if not fits:
        raise UserError(f"{name} has shape {tuple(tensor.shape)}, the two-pathway network needs {tuple(shape)}")
    widened = tensor.new_zeros(shape)
    widened[:, : tensor.shape[1]] = tensor
    return widened
