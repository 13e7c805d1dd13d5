"""ST-GCN (Yan et al., "Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action Recognition", 2018).

The first network on the graph of a skeleton: bones in three parts, each with an importance that is learnt, then nine
frames of each joint. Published size, for 60 classes: 3.10 M parameters on NTU's 25 joints, 3.09 M on COCO's 17; two
people of 100 frames: 5.71 and 3.82 GMACs.

    part       kernel                                     output (C, T, V), for 100 frames
    norm       each joint's coordinates                     3 100 V
    block 1    [graph of 3 parts; time: 9 frames]          64 100 V    no shortcut around it
    2 - 4      the same x 3                                64 100 V
    5 - 7      the same x 3, the first at stride 2        128  50 V
    8 - 10     the same x 3, the first at stride 2        256  25 V
    head       mean over time and joints, mean over people, linear
"""

from __future__ import annotations

from typing import Literal

import torch
from jaxtyping import Float
from pydantic import Field, PositiveInt
from torch import Tensor, nn

from posecube.networks.gcn import published
from posecube.networks.gcn.graph import connected_layout, distance_parts
from posecube.networks.gcn.layers import JointNorm, PeopleClassifier, SpaceTimeBlock, block_shapes, gather
from posecube.networks.gcn.temporal import TimeConvBN
from posecube.networks.spec import NetworkSpec
from posecube.skeleton.layout import SkeletonLayout

KERNEL = 9  # frames


class WeightedGraph(nn.Module):
    """Graph convolution: each of the graph's parts has its weights, each of its edges an importance.

    Source: the paper's "learnable edge importance weighting".
    """

    graph: Tensor

    def __init__(self, in_channels: int, out_channels: int, *, graph: Float[Tensor, "K V V"]) -> None:
        super().__init__()
        self.register_buffer("graph", graph.clone())
        self.importance = nn.Parameter(torch.ones_like(graph))
        self.conv = nn.Conv2d(in_channels, out_channels * len(graph), 1)
        self.norm = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()

    def forward(self, x: Float[Tensor, "B C T V"]) -> Float[Tensor, "B D T V"]:
        return self.relu(self.norm(gather(self.conv(x), self.graph * self.importance)))


class STGCN(nn.Module):
    """Joint coordinates to logits.

    Args:
        layout: Whose bones are the graph: a layout, or its name.
        in_channels: Numbers a joint has: coordinates, or coordinates and confidence.
        base_channels: Channels of the first four blocks; doubled at the fifth and at the eighth.

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
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        graph = distance_parts(layout)
        self.norm = JointNorm(connected_layout(layout).num_joints, in_channels)
        self.blocks = nn.Sequential()
        for shape in block_shapes(in_channels, base_channels):
            space = WeightedGraph(shape.in_channels, shape.out_channels, graph=graph)
            time = TimeConvBN(shape.out_channels, shape.out_channels, kernel=KERNEL, stride=shape.stride)
            self.blocks.append(SpaceTimeBlock(shape, space=space, time=time))
        self.head = PeopleClassifier(shape.out_channels, num_classes, dropout=dropout)

    def forward(self, x: Float[Tensor, "N M T V C"]) -> Float[Tensor, "N K"]:
        return self.head(self.blocks(self.norm(x)), num_people=x.shape[1])


class StgcnSpec(NetworkSpec):
    """Sizes of ``STGCN``."""

    module = STGCN
    reads = "stream"
    published = published.STGCN

    name: Literal["stgcn"] = "stgcn"
    base_channels: PositiveInt = 64
    dropout: float = Field(default=0.0, ge=0.0, le=1.0)
