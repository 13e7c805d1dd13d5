"""C3D's own parts; its size, gradients and published numbers are tested with all networks."""

import pytest
import torch
from torch import nn

from posecube.networks.posec3d.c3d import HalvedFrames


@pytest.mark.parametrize("shape", [(2, 3, 4, 8, 6), (1, 5, 1, 7, 9), (3, 1, 2, 2, 2)])
@pytest.mark.parametrize("memory", [torch.contiguous_format, torch.channels_last_3d])
def test_frames_are_halved_as_torch_halves_volumes(shape, memory):
    volume = torch.rand(shape).contiguous(memory_format=memory).requires_grad_()
    expected = nn.AvgPool3d((1, 2, 2))(volume)
    halved = HalvedFrames()(volume)
    torch.testing.assert_close(halved, expected, rtol=0, atol=1e-7)
    weights = torch.rand_like(expected)
    given, wanted = (torch.autograd.grad((out * weights).sum(), volume)[0] for out in (halved, expected))
    torch.testing.assert_close(given, wanted)


def test_halving_keeps_the_order_of_memory_in_which_convolutions_are_fast():
    volume = torch.rand(2, 8, 4, 8, 8).contiguous(memory_format=torch.channels_last_3d)
    assert HalvedFrames()(volume).is_contiguous(memory_format=torch.channels_last_3d)
    assert HalvedFrames()(volume.to(torch.bfloat16)).dtype == torch.bfloat16
