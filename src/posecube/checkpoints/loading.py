"""Published checkpoints into our networks."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from posecube.checkpoints.checkpoint_file import Checkpoint, read_checkpoint
from posecube.errors import UserError
from posecube.networks import NETWORKS
from posecube.networks.published import TABLES, published_names

StateDict = Mapping[str, Tensor]
Builder = Callable[..., nn.Module]
SHOWN_NAMES = 3  # of those that do not fit; the rest is counted
COUNTER = "num_batches_tracked"  # old checkpoints lack it, and no published network uses it


def load_published(
    path_or_state_dict: str | Path | Mapping[str, Tensor], architecture: str, **builder_arguments: Any
) -> nn.Module:
    """A network with the weights of a checkpoint of pyskl, MMAction2 or MotionBERT, in eval mode.

    A head that the checkpoint lacks, as one that was only pre-trained does, starts from chance.

    Args:
        architecture: A name of ``NETWORKS``.
        builder_arguments: What its builder takes; sizes that the checkpoint tells, such as ``num_classes``, need not be
            given.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If the architecture is unknown, or the file is no checkpoint, holds more than tensors and plain
            values, or does not fit the network.
    """
    if architecture not in NETWORKS:
        raise UserError(f"unknown architecture {architecture!r}; known: {', '.join(NETWORKS)}")
    published = {name: build for name, build in NETWORKS.items() if name in TABLES}
    if architecture not in published:
        raise UserError(f"{architecture} has no published checkpoints; those of {', '.join(published)} can be loaded")
    return load_into(published[architecture], path_or_state_dict, architecture, others=published, **builder_arguments)


def load_into(
    build: Builder,
    source: str | Path | StateDict | Checkpoint,
    architecture: str,
    *,
    others: Mapping[str, Builder] | None = None,
    **arguments: Any,
) -> nn.Module:
    """Build a network and fill it from a published checkpoint.

    Args:
        build: Builder of the architecture.
        source: A checkpoint file, a state dict that was read from one, or a ``Checkpoint``.
        others: Builders of further architectures: a checkpoint that does not fit is tried on them, to name its own.
        arguments: What the builder takes; those that the checkpoint tells need not be given.

    Returns:
        The network in eval mode. A head that the checkpoint lacks, having only been pre-trained, starts from chance.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If it is no checkpoint, holds more than tensors and plain values, or does not fit the network.
    """
    checkpoint = source if isinstance(source, Checkpoint) else read_checkpoint(source)
    where, tensors = checkpoint.where, checkpoint.tensors
    told = told_arguments(tensors, architecture)
    known, asked = told.get("num_classes"), arguments.get("num_classes")
    if known and asked and known != asked:
        raise UserError(f"{where} knows {known} classes, {asked} were asked for")
    try:
        network = build(**{"num_classes": 1, **told, **arguments})
    except (TypeError, RuntimeError) as error:  # an argument the builder does not know, a size no tensor has
        raise UserError(f"{architecture} cannot be built with {told | arguments}: {error}") from error
    wrong, filled = _fitted(network.state_dict(), tensors, architecture)
    if wrong:
        own = _recognised(tensors, {name: it for name, it in (others or {}).items() if name != architecture})
        reason = f"this looks like {own}: say --architecture {own}" if own else wrong
        raise UserError(f"{where} does not fit {architecture}: {reason}")
    network.load_state_dict(filled)
    return network.eval()


def told_arguments(tensors: StateDict, architecture: str) -> dict[str, Any]:
    """What a checkpoint tells of the builder's arguments: sizes of tensors, and which blocks there are."""
    table = TABLES[architecture]
    names = published_names(architecture, [tensor for tensor, _ in table.sizes.values()], tensors)
    sizes = {}
    for argument, (tensor, axis) in table.sizes.items():
        shape = tensors[names[tensor]].shape if names[tensor] in tensors else ()
        if axis < len(shape) and shape[axis]:  # nobody's network has none
            sizes[argument] = shape[axis]
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    return {**table.arguments(sizes), **table.structure(shapes)}


def _fitted(own: StateDict, tensors: StateDict, architecture: str) -> tuple[str, dict[str, Tensor]]:
    """What keeps a checkpoint from fitting, in words, and the network's state dict with its numbers."""
    names = published_names(architecture, own, tensors)
    needed = {name: tensor for name, tensor in tensors.items() if TABLES[architecture].needs(name)}
    new = _left_out(names, needed, TABLES[architecture].optional)
    wrong = _differences({name: own[ours] for ours, name in names.items() if ours not in new}, needed)
    return wrong, {ours: own[ours] if ours in new else needed.get(name, own[ours]) for ours, name in names.items()}


def _left_out(names: Mapping[str, str], found: Container[str], optional: Iterable[str]) -> set[str]:
    """Our tensors of the optional modules of which a checkpoint has nothing at all."""
    modules = [[ours for ours in names if ours.startswith(f"{module}.")] for module in optional]
    return {ours for module in modules if not any(names[ours] in found for ours in module) for ours in module}


def _recognised(tensors: StateDict, builders: Mapping[str, Builder]) -> str:
    """The architecture that a checkpoint fits, if there is one."""
    return next((it for it, build in builders.items() if _fits(build, tensors, it)), "")


def _fits(build: Builder, tensors: StateDict, architecture: str) -> bool:
    if not all(map(TABLES[architecture].knows, tensors)):
        return False
    try:
        with torch.device("meta"):  # names and shapes alone
            own = build(**{"num_classes": 1, **told_arguments(tensors, architecture)}).state_dict()
    except (ValueError, RuntimeError, TypeError):  # no such network can be built
        return False
    return not _fitted(own, tensors, architecture)[0]


def _differences(expected: StateDict, found: StateDict) -> str:
    """What is missing, what is there but unknown, and what has another shape, in words."""
    missing = [name for name in expected if name not in found and not name.endswith(COUNTER)]
    unknown = [name for name in found if name not in expected]
    shapes = [
        f"{name} {tuple(found[name].shape)} instead of {tuple(tensor.shape)}"
        for name, tensor in expected.items()
        if name in found and found[name].shape != tensor.shape
    ]
    lists = {
        "missing": _with_nearest(missing, unknown, list(found)),
        "unexpected": _with_nearest(unknown, missing, list(expected)),
        "of another shape": shapes,
    }
    return "; ".join(f"{len(names)} {kind}: {_shortened(names)}" for kind, names in lists.items() if names)


def _with_nearest(names: list[str], odd_ones: list[str], others: list[str]) -> list[str]:
    """Names, each of those that are shown with the most similar one across: an odd one if there is any like it."""
    described = []
    for name in names[:SHOWN_NAMES]:
        nearest = get_close_matches(name, odd_ones, n=1) or get_close_matches(name, others, n=1)
        described.append(f"{name} (nearest: {nearest[0]})" if nearest else name)
    return described + names[SHOWN_NAMES:]


def _shortened(names: list[str]) -> str:
    shown = ", ".join(names[:SHOWN_NAMES])
    return shown if len(names) <= SHOWN_NAMES else f"{shown} and {len(names) - SHOWN_NAMES} more"
