"""Recipes, objectives and the one training loop."""

from posecube.training.objectives import Contrastive, CrossEntropy
from posecube.training.recipe import Outliers, Recipe, load_recipe
from posecube.training.run import train
from posecube.training.settings import with_settings

__all__ = ["Contrastive", "CrossEntropy", "Outliers", "Recipe", "load_recipe", "train", "with_settings"]
