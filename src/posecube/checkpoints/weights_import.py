"""A published checkpoint to a weights file: its tensors under our names, and a card that says how to use them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError
from torch import nn

from posecube.checkpoints.checkpoint_file import Checkpoint, read_checkpoint
from posecube.checkpoints.config_text import InferredFromConfig, infer_from_config
from posecube.checkpoints.loading import load_published, published_of
from posecube.datasets.class_names import numbered_class_names, read_class_names
from posecube.errors import UserError
from posecube.model import ActionModel, ModelSpec, WeightsCard
from posecube.networks import NetworkSpec, find_network
from posecube.networks.published_input import Framework, InputChoice
from posecube.representation import StreamSpec, VolumeSpec

FRAMEWORKS: dict[str, Framework] = {"pyskl": "pyskl", "MMAction2": "mmaction2"}
FRESH_CLASSES = 2  # of a head that is new and that nobody gave classes for
LICENCE = "that of the published checkpoint, which it does not say"


@dataclass(frozen=True)
class ImportedWeights:
    """What an import made.

    Attributes:
        notes: What was taken from the checkpoint's configuration or assumed, a line each.
    """

    path: Path
    card: WeightsCard
    notes: tuple[str, ...]

    @property
    def summary(self) -> str:
        """What the weights are, in a few words."""
        spec = self.card.model
        shown = [spec.representation.shows] if isinstance(spec.representation, VolumeSpec | StreamSpec) else []
        return f"{spec.architecture}, {len(self.card.classes)} classes, {spec.clip.clip_len} frames, " + " ".join(
            [spec.layout, *shown]
        )


def import_weights(
    source: str | Path,
    architecture: str,
    out: str | Path,
    *,
    choice: InputChoice | None = None,
    classes: str | Path | None = None,
    arguments: Mapping[str, Any] | None = None,
    name: str | None = None,
) -> ImportedWeights:
    """Write a published checkpoint as a weights file, whole or not at all.

    Args:
        source: A checkpoint of pyskl, MMAction2 or MotionBERT.
        architecture: A name of ``posecube.networks.NETWORKS``.
        choice: What the network is fed; what it leaves open is read in the checkpoint's configuration, or is as
            published.
        classes: A file of class names, one a line, or "ntu60" or "ntu120"; None numbers the classes.
        arguments: Of the network's builder, those that the checkpoint does not tell.
        name: Of the weights; None takes the name of the file.

    Raises:
        FileNotFoundError: If a file is not there.
        UserError: If the checkpoint cannot be read or does not fit, or the class names do not.
    """
    source, out = Path(source), Path(out)
    if out.exists() and source.exists() and out.samefile(source):
        raise UserError(f"{out} is the checkpoint itself: write the weights to another file")
    network_spec = find_network(architecture)
    published = published_of(network_spec)
    checkpoint = read_checkpoint(source)
    config = infer_from_config(checkpoint.config)
    choice, notes = _completed(choice, checkpoint, config, network_spec)
    given = _given_arguments(network_spec, arguments or {}, choice, config)
    inferred = {**published.infer_arguments(checkpoint.tensors), **given}
    is_headless = "head" in published.optional and "num_classes" not in inferred
    if is_headless:
        given["num_classes"] = inferred["num_classes"] = (
            FRESH_CLASSES if classes is None else len(read_class_names(classes))
        )
        notes.append("the checkpoint is a backbone: its head for actions is new and knows nothing until it is trained")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)  # so that a new head is the same each time
        network = load_published(checkpoint, architecture, **given)
    spec = published_spec(architecture, inferred, choice)
    if classes is None and not is_headless:
        notes.append(f"classes are numbered class_000 to class_{inferred['num_classes'] - 1:03d}: no names were given")
    card = WeightsCard(
        name=name or out.stem,
        description=f"{architecture}, imported from {source.name}",
        model=spec,
        classes=_class_names(classes, inferred["num_classes"]),
        data=f"that of {source.name}, {checkpoint.framework or 'framework not said'}, sha256 {_sha256(source)}",
        licence=LICENCE,
    )
    return ImportedWeights(out, _filled_model(spec, network, len(card.classes)).save(out, card), tuple(notes))


def published_spec(architecture: str, inferred: Mapping[str, Any], choice: InputChoice) -> ModelSpec:
    """How an imported network is used.

    Args:
        inferred: The builder's arguments, as the checkpoint tells them.

    Raises:
        UserError: If the choice does not go with the architecture or with the checkpoint's sizes.
    """
    spec = find_network(architecture)
    try:
        fed = published_of(spec).feed(inferred, choice)
        return ModelSpec.model_validate({**vars(fed), "network": spec.from_arguments(inferred)})
    except ValidationError as error:
        raise UserError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error


def parse_arguments(settings: Sequence[str]) -> dict[str, Any]:
    """Builder arguments from ``key=value`` texts of a command line; values are JSON or plain text.

    Raises:
        UserError: If a text has another form.
    """
    arguments: dict[str, Any] = {}
    for setting in settings:
        key, separator, text = setting.partition("=")
        if not separator or not key.isidentifier():
            raise UserError(f"--set expects key=value, got {setting!r}")
        try:
            arguments[key] = json.loads(text)
        except json.JSONDecodeError:
            arguments[key] = text
    return arguments


def _completed(
    choice: InputChoice | None, checkpoint: Checkpoint, config: InferredFromConfig, spec: type[NetworkSpec]
) -> tuple[InputChoice, list[str]]:
    """The choice with what the checkpoint's configuration tells, and lines that say what was taken from there."""
    asked = choice or InputChoice()
    reads_frames = "rgb" in spec.heads
    open_fields = {"stream": ["stream"], "volume": [] if reads_frames else ["limbs", "fit"]}.get(spec.reads or "", [])
    told = {field: getattr(config, field) for field in ("clip_len", *open_fields) if getattr(asked, field) is None}
    taken = {field: value for field, value in sorted(told.items()) if value is not None}
    notes = [
        f"the checkpoint reads {_in_words(field, value)}, as its configuration says" for field, value in taken.items()
    ]
    framework = asked.framework or FRAMEWORKS.get(checkpoint.framework) or _likely_framework(checkpoint, spec)
    if framework is None:
        framework = "pyskl"
        if not published_of(spec).has_own_frames:
            notes.append("the checkpoint does not say who wrote it: test frames are those of pyskl")
    return replace(asked, **taken, framework=framework), notes


