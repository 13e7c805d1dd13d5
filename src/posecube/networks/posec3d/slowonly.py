"""PoseConv3D with the SlowOnly backbone (Duan et al., "Revisiting Skeleton-based Action Recognition").

A ResNet-50 without its first stage, fed at full resolution; time is mixed from the second stage on. Published size, for
17 joints, 48 frames of 56 x 56, 60 classes: 2.025 M parameters, 15.8 GMACs.

    stage    kernel                                      output (C, T, H, W)
    stem     1x7x7, maximum of 1x3x3                      32  48 56 56
    stage 1  [1x1x1 32, 1x3x3 32, 1x1x1 128] x 4         128  48 28 28
    stage 2  [3x1x1 64, 1x3x3 64, 1x1x1 256] x 6         256  48 14 14
    stage 3  [3x1x1 128, 1x3x3 128, 1x1x1 512] x 3       512  24  7  7
    head     mean, dropout, linear
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from jaxtyping import Float
from pydantic import Field, PositiveInt
from torch import Tensor, nn

from posecube.errors import UserError
from posecube.networks.layers import EXPANSION, ConvBN, PooledClassifier, bottleneck_stages
from posecube.networks.posec3d.published import SLOWONLY
from posecube.networks.spec import NetworkSpec


class PoseSlowOnly(nn.Module):
    """Heatmap volume to logits.

    The maximum after the stem keeps the size: published configurations set ResNet's first pooling to stride 1.

    Args:
        num_joints: Input channels: joints or limbs.
        base_channels: Channels of the stem and width of the first stage.
        stage_blocks: Bottlenecks a stage; (3, 4, 6) is the published size for large sets of classes.
        temporal_strides: Stride in time at the first block of each stage.
        time_stages: Which stages mix time with 3x1x1 convolutions.
        joined_channels: As part of a larger network: channels that join the input of each stage.
    """

    def __init__(
        self,
        *,
        num_classes: int,
        num_joints: int = 17,
        base_channels: int = 32,
        stage_blocks: Sequence[int] = (4, 6, 3),
        temporal_strides: Sequence[int] = (1, 1, 2),
        time_stages: Sequence[bool] = (False, True, True),
        dropout: float = 0.5,
        joined_channels: Sequence[int] | None = None,
    ) -> None:
        super().__init__()
        if not len(stage_blocks) == len(temporal_strides) == len(time_stages):
            raise UserError(
                f"stage_blocks, temporal_strides and time_stages must be of one length, got "
                f"{len(stage_blocks)}, {len(temporal_strides)}, {len(time_stages)}"
            )
        self.stem = ConvBN(num_joints, base_channels, kernel=(1, 7, 7))
        self.pool = nn.MaxPool3d((1, 3, 3), stride=1, padding=(0, 1, 1))
        self.stages = bottleneck_stages(
            base_channels,
            blocks=stage_blocks,
            strides=[(stride, 2, 2) for stride in temporal_strides],
            mix_time=time_stages,
            joined_channels=joined_channels,
        )
        out_channels = base_channels * 2 ** (len(stage_blocks) - 1) * EXPANSION
        self.head = PooledClassifier(out_channels, num_classes, dropout=dropout)

    def forward(self, volume: Float[Tensor, "N V T H W"]) -> Float[Tensor, "N K"]:
        return self.head(self.stages(self.pool(self.stem(volume))))


class PoseSlowOnlySpec(NetworkSpec):
    """Sizes of ``PoseSlowOnly``."""

    module = PoseSlowOnly
    reads = "volume"
    published = SLOWONLY

    name: Literal["posec3d_slowonly"] = "posec3d_slowonly"
    base_channels: PositiveInt = 32
    stage_blocks: tuple[PositiveInt, ...] = (4, 6, 3)
    temporal_strides: tuple[PositiveInt, ...] = (1, 1, 2)
    time_stages: tuple[bool, ...] = (False, True, True)
    dropout: float = Field(default=0.5, ge=0.0, le=1.0)
