"""The graph network beside a heatmap network is the one that the package's own graph recipes train."""

import pytest

from posecube.comparison.graph_variant import READING, graph_of
from posecube.comparison.question import differences
from posecube.networks.gcn import StgcnppSpec
from posecube.networks.posec3d import PoseC3DSpec
from posecube.recipes import load_recipe

PEOPLE = {"model.network.num_people"}  # of CTR-GCN
ONLY_ON_A_MAP = {"model.clip.space.padding"}
# What each recipe was tuned in: its augmentation and its dropout.
TUNED = {"model.clip.space.yaw_deg", "model.clip.space.pitch_deg", "model.network.dropout"}


@pytest.mark.parametrize(
    ("base", "architecture", "num_axes", "expected"),
    [
        ("penn_joint", "stgcnpp", 2, "penn_stgcnpp"),
        ("penn_joint", "ctrgcn", 2, "penn_ctrgcn"),
        ("nucla_joint", "stgcnpp", 3, "nucla_stgcnpp"),
    ],
)
def test_its_model_is_that_of_the_graph_recipes(base, architecture, num_axes, expected):
    derived = graph_of(load_recipe(base), architecture=architecture, num_axes=num_axes)
    found = differences({"derived": derived, "expected": load_recipe(expected)})
    assert not {path for path in found if path.startswith("model.")} - ONLY_ON_A_MAP - TUNED - PEOPLE


@pytest.mark.parametrize("num_axes", [2, 3])
def test_how_it_is_trained_stays(num_axes):
    base = load_recipe("nucla_joint")
    found = differences({"base": base, "graph": graph_of(base, num_axes=num_axes)})
    assert all(path.startswith(READING) for path in found)


@pytest.mark.parametrize("max_people", [1, 2])
def test_ctrgcn_normalises_as_many_people_as_there_are(max_people):
    base = load_recipe("penn_joint").changed(model__clip__max_people=max_people)
    assert graph_of(base, architecture="ctrgcn", num_axes=2).model.network.num_people == max_people


def test_published_width_stays_published():
    base = load_recipe("penn_joint").changed(model__network=PoseC3DSpec())
    assert graph_of(base, num_axes=2).model.network == StgcnppSpec()


def test_a_graph_has_no_graph_beside_it():
    with pytest.raises(ValueError, match="penn_stgcnpp reads a graph: give another --recipe"):
        graph_of(load_recipe("penn_stgcnpp"), num_axes=2)
