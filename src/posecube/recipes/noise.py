"""Penn Action under noise: what contrastive training is measured on, one recipe an input.

Augmentation moves whole clips and leaves joints where they are, so that what noise does to a network that never saw any
is measured; the shipped penn_joint has seen it.
"""

from __future__ import annotations

from posecube.model import ModelSpec
from posecube.networks.motionbert import MotionBertSpec
from posecube.networks.posec3d import PoseC3DSpec, PoseSlowOnlySpec
from posecube.recipes.entry import RecipeEntry
from posecube.recipes.motionbert import motionbert_penn
from posecube.recipes.penn import penn_stgcnpp
from posecube.representation import CoordinateSpec, VolumeSpec
from posecube.sampling import Augmentation, ClipSpec, MapSpace
from posecube.training.objectives import CrossEntropy
from posecube.training.recipe import Recipe


def noise_penn_joint() -> Recipe:
    """Joint volumes and a small C3D."""
    return Recipe(
        name="noise_penn_joint",
        model=ModelSpec(
            layout="penn13",
            clip=ClipSpec(clip_len=16, max_people=1, space=MapSpace(size_hw=(32, 32))),
            representation=VolumeSpec(shows="joints"),
            network=PoseC3DSpec(base_channels=16),
        ),
        augmentation=Augmentation(
            flip=0.5,
            crop_area=(0.56, 1.0),
            crop_aspect=(3 / 4, 4 / 3),
            rotate_deg=6.0,
            trim=0.5,
            trim_fraction=0.6,
            impute_occluded=0.3,
        ),
        epochs=10,
        batch_size=16,
        learning_rate=0.05,
        weight_decay=5e-4,
        objective=CrossEntropy(label_smoothing=0.1),
        evaluate_every=5,
        threads=1,
    )


def noise_penn_limb() -> Recipe:
    """The same with limbs."""
    return noise_penn_joint().changed(name="noise_penn_limb", model__representation__shows="limbs")


def noise_penn_grey() -> Recipe:
    """The same with all joints in one channel."""
    return noise_penn_joint().changed(name="noise_penn_grey", model__representation__shows="grey")


def noise_penn_coordinates() -> Recipe:
    """Coordinates as channels of a clip of one pixel; frames as in the report, pixels of its 56 x 56 maps."""
    return noise_penn_joint().changed(
        name="noise_penn_coordinates",
        model__clip__clip_len=24,
        model__clip__space__size_hw=(56, 56),
        model__representation=CoordinateSpec(),
        model__network=PoseSlowOnlySpec(stage_blocks=(2, 3, 2)),
        epochs=20,
        optimizer="adamw",
        learning_rate=1e-3,
        weight_decay=0.01,
    )


def noise_penn_stgcnpp() -> Recipe:
    """penn_stgcnpp with the augmentation of noise_penn_joint."""
    return penn_stgcnpp().changed(
        name="noise_penn_stgcnpp",
        augmentation=noise_penn_joint().augmentation,
        epochs=16,
        evaluate_every=5,
    )


def noise_penn_motionbert() -> Recipe:
    """motionbert_penn without its jitter, made small: three levels of 128 channels."""
    return motionbert_penn().changed(
        name="noise_penn_motionbert",
        model__clip__clip_len=12,
        model__network=MotionBertSpec(
            base_channels=128, mlp_ratio=2, depth=3, representation_channels=128, head_channels=512
        ),
        augmentation__jitter=0.0,
        epochs=12,
        learning_rate=5e-4,
        evaluate_every=5,
    )


_NEXT = "--set initial_weights=runs/start learning_rate=0.02"

RECIPES = {
    "noise_penn_joint": RecipeEntry(
        title=(
            "Penn Action under noise, joint volumes, C3D: supervised without any noise; the start of every comparison"
        ),
        make=noise_penn_joint,
        about=(
            'Source: A. Novikova, "Pose-based Action Recognition: Robust Models with Contrastive Loss", tables II and '
            "III, whose data set is NTU RGB+D 60: 90.1 % clean, and at alpha 0.015 5.1 % by supervised and 57.4 % by "
            "contrastive training. Here the same is asked on Penn Action, with a network that a CPU core trains in "
            "five minutes. Augmentation moves whole clips and leaves joints where they are, so that what noise does to "
            "a network that never saw any is measured; the shipped penn_joint has seen it. Figures: "
            "docs/robust-training.md. Contrast costs two passes a step, hence half the epochs for an equal price. "
            "benchmarks/noise_training.py runs all this for every input and several seeds."
        ),
        commands=(
            "posecube import penn-action PATH --store stores/penn",
            "posecube train noise_penn_joint --store stores/penn --run runs/start",
            f"posecube train noise_penn_joint --store stores/penn --run runs/supervised {_NEXT} epochs=6",
            f"posecube train noise_penn_joint --store stores/penn --run runs/jitter {_NEXT} epochs=6"
            " augmentation.jitter=0.6",
            f"posecube train noise_penn_joint --store stores/penn --run runs/contrast {_NEXT} epochs=3"
            " objective.kind=contrastive objective.group_weight=0.3 objective.noise.alpha=0.025",
            "posecube robustness runs/supervised runs/jitter runs/contrast --store stores/penn --split test"
            " --out report",
        ),
    ),
    "noise_penn_limb": RecipeEntry(
        title="Penn Action under noise, limb volumes, C3D; see noise_penn_joint",
        make=noise_penn_limb,
        commands=("posecube train noise_penn_limb --store stores/penn --run runs/limb",),
    ),
    "noise_penn_grey": RecipeEntry(
        title="Penn Action under noise, grey volumes, all joints in one channel, C3D; see noise_penn_joint",
        make=noise_penn_grey,
        commands=("posecube train noise_penn_grey --store stores/penn --run runs/grey",),
    ),
    "noise_penn_coordinates": RecipeEntry(
        title="Penn Action under noise, raw coordinates, SlowOnly on clips of one pixel; see noise_penn_joint",
        make=noise_penn_coordinates,
        about=(
            "Source: the contrastive training's report, section III.A; published on NTU RGB+D 60: 87.5 % clean, and at "
            "alpha 0.015 53.5 % by supervised and 80.2 % by contrastive training."
        ),
        commands=("posecube train noise_penn_coordinates --store stores/penn --run runs/coordinates",),
    ),
    "noise_penn_stgcnpp": RecipeEntry(
        title="Penn Action under noise, ST-GCN++ on joints; see noise_penn_joint",
        make=noise_penn_stgcnpp,
        commands=("posecube train noise_penn_stgcnpp --store stores/penn --run runs/stgcnpp",),
    ),
    "noise_penn_motionbert": RecipeEntry(
        title="Penn Action under noise, small MotionBERT; see noise_penn_joint",
        make=noise_penn_motionbert,
        about="Three levels of 128 channels: a sixth of the lite one, so that a CPU core can train it.",
        commands=("posecube train noise_penn_motionbert --store stores/penn --run runs/motionbert",),
    ),
}
