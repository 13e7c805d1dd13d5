import pytest
import torch

from posecube.networks.gcn.ctrgcn import CTRGCN, RefinedGraphs
from posecube.networks.gcn.graph import directed_parts


def test_channels_gather_by_graphs_of_their_own() -> None:
    """Reference: the paper's equations, joint by joint."""
    torch.manual_seed(0)
    layer = RefinedGraphs(4, 6, graph=torch.rand(2, 5, 5)).eval()
    torch.nn.init.constant_(layer.strength, 0.7)
    x = torch.rand(1, 4, 3, 5)
    expected = torch.zeros(1, 6, 3, 5)
    for part, shared in zip(layer.parts, layer.graph, strict=True):
        psi, phi = part.gathered(x).mean(2), part.gathering(x).mean(2)
        features = part.features(x)
        for i in range(5):
            for j in range(5):
                correlation = torch.tanh(psi[:, :, i] - phi[:, :, j])[..., None, None]
                weight = shared[i, j] + 0.7 * part.refine(correlation)[..., 0]
                expected[..., j] += weight * features[..., i]
    expected = torch.relu(layer.norm(expected) + layer.shortcut(x))
    torch.testing.assert_close(layer(x), expected)


def test_refinement_starts_at_nothing() -> None:
    layer = RefinedGraphs(4, 4, graph=directed_parts("sbu15"))
    x = torch.rand(2, 4, 3, 15)
    part = layer.parts[1]
    gathered = part(x, x.mean(2, keepdim=True), shared=layer.graph[1], strength=layer.strength)
    torch.testing.assert_close(gathered, part.features(x) @ directed_parts("sbu15")[1])


def test_people_are_normalised_apart_or_together() -> None:
    apart = CTRGCN(num_classes=2, layout="sbu15", base_channels=8)
    with pytest.raises(ValueError, match="normalises 2 people apart, got clips of 1"):
        apart(torch.rand(2, 1, 4, 15, 3))
    together = CTRGCN(num_classes=2, layout="sbu15", base_channels=8, num_people=None)
    for people in (1, 2, 3):
        assert together(torch.rand(2, people, 4, 15, 3)).shape == (2, 2)


def test_branches_must_divide_the_channels() -> None:
    with pytest.raises(ValueError, match="10 channels cannot be shared by 4 branches"):
        CTRGCN(num_classes=2, base_channels=10)
