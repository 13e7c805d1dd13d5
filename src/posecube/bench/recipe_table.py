"""What the recipes are and what their networks cost: `posecube recipes` and the table of docs/recipes.md."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch

from posecube import recipes
from posecube.errors import UserError
from posecube.model.cost import count_operations
from posecube.networks import NETWORKS
from posecube.training import Recipe, load_recipe
from posecube.training.recipe import recipe_names

ASSUMED_CLASSES = 60  # of recipes that were made for no data set; as the networks' published sizes are told


@dataclass(frozen=True)
class NetworkCost:
    """Size and cost of a recipe's network.

    Attributes:
        parameters: Numbers that training fits.
        operations: Multiply-adds of one clip of training size.
        input_shapes: All that the network reads of it: (3, T, H, W) of video frames, then (V, T, H, W) of a volume or
            (M, T, V, C) of a stream.
    """

    parameters: int
    operations: float
    num_classes: int
    input_shapes: tuple[tuple[int, ...], ...]

    @property
    def input_text(self) -> str:
        """Size of the input, such as 17 x 48 x 56 x 56."""
        return " and ".join(" x ".join(map(str, shape)) for shape in self.input_shapes)

    def __str__(self) -> str:
        return f"{self.parameters / 1e6:.3f} M parameters, {self.operations / 1e9:.2f} GMACs"


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
    model = recipe.model
    shapes = tuple(shape[1:] for shape in model.input_shapes(1))
    arguments = json.dumps(model.input_arguments | model.arguments, sort_keys=True)
    try:
        return _cost(model.architecture, arguments, shapes, recipe.num_classes or ASSUMED_CLASSES)
    except (TypeError, RuntimeError) as error:
        raise UserError(f"{model.architecture} cannot be built with {model.arguments}: {error}") from error


@cache
def _cost(
    architecture: str, arguments_json: str, input_shapes: tuple[tuple[int, ...], ...], num_classes: int
) -> NetworkCost:
    """The same for all recipes of one network, whatever they show it."""
    with torch.device("meta"):
        network = NETWORKS[architecture](num_classes=num_classes, **json.loads(arguments_json))
    parameters = sum(parameter.numel() for parameter in network.parameters())
    return NetworkCost(parameters, count_operations(network, *input_shapes), num_classes, input_shapes)


def markdown_table(names: Iterable[str] | None = None) -> str:
    """One row a recipe; figures in percent as its docstring gives them.

    Args:
        names: Recipes of the package; None means all.
    """
    rows = ["| recipe | what | published | M parameters | GMACs |", "|---|---|---|---|---|"]
    for name in recipe_names() if names is None else names:
        text, cost = recipe_text(name), network_cost(load_recipe(name))
        figures = f"{cost.parameters / 1e6:.3f} | {cost.operations / 1e9:.2f}"
        rows.append(f"| `{name}` | {text.title} | {text.published.rstrip('.')} | {figures} |")
    return "\n".join(rows)
