r"""HMDB51, first split: limb volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 3.030 M parameters, 10.74 GMACs. Not trained here.

As slowonly_hmdb51_joint, with limbs.

    posecube import pyskl hmdb51_hrnet.pkl --store stores/hmdb51
    posecube train slowonly_hmdb51_limb --store stores/hmdb51 --run runs/slowonly_hmdb51_limb
    posecube evaluate runs/slowonly_hmdb51_limb --store stores/hmdb51 --split test1 --views 10 --flip \
        --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import slowonly_hmdb51_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_hmdb51_joint.recipe().changed(
        name="slowonly_hmdb51_limb",
        model__representation__shows="limbs",
        initial_weights="runs/slowonly_k400_limb",
    )
