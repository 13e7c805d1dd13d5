"""UCF101, first split: joint volumes, C3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 3.415 M parameters, 12.34 GMACs. Not trained here.

As slowonly_ucf101_joint, with another network.

    posecube import pyskl ucf101_hrnet.pkl --store stores/ucf101
    posecube train c3d_ucf101_joint --store stores/ucf101 --run runs/c3d_ucf101_joint
    posecube evaluate runs/c3d_ucf101_joint --store stores/ucf101 --split test1 --views 10 --flip --scores joint.npz
"""

from posecube.recipes import slowonly_ucf101_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ucf101_joint.recipe().changed(
        name="c3d_ucf101_joint",
        model__architecture="posec3d_c3d",
        model__arguments={},
        initial_weights="runs/c3d_k400_joint",
    )
