"""Plots of a score table: the confusion matrix and each class's accuracy."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from posecube.evaluation.metrics import class_accuracy, confusion_matrix, measure
from posecube.evaluation.score_table import ScoreTable

mpl.use("Agg")


def plot_classes(table: ScoreTable, path: str | Path) -> None:
    """Draw the confusion matrix beside each class's accuracy and write the picture, whole or not at all.

    Raises:
        ValueError: If no clip has a label, or the file's ending names no picture format.
    """
    path = Path(path)
    side = max(5.0, 0.34 * len(table.classes))
    figure = Figure(figsize=(2.1 * side, side), layout="constrained")
    matrix_axes, class_axes = figure.subplots(1, 2, width_ratios=[1.25, 1])
    _draw_matrix(matrix_axes, table)
    _draw_class_accuracy(class_axes, table)
    kind = path.suffix.lstrip(".").lower()
    if kind not in figure.canvas.get_supported_filetypes():
        raise ValueError(f"cannot plot to {path}: expected a name that ends in .png, .svg or .pdf")
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        figure.savefig(unfinished, dpi=130, format=kind)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _draw_matrix(axes: Axes, table: ScoreTable) -> None:
    matrix = confusion_matrix(table)
    share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    positions = np.arange(len(table.classes))
    axes.set_xticks(positions, table.classes, rotation=60, ha="right", fontsize=7)
    axes.set_yticks(positions, table.classes, fontsize=7)
    if len(table.classes) <= 40:
        for row, column in zip(*np.nonzero(matrix), strict=True):
            color = "white" if share[row, column] > 0.5 else "black"
            axes.text(column, row, str(matrix[row, column]), ha="center", va="center", fontsize=6, color=color)
    axes.set_xlabel("recognised as")
    axes.set_ylabel("true class")
    axes.set_title("Clips by class")


def _draw_class_accuracy(axes: Axes, table: ScoreTable) -> None:
    accuracy = class_accuracy(table)
    metrics = measure(table)
    positions = np.arange(len(table.classes))
    axes.barh(positions, np.nan_to_num(accuracy), color="#3b76af")
    axes.set_yticks(positions, table.classes, fontsize=7)
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.axvline(metrics.mean_class, color="#c0504d", linewidth=1, label=f"mean {metrics.mean_class:.1f} %")
    axes.legend(loc="lower left", fontsize=7)
    axes.set_xlabel("named right, %")
    axes.set_title(f"top-1 {metrics.top1:.1f} %, {metrics.num_clips} clips")
