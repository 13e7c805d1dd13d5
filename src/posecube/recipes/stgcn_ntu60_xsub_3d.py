r"""NTU RGB+D 60, cross-subject: 3D joints of the Kinect, ST-GCN; one of four streams.

Paper: Yan et al., "Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action Recognition", AAAI 2018.
Published: joint 87.8 %, bone 88.6 %, joint motion 85.8 %, bone motion 86.2 % in pyskl; joint and bone 90.0 %, all four
90.7 %.
Size: 3.099 M parameters, 5.71 GMACs. Not trained here.

As stgcnpp_ntu60_xsub_3d, with another network.

    posecube import pyskl ntu60_3danno.pkl --store stores/ntu60_3d
    posecube train stgcn_ntu60_xsub_3d --store stores/ntu60_3d --run runs/stgcn_ntu60_xsub_3d_joint
    posecube train stgcn_ntu60_xsub_3d --store stores/ntu60_3d --run runs/stgcn_ntu60_xsub_3d_bone \
        --set model.representation.shows=bones name=stgcn_ntu60_xsub_3d_bone
    posecube train stgcn_ntu60_xsub_3d --store stores/ntu60_3d --run runs/stgcn_ntu60_xsub_3d_joint_motion \
        --set model.clip.motion=true name=stgcn_ntu60_xsub_3d_joint_motion
    posecube train stgcn_ntu60_xsub_3d --store stores/ntu60_3d --run runs/stgcn_ntu60_xsub_3d_bone_motion \
        --set model.representation.shows=bones model.clip.motion=true name=stgcn_ntu60_xsub_3d_bone_motion
    posecube evaluate runs/stgcn_ntu60_xsub_3d_joint --store stores/ntu60_3d --split xsub_val --views 10 \
        --scores joint.npz  # and so on
    posecube fuse joint.npz bone.npz joint_motion.npz bone_motion.npz --coefficients 2 2 1 1
"""

from posecube.recipes import stgcnpp_ntu60_xsub_3d
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return stgcnpp_ntu60_xsub_3d.recipe().changed(name="stgcn_ntu60_xsub_3d", model__architecture="stgcn")
