r"""NTU RGB+D 60, cross-subject: video frames beside joint volumes, RGBPose-Conv3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022, section 4.5; tables of its
first version, where the network is called RGBPose-SlowFast.
Published: both heads 1 : 1 96.6 % with 1 view and 96.9 % with 10 in pyskl, 96.6 and 96.8 % in MMAction2, 96.2 and
96.5 % in the paper (table 7); the frames' head alone 96.2 and 96.4 % in pyskl, the joints' 95.9 and 96.1 %.
Size: 36.148 M parameters, 58.29 GMACs. Not trained here.

Starts from runs of rgbpose_ntu60_rgb and rgbpose_ntu60_pose, each of which becomes a pathway; what joins them is new.
Settings are pyskl's: batches of 8 x 6 clips at a rate of 0.0075, 20 passes over the split.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube train rgbpose_ntu60_joint --store stores/ntu60_2d --run runs/rgbpose_ntu60_joint \
        --videos nturgb+d_rgb --video-pattern '{name}_rgb'
    posecube evaluate runs/rgbpose_ntu60_joint --store stores/ntu60_2d --split xsub_val --views 10 \
        --videos nturgb+d_rgb --video-pattern '{name}_rgb' --scores both.npz
    posecube evaluate runs/rgbpose_ntu60_joint --store stores/ntu60_2d --split xsub_val --views 10 --head rgb \
        --videos nturgb+d_rgb --video-pattern '{name}_rgb' --scores rgb_head.npz
"""

from posecube.model import ModelSpec
from posecube.recipes import rgbpose_ntu60_rgb
from posecube.representation import VolumeSpec
from posecube.sampling import ClipSpec
from posecube.sampling.rgb.views import RgbSpec
from posecube.training.recipe import Recipe, SingleRuns


def recipe() -> Recipe:
    """The recipe."""
    return rgbpose_ntu60_rgb.recipe().changed(
        name="rgbpose_ntu60_joint",
        model=ModelSpec(
            layout="coco17",
            clip=ClipSpec(clip_len=32, size_hw=(56, 56), test_size_hw=(64, 64), stream="pyskl"),
            representation=VolumeSpec(shows="joints", sigma_px=0.7, min_confidence=1e-3),
            rgb=RgbSpec(clip_len=8, size_hw=(224, 224), test_size_hw=(256, 256)),
            architecture="rgbpose_conv3d",
        ),
        initial_weights=SingleRuns(rgb="runs/rgbpose_ntu60_rgb", pose="runs/rgbpose_ntu60_pose"),
        epochs=20,
        batch_size=6,
        learning_rate=0.0075,
        reference_batch=48,
        schedule="steps",
        milestones=(12, 16),
        evaluate_every=1,
    )
