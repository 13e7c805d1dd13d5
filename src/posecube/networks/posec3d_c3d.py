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

from jaxtyping import Float
from torch import Tensor, nn

from posecube.networks.layers import ConvBN, PooledClassifier

KERNEL = (3, 3, 3)
HALVE = (1, 2, 2)


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
            nn.Sequential(nn.AvgPool3d(HALVE), ConvBN(width, width * 2, kernel=KERNEL)),
            nn.Sequential(
                nn.AvgPool3d(HALVE),
                ConvBN(width * 2, width * 4, kernel=KERNEL),
                ConvBN(width * 4, width * 4, kernel=KERNEL),
            ),
            nn.Sequential(
                nn.AvgPool3d(HALVE),
                ConvBN(width * 4, width * 8, kernel=KERNEL),
                ConvBN(width * 8, width * 8, kernel=KERNEL),
            ),
        )
        self.head = PooledClassifier(width * 8, num_classes, dropout=dropout)

    def forward(self, volume: Float[Tensor, "N V T H W"]) -> Float[Tensor, "N K"]:
        return self.head(self.stages(self.stem(volume)))
