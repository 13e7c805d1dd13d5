"""What the recipes are and what their networks cost: `posecube recipes` and the table of docs/recipes.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from posecube import recipes
from posecube.model import cost
from posecube.model.cost import NetworkCost
from posecube.training import Recipe, load_recipe
from posecube.training.recipe import recipe_names

ASSUMED_CLASSES = 60  # of recipes that were made for no data set; as the networks' published sizes are told


@dataclass(frozen=True)
class RecipeText:
    """A recipe's docstring, taken apart.

    Attributes:
        title: Its first line.
        published: What it says was published, empty where it says nothing.
    """

    whole: str

    @property
    def title(self) -> str:
        return self.whole.splitlines()[0].rstrip(".") if self.whole else ""

    @property
    def published(self) -> str:
        """Its paragraph line "Published: ...", up to the next such line."""
        found = re.search(r"^Published: (.*?)(?=^\w+: |^$|\Z)", self.whole, flags=re.MULTILINE | re.DOTALL)
        return " ".join(found[1].split()) if found else ""


def recipe_text(name_or_path: str) -> RecipeText:
    """The docstring of a recipe's file; nothing in the file is run.

    Raises:
        FileNotFoundError: If there is no such recipe.
    """
    path = Path(name_or_path)
    if path.suffix != ".py":
        name = name_or_path.replace("-", "_")
        if name not in recipe_names():
            load_recipe(name)  # says what is near
        path = Path(recipes.__path__[0]) / f"{name}.py"
    return RecipeText(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "")


def network_cost(recipe: Recipe) -> NetworkCost:
    """What the recipe's network costs for the classes of its data set.

    Raises:
        UserError: If the network cannot be built.
    """
    return cost.network_cost(recipe.model, num_classes=recipe.num_classes or ASSUMED_CLASSES)


def markdown_table(names: Iterable[str] | None = None) -> str:
    """One row a recipe; figures in percent as its docstring gives them.

    Args:
        names: Recipes of the package; None means all.
    """
    rows = ["| recipe | what | published | M parameters | GMACs |", "|---|---|---|---|---|"]
    for name in recipe_names() if names is None else names:
        text, size = recipe_text(name), network_cost(load_recipe(name))
        figures = f"{size.parameters / 1e6:.3f} | {size.operations / 1e9:.2f}"
        rows.append(f"| `{name}` | {text.title} | {text.published.rstrip('.')} | {figures} |")
    return "\n".join(rows)
