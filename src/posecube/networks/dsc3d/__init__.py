"""DSC3D: skeleton attention in front of PoseConv3D."""

from posecube.networks.dsc3d.network import DSC3D, Dsc3dSpec

__all__ = ["DSC3D", "Dsc3dSpec"]
