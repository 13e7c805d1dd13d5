"""The two parts that every 3D network of this folder is made of."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor, nn


class ConvBN(nn.Sequential):
    """A 3D convolution without bias, batch normalisation and, unless ``relu`` is False, a ReLU.

    At stride 1 it keeps T, H and W.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        kernel: tuple[int, int, int],
        stride: tuple[int, int, int] = (1, 1, 1),
        groups: int = 1,
        relu: bool = True,
    ) -> None:
        padding = (kernel[0] // 2, kernel[1] // 2, kernel[2] // 2)
        conv = nn.Conv3d(in_channels, out_channels, kernel, stride, padding, groups=groups, bias=False)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out", nonlinearity="relu")
        super().__init__(conv, nn.BatchNorm3d(out_channels))
        if relu:
            self.append(nn.ReLU(inplace=True))


class PooledClassifier(nn.Module):
    """Mean over time and space, dropout, one linear layer."""

    def __init__(self, in_channels: int, num_classes: int, *, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.linear = nn.Linear(in_channels, num_classes)
        nn.init.normal_(self.linear.weight, std=0.01)
        nn.init.zeros_(self.linear.bias)

    def forward(self, features: Float[Tensor, "N C T H W"]) -> Float[Tensor, "N K"]:
        return self.linear(self.dropout(features.mean(dim=(2, 3, 4))))
