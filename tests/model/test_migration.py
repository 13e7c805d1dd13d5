"""Models as posecube 0.2 wrote them: its shipped cards, a card of every architecture, settings by their old names."""

import json
from typing import Any

import pytest
from pydantic import ValidationError
from safetensors import safe_open

from posecube.model import CARD_KEY, ActionModel, ModelSpec, find_weights, read_card
from posecube.model.card import CARD_VERSION
from posecube.networks import NETWORKS
from posecube.networks.dsc3d import Dsc3dSpec
from posecube.networks.gcn import AagcnSpec, CtrgcnSpec, Msg3dSpec, StgcnppSpec, StgcnSpec
from posecube.networks.motionbert import LITE
from posecube.networks.posec3d import PoseC3DSpec, PoseSlowOnlySpec, PoseX3DSpec
from posecube.networks.rgbpose import RgbPoseConv3DSpec, RgbSlowOnlySpec

MAP: dict[str, Any] = {"clip": {"clip_len": 8, "size_hw": [8, 8]}, "representation": {"kind": "volume"}}
IMAGE: dict[str, Any] = {"clip": {"space": "image", "crop": False}, "representation": {"kind": "streams"}}
RGB: dict[str, Any] = {"clip_len": 2, "size_hw": [32, 32]}
# What a card of version 2 said of each architecture, and its network today.
CARDS: dict[str, tuple[dict[str, Any], dict[str, Any], Any]] = {
    "posec3d_slowonly": (MAP, {"temporal_strides": [1, 1, 1]}, PoseSlowOnlySpec(temporal_strides=(1, 1, 1))),
    "posec3d_c3d": (MAP, {"base_channels": 16}, PoseC3DSpec(base_channels=16)),
    "posec3d_x3d": (MAP, {}, PoseX3DSpec()),
    "rgbpose_conv3d": (
        MAP | {"rgb": RGB},
        {"laterals": [[2, "pose", "rgb"]], "speed_ratio": 4},
        RgbPoseConv3DSpec(laterals=((2, "pose", "rgb"),)),
    ),
    "slowonly_rgb": (
        MAP | {"rgb": RGB, "representation": None}, {"base_channels": 8}, RgbSlowOnlySpec(base_channels=8),
    ),
    "stgcn": (IMAGE, {"dropout": 0.1}, StgcnSpec(dropout=0.1)),
    "stgcnpp": (IMAGE, {"base_channels": 32}, StgcnppSpec(base_channels=32)),
    "aagcn": (IMAGE, {"attention": False, "num_people": None}, AagcnSpec(attention=False, num_people=None)),
    "ctrgcn": (IMAGE, {"num_people": 1}, CtrgcnSpec(num_people=1)),
    "msg3d": (IMAGE, {"windows": [3]}, Msg3dSpec(windows=(3,))),
    "motionbert": (IMAGE, {"base_channels": 256, "mlp_ratio": 4}, LITE),
    "dsc3d": (
        MAP,
        {"backbone": "c3d", "base_channels": 16, "num_heads": 2},
        Dsc3dSpec(backbone=PoseC3DSpec(base_channels=16), num_heads=2),
    ),
}  # fmt: skip


def test_every_architecture_of_that_version_has_a_case() -> None:
    assert list(CARDS) == list(NETWORKS)


@pytest.mark.parametrize("architecture", CARDS)
def test_a_model_of_that_version_is_read(architecture: str) -> None:
    fields, arguments, network = CARDS[architecture]
    old = {"layout": "coco17", "rgb": None, **fields, "architecture": architecture, "arguments": arguments}
    spec = ModelSpec.model_validate_json(json.dumps(old))
    assert spec.network == network
    assert ModelSpec.model_validate_json(spec.model_dump_json()) == spec
    assert "architecture" not in spec.model_dump() and "arguments" not in spec.model_dump()


@pytest.mark.parametrize(("name", "shows"), [("penn15-joint", "joints"), ("penn15-limb", "limbs")])
def test_the_shipped_cards(name: str, shows: str) -> None:
    with safe_open(find_weights(name), framework="pt") as file:
        old = json.loads(file.metadata()[CARD_KEY])
    assert (old["card_version"], old["model"]["architecture"]) == (2, "posec3d_c3d")
    card = read_card(find_weights(name))
    assert card.card_version == CARD_VERSION == 3
    assert card.model.network == PoseC3DSpec(base_channels=16) and card.model.representation.shows == shows
    model, loaded = ActionModel.load(name)
    assert loaded == card and model.spec == card.model


C3D = ModelSpec(layout="coco17", network=PoseC3DSpec(base_channels=16)).model_dump()


@pytest.mark.parametrize(
    ("old", "network"),
    [
        ({"arguments": {"base_channels": 8}}, PoseC3DSpec(base_channels=8)),
        ({"arguments": {}}, PoseC3DSpec()),
        ({"architecture": "posec3d_x3d"}, PoseX3DSpec(base_channels=16)),
        ({"architecture": "posec3d_x3d", "arguments": {}}, PoseX3DSpec()),
        ({"architecture": "dsc3d"}, Dsc3dSpec(backbone=PoseSlowOnlySpec(base_channels=16))),
        (
            {"architecture": "dsc3d", "arguments": {"backbone": "c3d", "num_heads": 0}},
            Dsc3dSpec(backbone=PoseC3DSpec(), num_heads=0),
        ),
    ],
)
def test_old_fields_beside_todays_are_settings(old: dict[str, Any], network: Any) -> None:
    assert ModelSpec.model_validate(C3D | old).network == network


def test_what_cannot_be_read() -> None:
    with pytest.raises(ValidationError, match="unknown architecture 'vgg'; known: aagcn"):
        ModelSpec.model_validate({"layout": "coco17", "architecture": "vgg"})
    with pytest.raises(ValidationError, match="arguments of a network are names and values, got 3"):
        ModelSpec.model_validate(C3D | {"arguments": 3})
    with pytest.raises(ValidationError, match=r"network\.posec3d_c3d\.width"):
        ModelSpec.model_validate(C3D | {"arguments": {"width": 3}})
