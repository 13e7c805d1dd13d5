"""What checkpoints tell of their networks, for the published lists of names and for networks of other sizes."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from builders import published_names
from posecube.checkpoints.loading import published_of
from posecube.networks import NETWORKS, SPECS

MIXES = (False, True, True)
SLOWONLY = {"base_channels": 32, "num_joints": 17, "time_stages": MIXES}
RGB = {"base_channels": 64, "stage_blocks": (3, 4, 6, 3), "time_stages": (False, *MIXES[:2], True)}
LATERALS = ((2, "pose", "rgb"), (2, "rgb", "pose"), (3, "pose", "rgb"), (3, "rgb", "pose"))
PUBLISHED: dict[str, tuple[str, dict[str, Any]]] = {
    "pyskl_posec3d_slowonly_ntu60_joint": (
        "posec3d_slowonly", {"num_classes": 60, "stage_blocks": (4, 6, 3), **SLOWONLY},
    ),
    "mmaction2_posec3d_slowonly346_k400": (
        "posec3d_slowonly", {"num_classes": 400, "stage_blocks": (3, 4, 6), **SLOWONLY},
    ),
    "pyskl_posec3d_slowonly346_ucf101": (
        "posec3d_slowonly", {"num_classes": 101, "stage_blocks": (3, 4, 6), **SLOWONLY},
    ),
    "pyskl_posec3d_c3d_light_ntu60_joint": (
        "posec3d_c3d", {"num_classes": 60, "base_channels": 32, "num_joints": 17},
    ),
    "pyskl_posec3d_x3d_shallow_ntu60_joint": (
        "posec3d_x3d", {"num_classes": 60, "base_channels": 24, "num_joints": 17, "stage_blocks": (2, 5, 3)},
    ),
    "pyskl_rgbpose_rgb_only": ("slowonly_rgb", {"num_classes": 60, **RGB}),
    "mmaction2_rgbpose_conv3d": (
        "rgbpose_conv3d",
        {
            "num_classes": 60, "rgb_base_channels": 64, "pose_base_channels": 32, "num_joints": 17,
            "rgb_stage_blocks": (3, 4, 6, 3), "pose_stage_blocks": (4, 6, 3), "laterals": LATERALS,
        },
    ),
}  # fmt: skip
OTHER_SIZES: dict[str, dict[str, Any]] = {
    "posec3d_slowonly": {
        "base_channels": 4, "num_joints": 13, "stage_blocks": (1, 2, 11), "time_stages": (True, False, True),
    },
    "posec3d_c3d": {"base_channels": 2, "num_joints": 5},
    "posec3d_x3d": {"base_channels": 8, "num_joints": 5, "stage_blocks": (1, 1, 2)},
    "slowonly_rgb": {"base_channels": 2, "stage_blocks": (1, 1, 2, 1), "time_stages": (False, True, True, True)},
    "rgbpose_conv3d": {
        "rgb_base_channels": 8, "pose_base_channels": 4, "num_joints": 5, "rgb_stage_blocks": (1, 1, 1, 2),
        "pose_stage_blocks": (1, 2, 1), "laterals": ((1, "rgb", "pose"), (3, "pose", "rgb")),
    },
    "motionbert": {
        "layout": "h36m17", "in_channels": 2, "base_channels": 8, "mlp_ratio": 3, "depth": 2,
        "representation_channels": 4, "max_frames": 9, "head_channels": 6,
    },
}  # fmt: skip


@pytest.mark.parametrize("listing", PUBLISHED)
def test_published_networks(listing: str, published_state: Callable[[str], dict[str, Tensor]]) -> None:
    architecture, arguments = PUBLISHED[listing]
    assert published_of(SPECS[architecture]).infer_arguments(published_state(listing)) == arguments


@pytest.mark.parametrize("architecture", OTHER_SIZES)
def test_networks_of_other_sizes(architecture: str) -> None:
    arguments = {"num_classes": 3, **OTHER_SIZES[architecture]}
    with torch.device("meta"):
        own = NETWORKS[architecture](**arguments).state_dict()
    names = published_names(architecture, own)
    assert (
        published_of(SPECS[architecture]).infer_arguments({names[key]: tensor for key, tensor in own.items()})
        == arguments
    )


@pytest.mark.parametrize("architecture", OTHER_SIZES)
def test_a_strange_checkpoint_tells_nothing(architecture: str) -> None:
    assert published_of(SPECS[architecture]).infer_arguments({"backbone.fc.weight": torch.zeros(2)}) == {}
