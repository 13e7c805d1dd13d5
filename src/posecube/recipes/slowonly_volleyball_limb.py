r"""Volleyball, group activities: limb volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 0.510 M parameters, 1.25 GMACs. Not trained here.

As slowonly_volleyball_joint, with limbs.

    posecube import volleyball PATH --store stores/volleyball
    posecube train slowonly_volleyball_limb --store stores/volleyball --run runs/slowonly_volleyball_limb
    posecube evaluate runs/slowonly_volleyball_limb --store stores/volleyball --split test --views 10 \
        --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import slowonly_volleyball_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_volleyball_joint.recipe().changed(
        name="slowonly_volleyball_limb",
        model__representation__shows="limbs",
    )
