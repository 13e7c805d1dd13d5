r"""UCF101, first split: limb volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 3.055 M parameters, 10.74 GMACs. Not trained here.

As slowonly_ucf101_joint, with limbs.

    posecube import pyskl ucf101_hrnet.pkl --store stores/ucf101
    posecube train slowonly_ucf101_limb --store stores/ucf101 --run runs/slowonly_ucf101_limb
    posecube evaluate runs/slowonly_ucf101_limb --store stores/ucf101 --split test1 --views 10 --flip \
        --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import slowonly_ucf101_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ucf101_joint.recipe().changed(
        name="slowonly_ucf101_limb",
        model__representation__shows="limbs",
        initial_weights="runs/slowonly_k400_limb",
    )
