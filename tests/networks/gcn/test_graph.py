from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch

from posecube.networks.gcn.graph import (
    connected_layout,
    directed_parts,
    distance_parts,
    hop_parts,
    joint_hops,
)
from posecube.networks.gcn.published import MSG3D
from posecube.skeleton.layouts import LAYOUTS

CONNECTED = [name for name in LAYOUTS if name != "blazepose33"]


@pytest.mark.parametrize(
    ("golden", "layout", "graph", "stored"),
    [
        ("pyskl_stgcnpp_ntu60_hrnet", "coco17", directed_parts, "backbone.gcn.3.gcn.A"),
        ("pyskl_ctrgcn_ntu60_3d", "ntu25", directed_parts, "backbone.net.0.gcn1.A"),
        ("pyskl_stgcn_ntu60_hrnet", "coco17", distance_parts, "backbone.gcn.0.gcn.A"),
        ("pyskl_stgcn_ntu60_3d", "ntu25", distance_parts, "backbone.gcn.9.gcn.A"),
        ("pyskl_msg3d_ntu60_3d", "ntu25", partial(hop_parts, num_parts=13), "backbone.sgcn2.0.A"),
        (
            "pyskl_msg3d_ntu60_3d",
            "ntu25",
            partial(hop_parts, num_parts=6, window=5),
            "backbone.gcn3d3.gcn3d.1.gcn3d.1.A",
        ),
    ],
)
def test_graphs_are_those_of_published_models(
    golden: str,
    layout: str,
    graph: Callable[[str], torch.Tensor],
    stored: str,
    golden_model: Callable[[str], dict[str, Any]],
) -> None:
    torch.testing.assert_close(graph(layout), golden_model(golden)["kept"][stored])


@pytest.mark.parametrize("name", CONNECTED)
def test_directed_parts_are_the_bones_both_ways(name: str) -> None:
    layout = LAYOUTS[name]
    itself, inward, outward = directed_parts(name)
    assert torch.equal(itself, torch.eye(layout.num_joints))
    assert {(child, parent) for parent, child in inward.nonzero().tolist()} == set(layout.bones)
    assert {(child, parent) for child, parent in outward.nonzero().tolist()} == set(layout.bones)
    has_children = inward.any(dim=1)
    assert inward.sum(dim=0).sum() == layout.num_joints - 1
    assert outward.sum(dim=0)[has_children].allclose(torch.ones(1))


@pytest.mark.parametrize("name", CONNECTED)
def test_distance_parts_share_the_neighbours_out(name: str) -> None:
    parts = distance_parts(name)
    neighbours = joint_hops(name) <= 1
    assert torch.equal(parts.sum(dim=0) > 0, neighbours)
    assert ((parts > 0).sum(dim=0) <= 1).all()
    assert parts.sum(dim=(0, 1)).allclose(torch.ones(1))


@pytest.mark.parametrize("name", CONNECTED)
def test_hops_are_steps_along_bones(name: str) -> None:
    """Reference: powers of the matrix of bones, with and without returning."""
    hops = joint_hops(name)
    step = (hops <= 1).double()
    for distance in range(int(hops.max()) + 1):
        assert torch.equal(hops <= distance, torch.linalg.matrix_power(step, distance) > 0)
    assert hops.isfinite().all()


def test_a_layout_is_taken_as_well_as_its_name() -> None:
    assert torch.equal(directed_parts(LAYOUTS["sbu15"]), directed_parts("sbu15"))


def test_layouts_that_are_no_graph() -> None:
    with pytest.raises(ValueError, match="layout blazepose33 is no graph for a network: its limbs do not connect"):
        connected_layout("blazepose33")
    with pytest.raises(ValueError, match="unknown skeleton layout 'coco'"):
        directed_parts("coco")


def test_hops_of_a_window_lead_to_all_its_frames() -> None:
    parts = hop_parts("sbu15", num_parts=3, window=3)
    hops = joint_hops("sbu15")
    assert parts.shape == (3, 45, 45)
    assert torch.equal(parts[0], torch.eye(45))
    for first in range(3):
        for second in range(3):
            between = parts[:, 15 * first : 15 * first + 15, 15 * second : 15 * second + 15] > 0
            assert torch.equal(between[1], hops <= 1)
            assert torch.equal(between[2], (hops == 2) | (torch.eye(15) == 1) if first == second else hops == 2)


def test_sizes_of_a_checkpoint_tell_arguments() -> None:
    assert MSG3D.arguments({"num_joints": 17, "in_channels": 3}) == {"layout": "coco17", "in_channels": 3}
    assert MSG3D.arguments({"num_joints": 25, "in_channels": 3, "norm_channels": 150})["num_people"] == 2
    assert MSG3D.arguments({"num_joints": 25, "in_channels": 2, "norm_channels": 50})["num_people"] is None
    assert MSG3D.arguments({"num_hops": 13, "spread_channels": 39})["in_channels"] == 3
    assert MSG3D.arguments({"num_joints": 99, "norm_channels": 150, "spread_channels": 39}) == {}  # a part of a file
