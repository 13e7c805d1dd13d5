"""RGBPose-Conv3D: video frames and heatmap volumes, together or frames alone."""

from posecube.networks.rgbpose.conv3d import RgbPoseConv3D, RgbPoseConv3DSpec
from posecube.networks.rgbpose.from_single import joined_networks
from posecube.networks.rgbpose.slowonly import RgbSlowOnly, RgbSlowOnlySpec

__all__ = ["RgbPoseConv3D", "RgbPoseConv3DSpec", "RgbSlowOnly", "RgbSlowOnlySpec", "joined_networks"]
