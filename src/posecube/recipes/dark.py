"""Dark videos: ARID, in the subset of a course on 150 videos and as Zheng's "DKC3D" reads it."""

from __future__ import annotations

from posecube.model import ModelSpec
from posecube.networks.dsc3d import Dsc3dSpec
from posecube.networks.posec3d import PoseC3DSpec
from posecube.recipes.entry import Published, RecipeEntry
from posecube.representation import VolumeSpec
from posecube.sampling import (
    PUBLISHED_AUGMENTATION,
    ROBUST_AUGMENTATION,
    Augmentation,
    ClipSpec,
    MapSpace,
    Preprocess,
    UniformFrames,
)
from posecube.training.objectives import CrossEntropy
from posecube.training.recipe import Recipe

SMALL_DSC3D = Dsc3dSpec(backbone=PoseC3DSpec(base_channels=16))


def dark_joint() -> Recipe:
    """Joint volumes of small maps, and a small C3D."""
    return Recipe(
        name="dark_joint",
        num_classes=6,
        model=ModelSpec(
            layout="penn13",
            clip=ClipSpec(clip_len=16, max_people=1, space=MapSpace(size_hw=(24, 24))),
            representation=VolumeSpec(shows="joints"),
            network=PoseC3DSpec(base_channels=16),
        ),
        augmentation=Augmentation(
            flip=0.5,
            crop_area=(0.56, 1.0),
            crop_aspect=(3 / 4, 4 / 3),
            rotate_deg=6.0,
            scale=0.15,
            trim=0.5,
            trim_fraction=0.7,
            jitter=0.6,
            jitter_fraction=0.02,
            drop_joint_frames=0.3,
            drop_joint=0.3,
            drop_legs=0.3,
            scale_confidence=0.5,
        ),
        train_split="train",
        test_split="validate",
        epochs=30,
        batch_size=16,
        learning_rate=0.05,
        weight_decay=5e-4,
        objective=CrossEntropy(label_smoothing=0.1),
        warmup_steps=20,
        evaluate_every=30,
        threads=1,
    )


def dark_dsc3d() -> Recipe:
    """What the paper adds to it: thresholds, attention, and weights to start from."""
    return dark_joint().changed(
        name="dark_dsc3d",
        model__clip__preprocess__skeleton_threshold=0.3,
        model__clip__preprocess__joint_threshold=0.3,
        model__network=SMALL_DSC3D,
        initial_weights="runs/dark_pretrain_studio",
        epochs=20,
        evaluate_every=20,
    )


def dark_pretrain_penn() -> Recipe:
    """The same network on Penn Action; maps are larger, which it does not mind."""
    return dark_joint().changed(
        name="dark_pretrain_penn",
        num_classes=15,
        model__clip__space__size_hw=(32, 32),
        model__network=SMALL_DSC3D,
        augmentation=ROBUST_AUGMENTATION,
        train_split="train",
        test_split="test",
        epochs=20,
        warmup_steps=100,
        evaluate_every=10,
    )


def dark_pretrain_studio() -> Recipe:
    """The same network on the studio's exact joints."""
    return dark_pretrain_penn().changed(
        name="dark_pretrain_studio",
        num_classes=6,
        model__clip__space__size_hw=(24, 24),
        epochs=6,
        evaluate_every=6,
    )


def dsc3d_arid() -> Recipe:
    """DSC3D at the published size."""
    return Recipe(
        name="dsc3d_arid",
        num_classes=11,
        model=ModelSpec(
            layout="coco17",
            clip=ClipSpec(
                clip_len=48,
                preprocess=Preprocess(skeleton_threshold=0.3, joint_threshold=0.3),
                frames=UniformFrames(published_sampling="pyskl"),
                space=MapSpace(size_hw=(56, 56), test_size_hw=(64, 64)),
            ),
            representation=VolumeSpec(shows="joints", min_confidence=1e-3),
            network=Dsc3dSpec(num_heads=10),
        ),
        initial_weights="runs/dsc3d_ntu60",
        augmentation=PUBLISHED_AUGMENTATION,
        train_split="ARID_split1_train",
        test_split="ARID_split1_test",
        epochs=1000,
        batch_size=16,
        learning_rate=0.2,
        nesterov=False,
        weight_decay=3e-4,
        decayed="all",
        warmup_steps=0,
        gradient_clip=40.0,
        evaluate_every=50,
    )


_TABLES = "the paper (tables I and II)"
_STUDIO_STORE = "python benchmarks/dark_videos.py --out DIR --studio-store"

