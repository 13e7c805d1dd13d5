r"""UCF101, first split: joint volumes, SlowOnly.

Paper: PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022.
Published: 86.9 % in pyskl, 86.8 % in MMAction2, 87.0 % in the paper.
Size: 3.055 M parameters, 10.74 GMACs. Not trained here.

Starts from weights trained on Kinetics-400: those of a run of slowonly_k400_joint, or published ones with --set
initial_weights=k400.safetensors after `posecube weights import`. The other splits: --set train_split=train2
test_split=test2.

    posecube import pyskl ucf101_hrnet.pkl --store stores/ucf101
    posecube train slowonly_ucf101_joint --store stores/ucf101 --run runs/slowonly_ucf101_joint
    posecube evaluate runs/slowonly_ucf101_joint --store stores/ucf101 --split test1 --views 10 --flip \
        --scores joint.npz
"""

from posecube.recipes import slowonly_k400_joint
from posecube.training.recipe import Recipe


def recipe() -> Recipe:
    """The recipe."""
    return slowonly_k400_joint.recipe().changed(
        name="slowonly_ucf101_joint",
        model__clip__size_hw=(48, 48),
        model__clip__test_size_hw=(56, 56),
        num_classes=101,
        initial_weights="runs/slowonly_k400_joint",
        train_split="train1",
        test_split="test1",
        epochs=120,
        batch_size=16,
        learning_rate=0.01,
        reference_batch=128,
        schedule="steps",
        milestones=(90, 110),
        weight_decay=3e-4,
    )
