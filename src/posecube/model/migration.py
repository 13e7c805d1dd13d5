"""What posecube 0.2 wrote, in today's form: models of cards, recipes of run folders, settings by their old names.

``RENAMED`` says what is called otherwise now, dotted from the root of a recipe. Networks have a rule of their own: a
model of 0.2 says ``architecture`` and ``arguments`` where one of today has ``network``. Whatever is in today's form
already stays. Old names are understood for one version.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any, get_args

from pydantic import BaseModel

from posecube.errors import UserError
from posecube.networks import NetworkSpec, find_network
from posecube.sampling.frames import Frames
from posecube.sampling.space import Space

Content = dict[str, Any]
Setting = tuple[str, Any]

OLD_CARD_VERSION = 2
DSC3D = "dsc3d"
DSC3D_ARGUMENTS = ("num_heads", "per_frame")  # its others were those of the network behind it

_CLIP = {
    "sampler": "frames.kind",
    "stride": "frames.stride",
    "stream": "frames.published_sampling",
    "space": "space.kind",
    "size_hw": "space.size_hw",
    "test_size_hw": "space.test_size_hw",
    "test_fit": "space.test_fit",
    "crop": "space.crop",
    "padding": "space.padding",
    "motion": "space.motion",
    "yaw_deg": "space.yaw_deg",
    "pitch_deg": "space.pitch_deg",
    "face_subject": "space.face_subject",
    "steady": "preprocess.smooth",
    "undo_swaps": "preprocess.undo_id_switches",
    "skeleton_threshold": "preprocess.skeleton_threshold",
    "joint_threshold": "preprocess.joint_threshold",
}
_AUGMENTATION = {
    "trim_share": "trim_fraction",
    "jitter_share": "jitter_fraction",
    "lose_joints": "drop_joint_frames",
    "lose_tracks": "drop_joint",
    "lose_limb_joint": "drop_limb_joint",
    "lose_legs": "drop_legs",
    "guess_hidden": "impute_occluded",
    "doubt": "scale_confidence",
}
_CONTRAST = {
    "instance_weight": "instance_weight",
    "group_weight": "group_weight",
    "start_epoch": "start_epoch",
    "temperature": "temperature",
    "symmetric": "symmetric",
    "group_by": "group_by",
    "alpha": "noise.alpha",
    "unit": "noise.unit",
    "scaled_by_motion": "noise.scaled_by_motion",
    "up_to": "noise.up_to",
}
# Old name -> new name.
RENAMED: dict[str, str] = {
    **{f"model.clip.{old}": f"model.clip.{new}" for old, new in _CLIP.items()},
    **{f"augmentation.{old}": f"augmentation.{new}" for old, new in _AUGMENTATION.items()},
    **{f"contrast.{old}": f"objective.{new}" for old, new in _CONTRAST.items()},
    "label_smoothing": "objective.label_smoothing",
    "outliers.weight": "objective.outlier_weight",
    "outliers.share": "outliers.fraction",
}
_KINDS = {"frames": (Frames, "uniform"), "space": (Space, "map")}
_WEIGHTS = ("contrast.instance_weight", "contrast.group_weight")

logger = logging.getLogger(__name__)


def migrated_model(content: Mapping[str, Any]) -> Content:
    """The fields of a model's specification, of version 0.2 or of today, as they are today.

    Old fields beside new ones are what somebody sets by their old names, and count.

    Raises:
        UserError: If an architecture is unknown.
    """
    model = dict(content)
    for step in STEPS:
        model = step(model)
    return model


def migrated_recipe(content: Mapping[str, Any]) -> Content:
    """A recipe's content, as read from JSON, as it is today."""
    result = deepcopy(dict(content))
    if not any(_get(result, weight) for weight in _WEIGHTS):
        result.pop("contrast", None)
    elif "contrast" in result:
        _put(result, "objective.kind", "contrastive")
    _rename(result)
    result.pop("contrast", None)
    if isinstance(objective := result.get("objective"), dict):
        objective.setdefault("kind", "cross_entropy")
    return result


def migrated_settings(settings: Iterable[Setting]) -> list[Setting]:
    """Settings of the command line under their new names; what was renamed is logged.

    Contrast was on where one of its weights was above 0; now it is an objective.
    """
    given = list(settings)
    found: list[Setting] = []
    if weights := {key: value for key, value in given if key in _WEIGHTS}:
        is_on = any(weights.values())
        found.append(("objective.kind", "contrastive" if is_on else "cross_entropy"))
        found += [(RENAMED[key], 0.0) for key in _WEIGHTS if is_on and key not in weights]
        given = given if is_on else [setting for setting in given if not setting[0].startswith("contrast.")]
    for key, value in given:
        if key in RENAMED:
            logger.warning("--set: %s is now called %s", key, RENAMED[key])
        found.append((RENAMED.get(key, key), value))
    return found


