"""Input to scores: one file a published architecture, named builders in ``NETWORKS``."""

from collections.abc import Callable
from typing import Any

from torch import nn

from posecube.networks.aagcn import AAGCN
from posecube.networks.ctrgcn import CTRGCN
from posecube.networks.dsc3d import DSC3D
from posecube.networks.motionbert import MotionBERT
from posecube.networks.msg3d import MSG3D
from posecube.networks.posec3d_c3d import PoseC3D
from posecube.networks.posec3d_slowonly import PoseSlowOnly
from posecube.networks.posec3d_x3d import PoseX3D
from posecube.networks.rgbpose_conv3d import RgbPoseConv3D
from posecube.networks.rgbpose_from_single import rgbpose_from_single
from posecube.networks.slowonly_rgb import RgbSlowOnly
from posecube.networks.stgcn import STGCN
from posecube.networks.stgcnpp import STGCNPP

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


def __getattr__(name: str) -> Any:
    """``load_published`` lives with the reading of checkpoints, which needs the networks; it is looked for here."""
    if name != "load_published":
        raise AttributeError(f"module 'posecube.networks' has no attribute {name!r}")
    from posecube.checkpoints.loading import load_published

    return load_published


__all__ = ["NETWORKS", "load_published", "rgbpose_from_single"]
