from collections.abc import Callable

import pytest
import torch

from builders import published_names
from posecube.networks import NETWORKS, SPECS
from posecube.networks.published import PublishedCheckpoints
from posecube.networks.published_input import volume_input

LISTINGS = {
    "mmaction2_posec3d_slowonly_ntu60_joint": ("posec3d_slowonly", {"num_classes": 60}),
    "pyskl_posec3d_slowonly_ntu60_joint": ("posec3d_slowonly", {"num_classes": 60}),
    "pyskl_rgbpose_pose_only": ("posec3d_slowonly", {"num_classes": 60, "temporal_strides": (1, 1, 1)}),
    "mmaction2_rgbpose_pose_only": ("posec3d_slowonly", {"num_classes": 60, "temporal_strides": (1, 1, 1)}),
    "pyskl_rgbpose_rgb_only": ("slowonly_rgb", {"num_classes": 60}),
    "mmaction2_rgbpose_rgb_only": ("slowonly_rgb", {"num_classes": 60}),
    "pyskl_rgbpose_conv3d": ("rgbpose_conv3d", {"num_classes": 60}),
    "mmaction2_rgbpose_conv3d": ("rgbpose_conv3d", {"num_classes": 60}),
    "pyskl_posec3d_slowonly346_k400_joint": ("posec3d_slowonly", {"num_classes": 400, "stage_blocks": (3, 4, 6)}),
    "pyskl_posec3d_slowonly346_ucf101": ("posec3d_slowonly", {"num_classes": 101, "stage_blocks": (3, 4, 6)}),
    "mmaction2_posec3d_slowonly346_k400": ("posec3d_slowonly", {"num_classes": 400, "stage_blocks": (3, 4, 6)}),
    "pyskl_posec3d_c3d_light_ntu60_joint": ("posec3d_c3d", {"num_classes": 60}),
    "pyskl_posec3d_x3d_shallow_ntu60_joint": ("posec3d_x3d", {"num_classes": 60}),
}


@pytest.mark.parametrize("listing", LISTINGS)
def test_names_and_shapes_are_the_published_ones(
    listing: str, published_shapes: Callable[[str], dict[str, tuple[int, ...]]]
) -> None:
    architecture, arguments = LISTINGS[listing]
    with torch.device("meta"):
        own = NETWORKS[architecture](**arguments).state_dict()
    names = published_names(architecture, own)
    assert {names[key]: tuple(tensor.shape) for key, tensor in own.items()} == published_shapes(listing)


@pytest.mark.parametrize(
    ("architecture", "own", "published"),
    [
        ("posec3d_slowonly", "stem.0.weight", "backbone.conv1.conv.weight"),
        ("posec3d_slowonly", "stages.2.1.reduce.1.bias", "backbone.layer3.1.conv1.bn.bias"),
        ("posec3d_slowonly", "stages.0.0.shortcut.0.weight", "backbone.layer1.0.downsample.conv.weight"),
        ("rgbpose_conv3d", "rgb.stages.3.0.shortcut.1.bias", "backbone.rgb_path.layer4.0.downsample.bn.bias"),
        ("rgbpose_conv3d", "pose_to_rgb.2.0.weight", "backbone.rgb_path.layer2_lateral.conv.weight"),
        ("rgbpose_conv3d", "rgb_to_pose.2.1.bias", "backbone.pose_path.layer1_lateral.bn.bias"),
        ("rgbpose_conv3d", "pose.head.linear.bias", "cls_head.fc_pose.bias"),
        ("posec3d_c3d", "stages.2.2.1.running_var", "backbone.conv4b.bn.running_var"),
        ("posec3d_x3d", "stem.0.weight", "backbone.conv1_s.conv.weight"),
        ("posec3d_x3d", "stem.1.1.weight", "backbone.conv1_t.bn.weight"),
        ("posec3d_x3d", "lift.0.weight", "backbone.conv5.conv.weight"),
        ("posec3d_x3d", "head.linear.bias", "cls_head.fc_cls.bias"),
    ],
)
def test_examples(architecture: str, own: str, published: str) -> None:
    assert published_names(architecture, [own]) == {own: published}


@pytest.mark.parametrize("architecture", [name for name, spec in SPECS.items() if spec.published])
def test_no_two_tensors_share_a_name(architecture: str) -> None:
    with torch.device("meta"):
        own = NETWORKS[architecture](num_classes=2).state_dict()
    assert len(set(published_names(architecture, own).values())) == len(own)


def test_errors() -> None:
    with pytest.raises(ValueError, match=r"no published name is known for 'tail\.weight'"):
        published_names("posec3d_c3d", ["tail.weight"])


TABLE = PublishedCheckpoints(
    feed=volume_input,
    rows={
        "blocks.{block}.graph": "net.{block+1}.gcn",
        "blocks.{block}.graph.adjacency": ("net.{block+1}.gcn.PA", "net.{block+1}.gcn.A"),
        "blocks.{block}.branches.{branch}.2": "net.{block+1}.tcn.{branch}.3",
        "scales.{from}.{to}": "path{to-1}.{from}",
        "norm": "data_bn",
    },
    unused=("A", "net.{block}.copy"),
)


@pytest.mark.parametrize(
    ("own", "published"),
    [
        ("blocks.0.graph.0.weight", ["net.1.gcn.conv.weight"]),
        ("blocks.10.graph.1.bias", ["net.11.gcn.bn.bias"]),
        ("blocks.3.graph.adjacency", ["net.4.gcn.PA", "net.4.gcn.A"]),
        ("blocks.3.branches.1.2.weight", ["net.4.tcn.1.3.weight"]),
        ("scales.4.2.1.bias", ["path1.4.bn.bias"]),
        ("norm.weight", ["data_bn.weight"]),
    ],
)
def test_rows_with_numbers_offsets_and_alternatives(own: str, published: list[str]) -> None:
    assert TABLE.candidates(own) == published


def test_a_row_ends_where_a_name_does() -> None:
    with pytest.raises(ValueError, match="no published name"):
        TABLE.candidates("normal.weight")


def test_parts_can_be_kept() -> None:
    assert PublishedCheckpoints(rows={"a.{i}": "b.{i}"}, parts={}, feed=volume_input).candidates("a.1.0.weight") == [
        "b.1.0.weight"
    ]


def test_unused_tensors() -> None:
    assert [name for name in ("A", "net.3.copy", "net.3.copy.A", "data_bn.A") if TABLE.needs(name)] == [
        "net.3.copy.A",
        "data_bn.A",
    ]


def test_the_checkpoint_says_which_alternative_is_meant() -> None:
    own = "head.linear.weight"
    for found, published in [((), "fc_cls"), (("cls_head.fc.weight",), "fc"), (("cls_head.fc_cls.weight",), "fc_cls")]:
        assert published_names("posec3d_c3d", [own], found) == {own: f"cls_head.{published}.weight"}
