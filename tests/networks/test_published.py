from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from posecube.networks import NETWORKS
from posecube.networks.published import MODULES, published_names

LISTINGS = {
    "mmaction2_posec3d_slowonly_ntu60_joint": ("posec3d_slowonly", {"num_classes": 60}),
    "pyskl_posec3d_slowonly_ntu60_joint": ("posec3d_slowonly", {"num_classes": 60}),
    "pyskl_rgbpose_pose_only": ("posec3d_slowonly", {"num_classes": 60, "temporal_strides": (1, 1, 1)}),
    "pyskl_posec3d_slowonly346_k400_joint": ("posec3d_slowonly", {"num_classes": 400, "stage_blocks": (3, 4, 6)}),
    "pyskl_posec3d_slowonly346_ucf101": ("posec3d_slowonly", {"num_classes": 101, "stage_blocks": (3, 4, 6)}),
    "mmaction2_posec3d_slowonly346_k400": ("posec3d_slowonly", {"num_classes": 400, "stage_blocks": (3, 4, 6)}),
    "pyskl_posec3d_c3d_light_ntu60_joint": ("posec3d_c3d", {"num_classes": 60}),
    "pyskl_posec3d_x3d_shallow_ntu60_joint": ("posec3d_x3d", {"num_classes": 60}),
}


@pytest.mark.parametrize("listing", LISTINGS)
def test_names_and_shapes_are_the_published_ones(
    listing: str, published_state: Callable[[str], dict[str, Tensor]]
) -> None:
    architecture, arguments = LISTINGS[listing]
    with torch.device("meta"):
        own = NETWORKS[architecture](**arguments).state_dict()
    names = published_names(architecture, own)
    shapes = {names[key]: tuple(tensor.shape) for key, tensor in own.items()}
    assert shapes == {key: tuple(tensor.shape) for key, tensor in published_state(listing).items()}


@pytest.mark.parametrize(
    ("architecture", "own", "published"),
    [
        ("posec3d_slowonly", "stem.0.weight", "backbone.conv1.conv.weight"),
        ("posec3d_slowonly", "stages.2.1.reduce.1.bias", "backbone.layer3.1.conv1.bn.bias"),
        ("posec3d_slowonly", "stages.0.0.shortcut.0.weight", "backbone.layer1.0.downsample.conv.weight"),
        ("posec3d_c3d", "stages.2.2.1.running_var", "backbone.conv4b.bn.running_var"),
        ("posec3d_x3d", "stem.0.weight", "backbone.conv1_s.conv.weight"),
        ("posec3d_x3d", "stem.1.1.weight", "backbone.conv1_t.bn.weight"),
        ("posec3d_x3d", "lift.0.weight", "backbone.conv5.conv.weight"),
        ("posec3d_x3d", "head.linear.bias", "cls_head.fc_cls.bias"),
    ],
)
def test_examples(architecture: str, own: str, published: str) -> None:
    assert published_names(architecture, [own]) == {own: published}


@pytest.mark.parametrize("architecture", MODULES)
def test_no_two_tensors_share_a_name(architecture: str) -> None:
    with torch.device("meta"):
        own = NETWORKS[architecture](num_classes=2).state_dict()
    assert len(set(published_names(architecture, own).values())) == len(own)


def test_errors() -> None:
    with pytest.raises(ValueError, match="no published names are known for 'resnet'; known: posec3d_slowonly"):
        published_names("resnet", [])
    with pytest.raises(ValueError, match=r"no published name is known for 'tail\.weight'"):
        published_names("posec3d_c3d", ["tail.weight"])
