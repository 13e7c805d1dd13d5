"""Graph networks on NTU RGB+D 60, cross-subject: five networks, 3D joints of the Kinect or 2D joints of HRNet.

Each recipe trains one of four streams; the others are two settings away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple

from posecube.model import ModelSpec
from posecube.networks import AnyNetwork
from posecube.networks.gcn import AagcnSpec, CtrgcnSpec, Msg3dSpec, StgcnppSpec, StgcnSpec
from posecube.recipes.entry import PYSKL, Published, RecipeEntry
from posecube.representation import StreamSpec
from posecube.sampling import Augmentation, BodySpace, ClipSpec, ImageSpace, UniformFrames
from posecube.training.recipe import Recipe

Axes = Literal["2d", "3d"]


class Accuracies(NamedTuple):
    """What pyskl reports, in percent: four streams alone, the first two together, all together."""

    joint: float
    bone: float
    joint_motion: float
    bone_motion: float
    two: float
    four: float

    def published(self) -> tuple[Published, ...]:
        names = ("joint", "bone", "joint motion", "bone motion", "joint and bone", "all four")
        return tuple(Published(PYSKL, top1=percent, of=name) for name, percent in zip(names, self, strict=True))


@dataclass(frozen=True)
class Network:
    """A row: a network as this family of recipes trains it."""

    title: str
    spec: AnyNetwork
    paper: str
    accuracies: dict[Axes, Accuracies]


NETWORKS = {
    "stgcn": Network(
        "ST-GCN",
        StgcnSpec(),
        'Yan et al., "Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action Recognition", AAAI 2018',
        {
            "2d": Accuracies(89.0, 91.2, 86.7, 87.8, two=92.0, four=92.4),
            "3d": Accuracies(87.8, 88.6, 85.8, 86.2, two=90.0, four=90.7),
        },
    ),
    "stgcnpp": Network(
        "ST-GCN++",
        StgcnppSpec(),
        'Duan et al., "PYSKL: Towards Good Practices for Skeleton Action Recognition", ACM Multimedia 2022',
        {
            "2d": Accuracies(89.3, 92.3, 84.0, 88.8, two=92.8, four=93.2),
            "3d": Accuracies(89.3, 90.1, 87.5, 87.3, two=91.4, four=92.1),
        },
    ),
    "aagcn": Network(
        "AAGCN",
        AagcnSpec(),
        'Shi et al., "Skeleton-Based Action Recognition with Multi-Stream Adaptive Graph Convolutional Networks", 2020',
        {
            "2d": Accuracies(89.7, 92.2, 88.7, 88.8, two=92.8, four=93.0),
            "3d": Accuracies(89.0, 89.1, 86.9, 86.6, two=90.8, four=91.5),
        },
    ),
    "msg3d": Network(
        "MS-G3D",
        Msg3dSpec(),
        'Liu et al., "Disentangling and Unifying Graph Convolutions for Skeleton-Based Action Recognition", CVPR 2020',
        {
            "2d": Accuracies(92.7, 92.8, 89.8, 90.2, two=93.8, four=94.1),
            "3d": Accuracies(89.6, 89.3, 87.7, 86.7, two=91.0, four=91.7),
        },
    ),
    "ctrgcn": Network(
        "CTR-GCN",
        CtrgcnSpec(),
        'Chen et al., "Channel-wise Topology Refinement Graph Convolution", ICCV 2021',
        {
            "2d": Accuracies(90.6, 92.7, 89.4, 90.3, two=93.3, four=93.6),
            "3d": Accuracies(89.6, 90.0, 88.0, 87.5, two=91.5, four=92.1),
        },
    ),
}

# Joints of the Kinect in the body's own axes; those of the image with their confidence as a third channel.
INPUTS: dict[Axes, tuple[str, ClipSpec, StreamSpec]] = {
    "3d": (
        "ntu25",
        ClipSpec(clip_len=100, max_people=2, frames=UniformFrames(published_sampling="pyskl"), space=BodySpace()),
        StreamSpec(shows="joints"),
    ),
    "2d": (
        "coco17",
        ClipSpec(
            clip_len=100, max_people=2, frames=UniformFrames(published_sampling="pyskl"), space=ImageSpace(crop=False)
        ),
        StreamSpec(shows="joints", with_confidence=True),
    ),
}
POSES = {"3d": "3D joints of the Kinect", "2d": "2D joints of HRNet"}
FILES = {"3d": "ntu60_3danno.pkl", "2d": "ntu60_hrnet.pkl"}

ABOUT = {
    "stgcnpp_ntu60_xsub_3d": (
        "Settings are pyskl's: batches of 8 x 16 clips at a rate of 0.1, 16 epochs that pass the split 5 times each, "
        "written here as 80 of one pass, 100 frames, two people, nothing disturbed. The same data comes from the data "
        "set's own files with `posecube import ntu`."
    ),
    "stgcnpp_ntu60_xsub_2d": (
        "As stgcnpp_ntu60_xsub_3d, with joints in the image and their confidence as a third channel."
    ),
    "ctrgcn_ntu60_xsub_3d": (
        "As stgcnpp_ntu60_xsub_3d, with another network. pyskl's takes 3.00 GMACs: ours averages over time before it "
        "compares joints, with the same result."
    ),
}


def graph_recipe(network: str, axes: Axes) -> Recipe:
    """The joint stream of one network; settings are pyskl's."""
    layout, clip, representation = INPUTS[axes]
    return Recipe(
        name=f"{network}_ntu60_xsub_{axes}",
        model=ModelSpec(layout=layout, clip=clip, representation=representation, network=NETWORKS[network].spec),
        num_classes=60,
        augmentation=Augmentation(),
        train_split="xsub_train",
        test_split="xsub_val",
        epochs=80,
        batch_size=16,
        learning_rate=0.1,
        reference_batch=128,
        nesterov=True,
        weight_decay=5e-4,
        decayed="all",
        warmup_steps=0,
        gradient_clip=None,
        evaluate_every=5,
    )


