"""Volleyball, group activities: joint volumes, C3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 0.853 M parameters, 1.19 GMACs. Not trained here.

As slowonly_volleyball_joint, with another network.

    posecube import volleyball PATH --store stores/volleyball
    posecube train c3d_volleyball_joint --store stores/volleyball --run runs/c3d_volleyball_joint
    posecube evaluate runs/c3d_volleyball_joint --store stores/volleyball --split test --views 10 --scores joint.npz
"""

from posecube.recipes import slowonly_volleyball_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_volleyball_joint.recipe().changed(
        name="c3d_volleyball_joint",
        model__architecture="posec3d_c3d",
        model__arguments={"base_channels": 16},
    )
