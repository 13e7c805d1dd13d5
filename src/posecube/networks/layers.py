"""The parts that 3D networks are made of: a convolution with its norm, the bottleneck of SlowOnly, a classifier."""

from __future__ import annotations

from collections.abc import Sequence

from jaxtyping import Float
from torch import Tensor, nn

EXPANSION = 4  # of a bottleneck: times as many channels come out


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


class Bottleneck(nn.Module):
    """Reduce, mix, expand, with a shortcut; strides act in the middle convolution."""

    def __init__(
        self, in_channels: int, channels: int, *, stride: tuple[int, int, int] = (1, 1, 1), mixes_time: bool
    ) -> None:
        super().__init__()
        out_channels = channels * EXPANSION
        self.reduce = ConvBN(in_channels, channels, kernel=(3 if mixes_time else 1, 1, 1))
        self.mix = ConvBN(channels, channels, kernel=(1, 3, 3), stride=stride)
        self.expand = ConvBN(channels, out_channels, kernel=(1, 1, 1), relu=False)
        changes_shape = in_channels != out_channels or stride != (1, 1, 1)
        self.shortcut = (
            ConvBN(in_channels, out_channels, kernel=(1, 1, 1), stride=stride, relu=False)
            if changes_shape
            else nn.Identity()
        )
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Float[Tensor, "N C T H W"]) -> Float[Tensor, "N D S G U"]:
        return self.relu(self.expand(self.mix(self.reduce(x))) + self.shortcut(x))


def bottleneck_stages(
    base_channels: int,
    *,
    blocks: Sequence[int],
    strides: Sequence[tuple[int, int, int]],
    mix_time: Sequence[bool],
    joined_channels: Sequence[int] | None = None,
) -> nn.Sequential:
    """The stages behind a stem of ``base_channels``; each is twice as wide as the one before.

    Args:
        blocks: Bottlenecks a stage.
        strides: Stride of each stage's first block.
        mix_time: Which stages mix time with 3x1x1 convolutions.
        joined_channels: Channels that another network lays beside the input of each stage; none, if not given.
    """
    stages = nn.Sequential()
    in_channels = base_channels
    joined_channels = joined_channels or [0] * len(blocks)
    for stage, (num_blocks, stride, mixes, joined) in enumerate(
        zip(blocks, strides, mix_time, joined_channels, strict=True)
    ):
        channels = base_channels * 2**stage
        first = Bottleneck(in_channels + joined, channels, stride=stride, mixes_time=mixes)
        in_channels = channels * EXPANSION
        others = (Bottleneck(in_channels, channels, mixes_time=mixes) for _ in range(num_blocks - 1))
        stages.append(nn.Sequential(first, *others))
    return stages
