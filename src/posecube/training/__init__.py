"""Training recipes, objectives and the one training loop."""

from posecube.training.objectives import Contrastive, CrossEntropy
from posecube.training.recipe import Outliers, Recipe
from posecube.training.run import train
from posecube.training.settings import with_settings

__all__ = ["Contrastive", "CrossEntropy", "Outliers", "Recipe", "train", "with_settings"]
