"""UCF101, first split: limb volumes, C3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 3.415 M parameters, 12.34 GMACs. Not trained here.

As c3d_ucf101_joint, with limbs.

    posecube import pyskl ucf101_hrnet.pkl --store stores/ucf101
    posecube train c3d_ucf101_limb --store stores/ucf101 --run runs/c3d_ucf101_limb
    posecube evaluate runs/c3d_ucf101_limb --store stores/ucf101 --split test1 --views 10 --flip --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import c3d_ucf101_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return c3d_ucf101_joint.recipe().changed(
        name="c3d_ucf101_limb",
        model__representation__shows="limbs",
        initial_weights="runs/c3d_k400_limb",
    )
