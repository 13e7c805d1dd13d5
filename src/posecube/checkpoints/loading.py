"""Published checkpoints into our networks."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from posecube.checkpoints.checkpoint_file import Checkpoint, read_checkpoint
from posecube.errors import UserError
from posecube.networks import SPECS, NetworkSpec, find_network
from posecube.networks.posec3d import PoseSlowOnly, PoseSlowOnlySpec
from posecube.networks.published import PublishedCheckpoints
from posecube.networks.rgbpose import RgbPoseConv3D, RgbSlowOnly, RgbSlowOnlySpec, joined_networks

StateDict = Mapping[str, Tensor]
SHOWN_NAMES = 3  # of those that do not fit; the rest is counted
COUNTER = "num_batches_tracked"  # old checkpoints lack it, and no published network uses it
Network = TypeVar("Network", RgbSlowOnly, PoseSlowOnly)


def load_published(
    path_or_state_dict: str | Path | StateDict | Checkpoint, architecture: str, **builder_arguments: Any
) -> nn.Module:
    """A network with the weights of a checkpoint of pyskl, MMAction2 or MotionBERT, in eval mode.

    A head that the checkpoint lacks, as one that was only pre-trained does, starts with random weights.

    Args:
        architecture: A name of ``NETWORKS``.
        builder_arguments: What its builder takes; sizes that the checkpoint tells, such as ``num_classes``, need not be
            given.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If the architecture is unknown, or the file is no checkpoint, holds more than tensors and plain
            values, or does not fit the network.
    """
    spec = find_network(architecture)
    published = published_of(spec)
    source = path_or_state_dict
    checkpoint = source if isinstance(source, Checkpoint) else read_checkpoint(source)
    where, tensors = checkpoint.where, checkpoint.tensors
    inferred = published.infer_arguments(tensors)
    known, asked = inferred.get("num_classes"), builder_arguments.get("num_classes")
    if known and asked and known != asked:
        raise UserError(f"{where} knows {known} classes, {asked} were asked for")
    try:
        network = spec.module(**{"num_classes": 1, **inferred, **builder_arguments})
    except (TypeError, RuntimeError) as error:  # an argument the builder does not know, a size no tensor has
        raise UserError(f"{architecture} cannot be built with {inferred | builder_arguments}: {error}") from error
    wrong, filled = _fitted(network.state_dict(), tensors, published)
    if wrong:
        fitting = infer_architecture(tensors, besides=architecture)
        reason = f"this looks like {fitting}: say --architecture {fitting}" if fitting else wrong
        raise UserError(f"{where} does not fit {architecture}: {reason}")
    network.load_state_dict(filled)
    return network.eval()


def rgbpose_from_single(
    rgb_checkpoint: str | Path | StateDict | nn.Module,
    pose_checkpoint: str | Path | StateDict | nn.Module,
    **builder_arguments: Any,
) -> RgbPoseConv3D:
    """``joined_networks`` of two networks or checkpoints, of ``slowonly_rgb`` and of ``posec3d_slowonly``.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If a checkpoint is none, does not fit, or the two do not know the same number of classes.
    """
    rgb = _single(rgb_checkpoint, RgbSlowOnly, RgbSlowOnlySpec)
    pose = _single(pose_checkpoint, PoseSlowOnly, PoseSlowOnlySpec)
    return joined_networks(rgb, pose, **builder_arguments)


def published_of(spec: type[NetworkSpec]) -> PublishedCheckpoints:
    """What is known of an architecture's published checkpoints.

    Raises:
        UserError: If nobody has published any.
    """
    if spec.published is None:
        known = ", ".join(name for name, other in SPECS.items() if other.published is not None)
        raise UserError(f"{spec.architecture()} has no published checkpoints; those of {known} can be loaded")
    return spec.published


def infer_architecture(tensors: StateDict, *, besides: str = "") -> str:
    """The architecture that a checkpoint fits, empty if there is none.

    Args:
        besides: A name that is not tried.
    """
    return next((name for name, spec in SPECS.items() if name != besides and _fits(spec, tensors)), "")


def _fits(spec: type[NetworkSpec], tensors: StateDict) -> bool:
    if spec.published is None or not all(map(spec.published.knows, tensors)):
        return False
    try:
        with torch.device("meta"):  # names and shapes alone
            own = spec.module(**{"num_classes": 1, **spec.published.infer_arguments(tensors)}).state_dict()
    except (ValueError, RuntimeError, TypeError):  # no such network can be built
        return False
    return not _fitted(own, tensors, spec.published)[0]


def _single(source: str | Path | StateDict | nn.Module, kind: type[Network], spec: type[NetworkSpec]) -> Network:
    name = spec.architecture()
    if not isinstance(source, nn.Module):
        source = load_published(source, name)
    if not isinstance(source, kind):
        raise UserError(f"expected a network {name!r}, got a {type(source).__name__}")
    return source


def _fitted(own: StateDict, tensors: StateDict, published: PublishedCheckpoints) -> tuple[str, dict[str, Tensor]]:
    """What keeps a checkpoint from fitting, in words, and the network's state dict with its numbers."""
    names = published.names(own, tensors)
    needed = {name: tensor for name, tensor in tensors.items() if published.needs(name)}
    new = _left_out(names, needed, published.optional)
    wrong = _differences({name: own[ours] for ours, name in names.items() if ours not in new}, needed)
    return wrong, {ours: own[ours] if ours in new else needed.get(name, own[ours]) for ours, name in names.items()}


def _left_out(names: Mapping[str, str], found: Container[str], optional: Iterable[str]) -> set[str]:
    """Our tensors of the optional modules of which a checkpoint has nothing at all."""
    modules = [[ours for ours in names if ours.startswith(f"{module}.")] for module in optional]
    return {ours for module in modules if not any(names[ours] in found for ours in module) for ours in module}


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
