r"""NTU RGB+D 60, cross-subject: limb volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022; tables of its first version.
Published: 93.4 % in pyskl, 93.5 % in MMAction2; with joints 94.1 and 94.0 %, in the paper 94.1 % (table 8).
Size: 2.025 M parameters, 15.78 GMACs. Not trained here.

As slowonly_ntu60_xsub_joint, with limbs.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube train slowonly_ntu60_xsub_limb --store stores/ntu60_2d --run runs/slowonly_ntu60_xsub_limb
    posecube evaluate runs/slowonly_ntu60_xsub_limb --store stores/ntu60_2d --split xsub_val --views 10 --flip \
        --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import slowonly_ntu60_xsub_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ntu60_xsub_joint.recipe().changed(
        name="slowonly_ntu60_xsub_limb",
        model__representation__shows="limbs",
    )
