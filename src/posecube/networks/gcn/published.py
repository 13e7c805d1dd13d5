"""Graph networks in checkpoints of pyskl and MMAction2."""

from __future__ import annotations

import re
from typing import Any

from posecube.networks.published import CLASSES, HEAD, PublishedCheckpoints, Shapes, behind, stages_of
from posecube.networks.published_input import graph_input
from posecube.skeleton.layouts import find_layout

PUBLISHED_LAYOUTS = {
    find_layout(name).num_joints: name
    for name in ("penn13", "sbu15", "coco17", "openpose18", "kinect20", "ntu25", "halpe26")
}
NORMED_BRANCHES = {
    "branches.{branch}.reduce": "branches.{branch}.0",
    "branches.{branch}.norm": "branches.{branch}.1",
    "branches.{branch}.time": "branches.{branch}.3",
    "branches.{branch}.pool_norm": "branches.{branch}.4",
}
SIZES = CLASSES | {
    "base_channels": ("blocks.0.space.norm.weight", 0),
    "in_channels": ("blocks.0.space.conv.weight", 1),
    "num_joints": ("blocks.0.space.graph", 1),
}
SIZES_BY_PART = SIZES | {  # of networks whose parts of the graph have convolutions of their own
    "in_channels": ("blocks.0.space.parts.0.features.weight", 1),
    "norm_channels": ("norm.norm.weight", 0),
}


def _graph_arguments(sizes: dict[str, int]) -> dict[str, Any]:
    """Builder arguments of a graph network from a checkpoint's sizes.

    ``num_joints`` tells the layout; ``spread_channels``, of all distances together, the channels of the input;
    ``norm_channels``, which are normalised at the start, how many people are apart.
    """
    arguments: dict[str, Any] = dict(sizes)
    num_joints = arguments.pop("num_joints", 0)
    if num_joints in PUBLISHED_LAYOUTS:
        arguments["layout"] = PUBLISHED_LAYOUTS[num_joints]
    spread_channels, norm_channels = arguments.pop("spread_channels", 0), arguments.pop("norm_channels", 0)
    if "num_hops" in arguments and spread_channels >= arguments["num_hops"]:
        arguments["in_channels"] = spread_channels // arguments["num_hops"]
    if norm_channels and num_joints and "in_channels" in arguments:
        num_people = norm_channels // (num_joints * arguments["in_channels"])
        arguments["num_people"] = num_people if num_people > 1 else None
    return arguments


def _infer_aagcn(shapes: Shapes) -> dict[str, Any]:
    """Whether it has attention."""
    return {"attention": any(re.fullmatch(r"backbone\.gcn\.\d+\.gcn\.conv_sa\.weight", name) for name in shapes)}


def _infer_msg3d(shapes: Shapes) -> dict[str, Any]:
    """Frames of each window."""
    windows = stages_of(shapes, r"backbone\.gcn3d1\.gcn3d\.(\d+)\.out_conv\.weight")
    return {"windows": tuple(window[0][3] for window in windows if len(window[0]) == 5)} if windows else {}


