r"""NTU RGB+D 120, cross-subject: joint volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022; tables of its first version.
Published: 86.0 % in the paper (table 4); with limbs 86.7 % in pyskl, 86.9 % in the paper (table 8). pyskl's 85.9 % for
joints is doubtful: its configuration draws limbs.
Size: 2.056 M parameters, 15.78 GMACs. Not trained here.

The classes that NTU RGB+D 60 has not are shown twice an epoch, as published.

    posecube import pyskl ntu120_hrnet.pkl --store stores/ntu120_2d
    posecube train slowonly_ntu120_xsub_joint --store stores/ntu120_2d --run runs/slowonly_ntu120_xsub_joint
    posecube evaluate runs/slowonly_ntu120_xsub_joint --store stores/ntu120_2d --split xsub_val --views 10 --flip \
        --scores joint.npz
"""

from posecube.recipes import slowonly_ntu60_xsub_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ntu60_xsub_joint.recipe().changed(
        name="slowonly_ntu120_xsub_joint",
        num_classes=120,
        class_passes=(1,) * 60 + (2,) * 60,
    )
