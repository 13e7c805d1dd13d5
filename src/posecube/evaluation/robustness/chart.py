"""The chart of a robustness report: a panel a perturbation, a line a model, and a heat map of the grid of poses."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy import ndarray

from posecube.evaluation.report import save_figure
from posecube.evaluation.robustness.corruptions import Perturbation
from posecube.evaluation.robustness.curves import Robustness
from posecube.evaluation.robustness.pose_sources import PoseGrid

_COLUMNS = 3
_PANEL_INCHES = (4.8, 3.6)
_MARKERS = "os^Dv<>P"
_DASHES = ("-", "--", "-.", ":")


def plot_curves(result: Robustness, path: str | Path) -> None:
    """Draw all curves, with the range of their seeds as a band, and the grid; written whole or not at all."""
    path = Path(path)
    num_panels = len(result.perturbations) + (result.grid is not None)
    columns = min(_COLUMNS, num_panels)
    rows = -(-num_panels // columns)
    size = (max(7.0, _PANEL_INCHES[0] * columns), _PANEL_INCHES[1] * rows + 0.3 * len(result.models) / 2 + 0.4)
    figure = Figure(figsize=size, layout="constrained")
    figure.get_layout_engine().set(h_pad=0.12, w_pad=0.06)  # type: ignore[union-attr, call-arg]
    panels = np.atleast_1d(figure.subplots(rows, columns)).ravel()
    for axes, made in zip(panels, result.perturbations, strict=False):
        _draw_curves(axes, result, made)
    if result.grid is not None:
        _draw_grid(panels[len(result.perturbations)], result.grid)
    for axes in panels[num_panels:]:
        axes.set_visible(False)
    if result.perturbations:
        figure.legend(
            handles=_legend(result), loc="outside lower center", ncols=min(3, len(result.models)), frameon=False
        )
    save_figure(figure, path, dpi=120)


def _style(index: int) -> dict[str, object]:
    """Colours, marks and dashes: lines of several models lie on one another, and not everybody sees colours."""
    colours = matplotlib.colormaps["tab10"].colors  # type: ignore[attr-defined]
    return {
        "color": colours[index % len(colours)],
        "marker": _MARKERS[index % len(_MARKERS)],
        "markersize": 4,
        "linestyle": _DASHES[index % len(_DASHES)],
        "linewidth": 1.6,
    }


def _legend(result: Robustness) -> list[Line2D]:
    """A model with its single number."""
    handles = []
    for index, model in enumerate(result.models):
        area = result.area(model)
        label = model if area is None else f"{model} (mean area {area:.1f})"
        handles.append(Line2D([], [], label=label, **_style(index)))  # type: ignore[arg-type]
    return handles


def _coordinates(made: Perturbation) -> Float[ndarray, " S"]:
    """Coordinates of the severities along the axis."""
    severities = np.array(made.severities)
    return np.sqrt(severities) if made.axis == "root" else severities


def _draw_curves(axes: Axes, result: Robustness, made: Perturbation) -> None:
    x = _coordinates(made)
    for index, model in enumerate(result.models):
        curve = result.curves.get((model, made.name))
        if curve is None:
            continue
        style = _style(index)
        axes.plot(x, curve.mean, **style)  # type: ignore[arg-type]
        low, high = curve.top1.min(axis=1), curve.top1.max(axis=1)
        axes.fill_between(x, low, high, color=style["color"], alpha=0.2, linewidth=0)
    axes.set_xticks(x, made.severity_texts, fontsize=8, rotation=60 if made.axis == "root" else 0)
    axes.set_ylim(0, 102)
    axes.grid(alpha=0.3)
    axes.set_title(made.title, fontsize=10)
    axes.set_xlabel(made.unit + (" (root scale)" if made.axis == "root" else ""), fontsize=9)
    axes.set_ylabel("top-1, %", fontsize=9)


def _draw_grid(axes: Axes, grid: PoseGrid) -> None:
    top1 = np.array([[grid.top1(model, source) for source in grid.source_names] for model in grid.models])
    axes.imshow(top1, cmap="viridis", vmin=0, vmax=100, aspect="auto")
    for row, column in np.ndindex(top1.shape):
        value = top1[row, column]
        axes.text(column, row, f"{value:.1f}", ha="center", va="center", color="black" if value > 60 else "white")
    axes.set_xticks(range(len(grid.source_names)), grid.source_names, fontsize=8)
    axes.set_yticks(range(len(grid.models)), [Path(model).name for model in grid.models], fontsize=8)
    axes.set_title("poses from elsewhere: top-1, %", fontsize=10)
    axes.set_xlabel("poses tested on", fontsize=9)
