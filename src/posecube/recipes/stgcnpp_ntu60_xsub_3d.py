r"""NTU RGB+D 60, cross-subject: 3D joints of the Kinect, ST-GCN++; one of four streams.

Paper: Duan et al., "PYSKL: Towards Good Practices for Skeleton Action Recognition", ACM Multimedia 2022.
Published: joint 89.3 %, bone 90.1 %, joint motion 87.5 %, bone motion 87.3 % in pyskl; joint and bone 91.4 %, all four
92.1 %.
Size: 1.403 M parameters, 2.96 GMACs. Not trained here.

Settings are pyskl's: batches of 8 x 16 clips at a rate of 0.1, 16 epochs that pass the split 5 times each, written here
as 80 of one pass, 100 frames, two people, nothing disturbed. The same data comes from the data set's own files with
`posecube import ntu`.

    posecube import pyskl ntu60_3danno.pkl --store stores/ntu60_3d
    posecube train stgcnpp_ntu60_xsub_3d --store stores/ntu60_3d --run runs/stgcnpp_ntu60_xsub_3d_joint
    posecube train stgcnpp_ntu60_xsub_3d --store stores/ntu60_3d --run runs/stgcnpp_ntu60_xsub_3d_bone \
        --set model.representation.shows=bones name=stgcnpp_ntu60_xsub_3d_bone
    posecube train stgcnpp_ntu60_xsub_3d --store stores/ntu60_3d --run runs/stgcnpp_ntu60_xsub_3d_joint_motion \
        --set model.clip.motion=true name=stgcnpp_ntu60_xsub_3d_joint_motion
    posecube train stgcnpp_ntu60_xsub_3d --store stores/ntu60_3d --run runs/stgcnpp_ntu60_xsub_3d_bone_motion \
        --set model.representation.shows=bones model.clip.motion=true name=stgcnpp_ntu60_xsub_3d_bone_motion
    posecube evaluate runs/stgcnpp_ntu60_xsub_3d_joint --store stores/ntu60_3d --split xsub_val --views 10 \
        --scores joint.npz  # and so on
    posecube fuse joint.npz bone.npz joint_motion.npz bone_motion.npz --coefficients 2 2 1 1
"""

from posecube.model import ModelSpec
from posecube.representation import StreamSpec
from posecube.sampling import Augmentation, ClipSpec
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return Recipe(
        name="stgcnpp_ntu60_xsub_3d",
        model=ModelSpec(
            layout="ntu25",
            clip=ClipSpec(clip_len=100, space="body", max_people=2, stream="pyskl"),
            representation=StreamSpec(shows="joints"),
            architecture="stgcnpp",
        ),
        num_classes=60,
        augmentation=Augmentation(),
        train_split="xsub_train",
        test_split="xsub_val",
        epochs=80,
        batch_size=16,
        learning_rate=0.1,
        reference_batch=128,
        nesterov=True,
        weight_decay=5e-4,
        decayed="all",
        warmup_steps=0,
        gradient_clip=None,
        evaluate_every=5,
    )
