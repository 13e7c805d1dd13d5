r"""Diving48: joint volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: 54.5 % in pyskl.
Size: 2.019 M parameters, 15.78 GMACs. Not trained here.

As slowonly_ntu60_xsub_joint, with the smaller weight decay of Kinetics-400.

    posecube import pyskl diving48_hrnet.pkl --store stores/diving48
    posecube train slowonly_diving48_joint --store stores/diving48 --run runs/slowonly_diving48_joint
    posecube evaluate runs/slowonly_diving48_joint --store stores/diving48 --split test --views 10 --flip \
        --scores joint.npz
"""

from posecube.recipes import slowonly_ntu60_xsub_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ntu60_xsub_joint.recipe().changed(
        name="slowonly_diving48_joint",
        model__clip__max_people=10,
        num_classes=48,
        train_split="train",
        test_split="test",
        weight_decay=1e-4,
    )
