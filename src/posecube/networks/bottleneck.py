"""The block and the stages that every SlowOnly network of this folder is made of."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor, nn

from posecube.networks.layers import ConvBN

EXPANSION = 4


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


def bottleneck_stage(
    in_channels: int, channels: int, *, num_blocks: int, stride: tuple[int, int, int], mixes_time: bool
) -> nn.Sequential:
    """Bottlenecks in a row, to ``channels * EXPANSION`` channels; the first one strides."""
    blocks = nn.Sequential()
    for block in range(num_blocks):
        blocks.append(
            Bottleneck(in_channels, channels, stride=stride if block == 0 else (1, 1, 1), mixes_time=mixes_time)
        )
        in_channels = channels * EXPANSION
    return blocks
