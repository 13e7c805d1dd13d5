r"""NTU RGB+D 60, cross-subject: 3D joints of the Kinect, CTR-GCN; one of four streams.

Paper: Chen et al., "Channel-wise Topology Refinement Graph Convolution", ICCV 2021.
Published: joint 89.6 %, bone 90.0 %, joint motion 88.0 %, bone motion 87.5 % in pyskl; joint and bone 91.5 %, all four
92.1 %.
Size: 1.447 M parameters, 2.73 GMACs. Not trained here.

As stgcnpp_ntu60_xsub_3d, with another network. pyskl's takes 3.00 GMACs: ours averages over time before it compares
joints, with the same result.

    posecube import pyskl ntu60_3danno.pkl --store stores/ntu60_3d
    posecube train ctrgcn_ntu60_xsub_3d --store stores/ntu60_3d --run runs/ctrgcn_ntu60_xsub_3d_joint
    posecube train ctrgcn_ntu60_xsub_3d --store stores/ntu60_3d --run runs/ctrgcn_ntu60_xsub_3d_bone \
        --set model.representation.shows=bones name=ctrgcn_ntu60_xsub_3d_bone
    posecube train ctrgcn_ntu60_xsub_3d --store stores/ntu60_3d --run runs/ctrgcn_ntu60_xsub_3d_joint_motion \
        --set model.clip.motion=true name=ctrgcn_ntu60_xsub_3d_joint_motion
    posecube train ctrgcn_ntu60_xsub_3d --store stores/ntu60_3d --run runs/ctrgcn_ntu60_xsub_3d_bone_motion \
        --set model.representation.shows=bones model.clip.motion=true name=ctrgcn_ntu60_xsub_3d_bone_motion
    posecube evaluate runs/ctrgcn_ntu60_xsub_3d_joint --store stores/ntu60_3d --split xsub_val --views 10 \
        --scores joint.npz  # and so on
    posecube fuse joint.npz bone.npz joint_motion.npz bone_motion.npz --coefficients 2 2 1 1
"""

from posecube.recipes import stgcnpp_ntu60_xsub_3d
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return stgcnpp_ntu60_xsub_3d.recipe().changed(name="ctrgcn_ntu60_xsub_3d", model__architecture="ctrgcn")
