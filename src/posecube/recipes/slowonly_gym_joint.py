"""FineGYM, 99 classes: joint volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022; tables of its first version.
Published: mean of classes 93.8 % in pyskl, 93.5 % in MMAction2, 93.2 % in the paper (table 4); with limbs 94.1 % in
pyskl, 94.3 % in the paper (table 8).
Size: 2.045 M parameters, 15.78 GMACs. Not trained here.

The athlete alone is in the pickle: joints were estimated in the annotated boxes.

    posecube import pyskl gym_hrnet.pkl --store stores/gym
    posecube train slowonly_gym_joint --store stores/gym --run runs/slowonly_gym_joint
    posecube evaluate runs/slowonly_gym_joint --store stores/gym --split val --views 10 --flip --scores joint.npz
"""

from posecube.recipes import slowonly_ntu60_xsub_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ntu60_xsub_joint.recipe().changed(
        name="slowonly_gym_joint",
        num_classes=99,
        train_split="train",
        test_split="val",
        metric="mean_class",
    )
