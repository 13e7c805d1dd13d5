r"""NTU RGB+D 60, cross-subject: 2D joints of HRNet, CTR-GCN; one of four streams.

Paper: Chen et al., "Channel-wise Topology Refinement Graph Convolution", ICCV 2021.
Published: joint 90.6 %, bone 92.7 %, joint motion 89.4 %, bone motion 90.3 % in pyskl; joint and bone 93.3 %, all four
93.6 %.
Size: 1.436 M parameters, 1.77 GMACs. Not trained here.

As stgcnpp_ntu60_xsub_2d, with another network.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube train ctrgcn_ntu60_xsub_2d --store stores/ntu60_2d --run runs/ctrgcn_ntu60_xsub_2d_joint
    posecube train ctrgcn_ntu60_xsub_2d --store stores/ntu60_2d --run runs/ctrgcn_ntu60_xsub_2d_bone \
        --set model.representation.shows=bones name=ctrgcn_ntu60_xsub_2d_bone
    posecube train ctrgcn_ntu60_xsub_2d --store stores/ntu60_2d --run runs/ctrgcn_ntu60_xsub_2d_joint_motion \
        --set model.clip.motion=true name=ctrgcn_ntu60_xsub_2d_joint_motion
    posecube train ctrgcn_ntu60_xsub_2d --store stores/ntu60_2d --run runs/ctrgcn_ntu60_xsub_2d_bone_motion \
        --set model.representation.shows=bones model.clip.motion=true name=ctrgcn_ntu60_xsub_2d_bone_motion
    posecube evaluate runs/ctrgcn_ntu60_xsub_2d_joint --store stores/ntu60_2d --split xsub_val --views 10 \
        --scores joint.npz  # and so on
    posecube fuse joint.npz bone.npz joint_motion.npz bone_motion.npz --coefficients 2 2 1 1
"""

from posecube.recipes import stgcnpp_ntu60_xsub_2d
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return stgcnpp_ntu60_xsub_2d.recipe().changed(name="ctrgcn_ntu60_xsub_2d", model__architecture="ctrgcn")
