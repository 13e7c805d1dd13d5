"""The same clips with poses from elsewhere: another estimator's, or those of a darker video. Matched by clip name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Bool, Int64
from numpy import ndarray

from posecube.errors import UserError
from posecube.evaluation.robustness.corruptions import Perturbation
from posecube.model.predictor import Predictor
from posecube.store import SkeletonStore

NAMES_GIVEN = 20  # of clips without detections; a report of all of them would be too long to read


@dataclass(frozen=True)
class PoseSource:
    """Where poses of clips come from.

    Attributes:
        store: None where no clip has detections.
    """

    name: str
    store: SkeletonStore | None


@dataclass(frozen=True, repr=False)
class PoseSeries(Perturbation):
    """A perturbation of which somebody else has made the poses: one source a severity."""

    sources: tuple[PoseSource, ...] = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.sources) != len(self.severities):
            raise UserError(f"{self.name} has {len(self.severities)} severities and {len(self.sources)} sources")


@dataclass(frozen=True, repr=False)
class MatchedPoses:
    """The clips of a split in a source of poses.

    Attributes:
        names: Of the split's clips. (N)
        rows: Which of them the source has.
        indices: Where it has them.
    """

    source: PoseSource
    names: tuple[str, ...]
    rows: Int64[ndarray, " n"]
    indices: Int64[ndarray, " n"]

    def __repr__(self) -> str:
        return f"MatchedPoses({self.source.name}: {len(self.rows)} of {len(self.names)} clips)"

    @cached_property
    def is_found(self) -> Bool[ndarray, " N"]:
        """Which clips the source has; the others have no detections."""
        found = np.zeros(len(self.names), dtype=bool)
        found[self.rows] = True
        return found

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name, found in zip(self.names, self.is_found, strict=True) if not found)

    def try_out(self, predictor: Predictor) -> None:
        """Refuse what a model cannot read, before anything is scored.

        Raises:
            UserError: If layout or axes do not fit.
        """
        if self.source.store is None:
            return
        try:
            predictor.clips(self.source.store[int(self.indices[0])])
        except UserError as error:
            raise UserError(f"poses {self.source.name}: {error}") from None


def own_poses(name: str, store: SkeletonStore, indices: Int64[ndarray, " N"]) -> MatchedPoses:
    """A split's clips as its own store has them."""
    names = tuple(store.names[int(index)] for index in indices)
    return MatchedPoses(PoseSource(name, store), names, np.arange(len(indices)), indices)


def match_poses(source: PoseSource, store: SkeletonStore, indices: Int64[ndarray, " N"]) -> MatchedPoses:
    """Find a split's clips in another store by their names.

    Raises:
        UserError: If it has none of them, or says of one that it shows another class.
    """
    names = tuple(store.names[int(index)] for index in indices)
    if source.store is None:
        nothing = np.zeros(0, dtype=np.int64)
        return MatchedPoses(source, names, nothing, nothing)
    rows_there = {name: row for row, name in enumerate(source.store.names)}
    rows = np.array([row for row, name in enumerate(names) if name in rows_there], dtype=np.int64)
    if not len(rows):
        raise UserError(
            f"poses {source.name}: store {source.store.path} has none of the {len(names)} clips of store {store.path}; "
            f"clips are matched by name, such as {names[0]!r}, its first is {source.store.names[0]!r}"
        )
    matched = MatchedPoses(source, names, rows, np.array([rows_there[names[row]] for row in rows], dtype=np.int64))
    _check_classes(matched, source.store, store, indices)
    return matched


def _check_classes(
    matched: MatchedPoses, other: SkeletonStore, store: SkeletonStore, indices: Int64[ndarray, " N"]
) -> None:
    """Whether both stores say the same of a clip; one of them may know no label."""
    for row, there_row in zip(matched.rows, matched.indices, strict=True):
        here, there = store.labels[indices[row]], other.labels[there_row]
        if here >= 0 and there >= 0 and store.classes[here] != other.classes[there]:
            raise UserError(
                f"poses {matched.source.name}: clip {matched.names[row]!r} is {other.classes[there]!r} in store "
                f"{other.path} and {store.classes[here]!r} in store {store.path}; give stores of the same classes"
            )


@dataclass(frozen=True, repr=False)
class PoseGrid:
    """Top-1 of models, each on the poses of several sources: PoseConv3D's figure 5, trained on A, tested on B.

    Attributes:
        is_correct: Whether a model names a clip correctly from a source's poses; never where the source lacks it.
    """

    models: tuple[str, ...]
    sources: tuple[MatchedPoses, ...]
    is_correct: dict[tuple[str, str], Bool[ndarray, " N"]]

    def __repr__(self) -> str:
        return f"PoseGrid({', '.join(self.models)} on {', '.join(self.source_names)})"

    @property
    def source_names(self) -> tuple[str, ...]:
        return tuple(matched.source.name for matched in self.sources)

    @property
    def num_clips(self) -> int:
        return len(self.sources[0].names)

    @cached_property
    def is_shared(self) -> Bool[ndarray, " N"]:
        """Clips that all sources have."""
        return np.logical_and.reduce([matched.is_found for matched in self.sources])

    def top1(self, model: str, source: str) -> float:
        """Over all clips, in percent; those that the source lacks count as wrong."""
        return float(100 * self.is_correct[model, source].mean())

    def shared_top1(self, model: str, source: str) -> float | None:
        """Over the clips that all sources have, in percent; None where there are none."""
        return float(100 * self.is_correct[model, source][self.is_shared].mean()) if self.is_shared.any() else None

    def as_dict(self) -> dict[str, Any]:
        """Of the report's JSON file."""
        return {
            "num_clips": self.num_clips,
            "num_shared": int(self.is_shared.sum()),
            "sources": {matched.source.name: {"missing": counted(matched.missing)} for matched in self.sources},
            "models": {
                model: {
                    source: {
                        "top1": round(self.top1(model, source), 2),
                        "top1_shared": None
                        if (shared := self.shared_top1(model, source)) is None
                        else round(shared, 2),
                    }
                    for source in self.source_names
                }
                for model in self.models
            },
        }


def counted(names: Sequence[str]) -> dict[str, Any]:
    """How many clips, and the names of the first ones."""
    return {"count": len(names), "names": list(names[:NAMES_GIVEN])}
