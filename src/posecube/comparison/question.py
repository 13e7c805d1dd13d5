"""Question and Comparison: variants of one recipe that differ in what is asked about and in nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from posecube.comparison.base_recipe import Reading
from posecube.errors import UserError
from posecube.lookup import suggestion
from posecube.training import Recipe, with_settings

Variants = Callable[[Recipe, int], dict[str, Recipe]]


@dataclass(frozen=True)
class Question:
    """What a comparison asks, before there is a recipe to ask it about.

    Attributes:
        name: As on the command line.
        asks: The question in one sentence.
        paper: The published answer with its figures, and where they stand.
        differs_in: Fields of a recipe, joined by dots, that variants may differ in; a field stands for all below it.
        variants: Makes the variants out of a base recipe and the number of axes that the store's joints have.
        fusions: Variants whose scores are averaged.
        starts_from: What a recipe reads that this question varies, where the user names none.
    """

    name: str
    asks: str
    paper: str
    differs_in: tuple[str, ...]
    variants: Variants
    fusions: tuple[tuple[str, ...], ...] = ()
    starts_from: Reading = "volume"

    def of(self, base: Recipe, *, num_axes: int) -> Comparison:
        """The comparison on a base recipe.

        Args:
            num_axes: Axes of the store's joints, 2 or 3.

        Raises:
            UserError: If the question cannot be asked of this recipe or of such joints.
        """
        variants = {
            name: recipe.changed(name=f"{base.name}_{name}") for name, recipe in self.variants(base, num_axes).items()
        }
        return Comparison(self.name, self.asks, self.paper, self.differs_in, variants, self.fusions)


@dataclass(frozen=True)
class Comparison:
    """Runs to compare; checks itself when made.

    Attributes:
        variants: Recipes by name, equal but for ``name``, the fields of ``differs_in`` and what ``own`` says.
        own: Settings that one variant alone was given by the user, such as another learning rate.

    Raises:
        UserError: If variants differ in anything else, or a fusion names one that is not there.
    """

    name: str
    question: str
    paper: str
    differs_in: tuple[str, ...]
    variants: Mapping[str, Recipe]
    fusions: tuple[tuple[str, ...], ...] = ()
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        missing = [name for fusion in self.fusions for name in fusion if name not in self.variants]
        if missing:
            raise UserError(f"comparison {self.name} fuses {missing[0]!r}, which is none of {list(self.variants)}")
        changed = {setting.partition("=")[0] for settings in self.own.values() for setting in settings}
        for path in differences(self.variants):
            if not any(path == may or path.startswith(may + ".") for may in (*self.differs_in, *changed)):
                raise UserError(
                    f"comparison {self.name} is about {', '.join(self.differs_in)}, but its variants differ in {path}"
                )

    def with_own_settings(self, settings: Mapping[str, Sequence[str]]) -> Comparison:
        """Settings for one variant alone, as ``key=value``; the comparison remembers that they are not equal.

        Raises:
            UserError: If there is no such variant or setting.
        """
        variants = dict(self.variants)
        for name, its_settings in settings.items():
            if name not in variants:
                raise UserError(f"--set: {self.name} has no variant {name!r}{suggestion(name, variants)}")
            variants[name] = with_settings(variants[name], its_settings)
        own = {name: tuple(its_settings) for name, its_settings in settings.items() if its_settings}
        return replace(self, variants=variants, own=own)

    def with_epochs(self, epochs: Mapping[str, int]) -> Comparison:
        """Another number of epochs for each variant: equal time in place of equal epochs."""
        variants = {name: _stretched(recipe, epochs[name]) for name, recipe in self.variants.items()}
        return replace(self, variants=variants, differs_in=(*self.differs_in, "epochs", "milestones"))


def differences(variants: Mapping[str, Recipe]) -> dict[str, dict[str, Any]]:
    """Every field that is not the same in all recipes, with its value by variant, None where a recipe lacks it."""
    fields = {
        name: dict(_fields(recipe.model_dump(mode="json", exclude={"name"}))) for name, recipe in variants.items()
    }
    every_path = dict.fromkeys(path for its_fields in fields.values() for path in its_fields)
    found = {}
    for path in every_path:
        values = {name: its_fields.get(path) for name, its_fields in fields.items()}
        first, *others = values.values()
        if any(value != first for value in others):
            found[path] = values
    return found


def _stretched(recipe: Recipe, epochs: int) -> Recipe:
    """The recipe with more or fewer epochs and its milestones at the same fraction of them."""
    milestones = sorted({max(1, round(milestone * epochs / recipe.epochs)) for milestone in recipe.milestones})
    return recipe.changed(epochs=epochs, milestones=tuple(milestones))


def _fields(content: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted names and values of everything that holds no further fields."""
    for key, value in content.items():
        if isinstance(value, dict):
            yield from _fields(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
