r"""NTU RGB+D 60, cross-subject: video frames, SlowOnly; one half of RGBPose-Conv3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022, section 4.5; tables of its
first version.
Published: 94.4 % with 1 view and 95.1 % with 10 in pyskl, 94.9 and 95.4 % in MMAction2, 94.1 and 94.9 % in the paper
(table 7).
Size: 31.757 M parameters, 41.92 GMACs. Not trained here.

Frames are cut out around the joints, which the network does not see. Settings are pyskl's: batches of 8 x 12 clips at a
rate of 0.15, 18 epochs that pass the split 10 times each, written here as 180 of one pass.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube train rgbpose_ntu60_rgb --store stores/ntu60_2d --run runs/rgbpose_ntu60_rgb \
        --videos nturgb+d_rgb --video-pattern '{name}_rgb'
    posecube evaluate runs/rgbpose_ntu60_rgb --store stores/ntu60_2d --split xsub_val --views 10 \
        --videos nturgb+d_rgb --video-pattern '{name}_rgb' --scores rgb.npz
"""

from posecube.model import ModelSpec
from posecube.sampling import PUBLISHED_AUGMENTATION, ClipSpec
from posecube.sampling.rgb.views import RgbSpec
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return Recipe(
        name="rgbpose_ntu60_rgb",
        model=ModelSpec(
            layout="coco17",
            clip=ClipSpec(clip_len=32, stream="pyskl"),  # where to look: the box around the joints of so many frames
            representation=None,
            rgb=RgbSpec(clip_len=8, size_hw=(224, 224)),
            architecture="slowonly_rgb",
        ),
        num_classes=60,
        augmentation=PUBLISHED_AUGMENTATION,
        train_split="xsub_train",
        test_split="xsub_val",
        epochs=180,
        batch_size=12,
        learning_rate=0.15,
        reference_batch=96,
        nesterov=False,
        weight_decay=1e-4,
        decayed="all",
        warmup_steps=0,
        gradient_clip=40.0,
        evaluate_every=10,
    )
