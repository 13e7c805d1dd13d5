"""Volleyball, group activities: limb volumes, X3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 0.073 M parameters, 0.05 GMACs. Not trained here.

As x3d_volleyball_joint, with limbs.

    posecube import volleyball PATH --store stores/volleyball
    posecube train x3d_volleyball_limb --store stores/volleyball --run runs/x3d_volleyball_limb
    posecube evaluate runs/x3d_volleyball_limb --store stores/volleyball --split test --views 10 --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import x3d_volleyball_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return x3d_volleyball_joint.recipe().changed(name="x3d_volleyball_limb", model__representation__shows="limbs")
