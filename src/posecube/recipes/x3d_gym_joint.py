"""FineGYM, 99 classes: joint volumes, X3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: mean of classes 91.4 % in pyskl; with limbs 91.8 %.
Size: 0.263 M parameters, 0.59 GMACs. Not trained here.

As slowonly_gym_joint, with another network.

    posecube import pyskl gym_hrnet.pkl --store stores/gym
    posecube train x3d_gym_joint --store stores/gym --run runs/x3d_gym_joint
    posecube evaluate runs/x3d_gym_joint --store stores/gym --split val --views 10 --flip --scores joint.npz
"""

from posecube.recipes import slowonly_gym_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_gym_joint.recipe().changed(
        name="x3d_gym_joint",
        model__architecture="posec3d_x3d",
        model__arguments={},
    )
