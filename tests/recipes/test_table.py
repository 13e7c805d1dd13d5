"""What is shown of recipes: their entries as text, networks counted, and docs/recipes.md kept true."""

import pytest

from posecube.recipes import Published, RecipeEntry, load_recipe
from posecube.recipes.table import markdown_table, network_cost, recipe_text
from posecube.training.settings import settings_of, with_settings


def test_what_is_said_of_a_recipe_is_shown_whole():
    text = RecipeEntry(
        "Some data: some network", lambda: load_recipe("penn_joint"), about="More.", paper="Somebody, 2022",
        published=(
            Published("one place", top1=93.0),
            Published("another", top1=94.1, note="doubtful"),
            Published("one place", mean_class=95.25, of="with limbs", views=10),
        ),
        commands=("posecube train some_data",),
    ).text  # fmt: skip
    assert text == (
        "Some data: some network.\n\nPaper: Somebody, 2022.\n"
        "Published: 93.0 % in one place, 94.1 % (doubtful) in another; "
        "with limbs, mean of classes, 10 views 95.25 % in one place.\n"
        "Not trained here.\n\nMore.\n\n    posecube train some_data"
    )


def test_a_recipe_may_have_no_figure():
    title, make = "Some data: some network", lambda: load_recipe("penn_joint")
    assert RecipeEntry(title, make).published_text == "" and RecipeEntry(title, make).text == f"{title}."
    assert RecipeEntry(title, make, paper="Somebody, 2022").published_text == "no figure"


def test_a_file_of_ones_own_is_read_and_not_run(tmp_path):
    (tmp_path / "mine.py").write_text('"""Mine: a network."""\nraise SystemExit\n')
    assert recipe_text(str(tmp_path / "mine.py")) == "Mine: a network."


def test_a_name_that_is_none_is_refused_with_the_nearest():
    with pytest.raises(FileNotFoundError, match=r"no recipe pen-joint; did you mean penn_joint\?"):
        recipe_text("pen-joint")


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
        "| `x3d_gym_limb` | FineGYM, 99 classes: limb volumes, X3D | mean of classes 90.0 %; "
        "with joints, mean of classes 91.8 % in pyskl | 0.263 | 0.59 |"
    )
    assert lines[3].startswith("| `penn_joint` | Penn Action") and len(lines) == 4
