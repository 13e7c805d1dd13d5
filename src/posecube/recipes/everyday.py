"""Everyday actions and sports: four sources in one label space, single people and pairs, trained for the open world."""

from __future__ import annotations

from posecube.model import ModelSpec
from posecube.model.open_set import OpenSet
from posecube.networks.gcn import StgcnppSpec
from posecube.networks.posec3d import PoseC3DSpec
from posecube.recipes.entry import RecipeEntry
from posecube.representation import StreamSpec, VolumeSpec
from posecube.sampling import (
    ROBUST_AUGMENTATION,
    Augmentation,
    ClipSpec,
    ImageSpace,
    MapSpace,
    ResampledTimes,
    SpreadFrames,
)
from posecube.sampling.augment.camera import Camera
from posecube.training.objectives import CrossEntropy
from posecube.training.recipe import Outliers, Recipe
from posecube.training.sources import LabelledStore

NONE = "none"
CLASSES = (
    "baseball_pitch", "baseball_swing", "bench_press", "bowl", "clean_and_jerk", "golf_swing", "jump_rope",
    "jumping_jacks", "pullup", "pushup", "situp", "squat", "strum_guitar", "tennis_forehand", "tennis_serve",
    "approach", "carry", "depart", "drink", "drop_trash", "eat", "exchange", "handshake", "hug", "jump", "kick",
    "phone_call", "pick_up", "punch", "push", "put_on", "run", "sit", "sit_down", "stand", "stand_up", "take_off",
    "throw", "turn", "walk", "wave", NONE,
)  # fmt: skip
TOGETHER = ("approach", "depart", "exchange", "handshake", "hug", "push")
POSTURES = ("run", "sit", "stand", "turn", "walk")
# What the sources' own names are called here.
NUCLA_LABELS = {
    "pick_up_with_one_hand": "pick_up", "pick_up_with_two_hands": "pick_up", "walk_around": "walk", "donning": "put_on",
    "doffing": "take_off",
}  # fmt: skip
# SBU numbers its classes. Which is which was measured: the nearest that feet, one hand and both hands come to the other
# person, and how far apart the two are at first and at last.
SBU_LABELS = {
    "01": "approach", "02": "depart", "03": "kick", "04": "push", "05": "handshake", "06": "hug", "07": "exchange",
    "08": "punch",
}  # fmt: skip
STUDIO_LABELS = {"idle": "stand"}
DARK_LABELS = {
    "Jump": "jump", "Run": "run", "Sit": "sit_down", "Stand": "stand_up", "Turn": "turn", "Walk": "walk",
}  # fmt: skip

_ANYWHERE = Camera()
_KINECT = Camera(x_to_left=True)
_SOURCES = (
    LabelledStore(store="stores/nucla", split="xview_train", labels=NUCLA_LABELS, per_epoch=700, camera=_KINECT),
    LabelledStore(store="stores/sbu", split="fold1_train", labels=SBU_LABELS, per_epoch=230, camera=_KINECT),
    LabelledStore(store="stores/sk_actions", split="xsub_train", labels=STUDIO_LABELS, per_epoch=1400),
    LabelledStore(store="stores/sk_variants", split="xsub_train", per_epoch=600),
    LabelledStore(store="stores/sk_unnamed", split="xsub_train", per_epoch=800),
)
# Shaken and cut as Penn Action's clips are, and held, biased and misread as windows over a real video.
_AUGMENTATION = Augmentation(
    **{
        **ROBUST_AUGMENTATION.model_dump(),
        "crop_area": (0.7, 1.0),
        "trim": 0.6,
        "trim_fraction": 0.45,
        "pause": 0.35,
        "pause_fraction": 0.6,
        "jitter": 0.5,
        "jitter_fraction": 0.02,
        "bias": 0.6,
        "bias_fraction": 0.04,
        "swap_sides": 0.08,
    }
)


def everyday_joint() -> Recipe:
    """Joint volumes of one person or two, and a small C3D."""
    return Recipe(
        name="everyday_joint",
        classes=CLASSES,
        open_set=OpenSet(none=NONE, together=TOGETHER, postures=POSTURES, synonyms={**NUCLA_LABELS, **STUDIO_LABELS}),
        sources=_SOURCES,
        model=ModelSpec(
            layout="penn13",
            clip=ClipSpec(clip_len=16, max_people=2, frames=SpreadFrames(), space=MapSpace(size_hw=(32, 32))),
            representation=VolumeSpec(shows="joints"),
            network=PoseC3DSpec(base_channels=16, dropout=0.3),
        ),
        augmentation=_AUGMENTATION,
        epochs=30,
        batch_size=16,
        learning_rate=0.05,
        weight_decay=5e-4,
        objective=CrossEntropy(label_smoothing=0.1),
        outliers=Outliers(fraction=0.4, frozen=True, frozen_exclude=("strum_guitar", "bench_press"), mixed=True),
        evaluate_every=5,
        threads=1,
    )


def everyday_graph() -> Recipe:
    """Coordinates across the box of those who act, their confidence, and ST-GCN++."""
    return everyday_joint().changed(
        name="everyday_graph",
        model=ModelSpec(
            layout="penn13",
            clip=ClipSpec(clip_len=32, max_people=1, frames=ResampledTimes(), space=ImageSpace()),
            representation=StreamSpec(shows="joints", with_confidence=True),
            network=StgcnppSpec(base_channels=32),
        ),
        augmentation__crop_area=(0.8, 1.0),
        epochs=40,
    )


RECIPES = {
    "everyday_joint": RecipeEntry(
        title="Everyday actions and sports, joint volumes, C3D: the model behind the shipped `everyday-joint` weights",
        make=everyday_joint,
        about=(
            "41 names and `none`: Penn Action's 15, N-UCLA, SBU and the studio in one label space. 3D joints are seen "
            "by cameras that stand anywhere; clips are cut, held and disturbed as windows over a real video are."
        ),
        commands=(
            "posecube import penn-action PATH --store stores/penn",
            "posecube import nucla PATH --store stores/nucla",
            "posecube import sbu PATH --store stores/sbu --set axes=3",
            "posecube studio skeletons actions --store stores/sk_actions",
            "posecube studio skeletons variants --store stores/sk_variants --repeats 10",
            "posecube studio skeletons unnamed --store stores/sk_unnamed --repeats 12",
            "posecube train everyday_joint --store stores/penn --run runs/everyday_joint",
        ),
    ),
    "everyday_graph": RecipeEntry(
        title="Everyday actions and sports, ST-GCN++: the model behind the shipped `everyday-graph` weights",
        make=everyday_graph,
        about="On the same stores as everyday_joint, see there.",
        commands=("posecube train everyday_graph --store stores/penn --run runs/everyday_graph",),
    ),
}
