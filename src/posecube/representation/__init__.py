"""Coordinates to network input, batched, on the network's device."""

from posecube.representation.coordinates import CoordinateChannels, CoordinateSpec
from posecube.representation.joint_volume import render_joint_volume
from posecube.representation.limb_volume import render_limb_volume
from posecube.representation.planes import PlaneSpec, PlaneVolumes
from posecube.representation.streams import SkeletonStreams, StreamSpec
from posecube.representation.volumes import HeatmapVolume, VolumeSpec

__all__ = [
    "CoordinateChannels",
    "CoordinateSpec",
    "HeatmapVolume",
    "PlaneSpec",
    "PlaneVolumes",
    "SkeletonStreams",
    "StreamSpec",
    "VolumeSpec",
    "render_joint_volume",
    "render_limb_volume",
]
