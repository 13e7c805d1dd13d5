"""Kinetics-400: joint volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022; tables of its first version.
Published: 47.3 % in pyskl, 47.4 % in MMAction2; with limbs 49.1 % in pyskl. With stages of 4, 6 and 3 blocks 46.6 % in
pyskl, 46.0 % in the paper (table 4); with limbs 47.7 % in both (table 8).
Size: 3.209 M parameters, 14.62 GMACs. Not trained here.

The joints lie in files of their own beside the pickle, called kpfiles; people found with less than 0.5 are left out, as
published. --set model.arguments.stage_blocks=[4,6,3] trains the other published network.

    posecube import pyskl k400_hrnet.pkl --store stores/k400
    posecube train slowonly_k400_joint --store stores/k400 --run runs/slowonly_k400_joint
    posecube evaluate runs/slowonly_k400_joint --store stores/k400 --split val --views 10 --flip --scores joint.npz
"""

from posecube.recipes import slowonly_ntu60_xsub_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ntu60_xsub_joint.recipe().changed(
        name="slowonly_k400_joint",
        model__arguments={"stage_blocks": [3, 4, 6]},
        model__clip__max_people=10,
        num_classes=400,
        train_split="train",
        test_split="val",
        weight_decay=1e-4,
    )
