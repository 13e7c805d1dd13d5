"""What posecube 0.2 wrote, in today's form: its cards (version 2), and settings by the names they had.

A card of version 2 says ``architecture`` and ``arguments`` where one of version 3 has ``network``. Each function of
``STEPS`` turns one part of such a model into what it is now; whatever is in today's form already stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Content = dict[str, Any]
OLD_CARD_VERSION = 2
DSC3D_ARGUMENTS = ("num_heads", "per_frame")  # its others were those of the network behind it


def migrated_card(content: Mapping[str, Any]) -> Content:
    """The content of a card of version 2 as that of a card of version 3; others stay as they are."""
    if content.get("card_version") != OLD_CARD_VERSION:
        return dict(content)
    model = content.get("model")
    changed = {"model": migrated_model(model)} if isinstance(model, Mapping) else {}
    return {**content, **changed, "card_version": OLD_CARD_VERSION + 1}


def migrated_model(content: Mapping[str, Any]) -> Content:
    """The fields of a model's specification, of version 0.2 or of today, as they are today."""
    model = dict(content)
    for step in STEPS:
        model = step(model)
    return model


def network_of(architecture: str, arguments: Mapping[str, Any]) -> Content:
    """The network that an architecture with these arguments was."""
    if architecture != "dsc3d":
        return {"name": architecture, **arguments}
    own = {name: value for name, value in arguments.items() if name in DSC3D_ARGUMENTS}
    others = {name: value for name, value in arguments.items() if name not in (*DSC3D_ARGUMENTS, "backbone")}
    backbone = f"posec3d_{arguments.get('backbone', 'slowonly')}"
    return {"name": architecture, **own, "backbone": {"name": backbone, **others}}


def arguments_of(network: Mapping[str, Any]) -> tuple[str, Content]:
    """The architecture and the arguments that a network was written as: ``network_of`` turned round."""
    arguments = dict(network)
    architecture = arguments.pop("name")
    backbone = arguments.pop("backbone", None)
    if isinstance(backbone, Mapping):
        short = str(backbone["name"]).removeprefix("posec3d_")
        arguments |= {"backbone": short, **{name: value for name, value in backbone.items() if name != "name"}}
    return architecture, arguments


def _with_network(model: Content) -> Content:
    if "architecture" not in model:
        return model
    network = network_of(model.pop("architecture"), model.pop("arguments", {}))
    return {**model, "network": network}


STEPS: tuple[Callable[[Content], Content], ...] = (_with_network,)
