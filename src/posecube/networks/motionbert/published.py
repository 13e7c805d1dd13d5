"""MotionBERT in its authors' checkpoints, of its backbone alone and with the head for actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posecube.errors import UserError
from posecube.networks.published import CLASSES, PublishedCheckpoints, Shapes, stages_of
from posecube.networks.published_input import InputChoice, PublishedInput, named_layout, reading_as_many
from posecube.representation import StreamSpec
from posecube.sampling import ClipSpec, Preprocess, SpreadFrames, SquareSpace
from posecube.skeleton.layouts import H36M17

CLIP_LEN = 243
SQUARE_PADDING = 1.0  # twice the side of what people fill
PLACE_AND_CONFIDENCE = 3  # numbers a joint
BACKBONE = {
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


def _arguments(sizes: dict[str, int]) -> dict[str, Any]:
    """Builder arguments from a checkpoint's sizes; published ones read Human3.6M's 17 joints."""
    arguments: dict[str, Any] = dict(sizes)
    if arguments.pop("num_joints", 0) == H36M17.num_joints:
        arguments["layout"] = H36M17.name
    mlp_channels = arguments.pop("mlp_channels", 0)
    if mlp_channels and "base_channels" in arguments:
        arguments["mlp_ratio"] = mlp_channels // arguments["base_channels"]
    return arguments


def _infer_levels(shapes: Shapes) -> dict[str, Any]:
    levels = stages_of(shapes, r"(?:backbone\.)?blocks_st\.(\d+)\.norm1_s\.weight")
    return {"depth": len(levels)} if levels else {}


def _input(inferred: Mapping[str, Any], choice: InputChoice) -> PublishedInput:
    """Joints on a square around people of twice their size, with confidence."""
    if choice.limbs or choice.size or choice.stream:
        raise UserError("limbs, a size and a stream are for other networks; motionbert reads joints with confidence")
    layout = named_layout(inferred, choice)
    clip = ClipSpec(
        clip_len=choice.clip_len or inferred.get("max_frames", CLIP_LEN),
        max_people=2,
        preprocess=Preprocess(undo_id_switches=True),
        frames=SpreadFrames(),
        space=SquareSpace(padding=SQUARE_PADDING),
    )
    representation = StreamSpec(
        with_confidence=inferred.get("in_channels") == PLACE_AND_CONFIDENCE,
        confidence_order="coco17" if layout == H36M17.name else "joints",
    )
    return reading_as_many(PublishedInput(layout, clip, representation), inferred)


MOTIONBERT = PublishedCheckpoints(
    rows={
        # A pre-trained backbone is published alone, without the prefix that it has before a head for actions.
        **{f"backbone.{own}": (f"backbone.{it}", it) for own, it in BACKBONE.items()},
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
    arguments=_arguments,
    infer=_infer_levels,
    feed=_input,
    has_own_frames=True,  # spread evenly
)
