r"""NTU RGB+D 60, cross-subject: 3D joints of the Kinect, AAGCN; one of four streams.

Paper: Shi et al., "Skeleton-Based Action Recognition with Multi-Stream Adaptive Graph Convolutional Networks", 2020.
Published: joint 89.0 %, bone 89.1 %, joint motion 86.9 %, bone motion 86.6 % in pyskl; joint and bone 90.8 %, all four
91.5 %.
Size: 3.782 M parameters, 6.49 GMACs. Not trained here.

As stgcnpp_ntu60_xsub_3d, with another network.

    posecube import pyskl ntu60_3danno.pkl --store stores/ntu60_3d
    posecube train aagcn_ntu60_xsub_3d --store stores/ntu60_3d --run runs/aagcn_ntu60_xsub_3d_joint
    posecube train aagcn_ntu60_xsub_3d --store stores/ntu60_3d --run runs/aagcn_ntu60_xsub_3d_bone \
        --set model.representation.shows=bones name=aagcn_ntu60_xsub_3d_bone
    posecube train aagcn_ntu60_xsub_3d --store stores/ntu60_3d --run runs/aagcn_ntu60_xsub_3d_joint_motion \
        --set model.clip.motion=true name=aagcn_ntu60_xsub_3d_joint_motion
    posecube train aagcn_ntu60_xsub_3d --store stores/ntu60_3d --run runs/aagcn_ntu60_xsub_3d_bone_motion \
        --set model.representation.shows=bones model.clip.motion=true name=aagcn_ntu60_xsub_3d_bone_motion
    posecube evaluate runs/aagcn_ntu60_xsub_3d_joint --store stores/ntu60_3d --split xsub_val --views 10 \
        --scores joint.npz  # and so on
    posecube fuse joint.npz bone.npz joint_motion.npz bone_motion.npz --coefficients 2 2 1 1
"""

from posecube.recipes import stgcnpp_ntu60_xsub_3d
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return stgcnpp_ntu60_xsub_3d.recipe().changed(name="aagcn_ntu60_xsub_3d", model__architecture="aagcn")
