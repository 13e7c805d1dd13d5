"""Counts multiply-adds as the published figures do."""

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode


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


def count_products(network: nn.Module, shape: tuple[int, ...], *, norm: int = 2) -> float:
    """The same of a network whose products of matrices are no layers, such as those of joints with a graph."""
    total = 0

    def count(_module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        total += norm * output.numel()

    norms = [it for it in network.modules() if isinstance(it, nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d)]
    handles = [module.register_forward_hook(count) for module in norms]
    with FlopCounterMode(display=False) as products:
        network.to("meta").eval()(torch.empty(1, *shape, device="meta"))
    for handle in handles:
        handle.remove()
    return total + products.get_total_flops() / 2
