"""Recipes, objectives and the one training loop."""

from posecube.training.recipe import Outliers, Recipe, load_recipe, with_settings
from posecube.training.run import train

__all__ = ["Outliers", "Recipe", "load_recipe", "train", "with_settings"]
