"""Input to scores: one file a published architecture, named builders in ``NETWORKS``."""

from collections.abc import Callable

from torch import nn

from posecube.networks.posec3d_c3d import PoseC3D
from posecube.networks.posec3d_slowonly import PoseSlowOnly
from posecube.networks.posec3d_x3d import PoseX3D

NETWORKS: dict[str, Callable[..., nn.Module]] = {
    "posec3d_slowonly": PoseSlowOnly,
    "posec3d_c3d": PoseC3D,
    "posec3d_x3d": PoseX3D,
}

__all__ = ["NETWORKS"]
