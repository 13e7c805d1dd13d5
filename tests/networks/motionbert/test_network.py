"""MotionBERT: sizes, blocks, people, published names, and able to learn."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from builders import published_names
from posecube.checkpoints.loading import published_of
from posecube.networks import NETWORKS, SPECS, StreamInput, load_published
from posecube.networks.motionbert import FULL, LITE, MotionBERT, MotionBertSpec
from posecube.networks.motionbert.network import SHORT_ROW, AttentionAndMlp, SpaceTimeAttention, attended

SMALL: dict[str, Any] = {
    "base_channels": 16, "mlp_ratio": 2, "depth": 2, "representation_channels": 8, "max_frames": 12, "head_channels": 12
}  # fmt: skip
SHAPE = (2, 6, 17, 3)  # people, frames, joints, channels
# Of a published backbone and of a published network for actions: a name and the shape in the full size, one of a kind.
PUBLISHED_SHAPES = {
    "joints_embed.weight": (512, 3),
    "pos_embed": (1, 17, 512),
    "temp_embed": (1, 243, 1, 512),
    "blocks_st.0.norm1_s.weight": (512,),
    "blocks_st.4.norm2_t.bias": (512,),
    "blocks_ts.3.attn_t.qkv.weight": (1536, 512),
    "blocks_ts.3.attn_s.proj.bias": (512,),
    "blocks_ts.0.mlp_s.fc1.weight": (1024, 512),
    "blocks_st.0.mlp_t.fc2.weight": (512, 1024),
    "ts_attn.4.weight": (2, 1024),
    "norm.weight": (512,),
    "pre_logits.fc.weight": (512, 512),
    "head.weight": (3, 512),
}
HEAD_SHAPES = {
    "head.fc1.weight": (2048, 17 * 512),
    "head.bn.running_var": (2048,),
    "head.fc2.weight": (60, 2048),
    "head.fc2.bias": (60,),
}


def small(**arguments: Any) -> MotionBERT:
    torch.manual_seed(0)
    return MotionBERT(num_classes=3, **{**SMALL, **arguments})


def published(network: MotionBERT, *, prefix: str = "module.", alone: bool = False) -> dict[str, Tensor]:
    """A network under its published names, as parallel training stores it; alone, the backbone without prefix."""
    own = network.state_dict()
    state = {name: own[ours].clone() for ours, name in published_names("motionbert", own).items()}
    if alone:
        state = {name.removeprefix("backbone."): it for name, it in state.items() if name.startswith("backbone.")}
    return {prefix + name: tensor for name, tensor in state.items()}


def count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize(
    ("size", "backbone", "whole"), [(FULL, 42_466_317, 60_421_193), (LITE, 16_001_549, 33_956_425)]
)
def test_parameters_are_as_published(size: MotionBertSpec, backbone: int, whole: int) -> None:
    with torch.device("meta"):
        network = size.build(StreamInput("h36m17", 3), num_classes=60)
    assert (count(network.backbone), count(network)) == (backbone, whole)


def test_the_full_size_is_the_default() -> None:
    with torch.device("meta"):
        assert count(NETWORKS["motionbert"](num_classes=60).backbone) == 42_466_317


def test_names_and_shapes_are_the_published_ones() -> None:
    with torch.device("meta"):
        own = NETWORKS["motionbert"](num_classes=60).state_dict()
    names = published_names("motionbert", own)
    shapes = {names[ours]: tuple(tensor.shape) for ours, tensor in own.items()}
    expected = {f"backbone.{name}": shape for name, shape in PUBLISHED_SHAPES.items()} | HEAD_SHAPES
    assert expected == {name: shapes[name] for name in expected}
    # 4 of embed and places, 24 a block, 2 a level, 6 of norm, represent and lift; 4 of the head's layers, 5 of its norm
    assert len(shapes) == 4 + 2 * 5 * 24 + 2 * 5 + 6 + 4 + 5
    alone = published_names("motionbert", own, {name.removeprefix("backbone.") for name in shapes})
    assert {alone[f"backbone.{ours}"] for ours in ("embed.weight", "lift.weight")} == {
        "joints_embed.weight", "head.weight",
    }  # fmt: skip


def test_attention_is_what_its_formula_says() -> None:
    torch.manual_seed(0)
    part = AttentionAndMlp(16, mlp_ratio=3)
    x = torch.randn(2, 5, 16)
    queries, keys, values = part.queries_keys_values(part.norm(x)).chunk(3, dim=-1)
    seen = torch.empty_like(x)
    for head in range(8):  # of two channels each
        some = slice(2 * head, 2 * head + 2)
        weights = (queries[..., some] @ keys[..., some].mT / 2**0.5).softmax(dim=-1)
        seen[..., some] = weights @ values[..., some]
    between = x + part.project(seen)
    expected = between + part.contract(F.gelu(part.expand(part.mlp_norm(between))))
    torch.testing.assert_close(part(x), expected)


@pytest.mark.parametrize("time_first", [False, True])
def test_a_block_attends_along_one_axis_at_a_time(time_first: bool) -> None:
    torch.manual_seed(0)
    block = SpaceTimeAttention(16, mlp_ratio=2, time_first=time_first)
    x = torch.randn(1, 4, 5, 16)
    frames = torch.stack([block.space(x[:, t]) for t in range(4)], dim=1)
    joints = torch.stack([block.time(x[:, :, v]) for v in range(5)], dim=2)
    torch.testing.assert_close(block._among_joints(x), frames)
    torch.testing.assert_close(block._among_frames(x), joints)
    first, second = (joints, block._among_joints) if time_first else (frames, block._among_frames)
    torch.testing.assert_close(block(x), second(first))


def test_both_blocks_count_the_same_at_the_start() -> None:
    backbone = small(depth=1).backbone
    x = torch.randn(2, 6, 17, 3)
    tokens = backbone.embed(x) + backbone.joint_place + backbone.frame_place[:, :6]
    mean = (backbone.space_first[0](tokens) + backbone.time_first[0](tokens)) / 2
    torch.testing.assert_close(backbone(x), torch.tanh(backbone.represent(backbone.norm(mean))))
    assert backbone.lifted(x).shape == (2, 6, 17, 3)


def test_the_weights_of_the_blocks_are_learnt_token_by_token() -> None:
    backbone = small(depth=1).backbone
    nn.init.constant_(backbone.weigh[0].bias[:1], 100.0)
    x = torch.randn(1, 6, 17, 3)
    tokens = backbone.embed(x) + backbone.joint_place + backbone.frame_place[:, :6]
    torch.testing.assert_close(
        backbone(x), torch.tanh(backbone.represent(backbone.norm(backbone.space_first[0](tokens))))
    )


@pytest.mark.parametrize("people", [1, 2, 3])
@pytest.mark.parametrize("frames", [1, 5, 12])
def test_maps_people_of_any_length_to_logits(people: int, frames: int) -> None:
    with torch.inference_mode():
        logits = small().eval()(torch.rand(3, people, frames, 17, 3))
    assert logits.shape == (3, 3) and logits.isfinite().all()


def test_other_layouts_and_channels() -> None:
    with torch.inference_mode():
        assert small(layout="penn13", in_channels=2).eval()(torch.rand(2, 1, 4, 13, 2)).shape == (2, 3)
    with pytest.raises(ValueError, match="unknown skeleton layout 'h36m'"):
        small(layout="h36m")


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="base_channels must be a multiple of 8, one part a head, got 12"):
        small(base_channels=12)
    with pytest.raises(ValueError, match="made for clips of up to 12 frames, got 13"):
        small()(torch.rand(2, 1, 13, 17, 3))


def test_people_are_alike_and_clips_apart() -> None:
    network = small().eval()
    x = torch.rand(3, *SHAPE)
    with torch.inference_mode():
        torch.testing.assert_close(network(x), network(x.flip(1)), atol=1e-6, rtol=1e-5)
        torch.testing.assert_close(network(x)[1:2], network(x[1:2]), atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("prefix", ["", "module."])
def test_a_network_for_actions_is_loaded_by_its_published_names(prefix: str) -> None:
    network = small().eval()
    stored = {"epoch": 7, "lr": [1e-4], "model": published(network, prefix=prefix), "best_acc": 93.0}
    copy = load_published(stored, "motionbert")
    x = torch.rand(2, *SHAPE)
    with torch.inference_mode():
        assert torch.equal(copy(x), network(x))


@pytest.mark.parametrize("prefix", ["", "module."])
def test_a_backbone_is_loaded_without_a_head(prefix: str) -> None:
    network = small()
    stored = {"epoch": 7, "model_pos": published(network, prefix=prefix, alone=True), "min_loss": 0.1}
    copy = load_published(stored, "motionbert", num_classes=5)
    for (name, mine), (_, its) in zip(
        network.backbone.state_dict().items(), copy.backbone.state_dict().items(), strict=True
    ):
        assert torch.equal(mine, its), name
    assert copy(torch.rand(2, *SHAPE)).shape == (2, 5)


def test_a_head_that_is_there_in_part_is_missed() -> None:
    state = published(small())
    del state["module.head.fc1.weight"]
    with pytest.raises(ValueError, match=r"does not fit motionbert: 1 missing: head\.fc1\.weight"):
        load_published(state, "motionbert")


def test_sizes_are_read_off_a_checkpoint() -> None:
    network = small(mlp_ratio=3, depth=1, in_channels=2, max_frames=9)
    copy = load_published(published(network), "motionbert")
    shapes = [{name: it.shape for name, it in one.state_dict().items()} for one in (network, copy)]
    assert shapes[0] == shapes[1]


def test_a_backbone_is_recognised_where_another_network_is_asked_for() -> None:
    with pytest.raises(ValueError, match="this looks like motionbert: say --architecture motionbert"):
        load_published(published(small(), alone=True), "stgcnpp")


def test_only_the_head_is_optional() -> None:
    assert published_of(SPECS["motionbert"]).optional == ("head",)
    others = [spec.published for name, spec in SPECS.items() if spec.published and name != "motionbert"]
    assert not any(published.optional for published in others)


@pytest.mark.parametrize("length", [1, 17, SHORT_ROW, SHORT_ROW + 1])
def test_written_out_attention_is_torchs(length):
    torch.manual_seed(0)
    rows = [torch.randn(2, 8, length, 4, requires_grad=True) for _ in range(3)]
    expected = F.scaled_dot_product_attention(*rows)
    found = attended(*rows)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6)
    weights = torch.randn_like(expected)
    gradients = [torch.autograd.grad((out * weights).sum(), rows) for out in (found, expected)]
    for one, other in zip(*gradients, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)
