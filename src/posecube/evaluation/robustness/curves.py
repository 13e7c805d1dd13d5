"""Accuracy over how bad skeletons are, of several models: curves, the area under each, what could not be scored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube.evaluation.robustness.corruptions import Perturbation
from posecube.evaluation.robustness.pose_sources import PoseGrid, counted


@dataclass(frozen=True, repr=False)
class Curve:
    """Top-1 of one model over the severities of one perturbation.

    Attributes:
        top1: In percent, a row a severity, a column a seed; one column where nothing is drawn. (S, R)
        empty: For each severity the clips of which no joint is left, under any seed; they were scored all the same, and
            those that a source of poses lacks counted as wrong. (S)
        num_clips: Clips that were scored.
    """

    model: str
    perturbation: Perturbation
    top1: Float[ndarray, "S R"]
    empty: tuple[tuple[str, ...], ...]
    num_clips: int

    def __repr__(self) -> str:
        return f"Curve({self.model}, {self.perturbation.name}: area {self.area:.1f} %)"

    @property
    def mean(self) -> Float[ndarray, " S"]:
        return self.top1.mean(axis=1)

    @property
    def spread(self) -> Float[ndarray, " S"]:
        """Largest less smallest over the seeds."""
        return np.ptp(self.top1, axis=1)

    @property
    def num_empty(self) -> list[int]:
        return [len(names) for names in self.empty]

    @property
    def areas(self) -> Float[ndarray, " R"]:
        """For each seed the mean height of the curve: the area under it, by trapezoids, over its width, in percent."""
        severities = np.array(self.perturbation.severities)
        return np.trapezoid(self.top1, severities, axis=0) / np.ptp(severities)

    @property
    def area(self) -> float:
        """Mean top-1 over all severities from none to the worst, each as likely, in percent."""
        return float(self.areas.mean())

    def as_dict(self) -> dict[str, Any]:
        return {
            "severities": list(self.perturbation.severities),
            "unit": self.perturbation.unit,
            "top1": _rounded(self.mean),
            "spread": _rounded(self.spread),
            "top1_by_seed": [_rounded(column) for column in self.top1.T],
            "area": round(self.area, 2),
            "area_by_seed": _rounded(self.areas),
            "num_empty": self.num_empty,
            "empty": [counted(names) for names in self.empty],
            "num_clips": self.num_clips,
        }


@dataclass(frozen=True, repr=False)
class Robustness:
    """All curves of some models on one split.

    Attributes:
        clean: Top-1 of each model on the clips as they are, in percent.
        empty: For each model the clips of which no joint reaches it even so.
        refused: (model, perturbation) -> why there is no curve: the corruption does not know the layout, say.
        seeds: How the corruptions were drawn.
        grid: The models on other sources' poses, where there are some.
        remarks: What else the reader must know, a line each.
    """

    models: tuple[str, ...]
    perturbations: tuple[Perturbation, ...]
    curves: dict[tuple[str, str], Curve]
    refused: dict[tuple[str, str], str]
    seeds: tuple[int, ...]
    clean: dict[str, float] = field(default_factory=dict)
    empty: dict[str, tuple[str, ...]] = field(default_factory=dict)
    grid: PoseGrid | None = None
    remarks: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Robustness({', '.join(self.models)}: {len(self.curves)} curves)"

    @property
    def shared(self) -> list[str]:
        """The perturbations that every model has a curve of: what models can be compared by."""
        return [
            made.name for made in self.perturbations if all((model, made.name) in self.curves for model in self.models)
        ]

    def area(self, model: str) -> float | None:
        """A model's single number: the mean area over the curves that every model has; None for none."""
        return float(np.mean([self.curves[model, name].area for name in self.shared])) if self.shared else None

    def as_dict(self) -> dict[str, Any]:
        """What the report's JSON file holds; metrics in percent."""
        return {
            "seeds": list(self.seeds),
            "mean_area_over": self.shared,
            "models": {
                model: {
                    "clean": self.clean.get(model),
                    "area": None if (area := self.area(model)) is None else round(area, 2),
                    "empty": counted(self.empty.get(model, ())),
                    "corruptions": {
                        made.name: self.curves[model, made.name].as_dict()
                        if (model, made.name) in self.curves
                        else {"refused": self.refused[model, made.name]}
                        for made in self.perturbations
                    },
                }
                for model in self.models
            },
            "poses": None if self.grid is None else self.grid.as_dict(),
            "remarks": list(self.remarks),
        }


def _rounded(values: Float[ndarray, " n"]) -> list[float]:
    return [round(float(value), 2) for value in values]
