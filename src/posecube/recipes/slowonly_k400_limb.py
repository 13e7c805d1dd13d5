"""Kinetics-400: limb volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: 46.9 % in pyskl; with joints 49.1 %. With stages of 4, 6 and 3 blocks 45.7 %, with joints 47.7 %.
Size: 3.209 M parameters, 14.62 GMACs. Not trained here.

As slowonly_k400_joint, with limbs.

    posecube import pyskl k400_hrnet.pkl --store stores/k400
    posecube train slowonly_k400_limb --store stores/k400 --run runs/slowonly_k400_limb
    posecube evaluate runs/slowonly_k400_limb --store stores/k400 --split val --views 10 --flip --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import slowonly_k400_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_k400_joint.recipe().changed(name="slowonly_k400_limb", model__representation__shows="limbs")
