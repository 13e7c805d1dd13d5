"""Published checkpoints into our networks."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.serialization import get_unsafe_globals_in_checkpoint

from posecube.networks.published import TABLES, published_names

StateDict = Mapping[str, Tensor]
SHOWN_NAMES = 6  # of those that do not fit; the rest is counted
COUNTER = "num_batches_tracked"  # old checkpoints lack it, and no published network uses it


def load_into(
    build: Callable[..., nn.Module], source: str | Path | StateDict, architecture: str, **arguments: Any
) -> nn.Module:
    """Build a network and fill it from a published checkpoint.

    Args:
        build: Builder of the architecture.
        source: A checkpoint file, or a state dict that was read from one.
        arguments: What the builder takes; those that the checkpoint tells need not be given.

    Returns:
        The network in eval mode.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is no checkpoint, holds more than tensors and plain values, or does not fit the network.
    """
    where = "the state dict" if isinstance(source, Mapping) else f"checkpoint {source}"
    published = _tensors(source if isinstance(source, Mapping) else _read(Path(source)), where)
    network = build(**{**_sizes(published, architecture), **arguments})
    own = network.state_dict()
    names = published_names(architecture, own, published)
    published = {name: tensor for name, tensor in published.items() if TABLES[architecture].needs(name)}
    wrong = _differences({name: own[ours] for ours, name in names.items()}, published)
    if wrong:
        raise ValueError(f"{where} does not fit {architecture}: {'; '.join(wrong)}")
    network.load_state_dict({ours: published.get(name, own[ours]) for ours, name in names.items()})
    return network.eval()


def _read(path: Path) -> Any:
    """What a checkpoint file holds, read without running anything that is stored in it."""
    if not path.is_file():
        raise FileNotFoundError(f"no checkpoint {path}: expected a .pth or .pt file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about pickle's version; what cannot be read is refused below
            return torch.load(path, map_location="cpu", weights_only=True)
    except PermissionError:
        raise
    except (pickle.UnpicklingError, RuntimeError, OSError, EOFError, ValueError, LookupError) as error:
        refused = _refused_types(path)
        reason = (
            f"it holds {_shortened(refused)}; save its 'state_dict' alone"
            if refused
            else "it is damaged or no file of torch.save"
        )
        raise ValueError(f"{path} is not a checkpoint of tensors and plain values only: {reason}") from error


def _refused_types(path: Path) -> list[str]:
    """Names of the types in a checkpoint that torch does not read for safety."""
    try:
        return sorted(get_unsafe_globals_in_checkpoint(path))
    except Exception:  # whatever a damaged file makes of it
        return []


def _tensors(content: Any, where: str) -> dict[str, Tensor]:
    """The state dict within a checkpoint, without the prefix that parallel training leaves."""
    if isinstance(content, Mapping) and isinstance(content.get("state_dict"), Mapping):
        content = content["state_dict"]
    if not isinstance(content, Mapping) or not content or not all(isinstance(it, Tensor) for it in content.values()):
        raise ValueError(f"{where} holds no state dict: expected names and tensors, or those under 'state_dict'")
    return {str(name).removeprefix("module."): tensor for name, tensor in content.items()}


def _sizes(published: StateDict, architecture: str) -> dict[str, Any]:
    """What the checkpoint tells of the builder's arguments."""
    told = TABLES[architecture].sizes
    names = published_names(architecture, [tensor for tensor, _ in told.values()], published)
    sizes = {"num_classes": 1}
    for argument, (tensor, axis) in told.items():
        shape = published[names[tensor]].shape if names[tensor] in published else ()
        if axis < len(shape):
            sizes[argument] = shape[axis]
    return TABLES[architecture].arguments(sizes)


def _differences(expected: StateDict, found: StateDict) -> list[str]:
    """What is missing, what is there but unknown, and what has another shape, in words."""
    missing = [name for name in expected if name not in found and not name.endswith(COUNTER)]
    unknown = [name for name in found if name not in expected]
    shapes = [
        f"{name} {tuple(found[name].shape)} instead of {tuple(tensor.shape)}"
        for name, tensor in expected.items()
        if name in found and found[name].shape != tensor.shape
    ]
    lists = {"missing": missing, "unexpected": unknown, "of another shape": shapes}
    return [f"{len(names)} {kind}: {_shortened(names)}" for kind, names in lists.items() if names]


def _shortened(names: list[str]) -> str:
    shown = ", ".join(names[:SHOWN_NAMES])
    return shown if len(names) <= SHOWN_NAMES else f"{shown} and {len(names) - SHOWN_NAMES} more"
