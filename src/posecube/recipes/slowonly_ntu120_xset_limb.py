r"""NTU RGB+D 120, cross-setup: limb volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022; tables of its first version.
Published: 89.7 % in pyskl; with joints 90.3 %, in the paper too (table 8).
Size: 2.056 M parameters, 15.78 GMACs. Not trained here.

As slowonly_ntu120_xset_joint, with limbs.

    posecube import pyskl ntu120_hrnet.pkl --store stores/ntu120_2d
    posecube train slowonly_ntu120_xset_limb --store stores/ntu120_2d --run runs/slowonly_ntu120_xset_limb
    posecube evaluate runs/slowonly_ntu120_xset_limb --store stores/ntu120_2d --split xset_val --views 10 --flip \
        --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import slowonly_ntu120_xset_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ntu120_xset_joint.recipe().changed(
        name="slowonly_ntu120_xset_limb",
        model__representation__shows="limbs",
    )
