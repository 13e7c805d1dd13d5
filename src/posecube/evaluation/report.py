"""Plots of a score table: the confusion matrix and each class's accuracy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from posecube.errors import UserError
from posecube.evaluation.metrics import class_accuracy, confusion_matrix, measure
from posecube.evaluation.score_table import ScoreTable
from posecube.files import atomic_path

LARGEST_SIDE = 24.0  # inches of the matrix; with more classes than 70 the letters shrink


def plot_classes(table: ScoreTable, path: str | Path) -> None:
    """Draw the confusion matrix beside each class's accuracy and write the picture, whole or not at all.

    Raises:
        UserError: If no clip has a label, or the file's ending names no picture format.
    """
    path = Path(path)
    side = min(max(5.0, 0.34 * len(table.classes)), LARGEST_SIDE)
    figure = Figure(figsize=(2.1 * side, side), layout="constrained")
    matrix_axes, class_axes = figure.subplots(1, 2, width_ratios=[1.25, 1])
    _draw_matrix(matrix_axes, table)
    _draw_class_accuracy(class_axes, table)
    kind = path.suffix.lstrip(".").lower()
    if kind not in figure.canvas.get_supported_filetypes():
        raise UserError(f"cannot plot to {path}: expected a name that ends in .png, .svg or .pdf")
    save_figure(figure, path, kind=kind)


def save_figure(figure: Figure, path: Path, *, kind: str = "png", dpi: int = 130) -> None:
    """Write a picture, whole or not at all.

    Raises:
        OSError: If the file cannot be written.
    """
    with atomic_path(path) as unfinished:
        figure.savefig(unfinished, dpi=dpi, format=kind)


def _draw_matrix(axes: Axes, table: ScoreTable) -> None:
    matrix = confusion_matrix(table)
    fraction = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    axes.imshow(fraction, cmap="Blues", vmin=0, vmax=1)
    positions = np.arange(len(table.classes))
    axes.set_xticks(positions, table.classes, rotation=60, ha="right", fontsize=_letter_size(table))
    axes.set_yticks(positions, table.classes, fontsize=_letter_size(table))
    if len(table.classes) <= 40:
        for row, column in zip(*np.nonzero(matrix), strict=True):
            color = "white" if fraction[row, column] > 0.5 else "black"
            axes.text(column, row, str(matrix[row, column]), ha="center", va="center", fontsize=6, color=color)
    axes.set_xlabel("recognised as")
    axes.set_ylabel("true class")
    axes.set_title("Clips by class", fontsize=10)


def _draw_class_accuracy(axes: Axes, table: ScoreTable) -> None:
    accuracy = class_accuracy(table)
    metrics = measure(table)
    positions = np.arange(len(table.classes))
    axes.barh(positions, np.nan_to_num(accuracy), color="#3b76af")
    axes.set_yticks(positions, table.classes, fontsize=_letter_size(table))
    axes.set_ylim(len(table.classes) - 0.5, -0.5)  # the first class on top, in line with the matrix
    axes.set_xlim(0, 100)
    axes.axvline(metrics.mean_class, color="#c0504d", linewidth=1)
    axes.set_xlabel("accuracy, %")
    axes.set_title(
        f"top-1 {metrics.top1:.1f} %, mean of classes {metrics.mean_class:.1f} %, {metrics.num_clips} clips",
        fontsize=10,
    )


def _letter_size(table: ScoreTable) -> float:
    """Points that let each class have a line of its own."""
    return min(7.0, 490 / len(table.classes))
