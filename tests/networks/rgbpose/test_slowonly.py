import pytest
import torch
from torch import nn

from posecube.model.cost import count_operations
from posecube.networks import NETWORKS

SHAPE = (3, 4, 32, 32)  # colours, frames, height, width


def small(**arguments: object) -> nn.Module:
    torch.manual_seed(0)
    return NETWORKS["slowonly_rgb"](num_classes=3, base_channels=4, stage_blocks=(1, 2, 1, 1), **arguments)


def test_size_and_cost_are_as_published() -> None:
    with torch.device("meta"):
        network = NETWORKS["slowonly_rgb"](num_classes=60)
    assert sum(parameter.numel() for parameter in network.parameters()) == 31_757_436
    assert count_operations(network, (3, 8, 224, 224)) == pytest.approx(41.92e9, abs=0.005e9)


def test_frames_of_any_number_and_size() -> None:
    network = small().eval()
    for frames, height, width in [(8, 64, 64), (1, 32, 48), (5, 33, 70)]:
        with torch.inference_mode():
            logits = network(torch.rand(2, 3, frames, height, width))
        assert logits.shape == (2, 3)
        assert logits.isfinite().all()


def test_space_shrinks_by_32_and_time_never() -> None:
    network = small()
    features = network.stages(network.pool(network.stem(torch.rand(1, 3, 6, 64, 96))))
    assert features.shape == (1, 4 * 8 * 4, 6, 2, 3)


def test_frames_meet_in_the_last_two_stages() -> None:
    network = small().eval()
    rgb = torch.rand(1, *SHAPE)
    other = rgb.clone()
    other[:, :, 3] = torch.rand(3, 32, 32)
    with torch.inference_mode():
        early = [network.stages[:2](network.pool(network.stem(clip))) for clip in (rgb, other)]
        late = [network.stages[2:](features) for features in early]
    torch.testing.assert_close(early[0][:, :, :3], early[1][:, :, :3])
    assert not torch.allclose(late[0][:, :, :3], late[1][:, :, :3])


def test_stages_must_agree() -> None:
    with pytest.raises(ValueError, match="must be of one length, got 3 and 4"):
        NETWORKS["slowonly_rgb"](num_classes=2, stage_blocks=(1, 1, 1))
