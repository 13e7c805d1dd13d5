"""Our parameter names and those of published checkpoints: pyskl's, MMAction2's where they differ, and MotionBERT's.

``TABLES`` holds one table an architecture. A row maps a module, or a bare tensor, of ours to the published one:

* ``{any_name}`` stands for a number. The published side may count from elsewhere: ``{stage+1}``, ``{stage-1}``.
* A tuple of published names lists alternatives: the first one that the checkpoint has is taken.
* Of several rows that match, the one with the longest name of ours wins.
* What follows the row's name is kept, but that the parts of a module may have other names: those of a ConvBN are "0"
  and "1" here, "conv" and "bn" there. ``parts={}`` keeps all names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from posecube.errors import UserError
from posecube.networks.graph import graph_arguments
from posecube.networks.structure import (
    Shapes,
    aagcn_structure,
    motionbert_arguments,
    motionbert_structure,
    msg3d_structure,
    no_structure,
    rgbpose_structure,
    slowonly_rgb_structure,
    slowonly_structure,
    x3d_structure,
)

CONV_BN = {"0": "conv", "1": "bn"}
CLASSES = {"num_classes": ("head.linear.bias", 0)}
WIDTH = {"base_channels": ("stem.0.weight", 0)}
JOINTS = {"num_joints": ("stem.0.weight", 1)}
_PLACEHOLDER = re.compile(r"\{(\w+)([+-]\d+)?\}")


@dataclass(frozen=True)
class NameTable:
    """How an architecture's tensors are called in published checkpoints.

    Attributes:
        rows: Our module or tensor to its published name, or to alternatives of it.
        parts: What the parts of a row's module are called: the first name behind the row's, where more follow.
        optional: Modules of ours that a checkpoint may lack as a whole, such as the head for actions of one that was
            only pre-trained; they start from chance.
        unused: Patterns of published tensors that our network does not need, such as a graph stored twice.
        sizes: Arguments of the builder that a checkpoint tells: a tensor of ours and which of its dimensions it is.
        arguments: Makes the builder's arguments of the sizes, where they are not the same.
        structure: Further arguments, of the shapes of the checkpoint's tensors by their names.
    """

    rows: Mapping[str, str | tuple[str, ...]]
    parts: Mapping[str, str] = field(default_factory=lambda: CONV_BN)
    optional: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    sizes: Mapping[str, tuple[str, int]] = field(default_factory=lambda: CLASSES)
    arguments: Callable[[dict[str, int]], dict[str, Any]] = dict
    structure: Callable[[Shapes], dict[str, Any]] = no_structure

    def candidates(self, name: str) -> list[str]:
        """The published names that a tensor of ours may have, the usual one first."""
        for own in sorted(self.rows, key=len, reverse=True):
            if found := _compiled(own).match(name):
                numbers = {key: int(value) for key, value in found.groupdict().items()}
                rest = self._renamed(name[found.end() :].removeprefix("."))
                published = self.rows[own]
                forms = (published,) if isinstance(published, str) else published
                return [".".join(filter(None, (_filled(form, numbers), rest))) for form in forms]
        raise UserError(f"no published name is known for {name!r}")

    def knows(self, published: str) -> bool:
        """Whether a published tensor may be one of this architecture's."""
        forms = [form for row in self.rows.values() for form in ((row,) if isinstance(row, str) else row)]
        return not self.needs(published) or any(_compiled(form).match(published) for form in forms)

    def needs(self, published: str) -> bool:
        """Whether a published tensor has a place in our network."""
        return not any(_compiled(pattern).fullmatch(published) for pattern in self.unused)

    def _renamed(self, rest: str) -> str:
        first, dot, further = rest.partition(".")
        return f"{self.parts.get(first, first)}.{further}" if dot else rest


_HEAD = {"head.linear": ("cls_head.fc_cls", "cls_head.fc")}
_SLOWONLY = {
    "stem": "conv1",
    "stages.{stage}.{block}.reduce": "layer{stage+1}.{block}.conv1",
    "stages.{stage}.{block}.mix": "layer{stage+1}.{block}.conv2",
    "stages.{stage}.{block}.expand": "layer{stage+1}.{block}.conv3",
    "stages.{stage}.{block}.shortcut": "layer{stage+1}.{block}.downsample",
}
_NORMED_BRANCHES = {
    "branches.{branch}.reduce": "branches.{branch}.0",
    "branches.{branch}.norm": "branches.{branch}.1",
    "branches.{branch}.time": "branches.{branch}.3",
    "branches.{branch}.pool_norm": "branches.{branch}.4",
}

_GRAPH_SIZES = CLASSES | {
    "base_channels": ("blocks.0.space.norm.weight", 0),
    "in_channels": ("blocks.0.space.conv.weight", 1),
    "num_joints": ("blocks.0.space.graph", 1),
}
_SIZES_BY_PART = _GRAPH_SIZES | {  # of networks whose parts of the graph have convolutions of their own
    "in_channels": ("blocks.0.space.parts.0.features.weight", 1),
    "norm_channels": ("norm.norm.weight", 0),
}