def arguments_of(network: NetworkSpec) -> Content:
    """The arguments that a network was written with: those of its sizes that are not the published ones."""
    arguments = network.chosen
    backbone = getattr(network, "backbone", None)
    if isinstance(backbone, NetworkSpec):
        arguments |= {"backbone": backbone.name.removeprefix("posec3d_"), **backbone.chosen}
    return arguments


def with_setting(network: Mapping[str, Any], key: str, value: Any) -> NetworkSpec:
    """A network with another name, or with an argument set as it was called in 0.2.

    What of its sizes is not published stays, and must be known to the network of the other name.

    Args:
        key: "network.name" or "architecture"; "arguments", all of them; "arguments.x", one.

    Raises:
        UserError: If the network of that name does not take these arguments.
    """
    before = find_network(str(network["name"])).model_validate(network)
    name, arguments = before.name, arguments_of(before)
    if key in ("network.name", "architecture"):
        name = str(value)
    else:
        arguments = {**arguments, key.removeprefix("arguments."): value} if "." in key else value
    after = _with_network({"architecture": name, "arguments": arguments})["network"]
    return find_network(name).from_arguments(after)


def _with_network(model: Content) -> Content:
    """``network`` in place of ``architecture`` and ``arguments``."""
    if "architecture" not in model and "arguments" not in model:
        return model
    network = model.pop("network", None)
    if isinstance(network, Mapping):
        network = find_network(str(network.get("name"))).model_validate(network)
    architecture = model.pop("architecture", network.name if network else "")
    arguments = model.pop("arguments", arguments_of(network) if network else {})
    if not isinstance(arguments, Mapping):
        raise UserError(f"arguments of a network are names and values, got {arguments!r}")
    find_network(architecture)
    return {**model, "network": _network_of(architecture, arguments)}


def _network_of(architecture: str, arguments: Mapping[str, Any]) -> Content:
    if architecture != DSC3D:
        return {**arguments, "name": architecture}
    own = {name: value for name, value in arguments.items() if name in DSC3D_ARGUMENTS}
    others = {name: value for name, value in arguments.items() if name not in (*DSC3D_ARGUMENTS, "backbone")}
    backbone = f"posec3d_{arguments.get('backbone', 'slowonly')}"
    return {**own, "name": architecture, "backbone": {**others, "name": backbone}}


def _with_clip_parts(model: Content) -> Content:
    """A clip in parts; what means nothing beside its kinds goes, as 0.2 wrote down every field, used or not."""
    if not isinstance(model.get("clip"), Mapping):
        return model
    content: Content = {"model": {**model, "clip": deepcopy(dict(model["clip"]))}}
    if _get(content, "model.representation.kind") == "planes" and _get(content, "model.clip.size_hw"):
        content["model"]["representation"] = {**content["model"]["representation"]}  # its maps were the clip's
        _put(content, "model.representation.size_hw", _pop(content, "model.clip.size_hw"))
    was_flat = _rename(content)
    for part, (union, default) in _KINDS.items() if was_flat else ():
        if isinstance(fields := content["model"]["clip"].get(part), dict):
            fields.setdefault("kind", default)
            _keep_fields_of_kind(fields, union)
    return content["model"]


def migrated_clip(content: Mapping[str, Any]) -> Content:
    """The fields of a clip's specification as they are today."""
    return _with_clip_parts({"clip": content})["clip"]


def _rename(content: Content) -> bool:
    """Put what lies under old names under the new ones; whether there was any."""
    moved = [(new, _pop(content, old)) for old, new in RENAMED.items() if not isinstance(_get(content, old, {}), dict)]
    for new, value in moved:
        _put(content, new, value)
    return bool(moved)


def _keep_fields_of_kind(part: dict[str, Any], union: Any) -> None:
    """Drop what means nothing beside the part's kind: version 0.2 wrote down every field, used or not."""
    kinds = {member.model_fields["kind"].default: member for member in get_args(get_args(union)[0])}
    member: type[BaseModel] | None = kinds.get(part["kind"])
    for name in [name for name in part if member and name not in member.model_fields]:
        del part[name]


def _get(content: Any, path: str, default: Any = None) -> Any:
    """What lies at a path."""
    for name in path.split("."):
        if not isinstance(content, dict) or name not in content:
            return default
        content = content[name]
    return content


def _pop(content: dict[str, Any], path: str) -> Any:
    *outer, name = path.split(".")
    return (_get(content, ".".join(outer)) if outer else content).pop(name)


def _put(content: dict[str, Any], path: str, value: Any) -> None:
    *outer, name = path.split(".")
    for key in outer:
        content = content.setdefault(key, {})
    content[name] = value


STEPS: tuple[Callable[[Content], Content], ...] = (_with_network, _with_clip_parts)
