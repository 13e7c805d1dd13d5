"""A recipe is found by its name, or in a user's file; what goes wrong there costs one line."""

from pathlib import Path

import pytest

from posecube.recipes import load_recipe, recipe_names


def test_recipes_are_found_by_name():
    assert {"penn_joint", "penn_limb", "nucla_joint", "sbu_joint"} <= set(recipe_names())
    assert load_recipe("penn_joint") == load_recipe("penn-joint")
    assert load_recipe("penn_joint").name == "penn_joint"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("pen_joint", "no recipe pen_joint; did you mean penn_joint?"),
        ("zzz", "no recipe zzz; `posecube recipes` lists them"),
        ("missing.py", "no recipe file missing.py"),
    ],
)
def test_a_recipe_that_is_not_there(name, message):
    with pytest.raises(FileNotFoundError) as refused:
        load_recipe(name)
    assert message in str(refused.value)


GOOD_FILE = """
from posecube.recipes import load_recipe
from posecube.training import Recipe

def recipe() -> Recipe:
    return load_recipe("penn_joint").changed(name="longer", epochs=60, model__clip__clip_len=32)
"""


def test_a_recipe_of_ones_own(tmp_path):
    (tmp_path / "longer.py").write_text(GOOD_FILE)
    recipe = load_recipe(tmp_path / "longer.py")
    assert (recipe.name, recipe.epochs, recipe.model.clip.clip_len) == ("longer", 60, 32)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("def recipe(:\n", "cannot be used: SyntaxError: invalid syntax"),
        ("import no_such_module\n", "cannot be used: ModuleNotFoundError: No module named 'no_such_module'"),
        ("1 / 0\n", "cannot be used: ZeroDivisionError: division by zero"),
        ("def recipe():\n    return missing\n", "cannot be used: NameError: name 'missing' is not defined"),
        ("def recipe(x):\n    return x\n", "cannot be used: TypeError: recipe() missing 1 required"),
        (GOOD_FILE.replace("60", "0"), "cannot be used: epochs: Input should be greater than or equal to 1, got 0"),
        ("x = 1\n", "must define recipe() that returns a posecube Recipe"),
        ("def recipe():\n    return {}\n", "must define recipe() that returns a posecube Recipe, got dict"),
        ("\0", "cannot be used: "),
    ],
)
def test_a_bad_recipe_file_costs_one_line(code, message, tmp_path):
    (tmp_path / "bad.py").write_text(code)
    with pytest.raises(ValueError) as refused:
        load_recipe(tmp_path / "bad.py")
    assert message in str(refused.value) and "\n" not in str(refused.value)
    assert "bad.py" in str(refused.value)


def test_a_folder_is_no_recipe_file(tmp_path):
    Path(tmp_path / "folder.py").mkdir()
    with pytest.raises(FileNotFoundError, match="no recipe file"):
        load_recipe(tmp_path / "folder.py")


def test_a_file_of_version_0_2_goes_on_working(tmp_path):
    code = "from posecube.recipes import penn_joint\n\ndef recipe():\n    return penn_joint.recipe()\n"
    (tmp_path / "old.py").write_text(code)
    assert load_recipe(tmp_path / "old.py") == load_recipe("penn_joint")
