"""RGBPose-Conv3D and its RGB half in checkpoints of pyskl and MMAction2."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from posecube.networks.posec3d.published import POSE_ONLY_CLIP_LEN, SLOWONLY_ROWS, WIDTH, infer_slowonly
from posecube.networks.published import CLASSES, HEAD, PublishedCheckpoints, Shapes, behind, stages_of
from posecube.networks.published_input import InputChoice, PublishedInput, frames_input, volume_input

SPEED_RATIO = 4  # maps to each frame, unless the network's arguments say otherwise
SIGMA_PX = 0.7


def _infer_pathways(shapes: Shapes) -> dict[str, Any]:
    """Blocks of each stage and the laterals."""
    inferred: dict[str, Any] = {}
    for pathway in ("rgb", "pose"):
        stages = stages_of(shapes, rf"backbone\.{pathway}_path\.layer(\d+)\.\d+\.conv1\.conv\.weight")
        if stages:
            inferred[f"{pathway}_stage_blocks"] = tuple(map(len, stages))
    laterals = []
    # The pose pathway has no stage of its own before the first lateral: it counts from one less.
    for source, target, skipped in (("pose", "rgb", 0), ("rgb", "pose", 1)):
        for name in shapes:
            if found := re.fullmatch(rf"backbone\.{target}_path\.layer(\d+)_lateral\.conv\.weight", name):
                laterals.append((int(found[1]) + skipped, source, target))
    return inferred | {"laterals": tuple(sorted(laterals))} if inferred else {}


def _both_inputs(inferred: Mapping[str, Any], choice: InputChoice) -> PublishedInput:
    return volume_input(
        inferred,
        choice,
        clip_len=POSE_ONLY_CLIP_LEN,
        sigma_px=SIGMA_PX,
        cuts_middle=False,
        maps_per_frame=inferred.get("speed_ratio", SPEED_RATIO),
    )


FRAMES_ALONE = PublishedCheckpoints(
    rows={**behind("", "backbone.", SLOWONLY_ROWS), **HEAD},
    sizes=CLASSES | WIDTH,
    infer=infer_slowonly,
    feed=frames_input,
)
BOTH = PublishedCheckpoints(
    rows={
        **behind("rgb.", "backbone.rgb_path.", SLOWONLY_ROWS),
        **behind("pose.", "backbone.pose_path.", SLOWONLY_ROWS),
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
    infer=_infer_pathways,
    feed=_both_inputs,
)
