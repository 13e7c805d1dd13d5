r"""NTU RGB+D 60, cross-subject: joint volumes, SlowOnly that keeps time; one half of RGBPose-Conv3D.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022, section 4.5; tables of its
first version.
Published: 92.9 % with 1 view and 93.2 % with 10 in pyskl, 93.1 and 93.5 % in MMAction2, 92.8 and 93.2 % in the paper
(table 7); fused late with the frames' half 95.8 and 96.1 % in pyskl, 95.5 and 96.0 % in the paper.
Size: 2.025 M parameters, 11.43 GMACs. Not trained here.

Settings are pyskl's: batches of 8 x 16 clips at a rate of 0.2, 18 epochs that pass the split 10 times each, written
here as 180 of one pass.

    posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d
    posecube train rgbpose_ntu60_pose --store stores/ntu60_2d --run runs/rgbpose_ntu60_pose
    posecube evaluate runs/rgbpose_ntu60_pose --store stores/ntu60_2d --split xsub_val --views 10 --scores pose.npz
    posecube fuse rgb.npz pose.npz
"""

from posecube.recipes import slowonly_ntu60_xsub_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_ntu60_xsub_joint.recipe().changed(
        name="rgbpose_ntu60_pose",
        model__clip__clip_len=32,
        model__arguments={"temporal_strides": [1, 1, 1]},
        epochs=180,
        batch_size=16,
        learning_rate=0.2,
        reference_batch=128,
    )
