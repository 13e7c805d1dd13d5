"""PoseConv3D with a shallow X3D backbone (Duan et al., "Revisiting Skeleton-based Action Recognition").

Inverted bottlenecks with depthwise 3x3x3 convolutions, no squeeze-and-excitation, no swish. Published size, for 17
joints, 48 frames of 56 x 56, 60 classes: 0.255 M parameters, 0.59 GMACs.

    stage    kernel                                              output (C, T, H, W)
    stem     1x3x3 stride 2, then depthwise 5x1x1                 24  48 28 28
    stage 1  [1x1x1 54, depthwise 3x3x3, 1x1x1 24] x 2            24  48 14 14
    stage 2  [1x1x1 108, depthwise 3x3x3, 1x1x1 48] x 5           48  48  7  7
    stage 3  [1x1x1 216, depthwise 3x3x3, 1x1x1 96] x 3           96  48  4  4
    lift     1x1x1                                               216  48  4  4
    head     mean, dropout, linear
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from jaxtyping import Float
from pydantic import Field, PositiveInt
from torch import Tensor, nn

from posecube.networks.layers import ConvBN, PooledClassifier
from posecube.networks.posec3d.published import X3D
from posecube.networks.spec import NetworkSpec

EXPANSION = 2.25
POINT = (1, 1, 1)


class InvertedBottleneck(nn.Module):
    """Expand, mix each channel by itself in space and time, reduce; with a shortcut.

    Without swish, the published blocks have no activation after the mix.
    """

    def __init__(self, in_channels: int, out_channels: int, *, width: int, spatial_stride: int) -> None:
        super().__init__()
        stride = (1, spatial_stride, spatial_stride)
        self.expand = ConvBN(in_channels, width, kernel=POINT)
        self.mix = ConvBN(width, width, kernel=(3, 3, 3), stride=stride, groups=width, relu=False)
        self.reduce = ConvBN(width, out_channels, kernel=POINT, relu=False)
        changes_shape = in_channels != out_channels or spatial_stride != 1
        self.shortcut = (
            ConvBN(in_channels, out_channels, kernel=POINT, stride=stride, relu=False)
            if changes_shape
            else nn.Identity()
        )
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Float[Tensor, "N C T H W"]) -> Float[Tensor, "N D T G U"]:
        return self.relu(self.reduce(self.mix(self.expand(x))) + self.shortcut(x))


class PoseX3D(nn.Module):
    """Heatmap volume to logits.

    Args:
        num_joints: Input channels: joints or limbs.
        stage_blocks: Inverted bottlenecks a stage.
    """

    def __init__(
        self,
        *,
        num_classes: int,
        num_joints: int = 17,
        base_channels: int = 24,
        stage_blocks: Sequence[int] = (2, 5, 3),
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv3d(num_joints, base_channels, (1, 3, 3), (1, 2, 2), (0, 1, 1), bias=False),
            ConvBN(base_channels, base_channels, kernel=(5, 1, 1), groups=base_channels),
        )
        self.stages = nn.Sequential()
        in_channels = base_channels
        for stage, num_blocks in enumerate(stage_blocks):
            channels = base_channels * 2**stage
            width = int(channels * EXPANSION)
            blocks = nn.Sequential()
            for block in range(num_blocks):
                stride = 2 if block == 0 else 1
                blocks.append(InvertedBottleneck(in_channels, channels, width=width, spatial_stride=stride))
                in_channels = channels
            self.stages.append(blocks)
        lifted = int(in_channels * EXPANSION)
        self.lift = ConvBN(in_channels, lifted, kernel=POINT)
        self.head = PooledClassifier(lifted, num_classes, dropout=dropout)

    def forward(self, volume: Float[Tensor, "N V T H W"]) -> Float[Tensor, "N K"]:
        return self.head(self.lift(self.stages(self.stem(volume))))


class PoseX3DSpec(NetworkSpec):
    """Sizes of ``PoseX3D``."""

    module = PoseX3D
    reads = "volume"
    is_depthwise = True
    published = X3D

    name: Literal["posec3d_x3d"] = "posec3d_x3d"
    base_channels: PositiveInt = 24
    stage_blocks: tuple[PositiveInt, ...] = (2, 5, 3)
    dropout: float = Field(default=0.5, ge=0.0, le=1.0)
