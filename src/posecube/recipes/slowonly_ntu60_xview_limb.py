r"""NTU RGB+D 60, cross-view: limb volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022; tables of its first version.
Published: 96.0 % in pyskl; with joints 96.9 %, in the paper 97.1 % (table 8).
Size: 2.025 M parameters, 15.78 GMACs. Not trained here.

As slowonly_ntu60_xview_joint, with limbs.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube train slowonly_ntu60_xview_limb --store stores/ntu60_2d --run runs/slowonly_ntu60_xview_limb
    posecube evaluate runs/slowonly_ntu60_xview_limb --store stores/ntu60_2d --split xview_val --views 10 --flip \
        --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import slowonly_ntu60_xview_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ntu60_xview_joint.recipe().changed(
        name="slowonly_ntu60_xview_limb",
        model__representation__shows="limbs",
    )
