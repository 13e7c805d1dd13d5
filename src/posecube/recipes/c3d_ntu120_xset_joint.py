r"""NTU RGB+D 120, cross-setup: joint volumes, C3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 3.420 M parameters, 16.80 GMACs. Not trained here.

As slowonly_ntu120_xset_joint, with another network.

    posecube import pyskl ntu120_hrnet.pkl --store stores/ntu120_2d
    posecube train c3d_ntu120_xset_joint --store stores/ntu120_2d --run runs/c3d_ntu120_xset_joint
    posecube evaluate runs/c3d_ntu120_xset_joint --store stores/ntu120_2d --split xset_val --views 10 --flip \
        --scores joint.npz
"""

from posecube.recipes import slowonly_ntu120_xset_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ntu120_xset_joint.recipe().changed(
        name="c3d_ntu120_xset_joint",
        model__architecture="posec3d_c3d",
        model__arguments={},
    )
