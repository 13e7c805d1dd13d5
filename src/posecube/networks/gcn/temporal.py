"""Convolutions along time, each joint by itself: of one size, or of several side by side."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from posecube.errors import UserError


def time_conv(in_channels: int, out_channels: int, *, kernel: int, stride: int = 1, dilation: int = 1) -> nn.Conv2d:
    """A convolution over (T, V) that sees ``kernel`` frames of one joint; at stride 1 it keeps T."""
    padding = dilation * (kernel - 1) // 2
    conv = nn.Conv2d(in_channels, out_channels, (kernel, 1), (stride, 1), (padding, 0), (dilation, 1))
    nn.init.kaiming_normal_(conv.weight, mode="fan_out", nonlinearity="relu")
    nn.init.zeros_(conv.bias)  # type: ignore[arg-type]  # there is one by default
    return conv


class TimeConvBN(nn.Sequential):
    """A convolution along time and batch normalisation."""

    def __init__(self, in_channels: int, out_channels: int, *, kernel: int, stride: int = 1, dilation: int = 1) -> None:
        conv = time_conv(in_channels, out_channels, kernel=kernel, stride=stride, dilation=dilation)
        super().__init__(conv, nn.BatchNorm2d(out_channels))


def shortcut(in_channels: int, out_channels: int, *, stride: int) -> nn.Module:
    """The way around a block: the identity, or a 1x1 convolution where the shape changes."""
    if in_channels == out_channels and stride == 1:
        return nn.Identity()
    return TimeConvBN(in_channels, out_channels, kernel=1, stride=stride)


class MixedBranches(nn.Module):
    """Side by side: 3 frames at each dilation, the maximum of 3 frames, the frame itself; then mixed.

    All but the first branch have ``out_channels // num_branches`` channels, the first has what is left.

    Source: ST-GCN++ (Duan et al., "PYSKL"), multi-branch temporal convolution.
    """

    def __init__(
        self, in_channels: int, out_channels: int, *, stride: int = 1, dilations: Sequence[int] = (1, 2, 3, 4)
    ) -> None:
        super().__init__()
        num_branches = len(dilations) + 2
        width = out_channels // num_branches
        widths = [out_channels - width * (num_branches - 1)] + [width] * (num_branches - 1)
        self.branches = nn.ModuleList()
        for dilation, channels in zip(dilations, widths, strict=False):
            branch = _reduced(in_channels, channels)
            branch["time"] = time_conv(channels, channels, kernel=3, stride=stride, dilation=dilation)
            self.branches.append(nn.Sequential(branch))
        branch = _reduced(in_channels, width)
        branch["pool"] = nn.MaxPool2d((3, 1), (stride, 1), (1, 0))
        self.branches.append(nn.Sequential(branch))
        self.branches.append(time_conv(in_channels, width, kernel=1, stride=stride))
        self.mix = nn.Sequential(nn.BatchNorm2d(out_channels), nn.ReLU(), nn.Conv2d(out_channels, out_channels, 1))
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x: Float[Tensor, "B C T V"]) -> Float[Tensor, "B D S V"]:
        return self.norm(self.mix(torch.cat([branch(x) for branch in self.branches], dim=1)))


def _reduced(in_channels: int, channels: int) -> OrderedDict[str, nn.Module]:
    """How a branch begins."""
    return OrderedDict(reduce=nn.Conv2d(in_channels, channels, 1), norm=nn.BatchNorm2d(channels), relu=nn.ReLU())


class NormedBranches(nn.Module):
    """Side by side: ``kernel`` frames at each dilation, the maximum of 3 frames, the frame itself; each normalised.

    All branches have equally many channels.

    Args:
        has_shortcut: Whether the input is added, brought to the output's shape where it has another.
        relu: Whether a ReLU ends it.

    Raises:
        UserError: If the branches cannot share the channels equally.

    Source: MS-G3D, multi-scale temporal convolution; CTR-GCN takes fewer and longer ones.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        kernel: int,
        dilations: Sequence[int],
        stride: int = 1,
        has_shortcut: bool = False,
        relu: bool = True,
    ) -> None:
        super().__init__()
        num_branches = len(dilations) + 2
        if out_channels % num_branches:
            raise UserError(f"{out_channels} channels cannot be shared by {num_branches} branches")
        width = out_channels // num_branches
        self.branches = nn.ModuleList()
        for dilation in dilations:
            branch = _reduced(in_channels, width)
            branch["time"] = TimeConvBN(width, width, kernel=kernel, stride=stride, dilation=dilation)
            self.branches.append(nn.Sequential(branch))
        branch = _reduced(in_channels, width)
        branch["pool"] = nn.MaxPool2d((3, 1), (stride, 1), (1, 0))
        branch["pool_norm"] = nn.BatchNorm2d(width)
        self.branches.append(nn.Sequential(branch))
        frame = OrderedDict(reduce=time_conv(in_channels, width, kernel=1, stride=stride), norm=nn.BatchNorm2d(width))
        self.branches.append(nn.Sequential(frame))
        self.shortcut = shortcut(in_channels, out_channels, stride=stride) if has_shortcut else None
        self.relu = nn.ReLU() if relu else nn.Identity()

    def forward(self, x: Float[Tensor, "B C T V"]) -> Float[Tensor, "B D S V"]:
        mixed = torch.cat([branch(x) for branch in self.branches], dim=1)
        return self.relu(mixed if self.shortcut is None else mixed + self.shortcut(x))
