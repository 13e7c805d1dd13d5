r"""NTU RGB+D 60, cross-subject: joint volumes, C3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: 92.7 % in pyskl; with limbs 93.3 %.
Size: 3.405 M parameters, 16.80 GMACs. Not trained here.

As slowonly_ntu60_xsub_joint, with another network.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube train c3d_ntu60_xsub_joint --store stores/ntu60_2d --run runs/c3d_ntu60_xsub_joint
    posecube evaluate runs/c3d_ntu60_xsub_joint --store stores/ntu60_2d --split xsub_val --views 10 --flip \
        --scores joint.npz
"""

from posecube.recipes import slowonly_ntu60_xsub_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ntu60_xsub_joint.recipe().changed(
        name="c3d_ntu60_xsub_joint",
        model__architecture="posec3d_c3d",
        model__arguments={},
    )
