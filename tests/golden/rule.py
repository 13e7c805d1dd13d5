"""The rule by which the golden networks' weights and inputs are made: of a tensor's name and a seed alone."""

import math
import zlib

import numpy as np
import torch
from torch import Tensor


def recipe(key: str, shape: tuple[int, ...]) -> Tensor:
    """A tensor of a checkpoint: numpy's frozen legacy stream, seeded by its name, rounded to float16."""
    if key.endswith("num_batches_tracked"):
        return torch.tensor(0)
    rng, count = np.random.RandomState(zlib.crc32(key.encode())), math.prod(shape)
    if key.endswith("running_var"):
        values = rng.uniform(0.5, 1.5, count)
    elif key.endswith("running_mean"):
        values = rng.normal(0, 0.2, count)
    elif key.endswith(".weight") and len(shape) == 1:
        values = rng.uniform(0.6, 1.4, count)
    else:
        values = rng.normal(0, math.sqrt(0.9 / math.prod(shape[1:])) if len(shape) > 1 else 0.1, count)
    return torch.from_numpy(values.reshape(shape).astype(np.float16).astype(np.float32))


def u8(shape: tuple[int, ...], seed: int, p: float = 0.06) -> Tensor:
    """Bytes of which a share ``p`` is not 0."""
    rng = np.random.RandomState(seed)
    mask = rng.rand(*shape) < p
    return torch.from_numpy((rng.randint(1, 256, shape) * mask).astype(np.uint8))
