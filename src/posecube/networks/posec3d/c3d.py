"""PoseConv3D with a light C3D backbone (Duan et al., "Revisiting Skeleton-based Action Recognition").

Six dense 3x3x3 convolutions; space is halved three times, time never. Published size, for 17 joints, 48 frames of
56 x 56, 60 classes: 3.405 M parameters, 16.8 GMACs.

    stage    kernel                output (C, T, H, W)
    stem     3x3x3                  32  48 56 56
    stage 1  halve, 3x3x3           64  48 28 28
    stage 2  halve, 3x3x3 x 2      128  48 14 14
    stage 3  halve, 3x3x3 x 2      256  48  7  7
    head     mean, dropout, linear
"""

from __future__ import annotations

from typing import Literal

from jaxtyping import Float
from pydantic import Field, PositiveInt
from torch import Tensor, nn
from torch.nn import functional as F

from posecube.networks.layers import ConvBN, PooledClassifier
from posecube.networks.posec3d.published import C3D
from posecube.networks.spec import NetworkSpec

KERNEL = (3, 3, 3)


class HalvedFrames(nn.Module):
    """Mean of 2 x 2 pixels of every frame.

    Frames are pooled as images: torch's pooling of volumes leaves the order of memory in which convolutions are fast,
    knows no bfloat16 on a CPU, and takes seven times as long. The numbers are the same.
    """

    def forward(self, x: Float[Tensor, "N C T H W"]) -> Float[Tensor, "N C T h w"]:
        images = F.avg_pool2d(x.transpose(1, 2).flatten(0, 1), 2)
        return images.unflatten(0, (x.shape[0], x.shape[2])).transpose(1, 2)


class PoseC3D(nn.Module):
    """Heatmap volume to logits.

    The published weights average where C3D of old takes the maximum when it halves space.
    """

    def __init__(
        self, *, num_classes: int, num_joints: int = 17, base_channels: int = 32, dropout: float = 0.5
    ) -> None:
        super().__init__()
        width = base_channels
        self.stem = ConvBN(num_joints, width, kernel=KERNEL)
        self.stages = nn.Sequential(
            nn.Sequential(HalvedFrames(), ConvBN(width, width * 2, kernel=KERNEL)),
            nn.Sequential(
                HalvedFrames(),
                ConvBN(width * 2, width * 4, kernel=KERNEL),
                ConvBN(width * 4, width * 4, kernel=KERNEL),
            ),
            nn.Sequential(
                HalvedFrames(),
                ConvBN(width * 4, width * 8, kernel=KERNEL),
                ConvBN(width * 8, width * 8, kernel=KERNEL),
            ),
        )
        self.head = PooledClassifier(width * 8, num_classes, dropout=dropout)

    def forward(self, volume: Float[Tensor, "N V T H W"]) -> Float[Tensor, "N K"]:
        return self.head(self.stages(self.stem(volume)))


class PoseC3DSpec(NetworkSpec):
    """Sizes of ``PoseC3D``."""

    module = PoseC3D
    reads = "volume"
    published = C3D

    name: Literal["posec3d_c3d"] = "posec3d_c3d"
    base_channels: PositiveInt = 32
    dropout: float = Field(default=0.5, ge=0.0, le=1.0)
