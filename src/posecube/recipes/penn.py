"""Penn Action: the official split, 15 classes, 13 joints in the image; trained from scratch on one CPU core."""

from __future__ import annotations

from posecube.model import ModelSpec
from posecube.networks.gcn import CtrgcnSpec, StgcnppSpec
from posecube.networks.posec3d import PoseC3DSpec
from posecube.recipes.entry import RecipeEntry
from posecube.representation import StreamSpec, VolumeSpec
from posecube.sampling import ROBUST_AUGMENTATION, Augmentation, ClipSpec, ImageSpace, MapSpace, ResampledTimes
from posecube.training.objectives import CrossEntropy
from posecube.training.recipe import Outliers, Recipe


def penn_joint() -> Recipe:
    """Joint volumes and a small C3D; outliers teach it to doubt."""
    return Recipe(
        name="penn_joint",
        model=ModelSpec(
            layout="penn13",
            clip=ClipSpec(clip_len=16, max_people=1, space=MapSpace(size_hw=(40, 40))),
            representation=VolumeSpec(shows="joints"),
            network=PoseC3DSpec(base_channels=16),
        ),
        augmentation=ROBUST_AUGMENTATION,
        epochs=30,
        batch_size=16,
        learning_rate=0.05,
        weight_decay=5e-4,
        objective=CrossEntropy(label_smoothing=0.1),
        outliers=Outliers(
            fraction=0.2,
            exclude=("throw",),
            frozen=True,
            frozen_exclude=("strum_guitar", "bench_press"),
        ),
        evaluate_every=5,
        threads=1,
    )


def penn_limb() -> Recipe:
    """The same with limbs."""
    return penn_joint().changed(name="penn_limb", model__representation__shows="limbs")


def penn_stgcnpp() -> Recipe:
    """Coordinates, normalised to the subject's box, and their confidence."""
    return Recipe(
        name="penn_stgcnpp",
        model=ModelSpec(
            layout="penn13",
            clip=ClipSpec(clip_len=32, max_people=1, frames=ResampledTimes(), space=ImageSpace()),
            representation=StreamSpec(shows="joints", with_confidence=True),
            network=StgcnppSpec(base_channels=32),
        ),
        augmentation=Augmentation(
            flip=0.5,
            crop_area=(0.7, 1.0),
            crop_aspect=(3 / 4, 4 / 3),
            rotate_deg=6.0,
            trim=0.5,
            trim_fraction=0.6,
            jitter=0.3,
            jitter_fraction=0.01,
            impute_occluded=0.3,
        ),
        epochs=40,
        batch_size=16,
        learning_rate=0.05,
        weight_decay=5e-4,
        objective=CrossEntropy(label_smoothing=0.1),
        threads=1,
    )


def penn_ctrgcn() -> Recipe:
    """The same with channel-wise topologies."""
    return penn_stgcnpp().changed(
        name="penn_ctrgcn", model__network=CtrgcnSpec(base_channels=32, num_people=1), epochs=30
    )


RECIPES = {
    "penn_joint": RecipeEntry(
        title="Penn Action, joint volumes, C3D: the model behind the shipped `penn15-joint` weights",
        make=penn_joint,
        about="Official split, 15 classes, 13 joints; trained from scratch on one CPU core.",
        commands=(
            "posecube import penn-action PATH --store stores/penn",
            "posecube train penn_joint --store stores/penn --run runs/penn_joint"
            """ --set 'outliers.stores=["stores/nucla", "stores/sbu"]'""",
            "posecube evaluate runs/penn_joint --store stores/penn --split test --views 10 --flip",
        ),
    ),
    "penn_limb": RecipeEntry(
        title="Penn Action, limb volumes, C3D: the model behind the shipped `penn15-limb` weights; see penn_joint",
        make=penn_limb,
        commands=(
            "posecube train penn_limb --store stores/penn --run runs/penn_limb",
            "posecube fuse runs/penn_joint/test.npz runs/penn_limb/test.npz",
        ),
    ),
    "penn_stgcnpp": RecipeEntry(
        title="Penn Action, ST-GCN++ on 2D joints: one of four streams, see nucla_stgcnpp",
        make=penn_stgcnpp,
        about=(
            "The graph network beside the heatmap networks of penn_joint and penn_limb, on the same store. Coordinates "
            "are normalised to the subject's box."
        ),
        commands=(
            "posecube import penn-action PATH --store stores/penn",
            "posecube train penn_stgcnpp --store stores/penn --run runs/penn_joint_stream",
            "posecube train penn_stgcnpp --store stores/penn --run runs/penn_bone_stream"
            " --set model.representation.shows=bones",
            "posecube evaluate runs/penn_joint_stream --store stores/penn --split test --views 10 --flip"
            " --scores stream.npz",
            "posecube fuse stream.npz volume.npz",
        ),
    ),
    "penn_ctrgcn": RecipeEntry(
        title="Penn Action, CTR-GCN: as penn_stgcnpp, with channel-wise topologies",
        make=penn_ctrgcn,
        commands=("posecube train penn_ctrgcn --store stores/penn --run runs/penn_ctrgcn",),
    ),
}
