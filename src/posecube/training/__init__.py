"""Training recipes, objectives and the one training loop."""

from posecube.training.recipe import Outliers, Recipe, with_settings
from posecube.training.run import train

__all__ = ["Outliers", "Recipe", "train", "with_settings"]
