"""SlowOnly on RGB frames: the RGB half of Duan et al., "Revisiting Skeleton-based Action Recognition", by itself.

The slow pathway of SlowFast: a ResNet-50 over few frames, whose last two stages mix time. Published size, for 8 frames
of 224 x 224, 60 classes: 31.76 M parameters, 41.92 GMACs.

    stage    kernel                                       output (C, T, H, W)
    stem     1x7x7 stride 2, maximum of 1x3x3 stride 2      64  8 56 56
    stage 1  [1x1x1 64, 1x3x3 64, 1x1x1 256] x 3           256  8 56 56
    stage 2  [1x1x1 128, 1x3x3 128, 1x1x1 512] x 4         512  8 28 28
    stage 3  [3x1x1 256, 1x3x3 256, 1x1x1 1024] x 6       1024  8 14 14
    stage 4  [3x1x1 512, 1x3x3 512, 1x1x1 2048] x 3       2048  8  7  7
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
from posecube.networks.rgbpose.published import FRAMES_ALONE
from posecube.networks.spec import NetworkSpec

KEEP = (1, 1, 1)
HALVE = (1, 2, 2)


class RgbSlowOnly(nn.Module):
    """Normalised RGB frames to logits.

    Args:
        base_channels: Channels of the stem and width of the first stage.
        stage_blocks: Bottlenecks a stage.
        time_stages: Which stages mix time with 3x1x1 convolutions.
        joined_channels: As part of a larger network: channels that join the input of each stage.
    """

    def __init__(
        self,
        *,
        num_classes: int,
        base_channels: int = 64,
        stage_blocks: Sequence[int] = (3, 4, 6, 3),
        time_stages: Sequence[bool] = (False, False, True, True),
        dropout: float = 0.5,
        joined_channels: Sequence[int] | None = None,
    ) -> None:
        super().__init__()
        if len(stage_blocks) != len(time_stages):
            raise UserError(
                f"stage_blocks and time_stages must be of one length, got {len(stage_blocks)} and {len(time_stages)}"
            )
        self.stem = ConvBN(3, base_channels, kernel=(1, 7, 7), stride=HALVE)
        self.pool = nn.MaxPool3d((1, 3, 3), stride=HALVE, padding=(0, 1, 1))
        self.stages = bottleneck_stages(
            base_channels,
            blocks=stage_blocks,
            strides=[KEEP] + [HALVE] * (len(stage_blocks) - 1),
            mix_time=time_stages,
            joined_channels=joined_channels,
        )
        out_channels = base_channels * 2 ** (len(stage_blocks) - 1) * EXPANSION
        self.head = PooledClassifier(out_channels, num_classes, dropout=dropout)

    def forward(self, rgb: Float[Tensor, "N 3 T H W"]) -> Float[Tensor, "N K"]:
        return self.head(self.stages(self.pool(self.stem(rgb))))


class RgbSlowOnlySpec(NetworkSpec):
    """Sizes of ``RgbSlowOnly``."""

    module = RgbSlowOnly
    reads = None
    heads = ("rgb",)
    published = FRAMES_ALONE

    name: Literal["slowonly_rgb"] = "slowonly_rgb"
    base_channels: PositiveInt = 64
    stage_blocks: tuple[PositiveInt, ...] = (3, 4, 6, 3)
    time_stages: tuple[bool, ...] = (False, False, True, True)
    dropout: float = Field(default=0.5, ge=0.0, le=1.0)
