r"""NTU RGB+D 120, cross-setup: joint volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022; tables of its first version.
Published: 89.6 % in the paper; with limbs 90.3 % in pyskl and in the paper (table 8). pyskl's 89.7 % for joints is
doubtful: its configuration draws limbs.
Size: 2.056 M parameters, 15.78 GMACs. Not trained here.

    posecube import pyskl ntu120_hrnet.pkl --store stores/ntu120_2d
    posecube train slowonly_ntu120_xset_joint --store stores/ntu120_2d --run runs/slowonly_ntu120_xset_joint
    posecube evaluate runs/slowonly_ntu120_xset_joint --store stores/ntu120_2d --split xset_val --views 10 --flip \
        --scores joint.npz
"""

from posecube.recipes import slowonly_ntu60_xsub_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ntu60_xsub_joint.recipe().changed(
        name="slowonly_ntu120_xset_joint",
        num_classes=120,
        train_split="xset_train",
        test_split="xset_val",
    )
