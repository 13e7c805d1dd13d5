r"""NTU RGB+D 60, cross-subject: joint volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022; tables of its first version.
Published: 93.7 % in pyskl, 93.6 % in MMAction2, 93.7 % in the paper (table 4); with limbs 94.1, 94.0 and 94.1 %
(table 8).
Size: 2.025 M parameters, 15.78 GMACs. Not trained here.

Settings are pyskl's: batches of 8 x 32 clips at a rate of 0.4, 24 epochs that pass the split 10 times each, written
here as 240 of one pass. MMAction2 trains with batches of 8 x 16 at 0.2; its test frames come with
model.clip.stream=mmaction2.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube train slowonly_ntu60_xsub_joint --store stores/ntu60_2d --run runs/slowonly_ntu60_xsub_joint
    posecube evaluate runs/slowonly_ntu60_xsub_joint --store stores/ntu60_2d --split xsub_val --views 10 --flip \
        --scores joint.npz
"""

from posecube.model import ModelSpec
from posecube.representation import VolumeSpec
from posecube.sampling import PUBLISHED_AUGMENTATION, ClipSpec
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return Recipe(
        name="slowonly_ntu60_xsub_joint",
        model=ModelSpec(
            layout="coco17",
            clip=ClipSpec(clip_len=48, size_hw=(56, 56), test_size_hw=(64, 64), stream="pyskl"),
            representation=VolumeSpec(shows="joints", min_confidence=1e-3),
            architecture="posec3d_slowonly",
        ),
        num_classes=60,
        augmentation=PUBLISHED_AUGMENTATION,
        train_split="xsub_train",
        test_split="xsub_val",
        epochs=240,
        batch_size=32,
        learning_rate=0.4,
        reference_batch=256,
        nesterov=False,
        weight_decay=3e-4,
        decayed="all",
        warmup_steps=0,
        gradient_clip=40.0,
        evaluate_every=10,
    )
