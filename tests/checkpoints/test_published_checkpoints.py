"""Published lists of names, at full width: a checkpoint as its framework writes it gives weights of equal scores."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from checkpoints import framework_types, mmaction2_content, pyskl_content
from golden import files
from posecube.checkpoints import import_weights
from posecube.checkpoints.checkpoint_file import read_checkpoint
from posecube.model import ActionModel
from posecube.networks import NETWORKS, SPECS, load_published

# What a list's name begins with, behind its framework -> architecture and what no tensor tells.
ARCHITECTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "posec3d_slowonly": ("posec3d_slowonly", {}),
    "posec3d_c3d": ("posec3d_c3d", {}),
    "posec3d_x3d": ("posec3d_x3d", {}),
    "rgbpose_pose_only": ("posec3d_slowonly", {"temporal_strides": (1, 1, 1)}),
    "rgbpose_rgb_only": ("slowonly_rgb", {}),
    "rgbpose_conv3d": ("rgbpose_conv3d", {}),
    "stgcnpp_": ("stgcnpp", {}),
    "stgcn_": ("stgcn", {}),
    "ctrgcn": ("ctrgcn", {}),
    "aagcn": ("aagcn", {}),
    "msg3d": ("msg3d", {}),
}


# 145 MB files whose names are the same in both frameworks.
LISTED_TWICE = ("pyskl_rgbpose_conv3d", "mmaction2_rgbpose_rgb_only")


def architecture_of(listing: str) -> tuple[str, dict[str, Any]] | None:
    behind = re.sub(r"^(pyskl|mmaction2)_", "", listing)
    found = next((made for start, made in ARCHITECTURES.items() if behind.startswith(start)), None)
    return found if found and found[0] in NETWORKS else None


def listings() -> list[str]:
    """Names of the lists that are here."""
    return [name for name in files.listings() if architecture_of(name) and name not in LISTED_TWICE]


def inputs(network: nn.Module, architecture: str, layout: str) -> tuple[Tensor, ...]:
    """A small noise that the network reads."""
    rng = torch.Generator().manual_seed(0)
    rgb, volume = torch.rand(1, 3, 2, 64, 64, generator=rng), torch.rand(1, 17, 8, 16, 16, generator=rng)
    if "rgb" in SPECS[architecture].heads:
        return (rgb,) if architecture == "slowonly_rgb" else (rgb, volume)
    return (volume,) if architecture.startswith("posec3d") else (
        torch.rand(1, 2, 16, {"coco17": 17, "ntu25": 25}[layout], 3, generator=rng),
    )  # fmt: skip


@pytest.mark.parametrize("listing", listings())
def test_a_published_checkpoint_keeps_its_scores(
    listing: str, published_state: Callable[[str], dict[str, Tensor]], tmp_path: Path
) -> None:
    found = architecture_of(listing)
    assert found is not None
    architecture, arguments = found
    state = published_state(listing)
    with framework_types() as types:
        content = pyskl_content(state) if listing.startswith("pyskl") else mmaction2_content(state, types)
        torch.save(content, tmp_path / "it.pth")
    network = load_published(state, architecture, **arguments)
    assert all(torch.equal(it, state[name]) for name, it in read_checkpoint(tmp_path / "it.pth").tensors.items())
    result = import_weights(tmp_path / "it.pth", architecture, tmp_path / "out", arguments=arguments)
    imported, layout = ActionModel.load(result.path)[0].network, result.card.model.layout
    noise = inputs(network, architecture, layout)
    with torch.inference_mode():
        torch.testing.assert_close(imported(*noise), network(*noise), atol=1e-5, rtol=1e-4)
