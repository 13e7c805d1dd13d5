"""RGBPose-Conv3D on NTU RGB+D 60, cross-subject: its two halves alone, and the whole that starts from them."""

from __future__ import annotations

from posecube.model import ModelSpec
from posecube.networks.rgbpose import RgbPoseConv3DSpec, RgbSlowOnlySpec
from posecube.recipes.entry import MMACTION2, PYSKL, Published, RecipeEntry
from posecube.recipes.posec3d import volume_recipe
from posecube.representation import VolumeSpec
from posecube.sampling import PUBLISHED_AUGMENTATION, ClipSpec, MapSpace, UniformFrames
from posecube.sampling.rgb.views import RgbSpec
from posecube.training.recipe import Recipe, SingleRuns

PAPER = (
    'PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022, section 4.5; tables of its '
    "first version, where the network is called RGBPose-SlowFast"
)
TABLE_7 = "the paper (table 7)"


def rgbpose_ntu60_rgb() -> Recipe:
    """Video frames alone, cut out around the joints, which the network does not see."""
    return Recipe(
        name="rgbpose_ntu60_rgb",
        model=ModelSpec(
            layout="coco17",
            clip=ClipSpec(
                clip_len=32, frames=UniformFrames(published_sampling="pyskl")
            ),  # where to look: the box around the joints of so many frames
            representation=None,
            rgb=RgbSpec(clip_len=8, size_hw=(224, 224)),
            network=RgbSlowOnlySpec(),
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


def rgbpose_ntu60_pose() -> Recipe:
    """Joint volumes of fewer frames, and a SlowOnly that keeps them all."""
    return volume_recipe("slowonly", "ntu60_xsub", "joint").changed(
        name="rgbpose_ntu60_pose",
        model__clip__clip_len=32,
        model__network__temporal_strides=(1, 1, 1),
        epochs=180,
        batch_size=16,
        learning_rate=0.2,
        reference_batch=128,
    )


def rgbpose_ntu60_joint() -> Recipe:
    """Frames beside volumes; each of the halves becomes a pathway, what joins them is new."""
    return rgbpose_ntu60_rgb().changed(
        name="rgbpose_ntu60_joint",
        model=ModelSpec(
            layout="coco17",
            clip=ClipSpec(
                clip_len=32,
                frames=UniformFrames(published_sampling="pyskl"),
                space=MapSpace(size_hw=(56, 56), test_size_hw=(64, 64)),
            ),
            representation=VolumeSpec(shows="joints", sigma_px=0.7, min_confidence=1e-3),
            rgb=RgbSpec(clip_len=8, size_hw=(224, 224), test_size_hw=(256, 256)),
            network=RgbPoseConv3DSpec(),
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


def _published(one_view: dict[str, float], ten_views: dict[str, float], *, of: str = "") -> tuple[Published, ...]:
    """Accuracies by their source, with 1 view and with 10."""
    return tuple(
        Published(source, top1=percent, of=of, views=views)
        for views, row in ((1, one_view), (10, ten_views))
        for source, percent in row.items()
    )


_IMPORT = "posecube import pyskl ntu60_hrnet.pkl --store stores/ntu60_2d"
_VIDEOS = "--videos nturgb+d_rgb --video-pattern '{name}_rgb'"
_EVALUATE = "--store stores/ntu60_2d --split xsub_val --views 10"

RECIPES = {
    "rgbpose_ntu60_rgb": RecipeEntry(
        title="NTU RGB+D 60, cross-subject: video frames, SlowOnly; one half of RGBPose-Conv3D",
        make=rgbpose_ntu60_rgb,
        paper=PAPER,
        published=_published(
            {PYSKL: 94.4, MMACTION2: 94.9, TABLE_7: 94.1},
            {PYSKL: 95.1, MMACTION2: 95.4, TABLE_7: 94.9},
        ),
        about=(
            "Frames are cut out around the joints, which the network does not see. Settings are pyskl's: batches of 8 "
            "x 12 clips at a rate of 0.15, 18 epochs that pass the split 10 times each, written here as 180 of one "
            "pass."
        ),
        commands=(
            _IMPORT,
            f"posecube train rgbpose_ntu60_rgb --store stores/ntu60_2d --run runs/rgbpose_ntu60_rgb {_VIDEOS}",
            f"posecube evaluate runs/rgbpose_ntu60_rgb {_EVALUATE} {_VIDEOS} --scores rgb.npz",
        ),
    ),
    "rgbpose_ntu60_pose": RecipeEntry(
        title=("NTU RGB+D 60, cross-subject: joint volumes, SlowOnly that keeps time; one half of RGBPose-Conv3D"),
        make=rgbpose_ntu60_pose,
        paper=PAPER,
        published=(
            *_published(
                {PYSKL: 92.9, MMACTION2: 93.1, TABLE_7: 92.8},
                {PYSKL: 93.2, MMACTION2: 93.5, TABLE_7: 93.2},
            ),
            *_published(
                {PYSKL: 95.8, "the paper": 95.5},
                {PYSKL: 96.1, "the paper": 96.0},
                of="fused late with the frames' half",
            ),
        ),
        about=(
            "Settings are pyskl's: batches of 8 x 16 clips at a rate of 0.2, 18 epochs that pass the split 10 times "
            "each, written here as 180 of one pass."
        ),
        commands=(
            _IMPORT,
            "posecube train rgbpose_ntu60_pose --store stores/ntu60_2d --run runs/rgbpose_ntu60_pose",
            f"posecube evaluate runs/rgbpose_ntu60_pose {_EVALUATE} --scores pose.npz",
            "posecube fuse rgb.npz pose.npz",
        ),
    ),
    "rgbpose_ntu60_joint": RecipeEntry(
        title="NTU RGB+D 60, cross-subject: video frames beside joint volumes, RGBPose-Conv3D",
        make=rgbpose_ntu60_joint,
        paper=PAPER,
        published=(
            *_published(
                {PYSKL: 96.6, MMACTION2: 96.6, TABLE_7: 96.2},
                {PYSKL: 96.9, MMACTION2: 96.8, TABLE_7: 96.5},
                of="both heads 1 : 1",
            ),
            *_published({PYSKL: 96.2}, {PYSKL: 96.4}, of="the frames' head alone"),
            *_published({PYSKL: 95.9}, {PYSKL: 96.1}, of="the joints' head alone"),
        ),
        about=(
            "Starts from runs of rgbpose_ntu60_rgb and rgbpose_ntu60_pose, each of which becomes a pathway; what joins "
            "them is new. Settings are pyskl's: batches of 8 x 6 clips at a rate of 0.0075, 20 passes over the split."
        ),
        commands=(
            _IMPORT,
            f"posecube train rgbpose_ntu60_joint --store stores/ntu60_2d --run runs/rgbpose_ntu60_joint {_VIDEOS}",
            f"posecube evaluate runs/rgbpose_ntu60_joint {_EVALUATE} {_VIDEOS} --scores both.npz",
            f"posecube evaluate runs/rgbpose_ntu60_joint {_EVALUATE} --head rgb {_VIDEOS} --scores rgb_head.npz",
        ),
    ),
}
