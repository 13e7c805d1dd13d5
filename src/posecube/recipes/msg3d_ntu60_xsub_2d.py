r"""NTU RGB+D 60, cross-subject: 2D joints of HRNet, MS-G3D; one of four streams.

Paper: Liu et al., "Disentangling and Unifying Graph Convolutions for Skeleton-Based Action Recognition", CVPR 2020.
Published: joint 92.7 %, bone 92.8 %, joint motion 89.8 %, bone motion 90.2 % in pyskl; joint and bone 93.8 %, all four
94.1 %.
Size: 2.976 M parameters, 6.84 GMACs. Not trained here.

As stgcnpp_ntu60_xsub_2d, with another network.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube train msg3d_ntu60_xsub_2d --store stores/ntu60_2d --run runs/msg3d_ntu60_xsub_2d_joint
    posecube train msg3d_ntu60_xsub_2d --store stores/ntu60_2d --run runs/msg3d_ntu60_xsub_2d_bone \
        --set model.representation.shows=bones name=msg3d_ntu60_xsub_2d_bone
    posecube train msg3d_ntu60_xsub_2d --store stores/ntu60_2d --run runs/msg3d_ntu60_xsub_2d_joint_motion \
        --set model.clip.motion=true name=msg3d_ntu60_xsub_2d_joint_motion
    posecube train msg3d_ntu60_xsub_2d --store stores/ntu60_2d --run runs/msg3d_ntu60_xsub_2d_bone_motion \
        --set model.representation.shows=bones model.clip.motion=true name=msg3d_ntu60_xsub_2d_bone_motion
    posecube evaluate runs/msg3d_ntu60_xsub_2d_joint --store stores/ntu60_2d --split xsub_val --views 10 \
        --scores joint.npz  # and so on
    posecube fuse joint.npz bone.npz joint_motion.npz bone_motion.npz --coefficients 2 2 1 1
"""

from posecube.recipes import stgcnpp_ntu60_xsub_2d
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return stgcnpp_ntu60_xsub_2d.recipe().changed(name="msg3d_ntu60_xsub_2d", model__architecture="msg3d")
