"""Kinetics-400: limb volumes, X3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 0.328 M parameters, 0.59 GMACs. Not trained here.

As x3d_k400_joint, with limbs.

    posecube import pyskl k400_hrnet.pkl --store stores/k400
    posecube train x3d_k400_limb --store stores/k400 --run runs/x3d_k400_limb
    posecube evaluate runs/x3d_k400_limb --store stores/k400 --split val --views 10 --flip --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import x3d_k400_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return x3d_k400_joint.recipe().changed(name="x3d_k400_limb", model__representation__shows="limbs")
