"""PoseConv3D: heatmap volumes, three backbones."""

from posecube.networks.posec3d.c3d import PoseC3D, PoseC3DSpec
from posecube.networks.posec3d.slowonly import PoseSlowOnly, PoseSlowOnlySpec
from posecube.networks.posec3d.x3d import PoseX3D, PoseX3DSpec

__all__ = ["PoseC3D", "PoseC3DSpec", "PoseSlowOnly", "PoseSlowOnlySpec", "PoseX3D", "PoseX3DSpec"]
