r"""NTU RGB+D 60, cross-view: joint volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022; tables of its first version.
Published: 96.5 % in pyskl, 96.6 % in the paper; with limbs 96.9 and 97.1 % (table 8).
Size: 2.025 M parameters, 15.78 GMACs. Not trained here.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube train slowonly_ntu60_xview_joint --store stores/ntu60_2d --run runs/slowonly_ntu60_xview_joint
    posecube evaluate runs/slowonly_ntu60_xview_joint --store stores/ntu60_2d --split xview_val --views 10 --flip \
        --scores joint.npz
"""

from posecube.recipes import slowonly_ntu60_xsub_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ntu60_xsub_joint.recipe().changed(
        name="slowonly_ntu60_xview_joint",
        train_split="xview_train",
        test_split="xview_val",
    )
