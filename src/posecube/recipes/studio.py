"""The studio's standard set: rendered videos of a mannequin, whose exact joints are known."""

from __future__ import annotations

from posecube.model import ModelSpec
from posecube.networks.posec3d import PoseC3DSpec
from posecube.recipes.entry import RecipeEntry
from posecube.representation import VolumeSpec
from posecube.sampling import PUBLISHED_AUGMENTATION, ClipSpec, MapSpace
from posecube.training.objectives import CrossEntropy
from posecube.training.recipe import Recipe


def studio20_joint() -> Recipe:
    """Joint volumes of one or two people, and a small C3D."""
    return Recipe(
        name="studio20_joint",
        num_classes=32,
        model=ModelSpec(
            layout="coco17",
            clip=ClipSpec(clip_len=24, max_people=2, space=MapSpace(size_hw=(40, 40))),
            representation=VolumeSpec(shows="joints"),
            network=PoseC3DSpec(base_channels=16),
        ),
        augmentation=PUBLISHED_AUGMENTATION,
        train_split="xsub_train",
        test_split="xsub_val",
        epochs=20,
        batch_size=16,
        learning_rate=0.05,
        weight_decay=5e-4,
        objective=CrossEntropy(label_smoothing=0.1),
        evaluate_every=5,
        threads=1,
    )


RECIPES = {
    "studio20_joint": RecipeEntry(
        title=(
            "The studio's standard set, cross-subject, joint volumes of one or two people, C3D; exact or estimated "
            "joints"
        ),
        make=studio20_joint,
        about=(
            "32 actions of a mannequin, 16 people, 3 cameras; drink, eat and phone_call differ in what is held. No "
            "published figure: the set is ours. Trained from scratch on one CPU core."
        ),
        commands=(
            "posecube studio render studio20 --out studio/studio20 --workers 2",
            "posecube import studio studio/studio20 --store stores/studio_exact",
            "posecube extract studio/studio20 --store stores/studio_estimated --labels ntu --workers 2",
            "posecube train studio20_joint --store stores/studio_exact --run runs/studio_exact",
            "posecube evaluate runs/studio_exact --store stores/studio_estimated --split xsub_val",
        ),
    ),
}
