"""``posecube recipes``: what can be trained."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from posecube.commands.options import add_settings
from posecube.errors import UserError

NAME, HELP = "recipes", "list the recipes, or show one with the size of its network"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A recipe, or none for the list."""
    parser.add_argument("recipe", nargs="?", metavar="RECIPE", help="a name of posecube.recipes or a Python file")
    add_settings(parser)
    parser.add_argument("--markdown", action="store_true", help="the list with published metrics, for a page")


def run(options: argparse.Namespace) -> None:
    """Show what the command line asks for."""
    if options.recipe is not None and options.markdown:
        raise UserError("--markdown writes the list of all recipes: name none")
    if options.recipe is not None:
        show_recipe(options.recipe, settings=options.set)
        return
    if options.set:
        raise UserError("--set changes one recipe's settings: name a recipe")
    list_recipes(markdown=options.markdown)


def list_recipes(*, markdown: bool = False) -> None:
    """All recipes, a line each."""
    from rich.table import Table

    from posecube.commands.terminal import console
    from posecube.recipes import RECIPES
    from posecube.recipes.table import markdown_table

    if markdown:
        console.print(markdown_table(), soft_wrap=True, highlight=False)
        return
    table = Table("recipe", "what", box=None)
    for name, entry in sorted(RECIPES.items()):
        table.add_row(name, entry.title)
    console.print(table, highlight=False)


def show_recipe(name_or_path: str, *, settings: Sequence[str] = ()) -> None:
    """One recipe: what it says, all its settings, the size of its network."""
    from rich.table import Table

    from posecube.commands.terminal import console
    from posecube.recipes import load_recipe
    from posecube.recipes.table import network_cost, recipe_text
    from posecube.training.settings import settings_of, with_settings

    recipe = with_settings(load_recipe(name_or_path), settings)
    cost = network_cost(recipe)
    console.print(recipe_text(name_or_path), soft_wrap=True, highlight=False)
    table = Table("setting", "value")
    for name, value in settings_of(recipe).items():
        table.add_row(name, json.dumps(value))
    console.print(table)
    size = f"{cost} for {cost.num_classes} classes and clips of {cost.input_text}"
    console.print(size, soft_wrap=True, highlight=False)
