"""FineGYM, 99 classes: limb volumes, X3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: mean of classes 90.0 % in pyskl; with joints 91.8 %.
Size: 0.263 M parameters, 0.59 GMACs. Not trained here.

As x3d_gym_joint, with limbs.

    posecube import pyskl gym_hrnet.pkl --store stores/gym
    posecube train x3d_gym_limb --store stores/gym --run runs/x3d_gym_limb
    posecube evaluate runs/x3d_gym_limb --store stores/gym --split val --views 10 --flip --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import x3d_gym_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return x3d_gym_joint.recipe().changed(name="x3d_gym_limb", model__representation__shows="limbs")
