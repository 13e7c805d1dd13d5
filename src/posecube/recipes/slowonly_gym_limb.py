"""FineGYM, 99 classes: limb volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022; tables of its first version.
Published: mean of classes 93.8 % in pyskl, 93.6 % in MMAction2; with joints 94.1 % in pyskl, 94.3 % in the paper
(table 8).
Size: 2.045 M parameters, 15.78 GMACs. Not trained here.

As slowonly_gym_joint, with limbs.

    posecube import pyskl gym_hrnet.pkl --store stores/gym
    posecube train slowonly_gym_limb --store stores/gym --run runs/slowonly_gym_limb
    posecube evaluate runs/slowonly_gym_limb --store stores/gym --split val --views 10 --flip --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import slowonly_gym_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_gym_joint.recipe().changed(name="slowonly_gym_limb", model__representation__shows="limbs")
