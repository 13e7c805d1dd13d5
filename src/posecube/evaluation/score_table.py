"""ScoreTable: what a model thought of each clip; fusion and reports read it."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float32, Int64
from numpy import ndarray

from posecube.errors import UserError
from posecube.files import atomic_path

FIELDS = ("names", "labels", "scores", "classes")
# What numpy, zipfile and zlib raise on files that are damaged or something else.
UNREADABLE = (ValueError, KeyError, OSError, EOFError, TypeError, NotImplementedError, MemoryError, RuntimeError,
              zipfile.BadZipFile, zlib.error)  # fmt: skip


@dataclass(frozen=True, repr=False)
class ScoreTable:
    """Class scores of N clips; checks itself when made.

    Attributes:
        names: Clip names, each once.
        labels: True classes, -1 where unknown. (N,)
        scores: Probabilities of the K classes. (N, K)
        classes: Class names.
    """

    names: tuple[str, ...]
    labels: Int64[ndarray, " N"]
    scores: Float32[ndarray, "N K"]
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        expected = (len(self.names), len(self.classes))
        if self.scores.shape != expected or self.labels.shape != expected[:1]:
            raise UserError(
                f"a score table of {expected[0]} names and {expected[1]} classes needs scores {expected} and labels "
                f"{expected[:1]}, got {self.scores.shape} and {self.labels.shape}"
            )
        if len(set(self.names)) != len(self.names):
            raise UserError("a score table's clip names must differ")
        if not np.isfinite(self.scores).all():
            raise UserError("a score table's scores must be finite")
        if len(self.labels) and not (self.labels.min() >= -1 and self.labels.max() < len(self.classes)):
            raise UserError(
                f"a score table's labels must lie between -1 and {len(self.classes) - 1}, "
                f"got {self.labels.min()} to {self.labels.max()}"
            )

    def save(self, path: str | Path) -> None:
        """Write an .npz file, whole or not at all."""
        with atomic_path(path) as unfinished, unfinished.open("wb") as file:
            np.savez_compressed(
                file,
                names=np.array(self.names, dtype=np.str_),
                labels=self.labels,
                scores=self.scores,
                classes=np.array(self.classes, dtype=np.str_),
            )

    def __repr__(self) -> str:
        return f"ScoreTable({len(self.names)} clips, {len(self.classes)} classes)"

    @classmethod
    def load(cls, path: str | Path) -> ScoreTable:
        """Read a table; nothing in the file is ever unpickled.

        Raises:
            FileNotFoundError: If there is no such file.
            UserError: If it is not a score table.
        """
        path = Path(path)
        if not path.is_file():
            raise FileNotFoundError(f"no score file {path}; write one with `posecube evaluate ... --scores FILE`")
        try:
            with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                names, labels, scores, classes = (file[field] for field in FIELDS)
            return cls(
                tuple(map(str, names)), labels.astype(np.int64), scores.astype(np.float32), tuple(map(str, classes))
            )
        except UNREADABLE as error:
            raise UserError(f"{path} is not a score table ({error})") from error


def fuse(tables: Sequence[ScoreTable], coefficients: Sequence[float] | None = None) -> ScoreTable:
    """Weighted mean of several models' scores of the same clips, matched by name.

    Args:
        coefficients: One a table; equal ones when absent.

    Raises:
        UserError: If the tables' classes, clips or labels differ, or the coefficients do not fit.
    """
    if not tables:
        raise UserError("fusion needs at least one score table")
    weights = np.ones(len(tables)) if coefficients is None else np.asarray(coefficients, dtype=np.float64)
    if len(weights) != len(tables) or weights.min() < 0 or not 0 < weights.sum() < np.inf:
        raise UserError(
            f"expected {len(tables)} coefficients, none below 0 and not all 0, got {list(map(float, weights))}"
        )
    first = tables[0]
    total = np.zeros(first.scores.shape, dtype=np.float64)
    for table, weight in zip(tables, weights / weights.sum(), strict=True):
        total += weight * _aligned(table, first)
    return ScoreTable(first.names, first.labels, total.astype(np.float32), first.classes)


def _aligned(table: ScoreTable, reference: ScoreTable) -> Float32[ndarray, "N K"]:
    """Scores of a table in the reference's order of clips."""
    if table.classes != reference.classes:
        raise UserError("score tables can be fused only if their classes are equal, these differ")
    if set(table.names) != set(reference.names):
        unmatched = sorted(set(table.names) ^ set(reference.names))
        raise UserError(
            f"score tables can be fused only if they hold the same clips; {len(unmatched)} are in one alone, "
            f"such as {unmatched[0]!r}"
        )
    position = {name: row for row, name in enumerate(table.names)}
    rows = [position[name] for name in reference.names]
    if not np.array_equal(table.labels[rows], reference.labels):
        raise UserError("score tables can be fused only if their labels agree, these differ")
    return table.scores[rows]
