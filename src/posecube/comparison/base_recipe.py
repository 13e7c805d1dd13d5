"""The recipe that a comparison varies: the user's choice, or one that fits the store."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from posecube.errors import UserError
from posecube.recipes import load_recipe
from posecube.skeleton import find_layout
from posecube.store import SkeletonStore
from posecube.training import Outliers, Recipe, with_settings

Reading = Literal["volume", "graph"]

BY_LAYOUT: dict[Reading, dict[str, str]] = {
    "volume": {"penn13": "penn_joint", "kinect20": "nucla_joint", "sbu15": "sbu_joint"},
    "graph": {"penn13": "penn_stgcnpp", "kinect20": "nucla_stgcnpp"},
}
BY_AXES: dict[Reading, dict[int, str]] = {
    "volume": {2: "penn_joint", 3: "nucla_joint"},
    "graph": {2: "penn_stgcnpp", 3: "nucla_stgcnpp"},
}
MOST_PEOPLE = 2  # of a recipe that was made for no data set; as published networks read NTU RGB+D
TEST_WORDS = ("test", "val", "valid", "validation")


def base_recipe(
    store: SkeletonStore, name: str | None = None, settings: Sequence[str] = (), *, reads: Reading = "volume"
) -> Recipe:
    """A recipe to vary, without outliers and trained from scratch unless the settings say otherwise.

    Outliers teach a model to say none of these, and weights to start from fit one network: neither can be equal for all
    variants.

    Args:
        name: A recipe's name or file; None takes the one of the store's layout, or of its number of axes.
        settings: ``key=value``, applied last.
        reads: What a recipe that fits the store shall read.

    Raises:
        FileNotFoundError: If there is no recipe of that name.
        UserError: If a setting is wrong, the recipe needs videos, or the store's layout is not one of ours.
    """
    recipe = load_recipe(name) if name else _fitting(store, reads)
    if recipe.model.rgb is not None:
        raise UserError(f"recipe {recipe.name} looks at video frames; comparisons are made of skeletons alone")
    return with_settings(recipe.changed(outliers=Outliers(), initial_weights=None), settings)


def _fitting(store: SkeletonStore, reads: Reading) -> Recipe:
    layout = find_layout(store.layout.name).name
    if layout in BY_LAYOUT[reads]:
        recipe = load_recipe(BY_LAYOUT[reads][layout])
    else:
        name = BY_AXES[reads][store.num_axes]
        recipe = load_recipe(name).changed(
            name=f"{layout}_{name.partition('_')[2]}",
            model__layout=layout,
            model__clip__max_people=min(int(store.num_people.max()), MOST_PEOPLE),
        )
    return _with_splits_of(store, recipe)


def _with_splits_of(store: SkeletonStore, recipe: Recipe) -> Recipe:
    """The recipe on the store's first pair of splits for training and testing, where it has not those of the recipe."""
    if {recipe.train_split, recipe.test_split} <= set(store.splits):
        return recipe
    for train in sorted(store.splits):
        test = next((split for split in _partners(train) if split in store.splits), None)
        if test is not None:
            return recipe.changed(train_split=train, test_split=test)
    return recipe


def _partners(train_split: str) -> list[str]:
    """``xsub_train`` -> ``xsub_test``, ``xsub_val``, ...; nothing where the name has no ``train`` in it."""
    if not re.search("train", train_split):
        return []
    return [train_split.replace("train", word) for word in TEST_WORDS]


def split_settings(settings: Sequence[str]) -> dict[str, list[str]]:
    """``VARIANT:key=value`` by variant; those without a variant, which are for all, under the empty name."""
    found: dict[str, list[str]] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        variant, colon, own_key = key.partition(":")
        found.setdefault(variant if colon else "", []).append((own_key if colon else key) + equals + value)
    return found
