"""Top-1, top-5, mean-class accuracy and the confusion matrix of a score table."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int64
from numpy import ndarray
from torchmetrics.functional.classification import multiclass_accuracy, multiclass_confusion_matrix

from posecube.errors import UserError
from posecube.evaluation.score_table import ScoreTable


@dataclass(frozen=True)
class Metrics:
    """Metrics in percent.

    Attributes:
        mean_class: Mean over classes of the accuracy on their clips.
    """

    top1: float
    top5: float
    mean_class: float
    num_clips: int

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure(table: ScoreTable) -> Metrics:
    """Score a table on the clips that have labels.

    Raises:
        UserError: If none has.
    """
    scores, labels = _labelled(table)
    num_classes = len(table.classes)
    present = np.unique(labels.numpy())
    by_class = class_accuracy(table)

    def top(k: int) -> float:
        return float(multiclass_accuracy(scores, labels, num_classes, top_k=min(k, num_classes), average="micro"))

    return Metrics(
        top1=round(100 * top(1), 2),
        top5=round(100 * top(5), 2),
        mean_class=round(float(by_class[present].mean()), 2),
        num_clips=len(labels),
    )


def confusion_matrix(table: ScoreTable) -> Int64[ndarray, "K K"]:
    """Clips by true class (row) and class of the best score (column)."""
    scores, labels = _labelled(table)
    return multiclass_confusion_matrix(scores, labels, len(table.classes)).numpy()


def class_accuracy(table: ScoreTable) -> Float[ndarray, " K"]:
    """Accuracy on each class's clips, in percent; NaN for classes without clips."""
    matrix = confusion_matrix(table)
    totals = matrix.sum(axis=1)
    return np.where(totals > 0, 100 * matrix.diagonal() / np.maximum(totals, 1), np.nan)


def _labelled(table: ScoreTable) -> tuple[torch.Tensor, torch.Tensor]:
    known = table.labels >= 0
    if not known.any():
        raise UserError("none of the clips has a label, so there is nothing to measure")
    return torch.from_numpy(table.scores[known]), torch.from_numpy(table.labels[known])
