"""Parameters and multiply-adds of a network, counted as the published figures are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from posecube.errors import UserError
from posecube.model.spec import ModelSpec
from posecube.networks import NetworkSpec, StreamInput, VolumeInput

_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


@dataclass(frozen=True)
class NetworkCost:
    """Size and cost of a network.

    Attributes:
        parameters: Numbers that training fits.
        operations: Multiply-adds of one clip of training size.
        input_shapes: All that the network reads of it: (3, T, H, W) of video frames, then (V, T, H, W) of a volume or
            (M, T, V, C) of a stream.
    """

    parameters: int
    operations: float
    num_classes: int
    input_shapes: tuple[tuple[int, ...], ...]

    @property
    def input_text(self) -> str:
        """Size of the input, such as 17 x 48 x 56 x 56."""
        return " and ".join(" x ".join(map(str, shape)) for shape in self.input_shapes)

    def __str__(self) -> str:
        return f"{self.parameters / 1e6:.3f} M parameters, {self.operations / 1e9:.2f} GMACs"


def network_cost(spec: ModelSpec, *, num_classes: int) -> NetworkCost:
    """What a model's network costs for so many classes; it is built on the meta device, and nothing is computed.

    Raises:
        UserError: If the network cannot be built.
    """
    shapes = tuple(shape[1:] for shape in spec.input_shapes(1))
    try:
        return _cost(spec.network, spec.network_input, shapes, num_classes)
    except RuntimeError as error:  # an input too small for the network
        raise UserError(f"{spec.architecture} cannot be built with {spec.network.chosen}: {error}") from error


@cache
def _cost(
    spec: NetworkSpec,
    inputs: VolumeInput | StreamInput | None,
    input_shapes: tuple[tuple[int, ...], ...],
    num_classes: int,
) -> NetworkCost:
    """The same for all models of one network, whatever they show it."""
    with torch.device("meta"):
        network = spec.build(inputs, num_classes=num_classes)
    parameters = sum(parameter.numel() for parameter in network.parameters())
    return NetworkCost(parameters, count_operations(network, *input_shapes), num_classes, input_shapes)


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
