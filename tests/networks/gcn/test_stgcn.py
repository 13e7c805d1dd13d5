import torch

from posecube.networks.gcn.graph import distance_parts
from posecube.networks.gcn.stgcn import STGCN, WeightedGraph


def test_each_edge_has_an_importance() -> None:
    torch.manual_seed(0)
    graph = distance_parts("sbu15")
    layer = WeightedGraph(4, 6, graph=graph).eval()
    torch.nn.init.uniform_(layer.importance)
    x = torch.rand(2, 4, 3, 15)
    parts = layer.conv(x).unflatten(1, (3, 6))
    expected = sum(parts[:, k] @ (graph[k] * layer.importance[k]) for k in range(3))
    torch.testing.assert_close(layer(x), torch.relu(layer.norm(expected)))


def test_the_graph_is_kept_and_the_importance_learnt() -> None:
    network = STGCN(num_classes=2, layout="sbu15", base_channels=4)
    assert "blocks.0.space.graph" in dict(network.named_buffers())
    assert torch.equal(network.blocks[3].space.importance, torch.ones(3, 15, 15))


def test_time_halves_twice() -> None:
    network = STGCN(num_classes=2, layout="sbu15", base_channels=4)
    assert network.blocks(network.norm(torch.rand(1, 2, 16, 15, 3))).shape == (2, 16, 4, 15)
