"""Counting operations: each kind of layer by hand; the networks' published figures are in tests/networks."""

import pytest
import torch
from torch import nn

from posecube.model.cost import count_operations


@pytest.mark.parametrize(
    ("network", "shapes", "expected"),
    [
        (nn.Linear(5, 7), [(5,)], 35),
        (nn.Conv3d(2, 3, 3, padding=1, bias=False), [(2, 4, 5, 6)], 2 * 27 * 3 * 4 * 5 * 6),
        (nn.Conv3d(4, 4, 3, padding=1, groups=4, bias=False), [(4, 4, 5, 6)], 27 * 4 * 4 * 5 * 6),
        (nn.Conv2d(2, 3, (1, 3), stride=(1, 2), bias=False), [(2, 5, 9)], 2 * 3 * 3 * 5 * 4),
        (nn.ConvTranspose3d(2, 3, (2, 1, 1), stride=(2, 1, 1), bias=False), [(2, 4, 5, 6)], 2 * 3 * 2 * 4 * 5 * 6),
        (nn.BatchNorm2d(3), [(3, 4, 5)], 2 * 60),
        (nn.Sequential(nn.ReLU(), nn.MaxPool2d(2)), [(3, 4, 6)], 0),
    ],
)  # fmt: skip
def test_operations_are_products_and_normalisation(network, shapes, expected):
    counted = count_operations(network, *shapes)
    assert counted == expected
    assert not any(part._forward_hooks for part in network.modules()), "nothing is left behind"


def test_products_that_are_no_layers_count_too():
    class Graph(nn.Module):
        def forward(self, x):
            return torch.einsum("nctv,vw->nctw", x, torch.ones(5, 5, device=x.device))

    assert count_operations(Graph(), (2, 3, 5)) == 2 * 3 * 5 * 5


def test_a_network_may_have_several_inputs():
    class Pair(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = nn.Linear(2, 3), nn.Linear(4, 5)

        def forward(self, x, y):
            return self.first(x), self.second(y)

    assert count_operations(Pair(), (2,), (4,)) == 2 * 3 + 4 * 5
