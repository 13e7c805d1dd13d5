"""CTR-GCN (Chen et al., "Channel-wise Topology Refinement Graph Convolution", ICCV 2021).

Every channel has a graph of its own: a learnt one that all share, refined by how joints differ in this clip. Published
size, for NTU's 25 joints and 60 classes: 1.45 M parameters; two people of 100 frames: 3.00 GMACs.

    part       kernel                                                       output (C, T, V), for 100 frames
    norm       each joint's coordinates, people apart                         3 100 V
    block 1    [3 refined graphs; time: 5 frames at dilations 1 and 2,       64 100 V    no shortcut around it
                maximum, frame]
    2 - 4      the same x 3                                                  64 100 V
    5 - 7      the same x 3, the first at stride 2 in time                  128  50 V
    8 - 10     the same x 3, the first at stride 2 in time                  256  25 V
    head       mean over time and joints, mean over people, linear
"""

from __future__ import annotations

from functools import reduce
from typing import Literal

import torch
from jaxtyping import Float
from pydantic import Field, PositiveInt
from torch import Tensor, nn

from posecube.networks.gcn import published
from posecube.networks.gcn.graph import connected_layout, directed_parts
from posecube.networks.gcn.layers import JointNorm, PeopleClassifier, SpaceTimeBlock, block_shapes, joint_shortcut
from posecube.networks.gcn.temporal import NormedBranches
from posecube.networks.spec import NetworkSpec
from posecube.skeleton.layout import SkeletonLayout

REDUCTION = 8  # channels that are compared: one of so many, and no fewer than this


class Refinement(nn.Module):
    """One graph, refined channel by channel, and what is gathered along it.

    Source: the paper's channel-wise topology refinement: joints averaged over time are compared as M1 does,
    tanh(psi(x_i) - phi(x_j)). In published weights i is the joint that is gathered from.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        compared = max(in_channels // REDUCTION, REDUCTION)
        self.gathered = nn.Conv2d(in_channels, compared, 1)
        self.gathering = nn.Conv2d(in_channels, compared, 1)
        self.features = nn.Conv2d(in_channels, out_channels, 1)
        self.refine = nn.Conv2d(compared, out_channels, 1)

    def forward(
        self,
        x: Float[Tensor, "B C T V"],
        mean: Float[Tensor, "B C 1 V"],
        *,
        shared: Float[Tensor, "V V"],
        strength: Tensor,
    ) -> Float[Tensor, "B D T V"]:
        difference = self.gathered(mean).transpose(2, 3) - self.gathering(mean)
        graph = shared + strength * self.refine(torch.tanh(difference))
        return self.features(x) @ graph


class RefinedGraphs(nn.Module):
    """Sum over three refined graphs, with a shortcut; the graphs that they start from are parameters."""

    def __init__(self, in_channels: int, out_channels: int, *, graph: Float[Tensor, "K V V"]) -> None:
        super().__init__()
        self.graph = nn.Parameter(graph.clone())
        self.strength = nn.Parameter(torch.zeros(1))
        self.parts = nn.ModuleList(Refinement(in_channels, out_channels) for _ in graph)
        self.norm = nn.BatchNorm2d(out_channels)
        self.shortcut = joint_shortcut(in_channels, out_channels)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Float[Tensor, "B C T V"]) -> Float[Tensor, "B D T V"]:
        mean = x.mean(dim=2, keepdim=True)  # before the 1x1 convolutions: they commute, and this is less to multiply
        refined = zip(self.parts, self.graph, strict=True)
        gathered = reduce(torch.add, (part(x, mean, shared=shared, strength=self.strength) for part, shared in refined))
        return self.relu(self.norm(gathered) + self.shortcut(x))


class CTRGCN(nn.Module):
    """Joint coordinates to logits.

    Args:
        layout: Whose bones are the graphs' start: a layout, or its name.
        in_channels: Numbers a joint has: coordinates, or coordinates and confidence.
        base_channels: Channels of the first four blocks; doubled at the fifth and at the eighth.
        num_people: Normalise the coordinates of so many people apart, as published; clips must have as many. None
            shares the statistics between any number of people.

    Raises:
        UserError: If the layout is unknown, or its bones do not connect all joints.
    """

    def __init__(
        self,
        *,
        num_classes: int,
        layout: str | SkeletonLayout = "ntu25",
        in_channels: int = 3,
        base_channels: int = 64,
        num_people: int | None = 2,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        graph = directed_parts(layout)
        self.norm = JointNorm(connected_layout(layout).num_joints, in_channels, num_people=num_people)
        self.blocks = nn.Sequential()
        for shape in block_shapes(in_channels, base_channels):
            width = shape.out_channels
            space = RefinedGraphs(shape.in_channels, width, graph=graph)
            time = NormedBranches(width, width, kernel=5, dilations=(1, 2), stride=shape.stride)
            self.blocks.append(SpaceTimeBlock(shape, space=space, time=time))
        self.head = PeopleClassifier(width, num_classes, dropout=dropout)

    def forward(self, x: Float[Tensor, "N M T V C"]) -> Float[Tensor, "N K"]:
        return self.head(self.blocks(self.norm(x)), num_people=x.shape[1])


class CtrgcnSpec(NetworkSpec):
    """Sizes of ``CTRGCN``."""

    module = CTRGCN
    reads = "stream"
    published = published.CTRGCN

    name: Literal["ctrgcn"] = "ctrgcn"
    base_channels: PositiveInt = 64
    num_people: PositiveInt | None = 2
    dropout: float = Field(default=0.0, ge=0.0, le=1.0)
