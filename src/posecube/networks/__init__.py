"""Input to scores: a folder a family of networks, each with its module, its typed sizes and its published checkpoints.

A new network is a module in a folder here, with a ``NetworkSpec``, and one line in ``AnyNetwork``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, get_args

from pydantic import Field
from torch import nn

from posecube.lookup import find
from posecube.networks.dsc3d import Dsc3dSpec
from posecube.networks.gcn import AagcnSpec, CtrgcnSpec, Msg3dSpec, StgcnppSpec, StgcnSpec
from posecube.networks.motionbert import MotionBertSpec
from posecube.networks.posec3d import PoseC3DSpec, PoseSlowOnlySpec, PoseX3DSpec
from posecube.networks.rgbpose import RgbPoseConv3DSpec, RgbSlowOnlySpec
from posecube.networks.spec import NetworkSpec, StreamInput, VolumeInput

AnyNetwork = Annotated[
    PoseSlowOnlySpec
    | PoseC3DSpec
    | PoseX3DSpec
    | RgbPoseConv3DSpec
    | RgbSlowOnlySpec
    | StgcnSpec
    | StgcnppSpec
    | AagcnSpec
    | CtrgcnSpec
    | Msg3dSpec
    | MotionBertSpec
    | Dsc3dSpec,
    Field(discriminator="name"),
]
SPECS: dict[str, type[NetworkSpec]] = {spec.architecture(): spec for spec in get_args(get_args(AnyNetwork)[0])}
NETWORKS: dict[str, Callable[..., nn.Module]] = {name: spec.module for name, spec in SPECS.items()}


def find_network(architecture: str) -> type[NetworkSpec]:
    """The specification of an architecture.

    Raises:
        UserError: If there is none of that name.
    """
    return find(SPECS, architecture, what="architecture")


def __getattr__(name: str) -> Any:
    """``load_published`` lives with the reading of checkpoints, which needs the networks; it is looked for here."""
    if name not in ("load_published", "rgbpose_from_single"):
        raise AttributeError(f"module 'posecube.networks' has no attribute {name!r}")
    from posecube.checkpoints import loading

    return getattr(loading, name)


__all__ = [
    "NETWORKS",
    "SPECS",
    "AnyNetwork",
    "NetworkSpec",
    "StreamInput",
    "VolumeInput",
    "find_network",
    "load_published",
    "rgbpose_from_single",
]
