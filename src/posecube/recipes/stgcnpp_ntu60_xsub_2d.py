r"""NTU RGB+D 60, cross-subject: 2D joints of HRNet, ST-GCN++; one of four streams.

Paper: Duan et al., "PYSKL: Towards Good Practices for Skeleton Action Recognition", ACM Multimedia 2022.
Published: joint 89.3 %, bone 92.3 %, joint motion 84.0 %, bone motion 88.8 % in pyskl; joint and bone 92.8 %, all four
93.2 %.
Size: 1.393 M parameters, 1.95 GMACs. Not trained here.

As stgcnpp_ntu60_xsub_3d, with joints in the image and their confidence as a third channel.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube train stgcnpp_ntu60_xsub_2d --store stores/ntu60_2d --run runs/stgcnpp_ntu60_xsub_2d_joint
    posecube train stgcnpp_ntu60_xsub_2d --store stores/ntu60_2d --run runs/stgcnpp_ntu60_xsub_2d_bone \
        --set model.representation.shows=bones name=stgcnpp_ntu60_xsub_2d_bone
    posecube train stgcnpp_ntu60_xsub_2d --store stores/ntu60_2d --run runs/stgcnpp_ntu60_xsub_2d_joint_motion \
        --set model.clip.motion=true name=stgcnpp_ntu60_xsub_2d_joint_motion
    posecube train stgcnpp_ntu60_xsub_2d --store stores/ntu60_2d --run runs/stgcnpp_ntu60_xsub_2d_bone_motion \
        --set model.representation.shows=bones model.clip.motion=true name=stgcnpp_ntu60_xsub_2d_bone_motion
    posecube evaluate runs/stgcnpp_ntu60_xsub_2d_joint --store stores/ntu60_2d --split xsub_val --views 10 \
        --scores joint.npz  # and so on
    posecube fuse joint.npz bone.npz joint_motion.npz bone_motion.npz --coefficients 2 2 1 1
"""

from posecube.recipes import stgcnpp_ntu60_xsub_3d
from posecube.representation import StreamSpec
from posecube.sampling import ClipSpec
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return stgcnpp_ntu60_xsub_3d.recipe().changed(
        name="stgcnpp_ntu60_xsub_2d",
        model__layout="coco17",
        model__clip=ClipSpec(clip_len=100, space="image", crop=False, max_people=2, stream="pyskl"),
        model__representation=StreamSpec(shows="joints", with_confidence=True),
    )
