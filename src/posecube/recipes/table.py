"""What `posecube recipes` shows: what is said about a recipe, what its network costs, the table of docs/recipes.md."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

from posecube.model import cost
from posecube.model.cost import NetworkCost
from posecube.recipes.loading import find_recipe, recipe_names
from posecube.training.recipe import Recipe

ASSUMED_CLASSES = 60  # of recipes that were made for no data set; as the networks' published sizes are told


def recipe_text(name_or_path: str) -> str:
    """What is said about a recipe of the package; of a user's file its docstring, and nothing in it is run.

    Raises:
        FileNotFoundError: If there is no such recipe.
    """
    path = Path(name_or_path)
    if path.suffix != ".py":
        return find_recipe(name_or_path).text
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def network_cost(recipe: Recipe) -> NetworkCost:
    """What the recipe's network costs for the classes of its data set.

    Raises:
        UserError: If the network cannot be built.
    """
    return cost.network_cost(recipe.model, num_classes=recipe.num_classes or ASSUMED_CLASSES)


def markdown_table(names: Iterable[str] | None = None) -> str:
    """One row a recipe; figures in percent.

    Args:
        names: Recipes of the package; None means all.
    """
    rows = ["| recipe | what | published | M parameters | GMACs |", "|---|---|---|---|---|"]
    for name in recipe_names() if names is None else names:
        entry = find_recipe(name)
        size = network_cost(entry.make())
        figures = f"{size.parameters / 1e6:.3f} | {size.operations / 1e9:.2f}"
        rows.append(f"| `{name}` | {entry.title} | {entry.published_text} | {figures} |")
    return "\n".join(rows)
