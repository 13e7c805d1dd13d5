"""Models as posecube 0.2 wrote them: its shipped cards, a card of every architecture, settings by their old names."""

import json
from typing import Any

import pytest
from pydantic import ValidationError
from safetensors import safe_open

from posecube.model import CARD_KEY, ActionModel, ModelSpec, find_weights, read_card
from posecube.model.card import CARD_VERSION
from posecube.model.migration import migrated_clip, migrated_model, migrated_recipe
from posecube.networks import NETWORKS
from posecube.networks.dsc3d import Dsc3dSpec
from posecube.networks.gcn import AagcnSpec, CtrgcnSpec, Msg3dSpec, StgcnppSpec, StgcnSpec
from posecube.networks.motionbert import LITE
from posecube.networks.posec3d import PoseC3DSpec, PoseSlowOnlySpec, PoseX3DSpec
from posecube.networks.rgbpose import RgbPoseConv3DSpec, RgbSlowOnlySpec
from posecube.sampling import (
    BodySpace,
    ClipSpec,
    ImageSpace,
    MapSpace,
    Preprocess,
    ResampledTimes,
    SpreadFrames,
    SquareSpace,
    StrideFrames,
    UniformFrames,
    UprightSpace,
)

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


# Every field of a clip's specification, as version 0.2 wrote them down whether they meant something or not.
FLAT: dict[str, Any] = {
    "clip_len": 9, "space": "map", "size_hw": [40, 40], "test_size_hw": None, "max_people": 1, "sampler": "uniform",
    "stride": 4, "stream": "pyskl", "steady": False, "undo_swaps": False, "skeleton_threshold": 0.0,
    "joint_threshold": 0.0, "motion": False, "test_fit": "squash", "crop": True, "padding": 0.1, "yaw_deg": 25.0,
    "pitch_deg": 10.0, "face_subject": False,
}  # fmt: skip
SIDES = {"yaw_deg": 25.0, "pitch_deg": 10.0}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"space": MapSpace(size_hw=(40, 40), padding=0.1, **SIDES)}),
        ({"space": "image", "motion": True}, {"space": ImageSpace(padding=0.1, motion=True, **SIDES)}),
        ({"space": "square", "crop": False}, {"space": SquareSpace(padding=0.1, crop=False, **SIDES)}),
        ({"space": "body"}, {"space": BodySpace(**SIDES)}),
        ({"space": "upright", "face_subject": True}, {"space": UprightSpace(face_subject=True, **SIDES)}),
        ({"sampler": "fixed_stride", "stride": 3}, {"frames": StrideFrames(stride=3)}),
        ({"sampler": "resample"}, {"frames": ResampledTimes()}),
        ({"sampler": "spread"}, {"frames": SpreadFrames()}),
        ({"steady": True, "undo_swaps": True}, {"preprocess": Preprocess(smooth=True, undo_id_switches=True)}),
        ({"joint_threshold": 0.3}, {"preprocess": Preprocess(joint_threshold=0.3)}),
    ],
)
def test_a_clip_of_version_0_2_is_read_in_parts(fields, expected):
    spec = ClipSpec.model_validate(migrated_clip(FLAT | fields))
    on_map = MapSpace(size_hw=(40, 40), padding=0.1, **SIDES)
    usual = {"space": on_map, "frames": UniformFrames(published_sampling="pyskl")}
    assert spec == ClipSpec(clip_len=9, max_people=1, **(usual | expected))
    today = spec.model_dump(mode="json")
    assert migrated_clip(today) == today


def test_the_maps_of_planes_were_the_clips():
    content = {"clip": FLAT | {"space": "body"}, "representation": {"kind": "planes"}}
    assert migrated_model({"layout": "ntu25", **content})["representation"] == {"kind": "planes", "size_hw": [40, 40]}


def test_contrast_of_a_recipe_was_on_where_it_had_weight():
    old = {"label_smoothing": 0.1, "outliers": {"share": 0.2, "weight": 0.5}, "augmentation": {"lose_tracks": 0.3}}
    contrast = {"instance_weight": 1.0, "group_weight": 0.0, "alpha": 0.02}
    expected = {"kind": "cross_entropy", "label_smoothing": 0.1, "outlier_weight": 0.5}
    rest = {"outliers": {"fraction": 0.2}, "augmentation": {"drop_joint": 0.3}}
    off = migrated_recipe(old | {"contrast": contrast | {"instance_weight": 0.0}})
    assert off == {"objective": expected, **rest}
    weights = {"kind": "contrastive", "instance_weight": 1.0, "group_weight": 0.0, "noise": {"alpha": 0.02}}
    assert migrated_recipe(old | {"contrast": contrast}) == {"objective": expected | weights, **rest}
