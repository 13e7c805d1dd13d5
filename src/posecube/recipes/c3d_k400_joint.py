"""Kinetics-400: joint volumes, C3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 3.492 M parameters, 16.80 GMACs. Not trained here.

As slowonly_k400_joint, with another network.

    posecube import pyskl k400_hrnet.pkl --store stores/k400
    posecube train c3d_k400_joint --store stores/k400 --run runs/c3d_k400_joint
    posecube evaluate runs/c3d_k400_joint --store stores/k400 --split val --views 10 --flip --scores joint.npz
"""

from posecube.recipes import slowonly_k400_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_k400_joint.recipe().changed(
        name="c3d_k400_joint",
        model__architecture="posec3d_c3d",
        model__arguments={},
    )
