r"""NTU RGB+D 60, cross-subject: 2D joints of HRNet, ST-GCN; one of four streams.

Paper: Yan et al., "Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action Recognition", AAAI 2018.
Published: joint 89.0 %, bone 91.2 %, joint motion 86.7 %, bone motion 87.8 % in pyskl; joint and bone 92.0 %, all four
92.4 %.
Size: 3.089 M parameters, 3.82 GMACs. Not trained here.

As stgcnpp_ntu60_xsub_2d, with another network.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube train stgcn_ntu60_xsub_2d --store stores/ntu60_2d --run runs/stgcn_ntu60_xsub_2d_joint
    posecube train stgcn_ntu60_xsub_2d --store stores/ntu60_2d --run runs/stgcn_ntu60_xsub_2d_bone \
        --set model.representation.shows=bones name=stgcn_ntu60_xsub_2d_bone
    posecube train stgcn_ntu60_xsub_2d --store stores/ntu60_2d --run runs/stgcn_ntu60_xsub_2d_joint_motion \
        --set model.clip.motion=true name=stgcn_ntu60_xsub_2d_joint_motion
    posecube train stgcn_ntu60_xsub_2d --store stores/ntu60_2d --run runs/stgcn_ntu60_xsub_2d_bone_motion \
        --set model.representation.shows=bones model.clip.motion=true name=stgcn_ntu60_xsub_2d_bone_motion
    posecube evaluate runs/stgcn_ntu60_xsub_2d_joint --store stores/ntu60_2d --split xsub_val --views 10 \
        --scores joint.npz  # and so on
    posecube fuse joint.npz bone.npz joint_motion.npz bone_motion.npz --coefficients 2 2 1 1
"""

from posecube.recipes import stgcnpp_ntu60_xsub_2d
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return stgcnpp_ntu60_xsub_2d.recipe().changed(name="stgcn_ntu60_xsub_2d", model__architecture="stgcn")
