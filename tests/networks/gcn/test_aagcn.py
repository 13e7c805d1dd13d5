import pytest
import torch

from posecube.networks.gcn.aagcn import AAGCN, AdaptiveGraph, Attention
from posecube.networks.gcn.graph import directed_parts


def test_joints_that_move_alike_are_connected() -> None:
    """Reference: the formula, joint by joint."""
    torch.manual_seed(0)
    layer = AdaptiveGraph(4, 8, graph=torch.rand(2, 5, 5), attention=False).eval()
    torch.nn.init.constant_(layer.strength, 0.7)
    x = torch.randn(1, 4, 3, 5)
    expected = torch.zeros(1, 8, 3, 5)
    for part, shared in zip(layer.parts, layer.graph, strict=True):
        first, second = part.gathered(x)[0], part.gathering(x)[0]
        gathered = torch.zeros(1, 4, 3, 5)
        for i in range(5):
            for j in range(5):
                alike = torch.tanh((first[..., i] * second[..., j]).mean())
                gathered[..., j] += (shared[i, j] + 0.7 * alike) * x[..., i]
        expected += part.features(gathered)
    expected = torch.relu(layer.norm(expected) + layer.shortcut(x))
    torch.testing.assert_close(layer(x), expected)


def test_adaptation_starts_at_nothing() -> None:
    layer = AdaptiveGraph(4, 4, graph=directed_parts("sbu15"), attention=False)
    x = torch.rand(2, 4, 3, 15)
    part = layer.parts[1]
    gathered = part(x, shared=layer.graph[1], strength=layer.strength)
    torch.testing.assert_close(gathered, part.features(x @ directed_parts("sbu15")[1]))


def test_attention_adds_a_share_of_joints_then_frames_then_channels() -> None:
    torch.manual_seed(0)
    layer = Attention(6, num_joints=5)
    x = torch.rand(2, 6, 11, 5)
    expected = x * (1 + torch.sigmoid(layer.joints(x.mean(2)))).unsqueeze(2)
    expected = expected * (1 + torch.sigmoid(layer.frames(expected.mean(3)))).unsqueeze(3)
    squeezed = torch.relu(layer.squeeze(expected.mean(dim=(2, 3))))
    expected = expected * (1 + torch.sigmoid(layer.excite(squeezed)))[..., None, None]
    torch.testing.assert_close(layer(x), expected)


@pytest.mark.parametrize(("num_joints", "kernel"), [(25, 25), (17, 17), (20, 19), (18, 17)])
def test_attention_to_joints_sees_nearly_all(num_joints: int, kernel: int) -> None:
    layer = Attention(4, num_joints=num_joints)
    assert layer.joints.kernel_size == (kernel,)
    assert layer(torch.rand(1, 4, 3, num_joints)).shape == (1, 4, 3, num_joints)


def test_attention_is_an_option() -> None:
    def size(**arguments: bool) -> int:
        with torch.device("meta"):
            return sum(it.numel() for it in AAGCN(num_classes=60, **arguments).parameters())

    assert size() == 3_781_668
    assert size(attention=False) == 3_469_520
