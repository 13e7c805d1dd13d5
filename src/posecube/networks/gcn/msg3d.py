"""MS-G3D (Liu et al., "Disentangling and Unifying Graph Convolutions for Skeleton-Based Action Recognition", 2020).

Joints gather from exactly 0, 1, 2, ... hops away, each distance with weights of its own; beside that, windows of 3 and
of 5 frames are one graph, in which joints gather across space and time at once. Published size, for NTU's 25 joints and
60 classes: 3.19 M parameters; two people of 100 frames: 10.97 GMACs.

    part       kernel                                                           output (C, T, V), for 100 frames
    norm       each joint's coordinates, people apart                             3 100 V
    block 1    sum of [13 hops; time; time] and, for 3 and 5 frames,             96 100 V
               [6 hops in the window; all its frames]; then time
    block 2    the same, at stride 2 in time                                    192  50 V
    block 3    the same, at stride 2 in time                                    384  25 V
    head       mean over time and joints, mean over people, linear

    time       3 frames at dilations 1, 2, 3, 4, maximum of 3, the frame itself; with a shortcut
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

import torch
from jaxtyping import Float
from pydantic import Field, PositiveInt
from torch import Tensor, nn
from torch.nn import functional as F

from posecube.errors import UserError
from posecube.networks.gcn import published
from posecube.networks.gcn.graph import connected_layout, hop_parts
from posecube.networks.gcn.layers import JointNorm, PeopleClassifier, spread
from posecube.networks.gcn.temporal import NormedBranches
from posecube.networks.spec import NetworkSpec
from posecube.skeleton.layout import SkeletonLayout

DILATIONS = (1, 2, 3, 4)
SMALL = 1e-6  # what is learnt beside the graph starts within it


class HopGraph(nn.Module):
    """Gathers from every distance by itself and mixes all of them; beside the graph, an offset to it is learnt.

    Source: the paper's disentangled multi-scale aggregation, with its residual mask.
    """

    graph: Tensor

    def __init__(self, in_channels: int, out_channels: int, *, graph: Float[Tensor, "K V V"]) -> None:
        super().__init__()
        self.register_buffer("graph", graph.clone())
        self.offset = nn.Parameter(torch.empty_like(graph).uniform_(-SMALL, SMALL))
        self.embed = nn.Sequential(
            nn.Conv2d(in_channels * len(graph), out_channels, 1), nn.BatchNorm2d(out_channels), nn.ReLU()
        )

    def forward(self, x: Float[Tensor, "B C T V"]) -> Float[Tensor, "B D T V"]:
        return self.embed(spread(x, self.graph + self.offset))


class WindowGraph(nn.Module):
    """Joints of several frames as one graph, one window around every ``stride``-th frame.

    Source: the paper's G3D, windows that stride.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        width: int,
        window: int,
        graph: Float[Tensor, "K V V"],
        stride: int,
    ) -> None:
        super().__init__()
        self.window = window
        self.stride = stride
        self.hops = HopGraph(in_channels, width, graph=graph)
        self.collect = nn.Conv3d(width, out_channels, (1, window, 1))
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x: Float[Tensor, "B C T V"]) -> Float[Tensor, "B D S V"]:
        joints = x.shape[3]
        windows = F.pad(x, (0, 0, self.window // 2, self.window // 2)).unfold(2, self.window, self.stride)
        mixed = self.hops(windows.transpose(3, 4).flatten(3))
        return self.norm(self.collect(mixed.unflatten(3, (self.window, joints))).squeeze(3))


class Block(nn.Module):
    """Space and then time, beside space and time at once; then time again."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        width: int,
        layout: SkeletonLayout,
        num_hops: int,
        windows: Sequence[int],
        window_hops: int,
        stride: int,
    ) -> None:
        super().__init__()
        branches = partial(NormedBranches, kernel=3, dilations=DILATIONS, has_shortcut=True)
        self.space = HopGraph(in_channels, width, graph=hop_parts(layout, num_parts=num_hops))
        self.space_time = nn.Sequential(
            branches(width, out_channels, stride=stride), branches(out_channels, out_channels, relu=False)
        )
        self.windows = nn.ModuleList(
            WindowGraph(
                in_channels,
                out_channels,
                width=width,
                window=window,
                graph=hop_parts(layout, num_parts=window_hops, window=window),
                stride=stride,
            )
            for window in windows
        )
        self.relu = nn.ReLU()
        self.time = branches(out_channels, out_channels)

    def forward(self, x: Float[Tensor, "B C T V"]) -> Float[Tensor, "B D S V"]:
        together = self.space_time(self.space(x))
        for window in self.windows:
            together = together + window(x)
        return self.time(self.relu(together))


class MSG3D(nn.Module):
    """Joint coordinates to logits.

    Args:
        layout: Whose bones are the graph: a layout, or its name.
        in_channels: Numbers a joint has: coordinates, or coordinates and confidence.
        base_channels: Channels of the first block, a multiple of 6; doubled at the second and at the third.
        num_people: Normalise the coordinates of so many people apart, as published; clips must have as many. None
            shares the statistics between any number of people.
        num_hops: Distances of the graph of a frame, from 0 on.
        windows: Frames of the windows, odd.
        window_hops: Distances of the graph of a window, from 0 on.

    Raises:
        UserError: If the layout is unknown, or its bones do not connect all joints.
    """

    def __init__(
        self,
        *,
        num_classes: int,
        layout: str | SkeletonLayout = "ntu25",
        in_channels: int = 3,
        base_channels: int = 96,
        num_people: int | None = 2,
        num_hops: int = 13,
        windows: Sequence[int] = (3, 5),
        window_hops: int = 6,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if even := [window for window in windows if window % 2 == 0]:
            raise UserError(f"windows must be odd, to have a middle frame, got {even[0]}")
        layout = connected_layout(layout)
        self.norm = JointNorm(layout.num_joints, in_channels, num_people=num_people)
        block = partial(Block, layout=layout, num_hops=num_hops, windows=windows, window_hops=window_hops)
        self.blocks = nn.Sequential(
            block(in_channels, base_channels, width=base_channels, stride=1),
            block(base_channels, base_channels * 2, width=base_channels, stride=2),
            block(base_channels * 2, base_channels * 4, width=base_channels * 2, stride=2),
        )
        self.head = PeopleClassifier(base_channels * 4, num_classes, dropout=dropout)

    def forward(self, x: Float[Tensor, "N M T V C"]) -> Float[Tensor, "N K"]:
        return self.head(self.blocks(self.norm(x)), num_people=x.shape[1])


class Msg3dSpec(NetworkSpec):
    """Sizes of ``MSG3D``."""

    module = MSG3D
    reads = "stream"
    published = published.MSG3D

    name: Literal["msg3d"] = "msg3d"
    base_channels: PositiveInt = 96
    num_people: PositiveInt | None = 2
    num_hops: PositiveInt = 13
    windows: tuple[PositiveInt, ...] = (3, 5)
    window_hops: PositiveInt = 6
    dropout: float = Field(default=0.0, ge=0.0, le=1.0)
