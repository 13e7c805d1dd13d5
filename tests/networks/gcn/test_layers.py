from itertools import pairwise

import pytest
import torch
from torch.nn import functional as F

from posecube.networks.gcn.layers import JointNorm, PeopleClassifier, block_shapes, gather, spread


def test_gather_is_the_sum_over_parts_and_joints() -> None:
    torch.manual_seed(0)
    x, graph = torch.rand(2, 3 * 5, 7, 4), torch.rand(3, 4, 6)
    expected = torch.einsum("bkctv,kvw->bctw", x.unflatten(1, (3, 5)), graph)
    torch.testing.assert_close(gather(x, graph), expected)
    torch.testing.assert_close(gather(x.to(memory_format=torch.channels_last), graph), expected)


def test_spread_keeps_the_parts_apart() -> None:
    torch.manual_seed(0)
    x, graph = torch.rand(2, 5, 7, 4), torch.rand(3, 4, 6)
    expected = torch.einsum("bctv,kvw->bkctw", x, graph).flatten(1, 2)
    torch.testing.assert_close(spread(x, graph), expected)
    torch.testing.assert_close(spread(x.to(memory_format=torch.channels_last), graph), expected)


def test_blocks_are_the_published_ones() -> None:
    shapes = list(block_shapes(3, 64))
    assert [shape.out_channels for shape in shapes] == [64] * 4 + [128] * 3 + [256] * 3
    assert [index for index, shape in enumerate(shapes) if shape.stride == 2] == [4, 7]
    assert [shape.has_shortcut for shape in shapes] == [False] + [True] * 9
    assert all(before.out_channels == after.in_channels for before, after in pairwise(shapes))


def test_joint_norm_shares_statistics_between_people() -> None:
    torch.manual_seed(0)
    x, layer = torch.randn(4, 2, 6, 5, 3) * 3 + 1, JointNorm(5, 3)
    expected = F.batch_norm(x.reshape(4 * 2 * 6, 15), None, None, training=True).reshape(8, 6, 5, 3)
    torch.testing.assert_close(layer(x), expected.permute(0, 3, 1, 2))
    assert layer.norm.num_features == 15


def test_joint_norm_keeps_people_apart() -> None:
    torch.manual_seed(0)
    x, layer = torch.randn(4, 2, 6, 5, 3) * 3 + 1, JointNorm(5, 3, num_people=2)
    people = [F.batch_norm(x[:, i].reshape(4 * 6, 15), None, None, training=True) for i in range(2)]
    expected = torch.stack([it.reshape(4, 6, 5, 3) for it in people], dim=1).flatten(0, 1)
    torch.testing.assert_close(layer(x), expected.permute(0, 3, 1, 2))
    assert layer.norm.num_features == 30


def test_a_wrong_number_of_people_is_named() -> None:
    with pytest.raises(ValueError, match=r"normalises 2 people apart, got clips of 3: .* num_people=3"):
        JointNorm(5, 3, num_people=2)(torch.rand(1, 3, 4, 5, 3))


def test_the_classifier_means_over_people_last() -> None:
    head = PeopleClassifier(6, 4, dropout=0.0)
    features = torch.rand(3 * 2, 6, 5, 7)
    expected = head.linear(features.reshape(3, 2, 6, 35).mean(dim=(1, 3)))
    torch.testing.assert_close(head(features, num_people=2), expected)
