"""PoseConv3D, Duan et al. 2022: three backbones, joint and limb volumes, ten data sets.

One function makes all recipes; what a data set changes is a row of ``DATA_SETS``, what others report one of
``FIGURES``. Settings are pyskl's, whose epochs pass a split ten times: they are written here as ten of one pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from posecube.model import ModelSpec
from posecube.networks import AnyNetwork
from posecube.networks.posec3d import PoseC3DSpec, PoseSlowOnlySpec, PoseX3DSpec
from posecube.recipes.entry import MMACTION2, PYSKL, Published, RecipeEntry
from posecube.representation import VolumeSpec
from posecube.sampling import PUBLISHED_AUGMENTATION, ClipSpec, MapSpace, UniformFrames
from posecube.training.recipe import Recipe

Shown = Literal["joint", "limb"]
PAPER = (
    'PoseConv3D, Duan et al., "Revisiting Skeleton-based Action Recognition", CVPR 2022; tables of its first version'
)
THE_PAPER, TABLE_4, TABLE_8 = "the paper", "the paper (table 4)", "the paper (table 8)"
BACKBONES = {"slowonly": "SlowOnly", "c3d": "C3D", "x3d": "X3D"}


@dataclass(frozen=True)
class DataSet:
    """A row: what a data set is called, where it comes from and what it changes.

    Attributes:
        source: Format and file, as ``posecube import`` reads them.
        shown: What volumes there are recipes for.
        mirrored: Whether training mirrors clips, and testing too. Not where classes say left and right.
        class_passes: How often an epoch shows the clips of each class; empty means once each.
        fine_tuned: Whether training starts from a run on Kinetics-400, on smaller maps and with a rate that falls in
            steps.
    """

    title: str
    source: str
    store: str
    num_classes: int
    train_split: str
    test_split: str
    about: str = ""
    backbones: tuple[str, ...] = tuple(BACKBONES)
    shown: tuple[Shown, ...] = ("joint", "limb")
    clip_len: int = 48
    max_people: int = 2
    weight_decay: float = 3e-4
    mirrored: bool = True
    class_passes: tuple[int, ...] = ()
    metric: Literal["top1", "mean_class"] = "top1"
    fine_tuned: bool = False


DATA_SETS = {
    "ntu60_xsub": DataSet(
        "NTU RGB+D 60, cross-subject", "pyskl ntu60_hrnet.pkl", "ntu60_2d", 60, "xsub_train", "xsub_val",
        about=(
            "Settings are pyskl's: batches of 8 x 32 clips at a rate of 0.4, 24 epochs that pass the split 10 times "
            "each, written here as 240 of one pass. MMAction2 trains with batches of 8 x 16 at 0.2; its test frames "
            "come with model.clip.frames.published_sampling=mmaction2."
        ),
    ),
    "ntu60_xview": DataSet(
        "NTU RGB+D 60, cross-view", "pyskl ntu60_hrnet.pkl", "ntu60_2d", 60, "xview_train", "xview_val"
    ),
    "ntu120_xsub": DataSet(
        "NTU RGB+D 120, cross-subject", "pyskl ntu120_hrnet.pkl", "ntu120_2d", 120, "xsub_train", "xsub_val",
        about="The classes that NTU RGB+D 60 has not are shown twice an epoch, as published.",
        class_passes=(1,) * 60 + (2,) * 60,
    ),
    "ntu120_xset": DataSet(
        "NTU RGB+D 120, cross-setup", "pyskl ntu120_hrnet.pkl", "ntu120_2d", 120, "xset_train", "xset_val"
    ),
    "gym": DataSet(
        "FineGYM, 99 classes", "pyskl gym_hrnet.pkl", "gym", 99, "train", "val",
        about="The athlete alone is in the pickle: joints were estimated in the annotated boxes.",
        metric="mean_class",
    ),
    "k400": DataSet(
        "Kinetics-400", "pyskl k400_hrnet.pkl", "k400", 400, "train", "val",
        about=(
            "The joints lie in files of their own beside the pickle, called kpfiles; people found with less than 0.5 "
            "are left out, as published. --set model.network.stage_blocks=[4,6,3] trains the other published network."
        ),
        max_people=10, weight_decay=1e-4,
    ),
    "ucf101": DataSet(
        "UCF101, first split", "pyskl ucf101_hrnet.pkl", "ucf101", 101, "train1", "test1",
        about=(
            "Starts from weights trained on Kinetics-400: those of a run of slowonly_k400_joint, or published ones "
            "with --set initial_weights=k400.safetensors after `posecube weights import`. The other splits: --set "
            "train_split=train2 test_split=test2."
        ),
        max_people=10, fine_tuned=True,
    ),
    "hmdb51": DataSet(
        "HMDB51, first split", "pyskl hmdb51_hrnet.pkl", "hmdb51", 51, "train1", "test1",
        about="As slowonly_ucf101_joint, with a smaller weight decay.",
        max_people=10, weight_decay=1e-4, fine_tuned=True,
    ),
    "diving48": DataSet(
        "Diving48", "pyskl diving48_hrnet.pkl", "diving48", 48, "train", "test",
        about="As slowonly_ntu60_xsub_joint, with the smaller weight decay of Kinetics-400.",
        backbones=("slowonly",), shown=("joint",), max_people=10, weight_decay=1e-4,
    ),
    "volleyball": DataSet(
        "Volleyball, group activities", "volleyball PATH", "volleyball", 8, "trainval", "test",
        about=(
            "12 of 20 frames and half the width, 16 channels; all players share a volume, so it costs the same for 1 "
            "and for 13. What the paper leaves out is as on the other data sets, but nothing is mirrored: the classes "
            "say left and right. So --flip is no option in testing either. The paper counts 0.52 M parameters and 1.6 "
            "G operations: with the running statistics of its normalisation the network has 0.517 M numbers, and on "
            "the test's maps of 64 x 64 it takes 1.63 GMACs."
        ),
        clip_len=12, max_people=12, mirrored=False,
    ),
}  # fmt: skip

NETWORKS: dict[str, AnyNetwork] = {"slowonly": PoseSlowOnlySpec(), "c3d": PoseC3DSpec(), "x3d": PoseX3DSpec()}
# Where a data set has a network of another size.
FOR_MANY_CLASSES = PoseSlowOnlySpec(stage_blocks=(3, 4, 6))
OTHER_SIZES: dict[tuple[str, str], AnyNetwork] = {
    ("slowonly", "k400"): FOR_MANY_CLASSES,
    ("slowonly", "ucf101"): FOR_MANY_CLASSES,
    ("slowonly", "hmdb51"): FOR_MANY_CLASSES,
    ("slowonly", "volleyball"): PoseSlowOnlySpec(base_channels=16),
    ("c3d", "volleyball"): PoseC3DSpec(base_channels=16),
    ("x3d", "volleyball"): PoseX3DSpec(base_channels=12),
}

# (backbone, data set) -> joints alone, limbs alone, both fused: percent by source.
FIGURES: dict[tuple[str, str], dict[Shown | Literal["both"], dict[str, float]]] = {
    ("slowonly", "ntu60_xsub"): {
        "joint": {PYSKL: 93.7, MMACTION2: 93.6, TABLE_4: 93.7},
        "limb": {PYSKL: 93.4, MMACTION2: 93.5},
        "both": {PYSKL: 94.1, MMACTION2: 94.0, TABLE_8: 94.1},
    },
    ("slowonly", "ntu60_xview"): {
        "joint": {PYSKL: 96.5, THE_PAPER: 96.6},
        "limb": {PYSKL: 96.0},
        "both": {PYSKL: 96.9, TABLE_8: 97.1},
    },
    ("slowonly", "ntu120_xsub"): {
        "joint": {TABLE_4: 86.0},
        "limb": {PYSKL: 85.9},
        "both": {PYSKL: 86.7, TABLE_8: 86.9},
    },
    ("slowonly", "ntu120_xset"): {
        "joint": {THE_PAPER: 89.6},
        "limb": {PYSKL: 89.7},
        "both": {PYSKL: 90.3, TABLE_8: 90.3},
    },
    ("slowonly", "gym"): {
        "joint": {PYSKL: 93.8, MMACTION2: 93.5, TABLE_4: 93.2},
        "limb": {PYSKL: 93.8, MMACTION2: 93.6},
        "both": {PYSKL: 94.1, TABLE_8: 94.3},
    },
    ("slowonly", "k400"): {
        "joint": {PYSKL: 47.3, MMACTION2: 47.4},
        "limb": {PYSKL: 46.9},
        "both": {PYSKL: 49.1},
    },
    ("slowonly", "ucf101"): {"joint": {PYSKL: 86.9, MMACTION2: 86.8, THE_PAPER: 87.0}},
    ("slowonly", "hmdb51"): {"joint": {PYSKL: 69.4, MMACTION2: 69.6, THE_PAPER: 69.3}},
    ("slowonly", "diving48"): {"joint": {PYSKL: 54.5}},
    ("slowonly", "volleyball"): {"joint": {"the paper (section 4.4.3)": 91.3}},
    ("c3d", "ntu60_xsub"): {"joint": {PYSKL: 92.7}, "limb": {PYSKL: 92.6}, "both": {PYSKL: 93.3}},
    ("c3d", "gym"): {"joint": {PYSKL: 91.8}, "limb": {PYSKL: 91.2}, "both": {PYSKL: 92.1}},
    ("x3d", "ntu60_xsub"): {"joint": {PYSKL: 92.1}, "limb": {PYSKL: 91.6}, "both": {PYSKL: 92.4}},
    ("x3d", "gym"): {"joint": {PYSKL: 91.4}, "limb": {PYSKL: 90.0}, "both": {PYSKL: 91.8}},
}

_DRAWS_LIMBS = "doubtful: its configuration draws limbs"
_STAGES = "stages of 4, 6 and 3 blocks"
# What else is reported beside a recipe's own figures.
FURTHER_FIGURES: dict[str, tuple[Published, ...]] = {
    "slowonly_ntu120_xsub_joint": (Published(PYSKL, top1=85.9, of="joints", note=_DRAWS_LIMBS),),
    "slowonly_ntu120_xset_joint": (Published(PYSKL, top1=89.7, of="joints", note=_DRAWS_LIMBS),),
    "slowonly_k400_joint": (
        Published(PYSKL, top1=46.6, of=_STAGES),
        Published(TABLE_4, top1=46.0, of=_STAGES),
        Published(PYSKL, top1=47.7, of=f"{_STAGES}, with limbs"),
        Published(TABLE_8, top1=47.7, of=f"{_STAGES}, with limbs"),
    ),
    "slowonly_k400_limb": (
        Published(PYSKL, top1=45.7, of=_STAGES),
        Published(PYSKL, top1=47.7, of=f"{_STAGES}, with joints"),
    ),
    "slowonly_volleyball_joint": (Published("the paper (section 4.4.3)", top1=89.2, of="the graph network beside it"),),
}


def volume_recipe(backbone: str, data_name: str, shown: Shown) -> Recipe:
    """One backbone on volumes of one data set; what is not in its row is as on NTU RGB+D 60."""
    data = DATA_SETS[data_name]
    size_hw, test_size_hw = ((48, 48), (56, 56)) if data.fine_tuned else ((56, 56), (64, 64))
    recipe = Recipe(
        name=f"{backbone}_{data_name}_{shown}",
        model=ModelSpec(
            layout="coco17",
            clip=ClipSpec(
                clip_len=data.clip_len,
                max_people=data.max_people,
                frames=UniformFrames(published_sampling="pyskl"),
                space=MapSpace(size_hw=size_hw, test_size_hw=test_size_hw),
            ),
            representation=VolumeSpec(shows="joints" if shown == "joint" else "limbs", min_confidence=1e-3),
            network=OTHER_SIZES.get((backbone, data_name), NETWORKS[backbone]),
        ),
        num_classes=data.num_classes,
        augmentation=PUBLISHED_AUGMENTATION.model_copy(update={} if data.mirrored else {"flip": 0.0}),
        train_split=data.train_split,
        test_split=data.test_split,
        class_passes=data.class_passes,
        metric=data.metric,
        epochs=240,
        batch_size=32,
        learning_rate=0.4,
        reference_batch=256,
        nesterov=False,
        weight_decay=data.weight_decay,
        decayed="all",
        warmup_steps=0,
        gradient_clip=40.0,
        evaluate_every=10,
    )
    return _fine_tuned(recipe, f"runs/{backbone}_k400_{shown}") if data.fine_tuned else recipe


def _fine_tuned(recipe: Recipe, initial_weights: str) -> Recipe:
    """Half as long as from scratch, at a rate that falls in steps."""
    return recipe.changed(
        initial_weights=initial_weights,
        epochs=120,
        batch_size=16,
        learning_rate=0.01,
        reference_batch=128,
        schedule="steps",
        milestones=(90, 110),
    )


def _entry(backbone: str, data_name: str, shown: Shown) -> RecipeEntry:
    data = DATA_SETS[data_name]
    make: Callable[[], Recipe] = partial(volume_recipe, backbone, data_name, shown)
    return RecipeEntry(
        title=f"{data.title}: {shown} volumes, {BACKBONES[backbone]}",
        make=make,
        paper=PAPER,
        published=tuple(_published(backbone, data_name, shown)),
        about=_about(backbone, data_name, shown),
        commands=_commands(f"{backbone}_{data_name}_{shown}", data, shown),
    )


def _published(backbone: str, data_name: str, shown: Shown) -> Iterator[Published]:
    """What is reported for the recipe alone, then for joints and limbs together."""
    figures = FIGURES.get((backbone, data_name), {})
    other = "with limbs" if shown == "joint" else "with joints"
    for of, row in (("", figures.get(shown, {})), (other, figures.get("both", {}))):
        for source, percent in row.items():
            if DATA_SETS[data_name].metric == "top1":
                yield Published(source, top1=percent, of=of)
            else:
                yield Published(source, mean_class=percent, of=of)
    yield from FURTHER_FIGURES.get(f"{backbone}_{data_name}_{shown}", ())


def _about(backbone: str, data_name: str, shown: Shown) -> str:
    if shown == "limb":
        return f"As {backbone}_{data_name}_joint, with limbs."
    if backbone != "slowonly":
        return f"As slowonly_{data_name}_joint, with another network."
    return DATA_SETS[data_name].about


def _commands(name: str, data: DataSet, shown: Shown) -> tuple[str, ...]:
    store = f"stores/{data.store}"
    flip = " --flip" if data.mirrored else ""
    return (
        f"posecube import {data.source} --store {store}",
        f"posecube train {name} --store {store} --run runs/{name}",
        f"posecube evaluate runs/{name} --store {store} --split {data.test_split} --views 10{flip}"
        f" --scores {shown}.npz",
        *(("posecube fuse joint.npz limb.npz",) if shown == "limb" else ()),
    )


RECIPES = {
    f"{backbone}_{data_name}_{shown}": _entry(backbone, data_name, shown)
    for data_name, data in DATA_SETS.items()
    for backbone in data.backbones
    for shown in data.shown
}
