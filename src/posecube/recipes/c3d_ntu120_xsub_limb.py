r"""NTU RGB+D 120, cross-subject: limb volumes, C3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: no figure.
Size: 3.420 M parameters, 16.80 GMACs. Not trained here.

As c3d_ntu120_xsub_joint, with limbs.

    posecube import pyskl ntu120_hrnet.pkl --store stores/ntu120_2d
    posecube train c3d_ntu120_xsub_limb --store stores/ntu120_2d --run runs/c3d_ntu120_xsub_limb
    posecube evaluate runs/c3d_ntu120_xsub_limb --store stores/ntu120_2d --split xsub_val --views 10 --flip \
        --scores limb.npz
    posecube fuse joint.npz limb.npz
"""

from posecube.recipes import c3d_ntu120_xsub_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return c3d_ntu120_xsub_joint.recipe().changed(name="c3d_ntu120_xsub_limb", model__representation__shows="limbs")
