"""Temperature and rejection threshold: scores that mean what they say, and a way to say none of these."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.optimize import minimize_scalar

from posecube.errors import UserError
from posecube.evaluation.score_table import ScoreTable
from posecube.model import WeightsCard


def fit_temperature(table: ScoreTable) -> float:
    """The temperature that makes the true classes' likelihood highest.

    Args:
        table: Scores at temperature 1, of labelled clips that did not train the model.

    Source: Guo et al., "On Calibration of Modern Neural Networks".
    """
    logits = np.log(np.maximum(table.scores.astype(np.float64), 1e-12))
    rows = np.arange(len(table.labels))

    def loss(log_temperature: float) -> float:
        return -float(np.log(softened(logits, np.exp(log_temperature))[rows, table.labels] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded").x))


def softened(logits: Float[ndarray, "N K"], temperature: float) -> Float[ndarray, "N K"]:
    """Softmax of logits divided by a temperature."""
    scaled = logits / temperature
    exponential = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return exponential / exponential.sum(axis=1, keepdims=True)


def calibrated_card(card: WeightsCard, table: ScoreTable, *, rejected_percent: float) -> WeightsCard:
    """The card with a fitted temperature and the threshold that rejects a given fraction of known clips.

    Args:
        table: Scores at temperature 1, of labelled clips that did not train the model.
        rejected_percent: Of these clips, how many may have a best score below the threshold, in percent.

    Raises:
        UserError: If it is not in [0, 100), there are no clips, or one has no label.
    """
    if not 0 <= rejected_percent < 100:
        raise UserError(f"rejected_percent must be at least 0 and below 100 %, got {rejected_percent}")
    if len(table.labels) == 0 or (table.labels < 0).any():
        raise UserError("calibration needs clips, and a label for every one of them")
    temperature = round(fit_temperature(table), 4)  # as it will be used, or the scores at the threshold move
    logits = np.log(np.maximum(table.scores.astype(np.float64), 1e-12))
    best = np.sort(softened(logits, temperature).max(axis=1))
    threshold = float(best[int(len(best) * rejected_percent / 100)])
    return card.updated(temperature=temperature, rejection_threshold=float(np.floor(threshold * 1e6) / 1e6))
