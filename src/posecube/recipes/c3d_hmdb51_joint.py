"""HMDB51, first split: joint volumes, C3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 3.403 M parameters, 12.34 GMACs. Not trained here.

As slowonly_hmdb51_joint, with another network.

    posecube import pyskl hmdb51_hrnet.pkl --store stores/hmdb51
    posecube train c3d_hmdb51_joint --store stores/hmdb51 --run runs/c3d_hmdb51_joint
    posecube evaluate runs/c3d_hmdb51_joint --store stores/hmdb51 --split test1 --views 10 --flip --scores joint.npz
"""

from posecube.recipes import slowonly_hmdb51_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_hmdb51_joint.recipe().changed(
        name="c3d_hmdb51_joint",
        model__architecture="posec3d_c3d",
        model__arguments={},
        initial_weights="runs/c3d_k400_joint",
    )
