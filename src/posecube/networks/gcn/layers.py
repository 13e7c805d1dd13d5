"""What graph networks share: their two ends, and the product of joints with a graph.

Between the ends an activation is (B, C, T, V), B clips times people, laid out in memory as (B, T, V, C): on one
processor core every layer but the pooling is then a matrix product without a copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from posecube.errors import UserError
from posecube.networks.gcn.temporal import shortcut

BLOCKS_PER_STAGE = (4, 3, 3)


class JointNorm(nn.Module):
    """Batch normalisation of each joint's coordinates, then people fold into the batch.

    Args:
        num_people: Normalise each person's joints apart, of so many people; None shares the statistics, and then any
            number of people may come.
    """

    def __init__(self, num_joints: int, in_channels: int, *, num_people: int | None = None) -> None:
        super().__init__()
        self.num_people = num_people
        self.norm = nn.BatchNorm1d((num_people or 1) * num_joints * in_channels)

    def forward(self, x: Float[Tensor, "N M T V C"]) -> Float[Tensor, "B C T V"]:
        people, frames, joints, channels = x.shape[1:]
        if self.num_people is None:
            x = self.norm(x.reshape(-1, joints * channels))
        elif people == self.num_people:
            x = self.norm(x.transpose(1, 2).reshape(-1, people * joints * channels))
            x = x.reshape(-1, frames, people, joints * channels).transpose(1, 2)
        else:
            raise UserError(
                f"the network normalises {self.num_people} people apart, got clips of {people}: "
                f"set the clip's number of people to {self.num_people}, or build it with num_people={people}"
            )
        return x.reshape(-1, frames, joints, channels).permute(0, 3, 1, 2)


class PeopleClassifier(nn.Module):
    """Mean over time and joints, then over people; dropout, one linear layer."""

    def __init__(self, in_channels: int, num_classes: int, *, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.linear = nn.Linear(in_channels, num_classes)
        nn.init.normal_(self.linear.weight, std=0.01)
        nn.init.zeros_(self.linear.bias)

    def forward(self, features: Float[Tensor, "B C T V"], *, num_people: int) -> Float[Tensor, "N K"]:
        people = features.mean(dim=(2, 3)).unflatten(0, (-1, num_people))
        return self.linear(self.dropout(people.mean(dim=1)))


class BlockShape(NamedTuple):
    """What a block turns into what."""

    in_channels: int
    out_channels: int
    stride: int
    has_shortcut: bool


def block_shapes(in_channels: int, base_channels: int) -> Iterator[BlockShape]:
    """The ten blocks of published networks: 4, 3 and 3; each stage is twice as wide and half as long as the one before.

    The very first block has no shortcut.
    """
    channels = in_channels
    for stage, num_blocks in enumerate(BLOCKS_PER_STAGE):
        for block in range(num_blocks):
            is_shorter = stage > 0 and block == 0
            width = base_channels * 2**stage
            yield BlockShape(channels, width, stride=2 if is_shorter else 1, has_shortcut=stage > 0 or block > 0)
            channels = width


class SpaceTimeBlock(nn.Module):
    """A layer over the graph, then one along time, with a shortcut around both."""

    def __init__(self, shape: BlockShape, *, space: nn.Module, time: nn.Module) -> None:
        super().__init__()
        self.space = space
        self.time = time
        self.shortcut = (
            shortcut(shape.in_channels, shape.out_channels, stride=shape.stride) if shape.has_shortcut else None
        )
        self.relu = nn.ReLU()

    def forward(self, x: Float[Tensor, "B C T V"]) -> Float[Tensor, "B D S V"]:
        mixed = self.time(self.space(x))
        return self.relu(mixed if self.shortcut is None else mixed + self.shortcut(x))


def joint_shortcut(in_channels: int, out_channels: int) -> nn.Module:
    """The way around a layer over the graph: the identity, or a 1x1 convolution where the channels change."""
    if in_channels == out_channels:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(in_channels, out_channels, 1), nn.BatchNorm2d(out_channels))


def gather(x: Float[Tensor, "B KC T V"], graph: Float[Tensor, "K V W"]) -> Float[Tensor, "B C T W"]:
    """Each joint's sum over a graph's parts and the joints that it gathers from; channels come part by part.

    One product of (W, V K) with (V K, C) a frame, which reads the parts where they lie.
    """
    parts, joints, gathering = graph.shape
    frames = x.permute(0, 2, 3, 1)
    batch, time = frames.shape[:2]
    flat = frames.reshape(batch * time, joints * parts, -1)
    weights = graph.permute(2, 1, 0).reshape(1, gathering, joints * parts).expand(batch * time, -1, -1)
    return torch.bmm(weights, flat).unflatten(0, (batch, time)).permute(0, 3, 1, 2)


def spread(x: Float[Tensor, "B C T V"], graph: Float[Tensor, "K V W"]) -> Float[Tensor, "B KC T W"]:
    """What each joint gathers along each of a graph's parts, side by side: channels come part by part."""
    parts, joints, gathering = graph.shape
    frames = x.permute(0, 2, 3, 1)
    batch, time, _, channels = frames.shape
    flat = frames.reshape(batch * time, joints, channels)
    weights = graph.permute(2, 0, 1).reshape(1, gathering * parts, joints).expand(batch * time, -1, -1)
    return torch.bmm(weights, flat).reshape(batch, time, gathering, parts * channels).permute(0, 3, 1, 2)
