"""Start training from other weights: whatever fits is taken, the head is new where the classes are others.

RGBPose-Conv3D may start from two networks that were trained alone: each becomes a pathway.
"""

from __future__ import annotations

import logging

import torch
from torch import nn

from posecube.errors import UserError
from posecube.model import ActionModel, ModelSpec, WeightsCard, joined_pathways
from posecube.representation import StreamSpec, VolumeSpec
from posecube.training.recipe import SingleRuns

logger = logging.getLogger(__name__)


def start_from(model: ActionModel, name_or_path: str, *, classes: tuple[str, ...]) -> WeightsCard:
    """Copy the tensors of other weights that fit the model's; what was taken and what was not is logged.

    Args:
        name_or_path: A weights file, a run folder or a shipped name.
        classes: Classes that the model shall name; a head for others is left as it is, even one of the same size.

    Returns:
        The card of those weights.

    Raises:
        FileNotFoundError: If there are no such weights.
        UserError: If they are damaged, read other joints or another representation, or none of their tensors fits.
    """
    source, card = _loaded(name_or_path, "initial_weights")
    _check_same_input(model.spec, card.model, f"initial_weights {name_or_path}")
    tensors, own = source.network.state_dict(), model.network.state_dict()
    head = head_names(model.spec) if card.classes != classes else frozenset()
    taken = {name: tensor for name, tensor in tensors.items() if name not in head and _fits(tensor, own.get(name))}
    if not any(tensor.ndim > 1 for tensor in taken.values()):
        raise UserError(
            f"initial_weights {name_or_path} fit nowhere: they are of {_described(card.model)}, "
            f"the recipe trains {_described(model.spec)}"
        )
    model.network.load_state_dict(taken, strict=False)
    new = [name for name in own if name not in taken]
    logger.info(
        "%s: took %d of %d tensors; new: %s", name_or_path, len(taken), len(own), ", ".join(new) if new else "none"
    )
    if unexpected := [name for name in new if name not in head]:
        logger.warning(
            "%s: %d tensors outside the head did not fit and start at random, first %s",
            name_or_path,
            len(unexpected),
            unexpected[0],
        )
    return card


def start_from_both(model: ActionModel, runs: SingleRuns, *, classes: tuple[str, ...]) -> tuple[WeightsCard, ...]:
    """Make a network of video frames and one of volumes the pathways of the model's; what joins them starts at random.

    Args:
        classes: Classes that the model shall name; heads for others are left as they are.

    Returns:
        The cards of both.

    Raises:
        FileNotFoundError: If there are no such weights.
        UserError: If they are damaged, read something else, do not fit or do not know the same classes.
    """
    rgb, rgb_card = _loaded(runs.rgb, "initial_weights.rgb")
    pose, pose_card = _loaded(runs.pose, "initial_weights.pose")
    _check_same_input(_half(model.spec, "rgb"), rgb_card.model, f"initial_weights.rgb {runs.rgb}")
    _check_same_input(_half(model.spec, "pose"), pose_card.model, f"initial_weights.pose {runs.pose}")
    if rgb_card.classes != pose_card.classes:
        raise UserError(f"initial_weights {runs.rgb} and {runs.pose} must know the same classes, these differ")
    try:
        tensors = joined_pathways(model.spec, rgb, pose)
    except ValueError as error:
        raise UserError(f"initial_weights {runs.rgb} and {runs.pose}: {error}") from error
    left = head_names(model.spec) if rgb_card.classes != classes else frozenset()
    taken = {name: tensor for name, tensor in tensors.items() if name not in left}
    new = model.network.load_state_dict(taken, strict=False).missing_keys
    num_tensors = len(taken) + len(new)
    logger.info("%s and %s: took %d of %d tensors; new: %s", runs.rgb, runs.pose, len(taken), num_tensors, new)
    return rgb_card, pose_card


def head_names(spec: ModelSpec) -> frozenset[str]:
    """Names of the tensors whose shape depends on the number of classes."""
    with torch.device("meta"):
        shapes = [_shapes(ActionModel(spec, num_classes=count).network) for count in (2, 3)]
    return frozenset(name for name, shape in shapes[0].items() if shape != shapes[1][name])


def _shapes(network: nn.Module) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in network.state_dict().items()}


def _fits(tensor: torch.Tensor, own: torch.Tensor | None) -> bool:
    return own is not None and own.shape == tensor.shape


def _loaded(name_or_path: str, setting: str) -> tuple[ActionModel, WeightsCard]:
    try:
        return ActionModel.load(name_or_path)
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"{setting}: {error}; make them first, or start from random initialisation with --set initial_weights=null"
        ) from error


def _half(spec: ModelSpec, head: str) -> ModelSpec:
    """What one pathway reads; for comparison alone."""
    return spec.model_copy(update={"representation": None} if head == "rgb" else {"rgb": None})


def _check_same_input(wanted: ModelSpec, given: ModelSpec, where: str) -> None:
    """Tensors of the same shape may still read other things: joints in another order, limbs for joints."""
    if given.layout != wanted.layout:
        raise UserError(f"{where} read layout {given.layout}, the recipe reads {wanted.layout}: choose other weights")
    if _input(given) != _input(wanted):
        raise UserError(f"{where} read {_input(given)}, the recipe reads {_input(wanted)}: choose other weights")


def _input(spec: ModelSpec) -> str:
    frames = f"frames of mean {spec.rgb.mean_rgb} and deviation {spec.rgb.std_rgb}" if spec.rgb else None
    return " beside ".join(filter(None, [frames, _input_of_joints(spec)]))


def _input_of_joints(spec: ModelSpec) -> str | None:
    shown = spec.representation
    if shown is None:
        return None
    if isinstance(shown, VolumeSpec):
        return f"a volume of {shown.shows}"
    if not isinstance(shown, StreamSpec):
        return f"{shown.kind} of {spec.clip.max_people} people" if shown.kind == "coordinates" else shown.kind
    motion = "motion of " if spec.clip.space.motion else ""
    return f"a stream of {motion}{shown.shows} with {shown.num_channels(spec.clip.space.num_axes)} channels"


def _described(spec: ModelSpec) -> str:
    arguments = ", ".join(f"{name}={value}" for name, value in spec.network.chosen.items())
    return f"{spec.architecture}({arguments})"
