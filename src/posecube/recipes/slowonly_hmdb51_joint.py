r"""HMDB51, first split: joint volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: 69.4 % in pyskl, 69.6 % in MMAction2, 69.3 % in the paper.
Size: 3.030 M parameters, 10.74 GMACs. Not trained here.

As slowonly_ucf101_joint, with a smaller weight decay.

    posecube import pyskl hmdb51_hrnet.pkl --store stores/hmdb51
    posecube train slowonly_hmdb51_joint --store stores/hmdb51 --run runs/slowonly_hmdb51_joint
    posecube evaluate runs/slowonly_hmdb51_joint --store stores/hmdb51 --split test1 --views 10 --flip \
        --scores joint.npz
"""

from posecube.recipes import slowonly_ucf101_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ucf101_joint.recipe().changed(name="slowonly_hmdb51_joint", num_classes=51, weight_decay=1e-4)
