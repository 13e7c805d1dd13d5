"""Volleyball, group activities: limb volumes, C3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 0.853 M parameters, 1.19 GMACs. Not trained here.

As c3d_volleyball_joint, with limbs.

    posecube import volleyball PATH --store stores/volleyball
    posecube train c3d_volleyball_limb --store stores/volleyball --run runs/c3d_volleyball_limb
    posecube evaluate runs/c3d_volleyball_limb --store stores/volleyball --split test --views 10 --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import c3d_volleyball_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return c3d_volleyball_joint.recipe().changed(name="c3d_volleyball_limb", model__representation__shows="limbs")
