"""What every network must be, whatever it reads: its shape, its gradients, its size, able to learn, saved and loaded.

A new network gets a line in ``PARAMETERS`` and one in ``builders.SMALL_NETWORKS``.
"""

import inspect
from pathlib import Path

import pytest
import torch
from pydantic import TypeAdapter, ValidationError
from torch import Tensor, nn
from torch.nn import functional as F

from builders import SMALL_NETWORKS
from posecube.model import ActionModel, ModelSpec, WeightsCard
from posecube.networks import NETWORKS, SPECS, AnyNetwork, NetworkSpec, StreamInput, VolumeInput, find_network
from posecube.networks.gcn import StgcnppSpec
from posecube.networks.spec import INPUT_ARGUMENTS
from posecube.representation import StreamSpec, VolumeSpec
from posecube.sampling import ClipSpec, ImageSpace, MapSpace
from posecube.sampling.rgb.views import RgbSpec

NUM_CLASSES = 3


# Parameters of the published networks, for 60 classes.
# Source: pyskl's and MMAction2's model zoos, MotionBERT's paper; of graph networks for NTU's 25 joints.
PARAMETERS = {
    "posec3d_slowonly": 2_024_860,
    "posec3d_c3d": 3_404_892,
    "posec3d_x3d": 254_508,
    "rgbpose_conv3d": 36_147_928,
    "slowonly_rgb": 31_757_436,
    "stgcn": 3_098_832,
    "stgcnpp": 1_403_144,
    "aagcn": 3_781_668,
    "ctrgcn": 1_446_672,
    "msg3d": 3_194_595,
    "motionbert": 60_421_193,
    "dsc3d": 2_156_914,
}
# Parameters that scores do not depend on: MotionBERT's put joints in space, for pre-training.
IDLE = {"motionbert": ["backbone.lift.weight", "backbone.lift.bias"]}
of_every_member = pytest.mark.parametrize("member", SMALL_NETWORKS.values(), ids=lambda member: member.name)


