import pytest
import torch
from torch import nn

from posecube.networks.gcn.temporal import MixedBranches, NormedBranches, TimeConvBN, shortcut


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("frames", [1, 7, 8])
def test_branches_agree_on_the_length(stride: int, frames: int) -> None:
    layer = MixedBranches(8, 15, stride=stride)
    assert layer(torch.rand(2, 8, frames, 3)).shape == (2, 15, -(-frames // stride), 3)


def test_the_first_branch_takes_what_is_left() -> None:
    layer = MixedBranches(64, 64)
    assert [branch(torch.rand(1, 64, 4, 2)).shape[1] for branch in layer.branches] == [14, 10, 10, 10, 10, 10]


def test_branches_see_what_their_dilation_says() -> None:
    """Frames that a gradient of the middle frame reaches, branch by branch."""
    torch.manual_seed(0)
    layer = MixedBranches(4, 96).eval()
    reaches = []
    for branch in layer.branches:
        x = torch.rand(1, 4, 11, 1, requires_grad=True)
        branch(x)[:, :, 5].sum().backward()
        assert x.grad is not None
        seen = x.grad[0, :, :, 0].abs().sum(dim=0).nonzero().flatten().tolist()
        reaches.append((min(seen), max(seen)))
    assert reaches[:4] == [(4, 6), (3, 7), (2, 8), (1, 9)]
    assert reaches[4][0] >= 4 and reaches[4][1] <= 6
    assert reaches[5] == (5, 5)


def test_joints_keep_to_themselves() -> None:
    torch.manual_seed(0)
    layer = MixedBranches(4, 12).eval()
    x = torch.rand(2, 4, 6, 5)
    torch.testing.assert_close(layer(x)[..., 2:3], layer(x[..., 2:3]))


def test_a_shortcut_is_free_where_the_shape_stays() -> None:
    assert isinstance(shortcut(8, 8, stride=1), nn.Identity)
    assert isinstance(shortcut(8, 8, stride=2), TimeConvBN)
    assert shortcut(8, 16, stride=2)(torch.rand(2, 8, 9, 3)).shape == (2, 16, 5, 3)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("frames", [1, 7, 8])
def test_normed_branches_agree_on_the_length(stride: int, frames: int) -> None:
    layer = NormedBranches(8, 12, kernel=5, dilations=(1, 2), stride=stride, has_shortcut=True)
    assert layer(torch.rand(2, 8, frames, 3)).shape == (2, 12, -(-frames // stride), 3)
    assert all(branch(torch.rand(1, 8, 4, 2)).shape[1] == 3 for branch in layer.branches)


def test_normed_branches_add_the_input_before_the_end() -> None:
    torch.manual_seed(0)
    x = torch.randn(2, 12, 5, 3)
    layer = NormedBranches(12, 12, kernel=3, dilations=(1,), has_shortcut=True).eval()
    mixed = torch.cat([branch(x) for branch in layer.branches], dim=1)
    torch.testing.assert_close(layer(x), torch.relu(mixed + x))
    layer.relu = nn.Identity()
    torch.testing.assert_close(layer(x), mixed + x)


def test_normed_branches_share_equally_or_not_at_all() -> None:
    with pytest.raises(ValueError, match="10 channels cannot be shared by 6 branches"):
        NormedBranches(8, 10, kernel=3, dilations=(1, 2, 3, 4))
