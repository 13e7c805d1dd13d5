"""PoseConv3D in checkpoints of pyskl and MMAction2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posecube.networks.published import CLASSES, HEAD, PublishedCheckpoints, Shapes, behind, stages_of
from posecube.networks.published_input import InputChoice, PublishedInput, volume_input

SLOWONLY_ROWS = {
    "stem": "conv1",
    "stages.{stage}.{block}.reduce": "layer{stage+1}.{block}.conv1",
    "stages.{stage}.{block}.mix": "layer{stage+1}.{block}.conv2",
    "stages.{stage}.{block}.expand": "layer{stage+1}.{block}.conv3",
    "stages.{stage}.{block}.shortcut": "layer{stage+1}.{block}.downsample",
}
WIDTH = {"base_channels": ("stem.0.weight", 0)}
JOINTS = {"num_joints": ("stem.0.weight", 1)}
SLOWONLY_STAGES = 3  # of volumes; a fourth is that of video frames
FIRST_CONVOLUTIONS = r"backbone\.layer(\d+)\.\d+\.conv1\.conv\.weight"
POSE_ONLY_CLIP_LEN = 32  # of the pose half of RGBPose-Conv3D, alone or not


def infer_slowonly(shapes: Shapes) -> dict[str, Any]:
    """Blocks of each stage, and which stages mix time."""
    stages = stages_of(shapes, FIRST_CONVOLUTIONS)
    if not stages:
        return {}
    return {
        "stage_blocks": tuple(map(len, stages)),
        "time_stages": tuple(len(stage[0]) == 5 and stage[0][2] > 1 for stage in stages),
    }


def _infer_slowonly_of_volumes(shapes: Shapes) -> dict[str, Any]:
    return {argument: value[:SLOWONLY_STAGES] for argument, value in infer_slowonly(shapes).items()}


def _infer_x3d(shapes: Shapes) -> dict[str, Any]:
    stages = stages_of(shapes, FIRST_CONVOLUTIONS)
    return {"stage_blocks": tuple(map(len, stages))} if stages else {}


def _slowonly_input(inferred: Mapping[str, Any], choice: InputChoice) -> PublishedInput:
    """One that keeps time is the pose half of RGBPose-Conv3D, which has shorter clips."""
    if 2 in inferred.get("temporal_strides", (1, 1, 2)):
        return volume_input(inferred, choice)
    return volume_input(inferred, choice, clip_len=POSE_ONLY_CLIP_LEN, cuts_middle=False)


SLOWONLY = PublishedCheckpoints(
    rows={**behind("", "backbone.", SLOWONLY_ROWS), **HEAD},
    sizes=CLASSES | WIDTH | JOINTS,
    infer=_infer_slowonly_of_volumes,
    feed=_slowonly_input,
)
C3D = PublishedCheckpoints(
    rows={
        "stem": "backbone.conv1a",
        "stages.0.1": "backbone.conv2a",
        "stages.1.1": "backbone.conv3a",
        "stages.1.2": "backbone.conv3b",
        "stages.2.1": "backbone.conv4a",
        "stages.2.2": "backbone.conv4b",
        **HEAD,
    },
    sizes=CLASSES | WIDTH | JOINTS,
    feed=volume_input,
    only_by_pyskl=True,
)
X3D = PublishedCheckpoints(
    rows={
        "stem.0": "backbone.conv1_s.conv",
        "stem.1": "backbone.conv1_t",
        "stages.{stage}.{block}.expand": "backbone.layer{stage+1}.{block}.conv1",
        "stages.{stage}.{block}.mix": "backbone.layer{stage+1}.{block}.conv2",
        "stages.{stage}.{block}.reduce": "backbone.layer{stage+1}.{block}.conv3",
        "stages.{stage}.{block}.shortcut": "backbone.layer{stage+1}.{block}.downsample",
        "lift": "backbone.conv5",
        **HEAD,
    },
    sizes=CLASSES | WIDTH | JOINTS,
    infer=_infer_x3d,
    feed=volume_input,
    only_by_pyskl=True,
)
