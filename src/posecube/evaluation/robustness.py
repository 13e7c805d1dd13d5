"""How much of its accuracy a model keeps as skeletons get worse: curves, and the area under each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int64
from numpy import ndarray

from posecube.evaluation.corruptions import Corruption
from posecube.evaluation.metrics import measure
from posecube.evaluation.predict import in_layout, predict
from posecube.model import ActionModel, WeightsCard
from posecube.sampling import is_empty
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.store import SkeletonStore

Loaded = tuple[ActionModel, WeightsCard]


@dataclass(frozen=True)
class Curve:
    """Top-1 of one model over the severities of one corruption.

    Attributes:
        top1: In percent, a row a severity, a column a seed. (S, R)
        num_empty: Clips in which nobody was left, the most of any seed; they were scored all the same. (S,)
        num_clips: Clips that were scored.
    """

    model: str
    corruption: Corruption
    top1: Float[ndarray, "S R"]
    num_empty: Int64[ndarray, " S"]
    num_clips: int

    @property
    def mean(self) -> Float[ndarray, " S"]:
        return self.top1.mean(axis=1)

    @property
    def spread(self) -> Float[ndarray, " S"]:
        """Largest less smallest over the seeds."""
        return np.ptp(self.top1, axis=1)

    @property
    def area(self) -> float:
        """Mean top-1 over all severities from 0 to the worst: the area under the curve over its width, in percent."""
        severities = np.array(self.corruption.severities)
        return float(np.trapezoid(self.mean, severities) / severities[-1])

    def as_dict(self) -> dict[str, Any]:
        return {
            "severities": list(self.corruption.severities),
            "top1": [round(float(value), 2) for value in self.mean],
            "spread": [round(float(value), 2) for value in self.spread],
            "area": round(self.area, 2),
            "num_empty": self.num_empty.tolist(),
            "num_clips": self.num_clips,
        }


@dataclass(frozen=True)
class Robustness:
    """All curves of some models on one split.

    Attributes:
        refused: (model, corruption) -> why there is no curve: the corruption does not know the layout, say.
        seeds: How the corruptions were drawn.
    """

    models: tuple[str, ...]
    corruptions: tuple[Corruption, ...]
    curves: dict[tuple[str, str], Curve]
    refused: dict[tuple[str, str], str]
    seeds: tuple[int, ...]

    def area(self, model: str) -> float | None:
        """A model's single number: the mean area over the corruptions that every model has a curve of; None for none.

        Over these alone, so that models can be compared.
        """
        shared = [c.name for c in self.corruptions if all((other, c.name) in self.curves for other in self.models)]
        return float(np.mean([self.curves[model, name].area for name in shared])) if shared else None

    def as_dict(self) -> dict[str, Any]:
        """What the report's JSON file holds; figures in percent."""
        return {
            "seeds": list(self.seeds),
            "models": {
                model: {
                    "area": None if (area := self.area(model)) is None else round(area, 2),
                    "corruptions": {
                        c.name: self.curves[model, c.name].as_dict()
                        if (model, c.name) in self.curves
                        else {"refused": self.refused[model, c.name]}
                        for c in self.corruptions
                    },
                }
                for model in self.models
            },
        }


def measure_robustness(
    models: Mapping[str, Loaded],
    store: SkeletonStore,
    indices: Int64[ndarray, " N"],
    corruptions: Sequence[Corruption],
    *,
    seeds: Sequence[int] = (0,),
    num_views: int = 1,
    flips: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> Robustness:
    """Score every model on every corruption of a split.

    A corruption acts on the store's own joints, before they are converted or cropped. What a seed draws for a clip is
    the same for all models. Without corruption a model is scored once.

    Args:
        seeds: One curve each.
        progress: Called with what is being scored, and how many of how many scorings are done.

    Raises:
        ValueError: If the store's classes are not a model's, or no clip has a label.
    """
    total = len(models) * (1 + sum((len(made.severities) - 1) * len(seeds) for made in corruptions))
    scorings = _Scorings(store, indices, num_views, flips, progress or (lambda *_: None), total)
    curves: dict[tuple[str, str], Curve] = {}
    refused: dict[tuple[str, str], str] = {}
    for name, loaded in models.items():
        clean = scorings.top1(f"{name}, clean", loaded, None)
        for made in corruptions:
            try:
                _try_out(made, store, indices, loaded[1])
            except ValueError as error:
                refused[name, made.name] = str(error)
                scorings.num_done += (len(made.severities) - 1) * len(seeds)
                continue
            curves[name, made.name] = _curve(scorings, name, loaded, made, clean=clean, seeds=seeds)
    return Robustness(tuple(models), tuple(corruptions), curves, refused, tuple(seeds))


@dataclass
class _Scorings:
    """What all scorings share, and how many are done."""

    store: SkeletonStore
    indices: Int64[ndarray, " N"]
    num_views: int
    flips: bool
    progress: Callable[[str, int, int], None]
    total: int
    num_done: int = 0

    def top1(self, what: str, loaded: Loaded, change: Callable[[SkeletonSequence], SkeletonSequence] | None) -> float:
        self.progress(what, self.num_done, self.total)
        table = predict(*loaded, self.store, self.indices, num_views=self.num_views, flips=self.flips, change=change)
        self.num_done += 1
        return measure(table).top1

    def num_empty(self, card: WeightsCard) -> int:
        """Clips that show this model nobody as they are."""
        return sum(is_empty(in_layout(self.store[int(index)], card), card.model.clip) for index in self.indices)


def _curve(
    scorings: _Scorings, name: str, loaded: Loaded, made: Corruption, *, clean: float, seeds: Sequence[int]
) -> Curve:
    top1 = np.full((len(made.severities), len(seeds)), clean)
    num_empty = np.zeros(top1.shape, dtype=np.int64)
    num_empty[0] = scorings.num_empty(loaded[1])
    for row, severity in enumerate(made.severities[1:], start=1):
        for column, seed in enumerate(seeds):
            change = _Change(made, severity, seed, loaded[1])
            top1[row, column] = scorings.top1(f"{name}, {made.name} {severity:g}", loaded, change)
            num_empty[row, column] = change.num_empty
    return Curve(name, made, top1, num_empty.max(axis=1), len(scorings.indices))


class _Change:
    """One corruption at one severity, which counts the clips that it leaves empty."""

    def __init__(self, made: Corruption, severity: float, seed: int, card: WeightsCard) -> None:
        self._made, self._severity, self._seed, self._card = made, severity, seed, card
        self.num_empty = 0

    def __call__(self, sequence: SkeletonSequence) -> SkeletonSequence:
        changed = self._made.applied(sequence, self._severity, seed=self._seed)
        self.num_empty += is_empty(in_layout(changed, self._card), self._card.model.clip)
        return changed


def _try_out(made: Corruption, store: SkeletonStore, indices: Int64[ndarray, " N"], card: WeightsCard) -> None:
    """Raise what the corruption has against the store's layout, before anything is scored."""
    sequence = store[int(indices[0])]
    in_layout(made.applied(sequence, made.severities[-1], seed=0), card)
