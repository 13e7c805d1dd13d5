"""SBU Kinect Interaction: what two people do to each other, five folds."""

from __future__ import annotations

from posecube.model import ModelSpec
from posecube.networks.posec3d import PoseC3DSpec
from posecube.recipes.entry import RecipeEntry
from posecube.representation import VolumeSpec
from posecube.sampling import Augmentation, ClipSpec, MapSpace
from posecube.training.objectives import CrossEntropy
from posecube.training.recipe import Recipe


def sbu_joint() -> Recipe:
    """Both people in one volume, and a small C3D."""
    return Recipe(
        name="sbu_joint",
        model=ModelSpec(
            layout="sbu15",
            clip=ClipSpec(clip_len=16, max_people=2, space=MapSpace(size_hw=(40, 40))),
            representation=VolumeSpec(shows="joints"),
            network=PoseC3DSpec(base_channels=16),
        ),
        augmentation=Augmentation(
            flip=0.5,
            crop_area=(0.7, 1.0),
            crop_aspect=(3 / 4, 4 / 3),
            trim=0.5,
            trim_fraction=0.7,
            jitter=0.5,
            jitter_fraction=0.01,
            drop_joint_frames=0.3,
            rotate_deg=4.0,
        ),
        train_split="fold1_train",
        test_split="fold1_test",
        epochs=60,
        batch_size=16,
        learning_rate=0.05,
        weight_decay=5e-4,
        objective=CrossEntropy(label_smoothing=0.1),
        evaluate_every=10,
        threads=1,
    )


RECIPES = {
    "sbu_joint": RecipeEntry(
        title="SBU Kinect Interaction, two people in one joint volume, C3D; five folds",
        make=sbu_joint,
        about=(
            "The published figure is the mean over the folds: train and evaluate five times, with --set "
            "train_split=fold2_train test_split=fold2_test and so on. HCN reports 98.6 % (recalled, not re-checked)."
        ),
        commands=(
            "posecube import sbu PATH --store stores/sbu",
            "posecube train sbu_joint --store stores/sbu --run runs/sbu_fold1",
            "posecube evaluate runs/sbu_fold1 --store stores/sbu --split fold1_test --views 10 --flip",
        ),
    ),
}
