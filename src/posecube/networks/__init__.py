"""Input to scores: one file a published architecture, named builders in ``NETWORKS``."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from posecube.networks.aagcn import AAGCN
from posecube.networks.ctrgcn import CTRGCN
from posecube.networks.dsc3d import DSC3D
from posecube.networks.motionbert import MotionBERT
from posecube.networks.msg3d import MSG3D
from posecube.networks.posec3d_c3d import PoseC3D
from posecube.networks.posec3d_slowonly import PoseSlowOnly
from posecube.networks.posec3d_x3d import PoseX3D
from posecube.networks.published import TABLES
from posecube.networks.rgbpose_conv3d import RgbPoseConv3D
from posecube.networks.rgbpose_from_single import rgbpose_from_single
from posecube.networks.slowonly_rgb import RgbSlowOnly
from posecube.networks.stgcn import STGCN
from posecube.networks.stgcnpp import STGCNPP
from posecube.networks.weights import load_into

NETWORKS: dict[str, Callable[..., nn.Module]] = {
    "posec3d_slowonly": PoseSlowOnly,
    "posec3d_c3d": PoseC3D,
    "posec3d_x3d": PoseX3D,
    "rgbpose_conv3d": RgbPoseConv3D,
    "slowonly_rgb": RgbSlowOnly,
    "stgcn": STGCN,
    "stgcnpp": STGCNPP,
    "aagcn": AAGCN,
    "ctrgcn": CTRGCN,
    "msg3d": MSG3D,
    "motionbert": MotionBERT,
    "dsc3d": DSC3D,
}


def load_published(
    path_or_state_dict: str | Path | Mapping[str, Tensor], architecture: str, **builder_arguments: Any
) -> nn.Module:
    """A network with the weights of a checkpoint of pyskl, MMAction2 or MotionBERT, in eval mode.

    A head that the checkpoint lacks, as one that was only pre-trained does, starts from chance.

    Args:
        architecture: A name of ``NETWORKS``.
        builder_arguments: What its builder takes; sizes that the checkpoint tells, such as ``num_classes``, need not be
            given.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the architecture is unknown, or the file is no checkpoint, holds more than tensors and plain
            values, or does not fit the network.
    """
    if architecture not in NETWORKS:
        raise ValueError(f"unknown architecture {architecture!r}; known: {', '.join(NETWORKS)}")
    published = {name: build for name, build in NETWORKS.items() if name in TABLES}
    if architecture not in published:
        raise ValueError(f"{architecture} has no published checkpoints; those of {', '.join(published)} can be loaded")
    return load_into(published[architecture], path_or_state_dict, architecture, others=published, **builder_arguments)


__all__ = ["NETWORKS", "load_published", "rgbpose_from_single"]
