"""A recipe by its name, or from a user's Python file."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from pydantic import ValidationError

from posecube.errors import UserError
from posecube.lookup import nearest
from posecube.recipes import dark, everyday, graphs, motionbert, noise, nucla, penn, posec3d, rgbpose, sbu, studio
from posecube.recipes.entry import RecipeEntry
from posecube.training.recipe import Recipe, first_problem

RECIPES: dict[str, RecipeEntry] = {
    **penn.RECIPES,
    **nucla.RECIPES,
    **sbu.RECIPES,
    **studio.RECIPES,
    **dark.RECIPES,
    **everyday.RECIPES,
    **noise.RECIPES,
    **posec3d.RECIPES,
    **graphs.RECIPES,
    **motionbert.RECIPES,
    **rgbpose.RECIPES,
}


def recipe_names() -> list[str]:
    """Names of the recipes in the package."""
    return sorted(RECIPES)


def find_recipe(name: str) -> RecipeEntry:
    """A recipe of the package with all that is said about it; hyphens may stand for underscores.

    Raises:
        FileNotFoundError: If there is none of that name.
    """
    known = name.replace("-", "_")
    if known not in RECIPES:
        near = nearest(known, RECIPES)
        hint = f"did you mean {near}?" if near else "`posecube recipes` lists them"
        raise FileNotFoundError(f"no recipe {name}; {hint}")  # perhaps meant as a file
    return RECIPES[known]


def load_recipe(name_or_path: str | Path) -> Recipe:
    """A recipe by its name, or from a Python file that has ``def recipe()``.

    Raises:
        FileNotFoundError: If there is none of that name.
        UserError: If the file cannot be run, or has no ``recipe()`` that returns a Recipe.
    """
    path = Path(name_or_path)
    if path.suffix == ".py":
        return _recipe_of_file(path)
    return find_recipe(str(name_or_path)).make()


def _recipe_of_file(path: Path) -> Recipe:
    """What ``recipe()`` of a user's file returns; whatever goes wrong in it becomes one line."""
    if not path.is_file():
        raise FileNotFoundError(f"no recipe file {path}")
    module_spec = importlib.util.spec_from_file_location("posecube_user_recipe", path)
    assert module_spec is not None and module_spec.loader is not None, "a .py file always has a loader"
    module = importlib.util.module_from_spec(module_spec)
    try:
        module_spec.loader.exec_module(module)
        made = module.recipe() if hasattr(module, "recipe") else None
    except Exception as error:  # the code is the user's and may raise anything
        raise UserError(f"recipe file {path} cannot be used: {_reason(error)}") from error
    if not isinstance(made, Recipe):
        raise UserError(f"{path} must define recipe() that returns a posecube Recipe, got {type(made).__name__}")
    return made


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return first_problem(error)
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
