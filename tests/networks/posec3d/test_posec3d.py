"""What every published network of volumes must be: its size, its cost, its gradients, and able to learn."""

import pytest
import torch
from torch import nn

from posecube.model.cost import count_operations
from posecube.networks import NETWORKS

# Parameters, and multiply-adds of 48 frames of 56 x 56 and of 64 x 64; with 60 classes and 17 joints.
# Source: pyskl's and MMAction2's model zoos; 20.6 G is the figure that MMAction2 publishes for SlowOnly.
PUBLISHED = {
    "posec3d_slowonly": (2_024_860, 15.78e9, 20.60e9),
    "posec3d_c3d": (3_404_892, 16.80e9, None),
    "posec3d_x3d": (254_508, 0.59e9, None),
}
SMALL = {
    "posec3d_slowonly": {"base_channels": 4, "stage_blocks": (1, 2, 1)},
    "posec3d_c3d": {"base_channels": 4},
    "posec3d_x3d": {"base_channels": 8, "stage_blocks": (1, 1, 1)},
}
SHAPE = (5, 8, 16, 16)  # joints, frames, height, width


def small(name: str, **arguments: object) -> nn.Module:
    torch.manual_seed(0)
    return NETWORKS[name](num_classes=3, num_joints=SHAPE[0], **{**SMALL[name], **arguments})


@pytest.mark.parametrize("name", PUBLISHED)
def test_operations_are_as_published(name: str) -> None:
    _, at_56, at_64 = PUBLISHED[name]
    with torch.device("meta"):
        network = NETWORKS[name](num_classes=60)
    assert count_operations(network, (17, 48, 56, 56)) == pytest.approx(at_56, abs=0.005e9)
    if at_64:
        assert count_operations(network, (17, 48, 64, 64)) == pytest.approx(at_64, abs=0.005e9)


def test_the_size_for_many_classes() -> None:
    with torch.device("meta"):
        network = NETWORKS["posec3d_slowonly"](num_classes=400, stage_blocks=(3, 4, 6))
    assert sum(parameter.numel() for parameter in network.parameters()) == 3_208_560
    assert count_operations(network, (17, 48, 56, 56)) == pytest.approx(14.62e9, abs=0.005e9)


@pytest.mark.parametrize("name", SMALL)
def test_maps_volumes_of_any_length_and_size_to_logits(name: str) -> None:
    network = small(name).eval()
    for frames, height, width in [(8, 16, 16), (5, 24, 16), (16, 9, 33)]:
        with torch.inference_mode():
            logits = network(torch.rand(2, SHAPE[0], frames, height, width))
        assert logits.shape == (2, 3)
        assert logits.isfinite().all()


def test_slowonly_stages_must_agree() -> None:
    with pytest.raises(ValueError, match="must be of one length, got 3, 2, 3"):
        NETWORKS["posec3d_slowonly"](num_classes=2, temporal_strides=(1, 1))


def test_slowonly_halves_time_where_it_is_told_to() -> None:
    volume = torch.rand(1, *SHAPE)
    for strides, frames in [((1, 1, 2), 4), ((1, 1, 1), 8), ((2, 1, 2), 2)]:
        network = small("posec3d_slowonly", temporal_strides=strides)
        assert network.stages(network.stem(volume)).shape[2] == frames