def _in_words(field: str, value: Any) -> str:
    return {
        "limbs": "limbs" if value else "joints",
        "clip_len": f"{value} frames",
        "fit": "the middle of the box" if value == "centre_crop" else "the whole box",
        "stream": f"stream {value}",
    }[field]


def _likely_framework(checkpoint: Checkpoint, spec: type[NetworkSpec]) -> Framework | None:
    """Whose a checkpoint is, by its network."""
    if "cls_head.fc.weight" in checkpoint.tensors:
        return "mmaction2"
    is_graph = "backbone.data_bn.weight" in checkpoint.tensors
    return "pyskl" if is_graph or published_of(spec).only_by_pyskl else None


def _given_arguments(
    spec: type[NetworkSpec], arguments: Mapping[str, Any], choice: InputChoice, config: InferredFromConfig
) -> dict[str, Any]:
    """The builder's arguments that are not read off the tensors."""
    given = dict(arguments)
    if choice.layout and spec.reads == "stream":
        given["layout"] = choice.layout
    if "temporal_strides" in spec.model_fields and config.temporal_strides:
        given.setdefault("temporal_strides", config.temporal_strides)
    return given


def _class_names(classes: str | Path | None, num_classes: int) -> tuple[str, ...]:
    if classes is None:
        return numbered_class_names(num_classes)
    names = read_class_names(classes)
    if len(names) != num_classes:
        raise UserError(f"the checkpoint knows {num_classes} classes, {classes} names {len(names)}")
    return names


def _filled_model(spec: ModelSpec, network: nn.Module, num_classes: int) -> ActionModel:
    model = ActionModel(spec, num_classes=num_classes)
    model.network.load_state_dict(network.state_dict())
    return model.eval()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
