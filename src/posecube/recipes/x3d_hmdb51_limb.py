"""HMDB51, first split: limb volumes, X3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 0.253 M parameters, 0.41 GMACs. Not trained here.

As x3d_hmdb51_joint, with limbs.

    posecube import pyskl hmdb51_hrnet.pkl --store stores/hmdb51
    posecube train x3d_hmdb51_limb --store stores/hmdb51 --run runs/x3d_hmdb51_limb
    posecube evaluate runs/x3d_hmdb51_limb --store stores/hmdb51 --split test1 --views 10 --flip --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import x3d_hmdb51_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return x3d_hmdb51_joint.recipe().changed(
        name="x3d_hmdb51_limb",
        model__representation__shows="limbs",
        initial_weights="runs/x3d_k400_limb",
    )
