"""Recipes of published and of our own results, one module a data set or paper."""

from __future__ import annotations

from types import SimpleNamespace

from posecube.recipes.entry import Published, RecipeEntry
from posecube.recipes.loading import RECIPES, find_recipe, load_recipe, recipe_names

__all__ = ["RECIPES", "Published", "RecipeEntry", "find_recipe", "load_recipe", "recipe_names"]


def __getattr__(name: str) -> SimpleNamespace:
    """``from posecube.recipes import penn_joint``, then ``penn_joint.recipe()``: as users' files of version 0.2 do."""
    if name not in RECIPES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return SimpleNamespace(recipe=RECIPES[name].make)
