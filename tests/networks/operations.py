"""Counts multiply-adds as the published figures do."""

import torch
from torch import Tensor, nn


def count_operations(network: nn.Module, *shapes: tuple[int, ...], norm: int = 2) -> float:
    """Multiply-adds of one clip, whose inputs have the given shapes, such as (V, T, H, W).

    Convolutions and linear layers count one per weight that a value passes, batch normalisation counts ``norm`` per
    value. The published figures are those of 2; activations and pooling are free.
    """
    total = 0

    def count(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        if isinstance(module, nn.Conv3d):
            total += module.weight[0].numel() * output.numel()
        elif isinstance(module, nn.ConvTranspose3d):
            total += module.weight[0].numel() * inputs[0].numel()
        elif isinstance(module, nn.Linear):
            total += module.weight.numel()
        elif isinstance(module, nn.BatchNorm3d):
            total += norm * output.numel()

    handles = [module.register_forward_hook(count) for module in network.modules()]
    network.to("meta").eval()(*(torch.empty(1, *shape, device="meta") for shape in shapes))
    for handle in handles:
        handle.remove()
    return total
