"""RGBPose-Conv3D from an RGB network and a pose network that were trained alone: how its training starts."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from posecube.errors import UserError
from posecube.networks.posec3d.slowonly import PoseSlowOnly
from posecube.networks.rgbpose.conv3d import RgbPoseConv3D
from posecube.networks.rgbpose.slowonly import RgbSlowOnly


def joined_networks(rgb: RgbSlowOnly, pose: PoseSlowOnly, **builder_arguments: Any) -> RgbPoseConv3D:
    """A two-pathway network that scores as the two networks it is made of do.

    All weights and both heads are taken over. Where a lateral's channels join a stage's input, weights of zero wait for
    them, so that training starts from what the single networks know and learns what to make of the other modality.

    Args:
        pose: Its strides in time do not matter, here they are 1.
        builder_arguments: What ``RgbPoseConv3D`` takes beside the sizes of the two, such as laterals.

    Raises:
        UserError: If the two do not fit, or do not know the same number of classes.

    Source: PoseConv3D section 4.5 trains the two alone first; what becomes of their weights is as in the public code.
    """
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
        unknown = [name for name in own if name.startswith(f"{pathway}.") and name not in known]
        unknown += [name for name in known if name not in own]
        if unknown:
            raise UserError(
                f"the {pathway} network has other blocks than {pathway}_stage_blocks asks for, such as {unknown[0]}: "
                "leave it out"
            )
        own |= {name: _widened(tensor, own[name].shape, name) for name, tensor in known.items()}
    both.load_state_dict(own)
    return both


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
