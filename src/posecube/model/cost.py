"""Multiply-adds of a network, counted as the published figures are."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


def count_operations(network: nn.Module, *shapes: tuple[int, ...], norm: int = 2) -> float:
    """Multiply-adds of one clip, whose inputs have the given shapes, such as (V, T, H, W); nothing is computed.

    Every product counts: convolutions, linear layers, and those of joints with a graph. The network moves to the meta
    device and to eval mode.

    Args:
        norm: What batch normalisation counts a value. The published figures are those of 2, in which activations,
            pooling and sums are free.
    """
    total = 0

    def count(_module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        total += norm * output.numel()

    handles = [part.register_forward_hook(count) for part in network.modules() if isinstance(part, _NORMS)]
    try:
        with FlopCounterMode(display=False) as products:
            network.to("meta").eval()(*(torch.empty(1, *shape, device="meta") for shape in shapes))
    finally:
        for handle in handles:
            handle.remove()
    return total + products.get_total_flops() / 2