def model_spec(network: NetworkSpec, *, num_frames: int = 8) -> ModelSpec:
    """Clips of two people with 15 joints, in the form that a network reads."""
    space = ImageSpace(crop=False) if network.reads == "stream" else MapSpace(size_hw=(16, 16))
    clip = ClipSpec(clip_len=num_frames, max_people=2, space=space)
    return ModelSpec(
        layout="sbu15",
        clip=clip,
        representation={"stream": StreamSpec(with_confidence=True), "volume": VolumeSpec()}.get(network.reads or ""),
        rgb=RgbSpec(clip_len=num_frames // 4, size_hw=(64, 64)) if "rgb" in network.heads else None,
        network=network,
    )


def built(network: NetworkSpec, *, seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    return network.build(model_spec(network).network_input, num_classes=NUM_CLASSES)


def inputs(network: NetworkSpec, num_clips: int, *, num_frames: int = 8) -> list[Tensor]:
    generator = torch.Generator().manual_seed(1)
    shapes = model_spec(network, num_frames=num_frames).input_shapes(num_clips)
    return [torch.randn(shape, generator=generator) for shape in shapes]


def scores(network: nn.Module, tensors: list[Tensor]) -> list[Tensor]:
    """Logits of every head."""
    logits = network(*tensors)
    return list(logits.values()) if isinstance(logits, dict) else [logits]


def test_the_table_is_whole() -> None:
    assert list(SMALL_NETWORKS) == list(PARAMETERS) == list(NETWORKS) == list(SPECS)


@of_every_member
@pytest.mark.parametrize("num_frames", [4, 8, 12])
def test_maps_clips_to_logits_of_each_head(member: NetworkSpec, num_frames: int) -> None:
    network = built(member).eval()
    with torch.inference_mode():
        logits = scores(network, inputs(member, 2, num_frames=num_frames))
    assert [tuple(of_head.shape) for of_head in logits] == [(2, NUM_CLASSES)] * len(member.heads)
    assert all(of_head.isfinite().all() for of_head in logits)


@of_every_member
def test_gradients_reach_every_parameter_and_the_input(member: NetworkSpec) -> None:
    network = built(member)
    for name, parameter in network.named_parameters():
        if name.endswith("strength"):  # of what is learnt beside a graph: nothing at the start
            nn.init.constant_(parameter, 0.5)
    tensors = [tensor.requires_grad_() for tensor in inputs(member, 4)]
    torch.stack(scores(network, tensors)).square().sum().backward()
    assert all(tensor.grad is not None and tensor.grad.any() for tensor in tensors)
    still = [name for name, it in network.named_parameters() if it.grad is None or not it.grad.any()]
    assert still == IDLE.get(member.name, [])


@of_every_member
def test_learns_one_batch_by_heart(member: NetworkSpec) -> None:
    network = built(member)
    tensors, labels = inputs(member, 6), torch.arange(6) % NUM_CLASSES
    optimiser = torch.optim.Adam(network.parameters(), lr=0.01)
    for _ in range(40):
        loss = torch.stack([F.cross_entropy(of_head, labels) for of_head in scores(network, tensors)]).max()
        if loss.item() < 0.1:
            return
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    pytest.fail(f"after 40 steps the loss is {loss.item():.3f}")


@of_every_member
def test_clips_do_not_depend_on_their_neighbours(member: NetworkSpec) -> None:
    network, tensors = built(member).eval(), inputs(member, 3)
    with torch.inference_mode():
        together, alone = scores(network, tensors), scores(network, [tensor[1:2] for tensor in tensors])
    for of_head, expected in zip(together, alone, strict=True):
        torch.testing.assert_close(of_head[1:2], expected, atol=1e-5, rtol=1e-5)


@of_every_member
def test_saved_and_loaded_it_scores_the_same(member: NetworkSpec, tmp_path: Path) -> None:
    spec = model_spec(member)
    torch.manual_seed(0)
    model = ActionModel(spec, num_classes=NUM_CLASSES)
    tensors = inputs(member, 4)
    model.network(*tensors)  # moves the running statistics
    model.save(tmp_path / "it.safetensors", WeightsCard(name="it", model=spec, classes=("a", "b", "c")))
    loaded, card = ActionModel.load(tmp_path / "it.safetensors")
    assert card.model == spec
    with torch.inference_mode():
        pairs = zip(scores(model.eval().network, tensors), scores(loaded.network, tensors), strict=True)
        assert all(torch.equal(before, after) for before, after in pairs)


@of_every_member
def test_the_published_size_has_its_parameters(member: NetworkSpec) -> None:
    published = type(member)()
    layout = "h36m17" if published.name == "motionbert" else "ntu25"
    told = {"volume": VolumeInput(17), "stream": StreamInput(layout, 3), None: None}[published.reads]
    with torch.device("meta"):
        network = published.build(told, num_classes=60)
    assert sum(parameter.numel() for parameter in network.parameters()) == PARAMETERS[member.name]


@of_every_member
def test_sizes_and_builder_agree(member: NetworkSpec) -> None:
    """Names and defaults of a specification are those of the network's constructor."""
    takes = inspect.signature(type(member).module).parameters
    published = type(member)().arguments
    if published.pop("backbone", None) is None:
        named = {name for name in takes if name not in (*INPUT_ARGUMENTS, "joined_channels")}
        assert set(published) == named
    assert all(takes[name].default == value for name, value in published.items() if name in takes)


@of_every_member
def test_a_specification_survives_json(member: NetworkSpec) -> None:
    network = TypeAdapter(AnyNetwork).validate_json(member.model_dump_json())
    assert network == member and hash(network) == hash(member)


def test_names_and_sizes_that_are_wrong() -> None:
    with pytest.raises(ValueError, match=r"unknown architecture 'stgcnp'; did you mean stgcnpp"):
        find_network("stgcnp")
    for wrong in ({"width": 3}, {"base_channels": "x"}, {"base_channels": -3}, {"dropout": 2.0}):
        with pytest.raises(ValidationError):
            StgcnppSpec(**wrong)
        with pytest.raises(ValueError, match=f"stgcnpp cannot be built with {next(iter(wrong))}: "):
            StgcnppSpec.from_arguments(wrong)
