r"""NTU RGB+D 60, cross-subject: joint volumes, X3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: 92.1 % in pyskl; with limbs 92.4 %.
Size: 0.255 M parameters, 0.59 GMACs. Not trained here.

As slowonly_ntu60_xsub_joint, with another network.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube train x3d_ntu60_xsub_joint --store stores/ntu60_2d --run runs/x3d_ntu60_xsub_joint
    posecube evaluate runs/x3d_ntu60_xsub_joint --store stores/ntu60_2d --split xsub_val --views 10 --flip \
        --scores joint.npz
"""

from posecube.recipes import slowonly_ntu60_xsub_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ntu60_xsub_joint.recipe().changed(
        name="x3d_ntu60_xsub_joint",
        model__architecture="posec3d_x3d",
        model__arguments={},
    )
