r"""NTU RGB+D 60, cross-subject: 2D joints of HRNet, AAGCN; one of four streams.

Paper: Shi et al., "Skeleton-Based Action Recognition with Multi-Stream Adaptive Graph Convolutional Networks", 2020.
Published: joint 89.7 %, bone 92.2 %, joint motion 88.7 %, bone motion 88.8 % in pyskl; joint and bone 92.8 %, all four
93.0 %.
Size: 3.760 M parameters, 4.35 GMACs. Not trained here.

As stgcnpp_ntu60_xsub_2d, with another network.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube train aagcn_ntu60_xsub_2d --store stores/ntu60_2d --run runs/aagcn_ntu60_xsub_2d_joint
    posecube train aagcn_ntu60_xsub_2d --store stores/ntu60_2d --run runs/aagcn_ntu60_xsub_2d_bone \
        --set model.representation.shows=bones name=aagcn_ntu60_xsub_2d_bone
    posecube train aagcn_ntu60_xsub_2d --store stores/ntu60_2d --run runs/aagcn_ntu60_xsub_2d_joint_motion \
        --set model.clip.motion=true name=aagcn_ntu60_xsub_2d_joint_motion
    posecube train aagcn_ntu60_xsub_2d --store stores/ntu60_2d --run runs/aagcn_ntu60_xsub_2d_bone_motion \
        --set model.representation.shows=bones model.clip.motion=true name=aagcn_ntu60_xsub_2d_bone_motion
    posecube evaluate runs/aagcn_ntu60_xsub_2d_joint --store stores/ntu60_2d --split xsub_val --views 10 \
        --scores joint.npz  # and so on
    posecube fuse joint.npz bone.npz joint_motion.npz bone_motion.npz --coefficients 2 2 1 1
"""

from posecube.recipes import stgcnpp_ntu60_xsub_2d
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return stgcnpp_ntu60_xsub_2d.recipe().changed(name="aagcn_ntu60_xsub_2d", model__architecture="aagcn")
