"""FineGYM, 99 classes: joint volumes, C3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: mean of classes 91.8 % in pyskl; with limbs 92.1 %.
Size: 3.415 M parameters, 16.80 GMACs. Not trained here.

As slowonly_gym_joint, with another network.

    posecube import pyskl gym_hrnet.pkl --store stores/gym
    posecube train c3d_gym_joint --store stores/gym --run runs/c3d_gym_joint
    posecube evaluate runs/c3d_gym_joint --store stores/gym --split val --views 10 --flip --scores joint.npz
"""

from posecube.recipes import slowonly_gym_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_gym_joint.recipe().changed(
        name="c3d_gym_joint",
        model__architecture="posec3d_c3d",
        model__arguments={},
    )
