import pytest
import torch

from posecube.networks.gcn.graph import hop_parts
from posecube.networks.gcn.msg3d import MSG3D, HopGraph, WindowGraph


def test_distances_have_weights_of_their_own() -> None:
    torch.manual_seed(0)
    graph = hop_parts("sbu15", num_parts=3)
    layer = HopGraph(2, 6, graph=graph).eval()
    torch.nn.init.uniform_(layer.offset)
    x = torch.rand(2, 2, 4, 15)
    gathered = torch.cat([x @ (graph[k] + layer.offset[k]) for k in range(3)], dim=1)
    torch.testing.assert_close(layer(x), layer.embed(gathered))


def test_the_offset_starts_near_nothing() -> None:
    layer = HopGraph(2, 6, graph=hop_parts("sbu15", num_parts=2))
    assert 0 < layer.offset.abs().max() <= 1e-6


@pytest.mark.parametrize("stride", [1, 2])
def test_windows_are_cut_around_their_frame(stride: int) -> None:
    """Reference: each window by itself, frames outside the clip are zeros."""
    torch.manual_seed(0)
    layer = WindowGraph(2, 6, width=4, window=3, graph=hop_parts("sbu15", num_parts=2, window=3), stride=stride).eval()
    x = torch.rand(1, 2, 5, 15)
    padded = torch.cat([torch.zeros(1, 2, 1, 15), x, torch.zeros(1, 2, 1, 15)], dim=2)
    windows = []
    for middle in range(0, 5, stride):
        joints = torch.cat([padded[:, :, middle + i] for i in range(3)], dim=2)[:, :, None]
        mixed = layer.hops(joints)
        frames = torch.stack([mixed[..., 15 * i : 15 * i + 15] for i in range(3)], dim=3)
        windows.append(layer.norm(layer.collect(frames).squeeze(3)))
    torch.testing.assert_close(layer(x), torch.cat(windows, dim=2))


def test_windows_need_a_middle_frame() -> None:
    with pytest.raises(ValueError, match="windows must be odd, to have a middle frame, got 4"):
        MSG3D(num_classes=2, windows=(3, 4))


def test_time_halves_twice() -> None:
    network = MSG3D(num_classes=2, layout="sbu15", base_channels=6, num_hops=2, windows=(3,), window_hops=2)
    assert network.blocks(network.norm(torch.rand(1, 2, 16, 15, 3))).shape == (2, 24, 4, 15)
