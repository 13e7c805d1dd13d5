"""RecipeEntry: a recipe, what it is about, what others published for it, and how to run it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from posecube.training.recipe import Recipe

PYSKL, MMACTION2 = "pyskl", "MMAction2"


@dataclass(frozen=True)
class Published:
    """One published figure, in percent.

    Attributes:
        source: Who published it, as it is said after "in": "pyskl", "the paper (table 4)".
        top1: Accuracy.
        mean_class: Mean of the classes' accuracies, of a data set that is known by that.
        of: What it is the accuracy of, if not of this recipe as it stands: "with limbs", "bone".
        views: Test views, where the source tells several figures by them.
        note: What to know of it.
    """

    source: str
    top1: float | None = None
    mean_class: float | None = None
    of: str = ""
    views: int | None = None
    note: str = ""

    def __post_init__(self) -> None:
        assert (self.top1 is None) != (self.mean_class is None), "a figure is either the accuracy or the classes' mean"

    @property
    def heading(self) -> str:
        """What the figure is of, in words."""
        views = f"{self.views} view{'s' if self.views != 1 else ''}" if self.views else ""
        return ", ".join(filter(None, (self.of, "mean of classes" if self.top1 is None else "", views)))

    @property
    def percent(self) -> str:
        """The figure with its note."""
        value = self.mean_class if self.top1 is None else self.top1
        return f"{value} %{f' ({self.note})' if self.note else ''}"


@dataclass(frozen=True)
class RecipeEntry:
    """A recipe of the package.

    Attributes:
        title: Data set, input and network, in a line.
        make: Returns the recipe.
        about: How its settings came about, what differs from the published run.
        paper: Whose row it is. We have trained none of these: their data is large, and it takes GPUs for days.
        published: What others report for it; empty where nobody does.
        commands: From the data to a figure, in the shell.
    """

    title: str
    make: Callable[[], Recipe]
    about: str = ""
    paper: str = ""
    published: tuple[Published, ...] = ()
    commands: tuple[str, ...] = ()

    @property
    def published_text(self) -> str:
        """All figures, those of one thing together; empty for a recipe of our own."""
        if not self.published:
            return "no figure" if self.paper else ""
        if len({figure.source for figure in self.published}) == 1:
            figures = "; ".join(f"{figure.heading} {figure.percent}".strip() for figure in self.published)
            return f"{figures} in {self.published[0].source}"
        return "; ".join(
            f"{heading} {', '.join(f'{figure.percent} in {figure.source}' for figure in figures)}".strip()
            for heading, figures in groupby(self.published, key=lambda figure: figure.heading)
        )

    @property
    def text(self) -> str:
        """All that there is to say, for the terminal."""
        head = (
            [f"Paper: {self.paper}.", f"Published: {self.published_text}.", "Not trained here."] if self.paper else []
        )
        parts = [f"{self.title}.", "\n".join(head), self.about, "\n".join(f"    {line}" for line in self.commands)]
        return "\n\n".join(filter(None, parts))