RECIPES = {
    "dark_joint": RecipeEntry(
        title="Dark videos (ARID, course subset), joint volumes, C3D: plain PoseConv3D, the base line of `dark_dsc3d`",
        make=dark_joint,
        about=(
            "150 videos train, 96 validate, 6 classes; docs/dark-videos.md has the figures. Trained from scratch on "
            "one CPU core in a minute or two."
        ),
        commands=(
            "posecube extract DARK/train --labels DARK/train.txt --store stores/dark"
            " --pose yolox-movenet --people single --enhance clahe",
            "posecube extract DARK/validate --labels DARK/validate.txt --store stores/dark"
            " --pose yolox-movenet --people single --enhance clahe",
            "posecube train dark_joint --store stores/dark --run runs/dark_joint",
            "posecube evaluate runs/dark_joint --store stores/dark --split validate --views 4 --flip",
        ),
    ),
    "dark_dsc3d": RecipeEntry(
        title=(
            "Dark videos (ARID, course subset), DSC3D: denoised skeletons, attention among joints, C3D, pre-trained"
        ),
        make=dark_dsc3d,
        about=(
            "As `dark_joint` with what the paper adds: thresholds for skeletons and joints, the attention layer, and "
            "weights that were trained on more clips: the studio's, whose actions are the same. docs/dark-videos.md "
            "has the figures. From Penn Action's: --set initial_weights=runs/dark_pretrain_penn. Without pre-training: "
            "--set initial_weights=null epochs=30."
        ),
        commands=(
            _STUDIO_STORE,
            "posecube train dark_pretrain_studio --store DIR/stores/studio6 --run runs/dark_pretrain_studio",
            "posecube train dark_dsc3d --store stores/dark --run runs/dark_dsc3d",
            "posecube evaluate runs/dark_dsc3d --store stores/dark --split validate --views 4 --flip",
        ),
    ),
    "dark_pretrain_penn": RecipeEntry(
        title="Penn Action, the network of `dark_dsc3d`: weights to start it from",
        make=dark_pretrain_penn,
        about=(
            "The joints were drawn by people and are all sure: training loses, shakes and doubts them, as an estimator "
            "in the dark does. Maps are larger than those of `dark_dsc3d`: the network does not mind."
        ),
        commands=(
            "posecube import penn-action PATH --store stores/penn",
            "posecube train dark_pretrain_penn --store stores/penn --run runs/dark_pretrain_penn",
        ),
    ),
    "dark_pretrain_studio": RecipeEntry(
        title="Studio clips of the dark videos' six actions, exact joints: weights to start `dark_dsc3d` from",
        make=dark_pretrain_studio,
        about=(
            "Exact joints of 1,800 clips, seen from anywhere, near and far, partly out of the picture; no pixel is "
            "rendered."
        ),
        commands=(
            _STUDIO_STORE,
            "posecube train dark_pretrain_studio --store DIR/stores/studio6 --run runs/dark_pretrain_studio",
        ),
    ),
    "dsc3d_arid": RecipeEntry(
        title=("ARID-small, DSC3D at the published size: SlowOnly behind skeleton attention of 10 heads, pre-trained"),
        make=dsc3d_arid,
        paper='Zheng, "DKC3D: Denoising Skeleton for Action Recognition in the dark"',
        published=(
            Published(_TABLES, top1=87.81, of="test set"),
            Published(_TABLES, top1=85.33, of="validation set"),
            Published(_TABLES, top1=86.25, of="test set, without pre-training"),
            Published(_TABLES, top1=85.11, of="validation set, without pre-training"),
            Published(_TABLES, top1=84.69, of="test set, PoseC3D with joints"),
            Published(_TABLES, top1=82.22, of="validation set, PoseC3D with joints"),
        ),
        about=(
            "The set's lists are not public: 10 of ARID's 11 classes, 750, 320 and 450 videos. As said in the paper: "
            "gamma 2.5, thresholds 0.3 for skeletons and joints, 10 heads, batches of 16, SGD with a rate of 0.2, "
            "momentum 0.9 and weight decay 0.0003, 1000 epochs, after training on NTU RGB+D 60. Clips of 48 frames, "
            "56x56 in training and 64x64 in testing, and the augmentation are PoseConv3D's, which the paper starts "
            "from; the cosine is ours. Without pre-training: --set initial_weights=null."
        ),
        commands=(
            "posecube extract raw/data --labels raw/list_cvt/ARID_split1_train.txt --store stores/arid"
            " --pose rtmpose --people single --gamma 2.5",
            "posecube extract raw/data --labels raw/list_cvt/ARID_split1_test.txt --store stores/arid"
            " --pose rtmpose --people single --gamma 2.5",
            "posecube train slowonly_ntu60_xsub_joint --store stores/ntu60_2d --run runs/dsc3d_ntu60"
            " --set model.network.name=dsc3d",
            "posecube train dsc3d_arid --store stores/arid --run runs/dsc3d_arid",
            "posecube evaluate runs/dsc3d_arid --store stores/arid --split ARID_split1_test --views 10 --flip",
        ),
    ),
}
