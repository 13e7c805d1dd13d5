"""RGB frames as a network reads them: normalised where the network runs, so that batches carry bytes."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float, UInt8
from torch import Tensor, nn

from posecube.errors import UserError


class NormalizedFrames(nn.Module):
    """Frames of bytes to colours of about zero mean and unit deviation; has no parameters.

    Args:
        mean_rgb: What is subtracted from red, green and blue, 0 to 255.
        std_rgb: What they are divided by then.

    Raises:
        UserError: If a deviation is not above 0.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, *, mean_rgb: Sequence[float], std_rgb: Sequence[float]) -> None:
        super().__init__()
        if min(std_rgb) <= 0:
            raise UserError(f"std_rgb must be above 0, got {tuple(std_rgb)}")
        self.register_buffer("mean", torch.tensor(mean_rgb).reshape(3, 1, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std_rgb).reshape(3, 1, 1, 1), persistent=False)

    def forward(self, frames_rgb: UInt8[Tensor, "N T H W 3"]) -> Float[Tensor, "N 3 T H W"]:
        """Colours in the memory order of the frames, which is the one that convolutions are fastest in."""
        return (frames_rgb.permute(0, 4, 1, 2, 3).to(self.mean.dtype) - self.mean) / self.std