_MOTIONBERT = {
    "embed": "joints_embed",
    "joint_place": "pos_embed",
    "frame_place": "temp_embed",
    "weigh.{i}": "ts_attn.{i}",
    "norm": "norm",
    "represent": "pre_logits.fc",
    "lift": "head",
} | {
    f"{own}_first.{{i}}.{half}.{part}": f"blocks_{published}.{{i}}.{name}"
    for own, published in (("space", "st"), ("time", "ts"))
    for half, letter in (("space", "s"), ("time", "t"))
    for part, name in {
        "norm": f"norm1_{letter}",
        "queries_keys_values": f"attn_{letter}.qkv",
        "project": f"attn_{letter}.proj",
        "mlp_norm": f"norm2_{letter}",
        "expand": f"mlp_{letter}.fc1",
        "contract": f"mlp_{letter}.fc2",
    }.items()
}


def _behind(own: str, published: str, rows: Mapping[str, str]) -> dict[str, str]:
    """Rows with a prefix on either side."""
    return {own + ours: published + theirs for ours, theirs in rows.items()}


TABLES: dict[str, NameTable] = {
    "posec3d_slowonly": NameTable(
        {**_behind("", "backbone.", _SLOWONLY), **_HEAD},
        sizes=CLASSES | WIDTH | JOINTS,
        structure=slowonly_structure,
    ),
    "slowonly_rgb": NameTable(
        {**_behind("", "backbone.", _SLOWONLY), **_HEAD}, sizes=CLASSES | WIDTH, structure=slowonly_rgb_structure
    ),
    "rgbpose_conv3d": NameTable(
        {
            **_behind("rgb.", "backbone.rgb_path.", _SLOWONLY),
            **_behind("pose.", "backbone.pose_path.", _SLOWONLY),
            "pose_to_rgb.{stage}": "backbone.rgb_path.layer{stage}_lateral",
            "rgb_to_pose.{stage}": "backbone.pose_path.layer{stage-1}_lateral",
            "rgb.head.linear": "cls_head.fc_rgb",
            "pose.head.linear": "cls_head.fc_pose",
        },
        sizes={
            "num_classes": ("rgb.head.linear.bias", 0),
            "rgb_base_channels": ("rgb.stem.0.weight", 0),
            "pose_base_channels": ("pose.stem.0.weight", 0),
            "num_joints": ("pose.stem.0.weight", 1),
        },
        structure=rgbpose_structure,
    ),
    "posec3d_c3d": NameTable(
        {
            "stem": "backbone.conv1a",
            "stages.0.1": "backbone.conv2a",
            "stages.1.1": "backbone.conv3a",
            "stages.1.2": "backbone.conv3b",
            "stages.2.1": "backbone.conv4a",
            "stages.2.2": "backbone.conv4b",
            **_HEAD,
        },
        sizes=CLASSES | WIDTH | JOINTS,
    ),
    "posec3d_x3d": NameTable(
        {
            "stem.0": "backbone.conv1_s.conv",
            "stem.1": "backbone.conv1_t",
            "stages.{stage}.{block}.expand": "backbone.layer{stage+1}.{block}.conv1",
            "stages.{stage}.{block}.mix": "backbone.layer{stage+1}.{block}.conv2",
            "stages.{stage}.{block}.reduce": "backbone.layer{stage+1}.{block}.conv3",
            "stages.{stage}.{block}.shortcut": "backbone.layer{stage+1}.{block}.downsample",
            "lift": "backbone.conv5",
            **_HEAD,
        },
        sizes=CLASSES | WIDTH | JOINTS,
        structure=x3d_structure,
    ),
    "stgcn": NameTable(
        {
            "norm.norm": "backbone.data_bn",
            "blocks.{i}.space.graph": "backbone.gcn.{i}.gcn.A",
            "blocks.{i}.space.importance": "backbone.gcn.{i}.gcn.PA",
            "blocks.{i}.space.conv": "backbone.gcn.{i}.gcn.conv",
            "blocks.{i}.space.norm": "backbone.gcn.{i}.gcn.bn",
            "blocks.{i}.time": "backbone.gcn.{i}.tcn",
            "blocks.{i}.shortcut": "backbone.gcn.{i}.residual",
            **_HEAD,
        },
        sizes=_GRAPH_SIZES,
        arguments=graph_arguments,
    ),
    "stgcnpp": NameTable(
        {
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
            **_HEAD,
        },
        sizes=_GRAPH_SIZES,
        arguments=graph_arguments,
    ),
    "aagcn": NameTable(
        {
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
            **_HEAD,
        },
        unused=("backbone.A",),
        sizes=_SIZES_BY_PART,
        arguments=graph_arguments,
        structure=aagcn_structure,
    ),
    "ctrgcn": NameTable(
        {
            "norm.norm": "backbone.data_bn",
            "blocks.{i}.space.graph": "backbone.net.{i}.gcn1.A",
            "blocks.{i}.space.strength": "backbone.net.{i}.gcn1.alpha",
            "blocks.{i}.space.parts.{part}.gathered": "backbone.net.{i}.gcn1.convs.{part}.conv1",
            "blocks.{i}.space.parts.{part}.gathering": "backbone.net.{i}.gcn1.convs.{part}.conv2",
            "blocks.{i}.space.parts.{part}.features": "backbone.net.{i}.gcn1.convs.{part}.conv3",
            "blocks.{i}.space.parts.{part}.refine": "backbone.net.{i}.gcn1.convs.{part}.conv4",
            "blocks.{i}.space.norm": "backbone.net.{i}.gcn1.bn",
            "blocks.{i}.space.shortcut.{part}": "backbone.net.{i}.gcn1.down.{part}",
            **_behind("blocks.{i}.time.", "backbone.net.{i}.tcn1.", _NORMED_BRANCHES),
            "blocks.{i}.shortcut": "backbone.net.{i}.residual",
            **_HEAD,
        },
        unused=("backbone.A",),
        sizes=_SIZES_BY_PART,
        arguments=graph_arguments,
    ),
    "msg3d": NameTable(
        {
            "norm.norm": "backbone.data_bn",
            "blocks.{i}.space.graph": "backbone.sgcn{i+1}.0.A",
            "blocks.{i}.space.offset": "backbone.sgcn{i+1}.0.PA",
            "blocks.{i}.space.embed.{part}": "backbone.sgcn{i+1}.0.mlp.layers.{part}",
            **_behind("blocks.{i}.space_time.{j}.", "backbone.sgcn{i+1}.{j+1}.", _NORMED_BRANCHES),
            "blocks.{i}.space_time.{j}.shortcut": "backbone.sgcn{i+1}.{j+1}.residual",
            "blocks.{i}.windows.{j}.hops.graph": "backbone.gcn3d{i+1}.gcn3d.{j}.gcn3d.1.A",
            "blocks.{i}.windows.{j}.hops.offset": "backbone.gcn3d{i+1}.gcn3d.{j}.gcn3d.1.PA",
            "blocks.{i}.windows.{j}.hops.embed.{part}": "backbone.gcn3d{i+1}.gcn3d.{j}.gcn3d.1.mlp.layers.{part}",
            "blocks.{i}.windows.{j}.collect": "backbone.gcn3d{i+1}.gcn3d.{j}.out_conv",
            "blocks.{i}.windows.{j}.norm": "backbone.gcn3d{i+1}.gcn3d.{j}.out_bn",
            **_behind("blocks.{i}.time.", "backbone.tcn{i+1}.", _NORMED_BRANCHES),
            **_HEAD,
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
        arguments=graph_arguments,
        structure=msg3d_structure,
    ),
    "motionbert": NameTable(
        {
            # A pre-trained backbone is published alone, without the prefix that it has before a head for actions.
            **{f"backbone.{own}": (f"backbone.{it}", it) for own, it in _MOTIONBERT.items()},
            "head.hidden": "head.fc1",
            "head.norm": "head.bn",
            "head.linear": "head.fc2",
        },
        optional=("head",),
        sizes=CLASSES
        | {
            "in_channels": ("backbone.embed.weight", 1),
            "base_channels": ("backbone.embed.weight", 0),
            "num_joints": ("backbone.joint_place", 1),
            "max_frames": ("backbone.frame_place", 1),
            "mlp_channels": ("backbone.space_first.0.space.expand.bias", 0),
            "representation_channels": ("backbone.represent.bias", 0),
            "head_channels": ("head.hidden.bias", 0),
        },
        arguments=motionbert_arguments,
        structure=motionbert_structure,
    ),
}


def published_names(architecture: str, names: Iterable[str], found: Container[str] = ()) -> dict[str, str]:
    """Our name of every parameter and buffer, and its published one.

    Args:
        names: Keys of our network's state dict.
        found: Keys of the checkpoint, which say which of several published names is meant.

    Raises:
        UserError: If no published names are known for the architecture, or for one of its tensors.
    """
    if architecture not in TABLES:
        raise UserError(f"no published names are known for {architecture!r}; known: {', '.join(TABLES)}")
    candidates = {name: TABLES[architecture].candidates(name) for name in names}
    return {name: next((form for form in forms if form in found), forms[0]) for name, forms in candidates.items()}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A name with placeholders as an expression that ends where a module's name does."""
    text, position = "", 0
    for placeholder in _PLACEHOLDER.finditer(pattern):
        text += re.escape(pattern[position : placeholder.start()]) + rf"(?P<{placeholder[1]}>\d+)"
        position = placeholder.end()
    return re.compile(text + re.escape(pattern[position:]) + r"(?=\.|$)")


def _filled(pattern: str, numbers: Mapping[str, int]) -> str:
    return _PLACEHOLDER.sub(lambda it: str(numbers[it[1]] + int(it[2] or 0)), pattern)
