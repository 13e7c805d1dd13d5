"""What the names and shapes of a published checkpoint tell of how its network was built."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from posecube.skeleton.layouts import H36M17

Shapes = Mapping[str, tuple[int, ...]]
SLOWONLY_STAGES = 3  # of volumes; a fourth is RGB's


def no_structure(_shapes: Shapes) -> dict[str, Any]:
    """Nothing beyond the sizes of single tensors."""
    return {}


def slowonly_structure(shapes: Shapes) -> dict[str, Any]:
    """Blocks of each stage, and which stages mix time, of ``posec3d_slowonly``."""
    return {argument: told[:SLOWONLY_STAGES] for argument, told in slowonly_rgb_structure(shapes).items()}


def slowonly_rgb_structure(shapes: Shapes) -> dict[str, Any]:
    """Blocks of each stage, and which stages mix time, of ``slowonly_rgb``."""
    stages = _stages(shapes, r"backbone\.layer(\d+)\.\d+\.conv1\.conv\.weight")
    if not stages:
        return {}
    return {
        "stage_blocks": tuple(map(len, stages)),
        "time_stages": tuple(len(stage[0]) == 5 and stage[0][2] > 1 for stage in stages),
    }


def x3d_structure(shapes: Shapes) -> dict[str, Any]:
    """Blocks of each stage of ``posec3d_x3d``."""
    stages = _stages(shapes, r"backbone\.layer(\d+)\.\d+\.conv1\.conv\.weight")
    return {"stage_blocks": tuple(map(len, stages))} if stages else {}


def rgbpose_structure(shapes: Shapes) -> dict[str, Any]:
    """Blocks of each stage and the laterals of ``rgbpose_conv3d``."""
    told: dict[str, Any] = {}
    for pathway in ("rgb", "pose"):
        stages = _stages(shapes, rf"backbone\.{pathway}_path\.layer(\d+)\.\d+\.conv1\.conv\.weight")
        if stages:
            told[f"{pathway}_stage_blocks"] = tuple(map(len, stages))
    laterals = []
    # The pose pathway has no stage of its own before the first lateral: it counts from one less.
    for source, target, skipped in (("pose", "rgb", 0), ("rgb", "pose", 1)):
        for name in shapes:
            if found := re.fullmatch(rf"backbone\.{target}_path\.layer(\d+)_lateral\.conv\.weight", name):
                laterals.append((int(found[1]) + skipped, source, target))
    return told | {"laterals": tuple(sorted(laterals))} if told else {}


def aagcn_structure(shapes: Shapes) -> dict[str, Any]:
    """Whether ``aagcn`` has attention."""
    return {"attention": any(re.fullmatch(r"backbone\.gcn\.\d+\.gcn\.conv_sa\.weight", name) for name in shapes)}


def msg3d_structure(shapes: Shapes) -> dict[str, Any]:
    """Frames of each window of ``msg3d``."""
    windows = _stages(shapes, r"backbone\.gcn3d1\.gcn3d\.(\d+)\.out_conv\.weight")
    return {"windows": tuple(window[0][3] for window in windows if len(window[0]) == 5)} if windows else {}


def motionbert_arguments(sizes: dict[str, int]) -> dict[str, Any]:
    """Builder arguments of ``motionbert`` from a checkpoint's sizes; published ones read Human3.6M's 17 joints."""
    arguments: dict[str, Any] = dict(sizes)
    if arguments.pop("num_joints", 0) == H36M17.num_joints:
        arguments["layout"] = H36M17.name
    mlp_channels = arguments.pop("mlp_channels", 0)
    if mlp_channels and "base_channels" in arguments:
        arguments["mlp_ratio"] = mlp_channels // arguments["base_channels"]
    return arguments


def motionbert_structure(shapes: Shapes) -> dict[str, Any]:
    """Levels of ``motionbert``."""
    levels = _stages(shapes, r"(?:backbone\.)?blocks_st\.(\d+)\.norm1_s\.weight")
    return {"depth": len(levels)} if levels else {}


def _stages(shapes: Shapes, pattern: str) -> list[list[tuple[int, ...]]]:
    """Shapes of the tensors that a pattern matches, by the stage that is its group; stages and blocks in order."""
    found: dict[int, list[tuple[int, ...]]] = {}
    for name, shape in shapes.items():
        if match := re.fullmatch(pattern, name):
            found.setdefault(int(match[1]), []).append(shape)
    return [found[stage] for stage in sorted(found)]
