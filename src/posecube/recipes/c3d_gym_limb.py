"""FineGYM, 99 classes: limb volumes, C3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: mean of classes 91.2 % in pyskl; with joints 92.1 %.
Size: 3.415 M parameters, 16.80 GMACs. Not trained here.

As c3d_gym_joint, with limbs.

    posecube import pyskl gym_hrnet.pkl --store stores/gym
    posecube train c3d_gym_limb --store stores/gym --run runs/c3d_gym_limb
    posecube evaluate runs/c3d_gym_limb --store stores/gym --split val --views 10 --flip --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import c3d_gym_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return c3d_gym_joint.recipe().changed(name="c3d_gym_limb", model__representation__shows="limbs")
