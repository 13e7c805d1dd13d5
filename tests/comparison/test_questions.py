"""Each question is asked of recipes that are equal in everything else."""

import pytest

from posecube.comparison import QUESTIONS, find_question
from posecube.comparison.question import differences
from posecube.recipes import load_recipe

# Question -> base recipe, axes of the store, and by variant the values of every field in which variants differ.
GRAPH_FIELDS = {
    "model.clip.clip_len": (16, 32),
    "model.clip.frames.kind": ("uniform", "resample"),
    "model.clip.frames.published_sampling": ("mmaction2", None),
    "model.clip.space.test_fit": ("squash", None),
    "model.clip.space.motion": (None, False),
    "model.representation.kind": ("volume", "streams"),
    "model.representation.shows": ("joints", "joints"),
    "model.representation.sigma_px": (0.6, None),
    "model.representation.combine": ("max", None),
    "model.representation.min_confidence": (1e-4, None),
    "model.representation.confidence_order": (None, "joints"),
    "model.network.base_channels": (16, 32),
}


def of_pair(volume, graph, **more):
    """Values of the fields in which a heatmap and a graph network differ, one a variant; ``more`` names others."""
    fields = {path: [values[kind] for kind in (*[0] * volume, *[1] * graph)] for path, values in GRAPH_FIELDS.items()}
    fields = {path: values for path, values in fields.items() if len({*map(str, values)}) > 1}
    return fields | {path.replace("__", "."): values for path, values in more.items()}


EXPECTED = {
    ("heatmap-vs-graph", "penn_joint", 2): of_pair(
        1, 2, model__network__dropout=[0.5, 0.0, 0.0],
        model__clip__space__kind=["map", "image", "image"], model__clip__space__size_hw=[[40, 40], None, None],
        model__representation__with_confidence=[None, True, True],
        model__network__name=["posec3d_c3d", "stgcnpp", "ctrgcn"], model__network__num_people=[None, None, 1],
    ),
    ("heatmap-vs-graph", "nucla_joint", 3): of_pair(
        1, 2, model__clip__space__kind=["map", *["upright"] * 2], model__clip__space__size_hw=[[48, 48], None, None],
        model__clip__space__crop=[True, None, None], model__clip__space__padding=[0.1, None, None],
        model__network__name=["posec3d_c3d", "stgcnpp", "ctrgcn"],
        model__representation__with_confidence=[None, False, False], model__network__num_people=[None, None, 1],
    ),
    ("2d-vs-3d", "nucla_joint", 3): of_pair(
        1, 2, model__clip__space__kind=["map", "image", "upright"], model__clip__space__size_hw=[[48, 48], None, None],
        model__clip__space__crop=[True, True, None], model__clip__space__padding=[0.1, 0.1, None],
        model__network__name=["posec3d_c3d", "stgcnpp", "stgcnpp"],
        model__representation__with_confidence=[None, True, False],
    ),
    ("joint-vs-limb", "penn_joint", 2): {"model.representation.shows": ["joints", "limbs"]},
    ("joint-vs-limb", "penn_limb", 2): {"model.representation.shows": ["joints", "limbs"]},
    ("uniform-vs-stride", "penn_joint", 2): {
        "model.clip.frames.kind": ["uniform", "fixed_stride", "fixed_stride", "fixed_stride"],
        "model.clip.frames.published_sampling": ["mmaction2", None, None, None],
        "model.clip.frames.stride": [None, 2, 3, 4],
    },
    ("crop", "penn_joint", 2): {"model.clip.space.crop": [True, False]},
    ("crop", "penn_stgcnpp", 2): {"model.clip.space.crop": [True, False]},
    ("streams", "penn_joint", 2): {
        "model.representation.shows": ["joints", "bones"] * 2, "model.clip.space.motion": [False, False, True, True],
    },
    ("streams", "nucla_stgcnpp", 3): {
        "model.representation.shows": ["joints", "bones"] * 2, "model.clip.space.motion": [False, False, True, True],
    },
}  # fmt: skip


@pytest.mark.parametrize("case", EXPECTED, ids=lambda case: f"{case[0]}-{case[1]}")
def test_variants_differ_in_what_is_asked_about_and_nothing_else(case):
    name, base, num_axes = case
    comparison = find_question(name).of(load_recipe(base), num_axes=num_axes)
    found = {path: list(values.values()) for path, values in differences(comparison.variants).items()}
    assert found == EXPECTED[case]


@pytest.mark.parametrize("case", EXPECTED, ids=lambda case: f"{case[0]}-{case[1]}")
def test_the_budget_is_the_base_recipes(case):
    name, base, num_axes = case
    base = load_recipe(base)
    for recipe in find_question(name).of(base, num_axes=num_axes).variants.values():
        content, expected = recipe.model_dump(exclude={"name", "model"}), base.model_dump(exclude={"name", "model"})
        assert content == expected


@pytest.mark.parametrize(
    ("name", "base", "num_axes", "message"),
    [
        ("2d-vs-3d", "penn_joint", 2, "needs a store of 3D joints"),
        ("heatmap-vs-graph", "penn_stgcnpp", 2, "penn_stgcnpp reads a graph: give another --recipe"),
        ("2d-vs-3d", "nucla_stgcnpp", 3, "nucla_stgcnpp reads a graph"),
        ("joint-vs-limb", "penn_stgcnpp", 2, "penn_stgcnpp reads a graph"),
        ("crop", "nucla_stgcnpp", 3, "crop acts on an image, recipe nucla_stgcnpp reads 3D joints"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(name, base, num_axes, message):
    with pytest.raises(ValueError, match=message) as refused:
        find_question(name).of(load_recipe(base), num_axes=num_axes)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("name", "hint"), [("crops", "did you mean crop"), ("x", "known: 2d-vs-3d, ")])
def test_an_unknown_question_is_refused(name, hint):
    with pytest.raises(ValueError, match=hint):
        find_question(name)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_is_one_and_the_paper_answers_it(question):
    assert question.asks.endswith("?") and "\n" not in question.asks
    assert len(question.paper) > 40 and "\n" not in question.paper
