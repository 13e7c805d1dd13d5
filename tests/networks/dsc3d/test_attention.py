"""Skeleton attention: the published equation, joint by joint, and a start that changes nothing."""

import pytest
import torch

from posecube.networks.dsc3d.attention import SkeletonAttention


def layer(**arguments) -> SkeletonAttention:
    torch.manual_seed(0)
    return SkeletonAttention(num_joints=5, num_heads=3, head_channels=4, grid=(2, 3, 3), **arguments).eval()


def volume(num_frames: int = 6) -> torch.Tensor:
    return torch.rand(2, 5, num_frames, 9, 12, generator=torch.Generator().manual_seed(1))


def attention_of(attention: SkeletonAttention, described: torch.Tensor) -> torch.Tensor:
    """Equation 4 of one clip, (V, D), head by head."""
    z = attention.norm(described) + attention.joint_embedding
    maps = []
    for head in range(attention.num_heads):
        rows = slice(4 * head, 4 * head + 4)
        q, k = z @ attention.queries.weight[rows].T, z @ attention.keys.weight[rows].T
        maps.append(torch.softmax(q @ k.T / 2.0, dim=1))
    return torch.cat(maps, dim=1) @ attention.mix.weight.T


def test_it_is_the_equation() -> None:
    attention, clips = layer(), volume()
    torch.nn.init.normal_(attention.mix.weight)
    mixed = attention(clips)
    for clip, result in zip(clips, mixed, strict=True):
        described = torch.nn.functional.adaptive_avg_pool3d(clip, (2, 3, 3)).flatten(1)
        expected = torch.tensordot(attention_of(attention, described), clip, dims=1) + clip
        torch.testing.assert_close(result, expected, atol=1e-5, rtol=1e-5)


def test_of_frames_on_their_own() -> None:
    attention, clips = layer(per_frame=True), volume()
    torch.nn.init.normal_(attention.mix.weight)
    mixed = attention(clips)
    for frame in (0, 5):
        torch.testing.assert_close(mixed[:, :, frame], attention(clips[:, :, frame : frame + 1])[:, :, 0])


@pytest.mark.parametrize("per_frame", [False, True])
def test_training_starts_at_the_network_without_it(per_frame: bool) -> None:
    attention, clips = layer(per_frame=per_frame), volume()
    torch.testing.assert_close(attention(clips), clips, atol=0.02, rtol=0)
    attention(clips).square().mean().backward()
    assert all(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in attention.parameters())


def test_any_size_and_the_published_one() -> None:
    full = SkeletonAttention()
    assert sum(parameter.numel() for parameter in full.parameters()) == 17 * 196 + 2 * 196 + 2 * 196 * 320 + 170 * 17
    for shape in ((1, 17, 48, 56, 56), (1, 17, 3, 5, 5)):
        assert full(torch.rand(shape)).shape == shape
