import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import Tensor

from builders import published_names
from posecube.networks import NETWORKS, SPECS, load_published

GOLDEN = {
    "mmaction2_posec3d_slowonly_ntu60_joint": ("posec3d_slowonly", {}),
    "pyskl_posec3d_c3d_light_ntu60_joint": ("posec3d_c3d", {}),
    "pyskl_posec3d_x3d_shallow_ntu60_joint": ("posec3d_x3d", {}),
    "pyskl_rgbpose_pose_only": ("posec3d_slowonly", {"temporal_strides": (1, 1, 1)}),
}


@pytest.fixture
def checkpoint() -> dict[str, Tensor]:
    """A small C3D network under its published names."""
    torch.manual_seed(0)
    own = NETWORKS["posec3d_c3d"](num_classes=4, num_joints=5, base_channels=2).state_dict()
    names = published_names("posec3d_c3d", own)
    return {names[key]: tensor.clone() for key, tensor in own.items()}


def load(source: object) -> torch.nn.Module:
    return load_published(source, "posec3d_c3d", base_channels=2)


@pytest.mark.parametrize("name", GOLDEN)
def test_logits_are_those_of_the_published_code(
    name: str,
    goldlib: ModuleType,
    golden_model: Callable[[str], dict[str, Any]],
    published_state: Callable[[str], dict[str, Tensor]],
) -> None:
    architecture, arguments = GOLDEN[name]
    golden = golden_model(name)
    network = load_published(published_state(name), architecture, **arguments)
    volume = goldlib.u8(golden["input_shape"], golden["input_u8_seed"]) / 255
    with torch.inference_mode():
        logits = network(volume)
    torch.testing.assert_close(logits, golden["logits"], atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("prefix", ["", "module."])
def test_files_and_dicts_wrapped_or_not(
    checkpoint: dict[str, Tensor], tmp_path: Path, prefix: str, wrapped: bool
) -> None:
    stored: dict[str, Any] = {prefix + name: tensor for name, tensor in checkpoint.items()}
    if wrapped:
        stored = {"meta": {"epoch": 24, "config": "a text"}, "state_dict": stored}
    torch.save(stored, tmp_path / "c3d.pth")
    for source in (stored, tmp_path / "c3d.pth", str(tmp_path / "c3d.pth")):
        network = load(source)
        assert not network.training
        assert torch.equal(network.head.linear.bias, checkpoint["cls_head.fc_cls.bias"])
        assert torch.equal(network.stages[2][2][1].weight, checkpoint["backbone.conv4b.bn.weight"])


def test_batch_counters_may_be_missing(checkpoint: dict[str, Tensor]) -> None:
    load({name: tensor for name, tensor in checkpoint.items() if "num_batches" not in name})


def test_the_source_is_not_shared_with_the_network(checkpoint: dict[str, Tensor]) -> None:
    network = load(checkpoint)
    torch.nn.init.zeros_(network.head.linear.weight)
    assert checkpoint["cls_head.fc_cls.weight"].any()


def test_what_does_not_fit_is_named(checkpoint: dict[str, Tensor]) -> None:
    del checkpoint["backbone.conv2a.conv.weight"]
    checkpoint["backbone.conv9.conv.weight"] = torch.zeros(2)
    checkpoint["backbone.conv3b.bn.bias"] = torch.zeros(3)
    with pytest.raises(ValueError, match="the state dict does not fit posec3d_c3d") as caught:
        load(checkpoint)
    message = str(caught.value)
    assert "1 missing: backbone.conv2a.conv.weight (nearest" in message
    assert "1 unexpected: backbone.conv9.conv.weight (nearest" in message
    assert "1 of another shape: backbone.conv3b.bn.bias (3,) instead of (8,)" in message
    assert "\n" not in message


def test_each_shown_name_comes_with_the_nearest_one(checkpoint: dict[str, Tensor]) -> None:
    checkpoint["backbone.conv2.conv.weight"] = checkpoint.pop("backbone.conv2a.conv.weight")
    with pytest.raises(ValueError, match="does not fit") as caught:
        load(checkpoint)
    message = str(caught.value)
    assert "1 missing: backbone.conv2a.conv.weight (nearest: backbone.conv2.conv.weight)" in message
    assert "1 unexpected: backbone.conv2.conv.weight (nearest: backbone.conv2a.conv.weight)" in message


def test_a_network_that_nobody_published_says_so(checkpoint: dict[str, Tensor]) -> None:
    with pytest.raises(ValueError, match="dsc3d has no published checkpoints; those of posec3d_slowonly, "):
        load_published(checkpoint, "dsc3d")


def test_long_lists_are_counted(checkpoint: dict[str, Tensor]) -> None:
    del checkpoint["cls_head.fc_cls.weight"]
    with pytest.raises(ValueError, match=r"\d\d+ missing: .* and \d+ more; 36 unexpected: .* and 33 more"):
        load_published(checkpoint, "posec3d_x3d")


@pytest.mark.parametrize("asked", [name for name, spec in SPECS.items() if spec.published and name != "posec3d_c3d"])
def test_another_architecture_is_recognised(checkpoint: dict[str, Tensor], asked: str) -> None:
    with pytest.raises(ValueError, match=r"this looks like posec3d_c3d: say --architecture posec3d_c3d$"):
        load_published(checkpoint, asked)


def test_another_number_of_classes_is_refused(checkpoint: dict[str, Tensor]) -> None:
    with pytest.raises(ValueError, match="the state dict knows 4 classes, 7 were asked for"):
        load_published(checkpoint, "posec3d_c3d", num_classes=7)


def test_given_sizes_come_before_the_checkpoints(checkpoint: dict[str, Tensor]) -> None:
    with pytest.raises(ValueError, match=r"conv1a\.conv\.weight \(2, 5, 3, 3, 3\) instead of \(3, 5, 3, 3, 3\)"):
        load_published(checkpoint, "posec3d_c3d", base_channels=3)


def test_arguments_that_the_builder_does_not_know(checkpoint: dict[str, Tensor]) -> None:
    with pytest.raises(ValueError, match=r"posec3d_c3d cannot be built with .*wings"):
        load_published(checkpoint, "posec3d_c3d", wings=2)


@pytest.mark.parametrize("content", [{}, {"a": 1}, {"state_dict": {"a": "b"}}, {"state_dict": {}}])
def test_dicts_without_tensors(content: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="holds no state dict"):
        load(content)


def test_names_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no checkpoint .*absent\.pth"):
        load(tmp_path / "absent.pth")
    with pytest.raises(ValueError, match="unknown architecture 'c3d'; did you mean dsc3d"):
        load_published({}, "c3d")


@pytest.mark.parametrize("architecture", ["posec3d_slowonly", "posec3d_x3d", "stgcn", "ctrgcn"])
@pytest.mark.parametrize("seed", range(8))
def test_odd_tensors_are_refused_in_one_line(architecture: str, seed: int) -> None:
    arguments: dict[str, Any] = {"base_channels": 8} if architecture.startswith("posec3d") else {"base_channels": 16}
    own = NETWORKS[architecture](num_classes=3, **arguments).state_dict()
    names = published_names(architecture, own)
    rng = random.Random(seed)
    odd = {names[key]: tensor for key, tensor in own.items()}
    for name in rng.sample(list(odd), rng.randint(1, len(odd) // 2)):
        odd[name] = torch.zeros([rng.choice([0, 1, 2, 17]) for _ in range(rng.randint(0, 5))])
    for name in rng.sample(list(odd), rng.randint(1, len(odd) // 2)):
        del odd[name]
    with pytest.raises(ValueError, match=r"does not fit|cannot be|must") as caught:
        load_published(odd, architecture)
    assert "\n" not in str(caught.value)
