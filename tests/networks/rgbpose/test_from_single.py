from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from builders import published_names
from posecube.networks import NETWORKS, rgbpose_from_single


def filled(network: nn.Module) -> nn.Module:
    """A network whose statistics and scales are no longer those of a new one."""
    for name, tensor in network.state_dict().items():
        if name.endswith(("running_mean", "running_var", "bias")):
            tensor.copy_(torch.rand_like(tensor) + (name.endswith("var")))
    return network.eval()


@pytest.fixture
def rgb() -> nn.Module:
    torch.manual_seed(0)
    return filled(NETWORKS["slowonly_rgb"](num_classes=3, base_channels=8, stage_blocks=(1, 1, 2, 1)))


@pytest.fixture
def pose() -> nn.Module:
    torch.manual_seed(1)
    arguments = {"stage_blocks": (1, 2, 1), "temporal_strides": (1, 1, 1)}
    return filled(NETWORKS["posec3d_slowonly"](num_classes=3, num_joints=5, base_channels=4, **arguments))


def as_published(network: nn.Module, architecture: str) -> dict[str, Tensor]:
    own = network.state_dict()
    names = published_names(architecture, own)
    return {names[key]: tensor.clone() for key, tensor in own.items()}


def test_scores_as_the_two_networks_do(rgb: nn.Module, pose: nn.Module) -> None:
    both = rgbpose_from_single(rgb, pose).double().eval()
    frames, volume = torch.randn(2, 3, 2, 32, 32).double(), torch.rand(2, 5, 8, 8, 8).double()
    with torch.inference_mode():
        logits = both(frames, volume)
        torch.testing.assert_close(logits["rgb"], rgb.double()(frames), atol=1e-12, rtol=1e-12)
        torch.testing.assert_close(logits["pose"], pose.double()(volume), atol=1e-12, rtol=1e-12)


def test_every_weight_of_either_is_taken_over_and_only_zeros_are_new(rgb: nn.Module, pose: nn.Module) -> None:
    own = rgbpose_from_single(rgb, pose).state_dict()
    widened = []
    for pathway, single in (("rgb", rgb), ("pose", pose)):
        for name, tensor in single.state_dict().items():
            taken = own.pop(f"{pathway}.{name}")
            if taken.shape != tensor.shape:
                widened.append(f"{pathway}.{name}")
                assert not taken[:, tensor.shape[1] :].any()
                taken = taken[:, : tensor.shape[1]]
            assert torch.equal(taken, tensor)
    assert all("_to_" in name for name in own)
    assert sorted(widened) == sorted(
        f"{stage}.0.{part}.0.weight"
        for stage in ("rgb.stages.2", "rgb.stages.3", "pose.stages.1", "pose.stages.2")
        for part in ("reduce", "shortcut")
    )


def test_published_sizes_are_read_off_the_checkpoints(
    published_shapes: Callable[[str], dict[str, tuple[int, ...]]],
) -> None:
    rgb, pose = (
        {key: torch.zeros(shape) for key, shape in published_shapes(f"pyskl_rgbpose_{name}_only").items()}
        for name in ("rgb", "pose")
    )
    own = rgbpose_from_single(rgb, pose).state_dict()
    names = published_names("rgbpose_conv3d", own)
    assert {names[key]: tuple(tensor.shape) for key, tensor in own.items()} == published_shapes("pyskl_rgbpose_conv3d")


def test_files_and_state_dicts(rgb: nn.Module, pose: nn.Module, tmp_path: Path) -> None:
    torch.save({"state_dict": as_published(rgb, "slowonly_rgb")}, tmp_path / "rgb.pth")
    both = rgbpose_from_single(tmp_path / "rgb.pth", as_published(pose, "posec3d_slowonly"))
    assert both.training
    assert torch.equal(both.rgb.head.linear.weight, rgb.head.linear.weight)
    assert torch.equal(both.pose.stem[0].weight, pose.stem[0].weight)


def test_the_single_networks_are_not_shared(rgb: nn.Module, pose: nn.Module) -> None:
    both = rgbpose_from_single(rgb, pose)
    nn.init.zeros_(both.rgb.head.linear.weight)
    assert rgb.head.linear.weight.any()


def test_other_laterals(rgb: nn.Module, pose: nn.Module) -> None:
    both = rgbpose_from_single(rgb, pose, laterals=[(3, "rgb", "pose")])
    assert [name for name in both.state_dict() if name.endswith("weight") and "_to_" in name] == [
        "rgb_to_pose.3.0.weight",
        "rgb_to_pose.3.1.weight",
    ]


def test_what_does_not_go_together(rgb: nn.Module, pose: nn.Module) -> None:
    with pytest.raises(ValueError, match="expected a network 'slowonly_rgb', got a PoseSlowOnly"):
        rgbpose_from_single(pose, pose)
    with pytest.raises(ValueError, match=r"other blocks than rgb_stage_blocks asks for, such as rgb\.stages\.1\.1"):
        rgbpose_from_single(rgb, pose, rgb_stage_blocks=(1, 2, 2, 1))
    with pytest.raises(ValueError, match=r"pose.head.linear.weight has shape \(3, 64\), .* needs \(7, 64\)"):
        pose_of_7 = NETWORKS["slowonly_rgb"](num_classes=7, base_channels=8, stage_blocks=(1, 1, 2, 1))
        rgbpose_from_single(pose_of_7, pose)
    with pytest.raises(ValueError, match="the state dict does not fit slowonly_rgb"):
        rgbpose_from_single(as_published(pose, "posec3d_slowonly"), pose)
    with pytest.raises(FileNotFoundError, match=r"no checkpoint absent\.pth"):
        rgbpose_from_single("absent.pth", pose)
