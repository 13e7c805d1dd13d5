"""Kinetics-400: limb volumes, C3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 3.492 M parameters, 16.80 GMACs. Not trained here.

As c3d_k400_joint, with limbs.

    posecube import pyskl k400_hrnet.pkl --store stores/k400
    posecube train c3d_k400_limb --store stores/k400 --run runs/c3d_k400_limb
    posecube evaluate runs/c3d_k400_limb --store stores/k400 --split val --views 10 --flip --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import c3d_k400_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return c3d_k400_joint.recipe().changed(name="c3d_k400_limb", model__representation__shows="limbs")
