"""What a comparison found: figures of every variant and fusion, over seeds and kinds of test views."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from posecube.comparison.question import Comparison, differences
from posecube.evaluation import Metrics

Figure = Literal["top1", "mean_class"]


@dataclass(frozen=True, order=True)
class Views:
    """How a clip is tested: so many views, and their mirror images if ``flip``."""

    num_views: int = 1
    flip: bool = False

    def __str__(self) -> str:
        return f"{self.num_views} view{'s' if self.num_views > 1 else ''}{' + flip' if self.flip else ''}"

    @property
    def scores_file(self) -> str:
        """Name of the score table in a run's folder."""
        return f"scores-{self.num_views}{'-flip' if self.flip else ''}.npz"


@dataclass(frozen=True)
class Cost:
    """What a variant costs; of a fusion, the sum.

    Attributes:
        parameters: Numbers that training fits.
        gmacs: Multiply-adds of one view in billions.
        seconds: Training time of each seed, None where it was not taken.
    """

    parameters: int
    gmacs: float
    seconds: tuple[float | None, ...]

    def __add__(self, other: Cost) -> Cost:
        pairs = zip(self.seconds, other.seconds, strict=True)
        seconds = tuple(None if a is None or b is None else a + b for a, b in pairs)
        return Cost(self.parameters + other.parameters, self.gmacs + other.gmacs, seconds)

    @property
    def mean_seconds(self) -> float | None:
        known = [seconds for seconds in self.seconds if seconds is not None]
        return sum(known) / len(known) if known else None


@dataclass(frozen=True)
class Entry:
    """One variant, or a fusion of several, with the figures of each seed.

    Attributes:
        variants: One name, or those of a fusion.
        metrics: For each kind of test views, one a seed.
    """

    variants: tuple[str, ...]
    cost: Cost
    metrics: Mapping[Views, tuple[Metrics, ...]]

    @property
    def name(self) -> str:
        return " + ".join(self.variants)

    @property
    def is_fusion(self) -> bool:
        return len(self.variants) > 1

    def figures(self, views: Views, figure: Figure) -> list[float]:
        """One figure of each seed, in percent."""
        return [float(getattr(metrics, figure)) for metrics in self.metrics[views]]

    def mean(self, views: Views, figure: Figure) -> float:
        """The mean over seeds, in percent."""
        figures = self.figures(views, figure)
        return sum(figures) / len(figures)


@dataclass(frozen=True)
class ComparisonResult:
    """A finished comparison.

    Attributes:
        store: Name, fingerprint and number of clips.
        figure: The figure that the data set is known by.
        entries: Variants in their order, then fusions.
    """

    comparison: Comparison
    store: Mapping[str, Any]
    seeds: tuple[int, ...]
    views: tuple[Views, ...]
    figure: Figure
    entries: tuple[Entry, ...]

    @property
    def num_clips(self) -> int:
        """Test clips with a label."""
        return self.entries[0].metrics[self.views[0]][0].num_clips

    def standard_error(self, entry: Entry, views: Views) -> float:
        """How far the accuracy strays with the choice of so many test clips, in percent points."""
        accuracy = entry.mean(views, "top1") / 100
        return 100 * math.sqrt(accuracy * (1 - accuracy) / self.num_clips)

    def as_dict(self) -> dict[str, Any]:
        """As it is written to JSON."""
        comparison = self.comparison
        return {
            "comparison": comparison.name,
            "question": comparison.question,
            "paper": comparison.paper,
            "store": dict(self.store),
            "num_test_clips": self.num_clips,
            "seeds": list(self.seeds),
            "figure": self.figure,
            "differences": differences(comparison.variants),
            "own_settings": {name: list(settings) for name, settings in comparison.own.items()},
            "variants": [self._entry_as_dict(entry) for entry in self.entries if not entry.is_fusion],
            "fusions": [self._entry_as_dict(entry) for entry in self.entries if entry.is_fusion],
        }

    def _entry_as_dict(self, entry: Entry) -> dict[str, Any]:
        cost = {"parameters": entry.cost.parameters, "gmacs": round(entry.cost.gmacs, 4)}
        described: dict[str, Any] = {"name": entry.name, **cost, "train_seconds": list(entry.cost.seconds)}
        if entry.is_fusion:
            described["variants"] = list(entry.variants)
        else:
            recipe = self.comparison.variants[entry.name]
            described |= {"architecture": recipe.model.architecture, "epochs": recipe.epochs}
        scores = {}
        for views in self.views:
            scores[str(views)] = {
                "top1": entry.figures(views, "top1"),
                "mean_class": entry.figures(views, "mean_class"),
                "mean_top1": round(entry.mean(views, "top1"), 2),
                "mean_mean_class": round(entry.mean(views, "mean_class"), 2),
                "standard_error_top1": round(self.standard_error(entry, views), 2),
            }
        return {**described, "scores": scores}
