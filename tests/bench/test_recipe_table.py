"""The list of recipes: docstrings taken apart, networks counted, and docs/recipes.md kept true."""

import pytest

from posecube.bench.recipe_table import RecipeText, markdown_table, network_cost, recipe_text
from posecube.training import load_recipe
from posecube.training.recipe import recipe_names, settings_of, with_settings

TEXT = """Some data: some network.

Paper: somebody, 2022.
Published: 93.7 % in one place,
94.1 % in another.
Size: 1 M parameters.

    posecube train some_data
"""


def test_a_docstring_is_taken_apart():
    text = RecipeText(TEXT)
    assert text.title == "Some data: some network"
    assert text.published == "93.7 % in one place, 94.1 % in another."


@pytest.mark.parametrize("whole", ["", "A title.", "A title.\n\nPublished nothing."])
def test_a_docstring_may_say_less(whole):
    assert RecipeText(whole).published == ""
    assert RecipeText(whole).title == ("A title" if whole else "")


def test_the_published_figure_may_come_last():
    assert RecipeText("A title.\n\nPublished: 5 %.").published == "5 %."
    assert RecipeText("A title.\n\nPublished: 5 %.\n\nMore.").published == "5 %."


def test_a_file_of_ones_own_is_read_and_not_run(tmp_path):
    (tmp_path / "mine.py").write_text('"""Mine: a network."""\nraise SystemExit\n')
    assert recipe_text(str(tmp_path / "mine.py")).title == "Mine: a network"


def test_a_name_that_is_none_is_refused_with_the_nearest():
    with pytest.raises(FileNotFoundError, match=r"no recipe pen_joint; did you mean penn_joint\?"):
        recipe_text("pen-joint")


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_has_a_title_of_its_own(name):
    title = recipe_text(name).title
    assert 10 < len(title) < 110
    assert [other for other in recipe_names() if recipe_text(other).title == title] == [name]


def test_cost_is_counted_for_the_recipes_classes():
    recipe = load_recipe("x3d_gym_joint")
    few, assumed = network_cost(recipe.changed(num_classes=9)), network_cost(recipe.changed(num_classes=None))
    assert network_cost(recipe).num_classes == 99 and assumed.num_classes == 60
    assert network_cost(recipe).parameters - few.parameters == 90 * (216 + 1)
    assert str(few) == f"{few.parameters / 1e6:.3f} M parameters, 0.59 GMACs"
    assert few.input_text == "17 x 48 x 56 x 56"


def test_settings_are_those_that_can_be_set():
    recipe = load_recipe("slowonly_k400_joint")
    settings = settings_of(recipe)
    assert settings["model.network.stage_blocks"] == [3, 4, 6] and settings["epochs"] == 240
    assert "model" not in settings and "model.network" not in settings
    same = [f"{name}={value}" for name, value in settings.items() if isinstance(value, int | float)]
    assert (
        with_settings(recipe, [setting.replace("True", "true").replace("False", "false") for setting in same]) == recipe
    )


def test_the_page_has_the_table(root):
    page = (root / "docs" / "recipes.md").read_text()
    table = markdown_table()
    assert table in page, "docs/recipes.md is behind: put there what `posecube recipes --markdown` writes"
    assert page.endswith(table + "\n")


def test_the_table_has_a_line_for_each_recipe():
    lines = markdown_table(["x3d_gym_limb", "penn_joint"]).splitlines()
    assert lines[2] == (
        "| `x3d_gym_limb` | FineGYM, 99 classes: limb volumes, X3D | mean of classes 90.0 % in pyskl; "
        "with joints 91.8 % | 0.263 | 0.59 |"
    )
    assert lines[3].startswith("| `penn_joint` | Penn Action") and len(lines) == 4
