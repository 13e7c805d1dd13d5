"""Kinetics-400: joint volumes, X3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 0.328 M parameters, 0.59 GMACs. Not trained here.

As slowonly_k400_joint, with another network.

    posecube import pyskl k400_hrnet.pkl --store stores/k400
    posecube train x3d_k400_joint --store stores/k400 --run runs/x3d_k400_joint
    posecube evaluate runs/x3d_k400_joint --store stores/k400 --split val --views 10 --flip --scores joint.npz
"""

from posecube.recipes import slowonly_k400_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_k400_joint.recipe().changed(
        name="x3d_k400_joint",
        model__architecture="posec3d_x3d",
        model__arguments={},
    )
