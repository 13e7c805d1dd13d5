"""AAGCN (Shi et al., "Skeleton-Based Action Recognition with Multi-Stream Adaptive Graph Convolutional Networks").

2s-AGCN with attention: the graph is learnt, and each clip adds how alike its joints move. Published size, for NTU's 25
joints and 60 classes: 3.78 M parameters with attention, 3.47 M without (MMAction2's); two people of 100 frames: 6.49
GMACs.

    part       kernel                                                        output (C, T, V), for 100 frames
    norm       each joint's coordinates, people apart                          3 100 V
    block 1    [3 adaptive graphs; attention to joints, frames, channels;     64 100 V    no shortcut around it
                time: 9 frames]
    2 - 4      the same x 3                                                   64 100 V
    5 - 7      the same x 3, the first at stride 2 in time                   128  50 V
    8 - 10     the same x 3, the first at stride 2 in time                   256  25 V
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
from posecube.networks.gcn.temporal import TimeConvBN
from posecube.networks.spec import NetworkSpec
from posecube.skeleton.layout import SkeletonLayout

KERNEL = 9  # frames, of the convolution along time and of the attention to frames
COMPARED = 4  # one of so many channels is used to compare joints
SQUEEZED = 2  # one of so many channels is left in the middle of the attention to channels


class AdaptivePart(nn.Module):
    """One part of the graph, the same for all clips, and what a clip's joints have in common beside it.

    Source: the paper's adaptive graph convolution, B + alpha C. It makes C of the products of joints by a softmax;
    published weights belong to the hyperbolic tangent of their mean over channels and frames, and so does this.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.gathered = nn.Conv2d(in_channels, out_channels // COMPARED, 1)
        self.gathering = nn.Conv2d(in_channels, out_channels // COMPARED, 1)
        self.features = nn.Conv2d(in_channels, out_channels, 1)

    def forward(
        self, x: Float[Tensor, "B C T V"], *, shared: Float[Tensor, "V V"], strength: Tensor
    ) -> Float[Tensor, "B D T V"]:
        first, second = self.gathered(x).flatten(1, 2), self.gathering(x).flatten(1, 2)
        alike = torch.tanh(first.transpose(1, 2) @ second / first.shape[1])
        graph = shared + strength * alike
        return self.features((x.flatten(1, 2) @ graph).view_as(x))


class Attention(nn.Module):
    """What matters: first which joints, then which frames, then which channels; each adds a share of what is there.

    Source: the paper's attention to space, time and channels, one after another.
    """

    def __init__(self, channels: int, *, num_joints: int) -> None:
        super().__init__()
        joint_kernel = num_joints - (num_joints + 1) % 2  # odd
        self.joints = nn.Conv1d(channels, 1, joint_kernel, padding=joint_kernel // 2)
        self.frames = nn.Conv1d(channels, 1, KERNEL, padding=KERNEL // 2)
        self.squeeze = nn.Linear(channels, channels // SQUEEZED)
        self.excite = nn.Linear(channels // SQUEEZED, channels)

    def forward(self, x: Float[Tensor, "B C T V"]) -> Float[Tensor, "B C T V"]:
        x = x + x * torch.sigmoid(self.joints(x.mean(dim=2)))[:, :, None, :]
        x = x + x * torch.sigmoid(self.frames(x.mean(dim=3)))[:, :, :, None]
        channels = self.excite(torch.relu(self.squeeze(x.mean(dim=(2, 3)))))
        return x + x * torch.sigmoid(channels)[:, :, None, None]


class AdaptiveGraph(nn.Module):
    """Sum over three adaptive graphs, with a shortcut, then attention; the graphs are parameters, as is their share."""

    def __init__(self, in_channels: int, out_channels: int, *, graph: Float[Tensor, "K V V"], attention: bool) -> None:
        super().__init__()
        self.graph = nn.Parameter(graph.clone())
        self.strength = nn.Parameter(torch.zeros(1))
        self.parts = nn.ModuleList(AdaptivePart(in_channels, out_channels) for _ in graph)
        self.norm = nn.BatchNorm2d(out_channels)
        self.shortcut = joint_shortcut(in_channels, out_channels)
        self.relu = nn.ReLU()
        self.attention = Attention(out_channels, num_joints=graph.shape[1]) if attention else nn.Identity()

    def forward(self, x: Float[Tensor, "B C T V"]) -> Float[Tensor, "B D T V"]:
        adapted = zip(self.parts, self.graph, strict=True)
        gathered = reduce(torch.add, (part(x, shared=shared, strength=self.strength) for part, shared in adapted))
        return self.attention(self.relu(self.norm(gathered) + self.shortcut(x)))


class AAGCN(nn.Module):
    """Joint coordinates to logits.

    Args:
        layout: Whose bones are the graphs' start: a layout, or its name.
        in_channels: Numbers a joint has: coordinates, or coordinates and confidence.
        base_channels: Channels of the first four blocks; doubled at the fifth and at the eighth.
        num_people: Normalise the coordinates of so many people apart, as published; clips must have as many. None
            shares the statistics between any number of people.
        attention: False is 2s-AGCN, as MMAction2 publishes it.

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
        attention: bool = True,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        graph = directed_parts(layout)
        self.norm = JointNorm(connected_layout(layout).num_joints, in_channels, num_people=num_people)
        self.blocks = nn.Sequential()
        for shape in block_shapes(in_channels, base_channels):
            width = shape.out_channels
            space = AdaptiveGraph(shape.in_channels, width, graph=graph, attention=attention)
            time = TimeConvBN(width, width, kernel=KERNEL, stride=shape.stride)
            self.blocks.append(SpaceTimeBlock(shape, space=space, time=time))
        self.head = PeopleClassifier(width, num_classes, dropout=dropout)

    def forward(self, x: Float[Tensor, "N M T V C"]) -> Float[Tensor, "N K"]:
        return self.head(self.blocks(self.norm(x)), num_people=x.shape[1])


class AagcnSpec(NetworkSpec):
    """Sizes of ``AAGCN``."""

    module = AAGCN
    reads = "stream"
    published = published.AAGCN

    name: Literal["aagcn"] = "aagcn"
    base_channels: PositiveInt = 64
    num_people: PositiveInt | None = 2
    attention: bool = True
    dropout: float = Field(default=0.0, ge=0.0, le=1.0)
