"""Comparisons check themselves: variants differ in what is asked about, and in nothing else."""

import pytest

from builders import small_recipe
from posecube.comparison import Comparison, Question
from posecube.comparison.question import differences
from posecube.networks.posec3d import PoseX3DSpec


def compared(variants, *, differs_in=("epochs",), fusions=()):
    return Comparison("lengths", "Longer?", "Yes.", differs_in, variants, fusions)


def lengths(**changes):
    return {"short": small_recipe(epochs=1), "long": small_recipe(epochs=2).changed(**changes)}


def test_differences_are_named_with_their_values():
    variants = {"a": small_recipe(), "b": small_recipe(name="other", epochs=9).changed(model__clip__space__padding=0.7)}
    assert differences(variants) == {"epochs": {"a": 3, "b": 9}, "model.clip.space.padding": {"a": 0.25, "b": 0.7}}
    assert differences({"a": small_recipe()}) == {}


def test_a_field_that_only_one_recipe_has_is_a_difference():
    wide = small_recipe().changed(model__network=PoseX3DSpec(base_channels=4, dropout=0.3))
    assert differences({"a": small_recipe(), "b": wide}) == {
        "model.network.name": {"a": "posec3d_c3d", "b": "posec3d_x3d"},
        "model.network.stage_blocks": {"a": None, "b": [2, 5, 3]},
    }


@pytest.mark.parametrize(
    ("variants", "options", "message"),
    [
        (lengths(batch_size=8), {}, "lengths is about epochs, but its variants differ in batch_size"),
        (
            lengths(model__clip__space__padding=0.5),
            {"differs_in": ("epochs", "model.clip.space.pad")},
            "differ in model.clip.space.padding",
        ),
        (lengths(), {"fusions": (("short", "middle"),)}, "fuses 'middle', which is none of"),
    ],
)
def test_what_is_no_comparison_is_refused(variants, options, message):
    with pytest.raises(ValueError, match=message):
        compared(variants, **options)


def test_a_field_stands_for_all_below_it():
    compared(lengths(model__clip__space__padding=0.5), differs_in=("epochs", "model.clip"))


def test_settings_of_one_variant_alone_are_remembered():
    comparison = compared(lengths()).with_own_settings({"long": ["learning_rate=0.5", "model.clip.clip_len=8"]})
    assert comparison.variants["long"].learning_rate == 0.5
    assert comparison.variants["short"].learning_rate == small_recipe().learning_rate
    assert comparison.own == {"long": ("learning_rate=0.5", "model.clip.clip_len=8")}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"lung": ["epochs=1"]}, "no variant 'lung'; did you mean long"),
        ({"x": ["epochs=1"]}, "no variant 'x'; known: long, short"),
        ({"long": ["epoch=1"]}, "did you mean epochs"),
        ({"long": ["epochs=none"]}, "epochs"),
    ],
)
def test_wrong_settings_of_one_variant_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        compared(lengths()).with_own_settings(settings)


def test_other_epochs_move_the_milestones():
    falling = small_recipe(schedule="steps", milestones=(4, 8), epochs=10)
    comparison = compared({"a": falling, "b": falling}, differs_in=()).with_epochs({"a": 5, "b": 1})
    assert (comparison.variants["a"].epochs, comparison.variants["a"].milestones) == (5, (2, 4))
    assert (comparison.variants["b"].epochs, comparison.variants["b"].milestones) == (1, (1,))


def test_a_question_names_its_variants_recipes():
    question = Question(
        "lengths", "Longer?", "Yes.", ("epochs",), lambda base, axes: {"one": base, "two": base.changed(epochs=axes)}
    )
    comparison = question.of(small_recipe(), num_axes=2)
    assert [recipe.name for recipe in comparison.variants.values()] == ["small_one", "small_two"]
    assert (comparison.name, comparison.question, comparison.paper) == ("lengths", "Longer?", "Yes.")
