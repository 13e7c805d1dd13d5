r"""Northwestern-UCLA, cross-view, ST-GCN++ on 3D joints: one of four streams.

Views 1 and 2 train, view 3 tests. Published with one stream on all 64 channels: CTR-GCN 92.0 %, four streams 96.5 %.

    posecube import nucla PATH --store stores/nucla
    posecube train nucla_stgcnpp --store stores/nucla --run runs/nucla_joint_stream
    posecube train nucla_stgcnpp --store stores/nucla --run runs/nucla_bone_stream \
        --set model.representation.shows=bones
    posecube train nucla_stgcnpp --store stores/nucla --run runs/nucla_joint_motion --set model.clip.motion=true
    posecube train nucla_stgcnpp --store stores/nucla --run runs/nucla_bone_motion \
        --set model.representation.shows=bones model.clip.motion=true
    posecube evaluate runs/nucla_joint_stream --store stores/nucla --split xview_val --views 10 --scores joint.npz
    posecube fuse joint.npz bone.npz joint_motion.npz bone_motion.npz
"""

from posecube.model import ModelSpec
from posecube.representation import StreamSpec
from posecube.sampling import ClipSpec
from posecube.sampling.augment.augmentation import Augmentation
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return Recipe(
        name="nucla_stgcnpp",
        model=ModelSpec(
            layout="kinect20",
            clip=ClipSpec(
                clip_len=32,
                space="upright",
                max_people=1,
                sampler="resample",
                face_subject=True,
                yaw_deg=25.0,
                pitch_deg=10.0,
            ),
            representation=StreamSpec(shows="joints"),
            architecture="stgcnpp",
            arguments={"base_channels": 32},
        ),
        augmentation=Augmentation(scale=0.1, trim=0.7, trim_share=0.6, jitter=0.2, jitter_share=0.01),
        train_split="xview_train",
        test_split="xview_val",
        epochs=40,
        batch_size=16,
        learning_rate=0.05,
        weight_decay=5e-4,
        label_smoothing=0.1,
        threads=1,
    )