STGCN = PublishedCheckpoints(
    rows={
        "norm.norm": "backbone.data_bn",
        "blocks.{i}.space.graph": "backbone.gcn.{i}.gcn.A",
        "blocks.{i}.space.importance": "backbone.gcn.{i}.gcn.PA",
        "blocks.{i}.space.conv": "backbone.gcn.{i}.gcn.conv",
        "blocks.{i}.space.norm": "backbone.gcn.{i}.gcn.bn",
        "blocks.{i}.time": "backbone.gcn.{i}.tcn",
        "blocks.{i}.shortcut": "backbone.gcn.{i}.residual",
        **HEAD,
    },
    sizes=SIZES,
    arguments=_graph_arguments,
    feed=graph_input,
)
STGCNPP = PublishedCheckpoints(
    rows={
        "norm.norm": "backbone.data_bn",
        "blocks.{i}.space.graph": "backbone.gcn.{i}.gcn.A",
        "blocks.{i}.space.conv": "backbone.gcn.{i}.gcn.conv",
        "blocks.{i}.space.norm": "backbone.gcn.{i}.gcn.bn",
        "blocks.{i}.space.shortcut.{part}": "backbone.gcn.{i}.gcn.down.{part}",
        "blocks.{i}.time.branches.{branch}": "backbone.gcn.{i}.tcn.branches.{branch}",
        "blocks.{i}.time.branches.{branch}.reduce": "backbone.gcn.{i}.tcn.branches.{branch}.0",
        "blocks.{i}.time.branches.{branch}.norm": "backbone.gcn.{i}.tcn.branches.{branch}.1",
        "blocks.{i}.time.branches.{branch}.time": "backbone.gcn.{i}.tcn.branches.{branch}.3.conv",
        "blocks.{i}.time.mix.{part}": "backbone.gcn.{i}.tcn.transform.{part}",
        "blocks.{i}.time.norm": "backbone.gcn.{i}.tcn.bn",
        "blocks.{i}.shortcut": "backbone.gcn.{i}.residual",
        **HEAD,
    },
    sizes=SIZES,
    arguments=_graph_arguments,
    feed=graph_input,
)
AAGCN = PublishedCheckpoints(
    rows={
        "norm.norm": "backbone.data_bn",
        "blocks.{i}.space.graph": "backbone.gcn.{i}.gcn.A",
        "blocks.{i}.space.strength": "backbone.gcn.{i}.gcn.alpha",
        "blocks.{i}.space.parts.{part}.gathered": "backbone.gcn.{i}.gcn.conv_a.{part}",
        "blocks.{i}.space.parts.{part}.gathering": "backbone.gcn.{i}.gcn.conv_b.{part}",
        "blocks.{i}.space.parts.{part}.features": "backbone.gcn.{i}.gcn.conv_d.{part}",
        "blocks.{i}.space.norm": "backbone.gcn.{i}.gcn.bn",
        "blocks.{i}.space.shortcut.{part}": "backbone.gcn.{i}.gcn.down.{part}",
        "blocks.{i}.space.attention.joints": "backbone.gcn.{i}.gcn.conv_sa",
        "blocks.{i}.space.attention.frames": "backbone.gcn.{i}.gcn.conv_ta",
        "blocks.{i}.space.attention.squeeze": "backbone.gcn.{i}.gcn.fc1c",
        "blocks.{i}.space.attention.excite": "backbone.gcn.{i}.gcn.fc2c",
        "blocks.{i}.time": "backbone.gcn.{i}.tcn",
        "blocks.{i}.shortcut": "backbone.gcn.{i}.residual",
        **HEAD,
    },
    unused=("backbone.A",),
    sizes=SIZES_BY_PART,
    arguments=_graph_arguments,
    infer=_infer_aagcn,
    feed=graph_input,
)
CTRGCN = PublishedCheckpoints(
    rows={
        "norm.norm": "backbone.data_bn",
        "blocks.{i}.space.graph": "backbone.net.{i}.gcn1.A",
        "blocks.{i}.space.strength": "backbone.net.{i}.gcn1.alpha",
        "blocks.{i}.space.parts.{part}.gathered": "backbone.net.{i}.gcn1.convs.{part}.conv1",
        "blocks.{i}.space.parts.{part}.gathering": "backbone.net.{i}.gcn1.convs.{part}.conv2",
        "blocks.{i}.space.parts.{part}.features": "backbone.net.{i}.gcn1.convs.{part}.conv3",
        "blocks.{i}.space.parts.{part}.refine": "backbone.net.{i}.gcn1.convs.{part}.conv4",
        "blocks.{i}.space.norm": "backbone.net.{i}.gcn1.bn",
        "blocks.{i}.space.shortcut.{part}": "backbone.net.{i}.gcn1.down.{part}",
        **behind("blocks.{i}.time.", "backbone.net.{i}.tcn1.", NORMED_BRANCHES),
        "blocks.{i}.shortcut": "backbone.net.{i}.residual",
        **HEAD,
    },
    unused=("backbone.A",),
    sizes=SIZES_BY_PART,
    arguments=_graph_arguments,
    feed=graph_input,
    only_by_pyskl=True,
)
MSG3D = PublishedCheckpoints(
    rows={
        "norm.norm": "backbone.data_bn",
        "blocks.{i}.space.graph": "backbone.sgcn{i+1}.0.A",
        "blocks.{i}.space.offset": "backbone.sgcn{i+1}.0.PA",
        "blocks.{i}.space.embed.{part}": "backbone.sgcn{i+1}.0.mlp.layers.{part}",
        **behind("blocks.{i}.space_time.{j}.", "backbone.sgcn{i+1}.{j+1}.", NORMED_BRANCHES),
        "blocks.{i}.space_time.{j}.shortcut": "backbone.sgcn{i+1}.{j+1}.residual",
        "blocks.{i}.windows.{j}.hops.graph": "backbone.gcn3d{i+1}.gcn3d.{j}.gcn3d.1.A",
        "blocks.{i}.windows.{j}.hops.offset": "backbone.gcn3d{i+1}.gcn3d.{j}.gcn3d.1.PA",
        "blocks.{i}.windows.{j}.hops.embed.{part}": "backbone.gcn3d{i+1}.gcn3d.{j}.gcn3d.1.mlp.layers.{part}",
        "blocks.{i}.windows.{j}.collect": "backbone.gcn3d{i+1}.gcn3d.{j}.out_conv",
        "blocks.{i}.windows.{j}.norm": "backbone.gcn3d{i+1}.gcn3d.{j}.out_bn",
        **behind("blocks.{i}.time.", "backbone.tcn{i+1}.", NORMED_BRANCHES),
        **HEAD,
    },
    unused=("backbone.A",),
    sizes=CLASSES
    | {
        "base_channels": ("blocks.0.space.embed.1.weight", 0),
        "num_joints": ("blocks.0.space.graph", 1),
        "num_hops": ("blocks.0.space.graph", 0),
        "window_hops": ("blocks.0.windows.0.hops.graph", 0),
        "norm_channels": ("norm.norm.weight", 0),
        "spread_channels": ("blocks.0.space.embed.0.weight", 1),
    },
    arguments=_graph_arguments,
    infer=_infer_msg3d,
    feed=graph_input,
    only_by_pyskl=True,
)
