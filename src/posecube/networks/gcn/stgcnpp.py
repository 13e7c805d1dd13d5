"""ST-GCN++ (Duan et al., "PYSKL: Towards Good Practices for Skeleton Action Recognition").

ST-GCN whose graph is learnt from the bones on, with a shortcut around the graph convolution and six temporal branches
in place of one long convolution. Published size, for 60 classes: 1.40 M parameters on NTU's 25 joints, 1.39 M on COCO's
17; two people of 100 frames: 2.96 and 1.95 GMACs.

    part       kernel                                                     output (C, T, V), for 100 frames
    norm       each joint's coordinates                                     3 100 V
    block 1    [graph of 3 parts; time: 4 dilations, maximum, frame]       64 100 V    no shortcut around it
    2 - 4      the same x 3                                                64 100 V
    5 - 7      the same x 3, the first at stride 2 in time                128  50 V
    8 - 10     the same x 3, the first at stride 2 in time                256  25 V
    head       mean over time and joints, mean over people, linear
"""

from __future__ import annotations

from typing import Literal

from jaxtyping import Float
from pydantic import Field, PositiveInt
from torch import Tensor, nn

from posecube.networks.gcn import published
from posecube.networks.gcn.graph import connected_layout, directed_parts
from posecube.networks.gcn.layers import (
    JointNorm,
    PeopleClassifier,
    SpaceTimeBlock,
    block_shapes,
    gather,
    joint_shortcut,
)
from posecube.networks.gcn.temporal import MixedBranches
from posecube.networks.spec import NetworkSpec
from posecube.skeleton.layout import SkeletonLayout


class LearntGraph(nn.Module):
    """Graph convolution: each of the graph's parts has its weights, and the graph itself is a parameter."""

    def __init__(self, in_channels: int, out_channels: int, *, graph: Float[Tensor, "K V V"]) -> None:
        super().__init__()
        self.graph = nn.Parameter(graph.clone())
        self.conv = nn.Conv2d(in_channels, out_channels * len(graph), 1)
        self.norm = nn.BatchNorm2d(out_channels)
        self.shortcut = joint_shortcut(in_channels, out_channels)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Float[Tensor, "B C T V"]) -> Float[Tensor, "B D T V"]:
        return self.relu(self.norm(gather(self.conv(x), self.graph)) + self.shortcut(x))


class STGCNPP(nn.Module):
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
        graph = directed_parts(layout)
        self.norm = JointNorm(connected_layout(layout).num_joints, in_channels)
        self.blocks = nn.Sequential()
        for shape in block_shapes(in_channels, base_channels):
            space = LearntGraph(shape.in_channels, shape.out_channels, graph=graph)
            time = MixedBranches(shape.out_channels, shape.out_channels, stride=shape.stride)
            self.blocks.append(SpaceTimeBlock(shape, space=space, time=time))
        self.head = PeopleClassifier(shape.out_channels, num_classes, dropout=dropout)

    def forward(self, x: Float[Tensor, "N M T V C"]) -> Float[Tensor, "N K"]:
        return self.head(self.blocks(self.norm(x)), num_people=x.shape[1])


class StgcnppSpec(NetworkSpec):
    """Sizes of ``STGCNPP``."""

    module = STGCNPP
    reads = "stream"
    published = published.STGCNPP

    name: Literal["stgcnpp"] = "stgcnpp"
    base_channels: PositiveInt = 64
    dropout: float = Field(default=0.0, ge=0.0, le=1.0)
