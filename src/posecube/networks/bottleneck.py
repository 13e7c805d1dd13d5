"""The block and the stages that every SlowOnly network of this folder is made of."""

from __future__ import annotations

from collections.abc import Sequence

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
