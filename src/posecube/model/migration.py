"""What posecube 0.2 wrote, in today's form: models of its cards and of recipes for it, and settings by their old names.

A model of 0.2 says ``architecture`` and ``arguments`` where one of today has ``network``. Each function of ``STEPS``
turns one part of such a model into what it is now; whatever is in today's form already stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from posecube.errors import UserError
from posecube.networks import NetworkSpec, find_network

Content = dict[str, Any]
OLD_CARD_VERSION = 2
DSC3D = "dsc3d"
DSC3D_ARGUMENTS = ("num_heads", "per_frame")  # its others were those of the network behind it


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


STEPS: tuple[Callable[[Content], Content], ...] = (_with_network,)
