"""What every graph network must be: its size, its cost, its published logits, and able to learn."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from builders import published_names
from posecube.checkpoints.loading import published_of
from posecube.model.cost import count_operations
from posecube.networks import NETWORKS, SPECS, load_published

# Parameters, and multiply-adds of two people of 100 frames, with 60 classes; by layout.
# Source: measured on pyskl's and MMAction2's networks.
PUBLISHED = {
    ("stgcn", "ntu25"): (3_098_832, 5.71e9),
    ("stgcn", "coco17"): (3_088_704, 3.82e9),
    ("stgcnpp", "ntu25"): (1_403_144, 2.96e9),
    ("stgcnpp", "coco17"): (1_393_016, 1.95e9),
    ("ctrgcn", "ntu25"): (1_446_672, 3.00e9 - 0.277e9),  # ours compares joints after the mean over time, not before
    ("aagcn", "ntu25"): (3_781_668, 6.49e9),
    ("msg3d", "ntu25"): (3_194_595, 10.97e9),
}
LISTINGS = {
    "pyskl_stgcn_ntu60_3d": ("stgcn", "ntu25"),
    "pyskl_stgcn_ntu60_hrnet": ("stgcn", "coco17"),
    "mmaction2_stgcn_ntu60_3d": ("stgcn", "ntu25"),
    "mmaction2_stgcn_ntu60_2d": ("stgcn", "coco17"),
    "pyskl_stgcnpp_ntu60_3d": ("stgcnpp", "ntu25"),
    "pyskl_stgcnpp_ntu60_hrnet": ("stgcnpp", "coco17"),
    "mmaction2_stgcnpp_ntu60_3d": ("stgcnpp", "ntu25"),
    "mmaction2_stgcnpp_ntu60_2d": ("stgcnpp", "coco17"),
    "pyskl_ctrgcn_ntu60_3d": ("ctrgcn", "ntu25"),
    "pyskl_aagcn_ntu60_3d": ("aagcn", "ntu25"),
    "mmaction2_aagcn_ntu60_3d": ("aagcn", "ntu25"),
    "pyskl_msg3d_ntu60_3d": ("msg3d", "ntu25"),
}
GOLDEN = [
    "pyskl_stgcn_ntu60_3d",
    "pyskl_stgcn_ntu60_hrnet",
    "pyskl_stgcnpp_ntu60_hrnet",
    "pyskl_ctrgcn_ntu60_3d",
    "pyskl_msg3d_ntu60_3d",
]
SMALL: dict[str, dict[str, Any]] = {
    "stgcn": {"base_channels": 6},
    "stgcnpp": {"base_channels": 12},
    "ctrgcn": {"base_channels": 8},
    "aagcn": {"base_channels": 8},
    "msg3d": {"base_channels": 12, "num_hops": 4, "windows": (3,), "window_hops": 2},
}
SHAPE = (2, 8, 15, 3)  # people, frames, joints, channels


def small(name: str, **arguments: object) -> nn.Module:
    torch.manual_seed(0)
    return NETWORKS[name](num_classes=3, layout="sbu15", **{**SMALL[name], **arguments})


@pytest.mark.parametrize(("name", "layout"), PUBLISHED)
def test_size_and_operations_are_as_published(name: str, layout: str) -> None:
    parameters, operations = PUBLISHED[name, layout]
    with torch.device("meta"):
        network = NETWORKS[name](num_classes=60, layout=layout)
    joints = 25 if layout == "ntu25" else 17
    assert sum(parameter.numel() for parameter in network.parameters()) == parameters
    assert count_operations(network, (2, 100, joints, 3)) == pytest.approx(operations, abs=0.005e9)


@pytest.mark.parametrize("listing", LISTINGS)
def test_names_and_shapes_are_the_published_ones(
    listing: str, published_state: Callable[[str], dict[str, Tensor]]
) -> None:
    name, layout = LISTINGS[listing]
    published = published_state(listing)
    arguments = {"attention": False} if listing == "mmaction2_aagcn_ntu60_3d" else {}
    with torch.device("meta"):
        own = NETWORKS[name](num_classes=60, layout=layout, **arguments).state_dict()
    names = published_names(name, own, published)
    shapes = {names[key]: tuple(tensor.shape) for key, tensor in own.items()}
    assert shapes == {
        key: tuple(tensor.shape) for key, tensor in published.items() if published_of(SPECS[name]).needs(key)
    }


@pytest.mark.parametrize("listing", LISTINGS)
def test_sizes_layout_and_structure_are_read_off_a_checkpoint(
    listing: str, published_state: Callable[[str], dict[str, Tensor]]
) -> None:
    name, layout = LISTINGS[listing]
    load_published(published_state(listing), name)
    with pytest.raises(ValueError, match=f"does not fit {name}"):
        load_published(published_state(listing), name, layout="coco17" if layout == "ntu25" else "ntu25")


@pytest.mark.parametrize("golden", GOLDEN)
def test_logits_are_those_of_the_published_code(
    golden: str,
    golden_model: Callable[[str], dict[str, Any]],
    published_state: Callable[[str], dict[str, Tensor]],
) -> None:
    """Sizes and layout are read off the checkpoint."""
    stored = golden_model(golden)
    network = load_published(published_state(golden) | stored["kept"], LISTINGS[golden][0])
    with torch.inference_mode():
        logits = network(stored["input"])
    largest = float(stored["logits"].abs().max())  # 2 to 6, and 1641 of CTR-GCN
    torch.testing.assert_close(logits, stored["logits"], atol=2e-6 * largest, rtol=1e-5)


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("frames", [1, 5, 16])
def test_maps_people_of_any_length_to_logits(name: str, frames: int) -> None:
    network = small(name).eval()
    with torch.inference_mode():
        logits = network(torch.rand(3, 2, frames, *SHAPE[2:]))
    assert logits.shape == (3, 3)
    assert logits.isfinite().all()


@pytest.mark.parametrize("name", SMALL)
def test_the_order_of_people_does_not_matter(name: str) -> None:
    network = small(name).eval()
    x = torch.rand(2, *SHAPE)
    with torch.inference_mode():
        torch.testing.assert_close(network(x), network(x.flip(1)), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("name", SMALL)
def test_layouts_that_are_no_graph_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="layout blazepose33 is no graph"):
        NETWORKS[name](num_classes=3, layout="blazepose33")


@pytest.mark.parametrize("name", SMALL)
def test_channels_and_width_are_read_off_a_checkpoint(name: str) -> None:
    network = small(name, in_channels=2)
    state = network.state_dict()
    published = {key: state[own] for own, key in published_names(name, state).items()}
    copy = load_published(published, name)
    x = torch.rand(1, *SHAPE[:-1], 2)
    with torch.inference_mode():
        assert torch.equal(network.eval()(x), copy(x))
