r"""NTU RGB+D 120, cross-setup: joint volumes, X3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 0.268 M parameters, 0.59 GMACs. Not trained here.

As slowonly_ntu120_xset_joint, with another network.

    posecube import pyskl ntu120_hrnet.pkl --store stores/ntu120_2d
    posecube train x3d_ntu120_xset_joint --store stores/ntu120_2d --run runs/x3d_ntu120_xset_joint
    posecube evaluate runs/x3d_ntu120_xset_joint --store stores/ntu120_2d --split xset_val --views 10 --flip \
        --scores joint.npz
"""

from posecube.recipes import slowonly_ntu120_xset_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ntu120_xset_joint.recipe().changed(
        name="x3d_ntu120_xset_joint",
        model__architecture="posec3d_x3d",
        model__arguments={},
    )
