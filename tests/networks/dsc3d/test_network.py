"""DSC3D: attention in front of each PoseConv3D network."""

import pytest
import torch

from posecube.networks.dsc3d.network import BACKBONES, DSC3D
from posecube.networks.posec3d.slowonly import PoseSlowOnly


@pytest.mark.parametrize("backbone", BACKBONES)
@pytest.mark.parametrize("num_heads", [0, 10])
def test_every_backbone_gives_logits_and_learns(backbone: str, num_heads: int) -> None:
    torch.manual_seed(0)
    network = DSC3D(num_classes=3, backbone=backbone, num_heads=num_heads, base_channels=4)
    volume, labels = torch.rand(6, 17, 4, 24, 24), torch.arange(6) % 3
    volume[torch.arange(6), labels] += 2.0
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-2)
    first = last = torch.inf
    for step in range(25):
        loss = torch.nn.functional.cross_entropy(network(volume), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        first, last = (loss.item() if step == 0 else first), loss.item()
    assert network(volume).shape == (6, 3)
    assert last < 0.5 * first


def test_the_published_size() -> None:
    def size(network: torch.nn.Module) -> int:
        return sum(parameter.numel() for parameter in network.parameters())

    arguments = {"num_classes": 10}
    assert size(DSC3D(**arguments)) - size(PoseSlowOnly(**arguments)) == 132_054
    assert size(DSC3D(num_heads=0, **arguments)) == size(PoseSlowOnly(**arguments))


def test_training_starts_at_the_backbone() -> None:
    torch.manual_seed(0)
    network = DSC3D(num_classes=4, base_channels=8).eval()
    volume = torch.rand(2, 17, 4, 16, 16)
    torch.testing.assert_close(network(volume), network.backbone(volume), atol=0.02, rtol=0.05)


def test_an_unknown_backbone_is_named() -> None:
    with pytest.raises(ValueError, match="unknown backbone 'resnet'; known: slowonly, c3d, x3d"):
        DSC3D(num_classes=2, backbone="resnet")
