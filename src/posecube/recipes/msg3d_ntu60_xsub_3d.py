r"""NTU RGB+D 60, cross-subject: 3D joints of the Kinect, MS-G3D; one of four streams.

Paper: Liu et al., "Disentangling and Unifying Graph Convolutions for Skeleton-Based Action Recognition", CVPR 2020.
Published: joint 89.6 %, bone 89.3 %, joint motion 87.7 %, bone motion 86.7 % in pyskl; joint and bone 91.0 %, all four
91.7 %.
Size: 3.195 M parameters, 10.97 GMACs. Not trained here.

As stgcnpp_ntu60_xsub_3d, with another network.

    posecube import pyskl ntu60_3danno.pkl --store stores/ntu60_3d
    posecube train msg3d_ntu60_xsub_3d --store stores/ntu60_3d --run runs/msg3d_ntu60_xsub_3d_joint
    posecube train msg3d_ntu60_xsub_3d --store stores/ntu60_3d --run runs/msg3d_ntu60_xsub_3d_bone \
        --set model.representation.shows=bones name=msg3d_ntu60_xsub_3d_bone
    posecube train msg3d_ntu60_xsub_3d --store stores/ntu60_3d --run runs/msg3d_ntu60_xsub_3d_joint_motion \
        --set model.clip.motion=true name=msg3d_ntu60_xsub_3d_joint_motion
    posecube train msg3d_ntu60_xsub_3d --store stores/ntu60_3d --run runs/msg3d_ntu60_xsub_3d_bone_motion \
        --set model.representation.shows=bones model.clip.motion=true name=msg3d_ntu60_xsub_3d_bone_motion
    posecube evaluate runs/msg3d_ntu60_xsub_3d_joint --store stores/ntu60_3d --split xsub_val --views 10 \
        --scores joint.npz  # and so on
    posecube fuse joint.npz bone.npz joint_motion.npz bone_motion.npz --coefficients 2 2 1 1
"""

from posecube.recipes import stgcnpp_ntu60_xsub_3d
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return stgcnpp_ntu60_xsub_3d.recipe().changed(name="msg3d_ntu60_xsub_3d", model__architecture="msg3d")
