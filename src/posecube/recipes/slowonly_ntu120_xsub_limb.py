r"""NTU RGB+D 120, cross-subject: limb volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022; tables of its first version.
Published: 85.9 % in pyskl; with joints 86.7 %, in the paper 86.9 % (table 8).
Size: 2.056 M parameters, 15.78 GMACs. Not trained here.

As slowonly_ntu120_xsub_joint, with limbs.

    posecube import pyskl ntu120_hrnet.pkl --store stores/ntu120_2d
    posecube train slowonly_ntu120_xsub_limb --store stores/ntu120_2d --run runs/slowonly_ntu120_xsub_limb
    posecube evaluate runs/slowonly_ntu120_xsub_limb --store stores/ntu120_2d --split xsub_val --views 10 --flip \
        --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import slowonly_ntu120_xsub_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ntu120_xsub_joint.recipe().changed(
        name="slowonly_ntu120_xsub_limb",
        model__representation__shows="limbs",
    )