def _commands(name: str, axes: Axes) -> tuple[str, ...]:
    """All four streams, and their sum."""
    store, bones, motion = f"stores/ntu60_{axes}", "model.representation.shows=bones", "model.clip.space.motion=true"
    return (
        f"posecube import pyskl {FILES[axes]} --store {store}",
        f"posecube train {name} --store {store} --run runs/{name}_joint",
        f"posecube train {name} --store {store} --run runs/{name}_bone --set {bones} name={name}_bone",
        f"posecube train {name} --store {store} --run runs/{name}_joint_motion --set {motion} name={name}_joint_motion",
        f"posecube train {name} --store {store} --run runs/{name}_bone_motion"
        f" --set {bones} {motion} name={name}_bone_motion",
        f"posecube evaluate runs/{name}_joint --store {store} --split xsub_val --views 10"
        " --scores joint.npz  # and so on",
        "posecube fuse joint.npz bone.npz joint_motion.npz bone_motion.npz --coefficients 2 2 1 1",
    )


def _entry(network: str, axes: Axes) -> RecipeEntry:
    row, name = NETWORKS[network], f"{network}_ntu60_xsub_{axes}"
    make: Callable[[], Recipe] = partial(graph_recipe, network, axes)
    return RecipeEntry(
        title=f"NTU RGB+D 60, cross-subject: {POSES[axes]}, {row.title}; one of four streams",
        make=make,
        paper=row.paper,
        published=row.accuracies[axes].published(),
        about=ABOUT.get(name, f"As stgcnpp_ntu60_xsub_{axes}, with another network."),
        commands=_commands(name, axes),
    )


RECIPES = {
    f"{network}_ntu60_xsub_{axes}": _entry(network, axes)
    for network in NETWORKS
    for axes in NETWORKS[network].accuracies
}
