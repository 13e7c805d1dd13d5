import torch

from posecube.networks.gcn.graph import directed_parts
from posecube.networks.gcn.stgcnpp import STGCNPP, LearntGraph
from posecube.skeleton.layouts import KINECT20


def test_the_graph_itself_is_learnt_and_has_a_shortcut() -> None:
    torch.manual_seed(0)
    graph = directed_parts("sbu15")
    layer = LearntGraph(4, 6, graph=graph).eval()
    x = torch.rand(2, 4, 3, 15)
    parts = layer.conv(x).unflatten(1, (3, 6))
    expected = sum(parts[:, k] @ graph[k] for k in range(3))
    torch.testing.assert_close(layer(x), torch.relu(layer.norm(expected) + layer.shortcut(x)))
    assert "graph" in dict(layer.named_parameters())


def test_blocks_do_not_share_their_graphs() -> None:
    network = STGCNPP(num_classes=2, layout=KINECT20, base_channels=12)
    with torch.no_grad():
        network.blocks[0].space.graph.zero_()
    assert torch.equal(network.blocks[1].space.graph, directed_parts("kinect20"))


def test_time_halves_twice() -> None:
    network = STGCNPP(num_classes=2, layout="sbu15", base_channels=12)
    assert network.blocks(network.norm(torch.rand(1, 2, 16, 15, 3))).shape == (2, 48, 4, 15)
