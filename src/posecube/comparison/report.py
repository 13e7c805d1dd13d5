"""A comparison as a table for the terminal and as a chart."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from rich.table import Table

from posecube.comparison.question import Question
from posecube.comparison.result import ComparisonResult, Entry, Views
from posecube.evaluation.report import save_figure

FIGURE_NAMES = {"top1": "top-1", "mean_class": "mean of classes"}
VARIANT_COLOURS = ("#a9c7e3", "#3b76af")  # fewer views, more views
FUSION_COLOURS = ("#f3cfa2", "#d9822b")
ROW_HEIGHT = 0.62  # inches
ROOM = 0.15  # of the longest bar, for the figure behind it


def questions_table(questions: Iterable[Question]) -> Table:
    """What can be compared, and what the paper answers."""
    table = Table("name", "question", "the paper's answer", show_lines=True)
    for question in questions:
        table.add_row(question.name, question.asks, question.paper)
    return table


def comparison_table(result: ComparisonResult) -> Table:
    """One row a variant or fusion; figures over several seeds as mean and range."""
    table = Table(title=_headline(result), caption=_caution(result), title_justify="left", caption_justify="left")
    table.add_column("variant")
    table.add_column("network", overflow="fold")
    for heading in ("par.\nM", "GMACs", "epochs", "train\ns"):
        table.add_column(heading, justify="right", no_wrap=True)
    for kind in result.views:
        table.add_column(str(kind), justify="right", min_width=len("90.0–92.0"))
    for entry in result.entries:
        recipe = None if entry.is_fusion else result.comparison.variants[entry.name]
        table.add_row(
            entry.name,
            recipe.model.architecture if recipe else "",
            f"{entry.cost.parameters / 1e6:.3f}",
            f"{entry.cost.gmacs:.3f}",
            str(recipe.epochs) if recipe else "",
            _seconds(entry),
            *(_percent(entry.figures(kind, result.figure)) for kind in result.views),
            end_section=entry is _last_variant(result),
        )
    return table


def plot_comparison(result: ComparisonResult, path: str | Path) -> None:
    """Draw a bar a variant and fusion, with a dot a seed, and write the picture, whole or not at all."""
    path = Path(path)
    picture = Figure(figsize=(9.5, 1.9 + ROW_HEIGHT * len(result.entries)), layout="constrained")
    axes = picture.subplots()
    _draw_bars(axes, result)
    picture.suptitle(textwrap.fill(result.comparison.question, 88), x=0.01, ha="left", fontsize=11)
    axes.set_title(_where(result), loc="left", fontsize=8, color="#555555")
    if len(result.views) > 1:
        picture.legend(handles=_legend(result), loc="outside lower left", ncols=4, fontsize=8, frameon=False)
    save_figure(picture, path)


def _draw_bars(axes: Axes, result: ComparisonResult) -> None:
    height = 0.8 / len(result.views)
    start = _axis_start(result)
    for position, kind in enumerate(result.views):
        rows = np.arange(len(result.entries)) + (position - (len(result.views) - 1) / 2) * height
        for row, entry in zip(rows, result.entries, strict=True):
            figures = entry.figures(kind, result.figure)
            mean = float(np.mean(figures))
            colours = FUSION_COLOURS if entry.is_fusion else VARIANT_COLOURS
            axes.barh(row, mean - start, left=start, height=0.92 * height, color=colours[_shade(result, kind)])
            if len(figures) > 1:
                axes.plot([min(figures), max(figures)], [row, row], color="#333333", linewidth=1)
                axes.plot(figures, [row] * len(figures), "o", color="#333333", markersize=3)
            axes.annotate(
                f"{mean:.1f}", (max(figures), row), xytext=(5, 0), textcoords="offset points", va="center", fontsize=8
            )
    axes.set_yticks(np.arange(len(result.entries)), [_label(entry) for entry in result.entries], fontsize=8)
    axes.set_ylim(len(result.entries) - 0.5, -0.5)
    highest = max(max(entry.figures(kind, result.figure)) for entry in result.entries for kind in result.views)
    axes.set_xlim(start, min(highest + ROOM * (highest - start), 100 + 0.06 * (100 - start)))
    from_where = f", the axis starts at {start}" if start else ""
    axes.tick_params(axis="x", labelsize=8)
    axes.set_xlabel(f"{FIGURE_NAMES[result.figure]}, %{from_where}", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)


def _legend(result: ComparisonResult) -> list[Patch]:
    """What light and dark mean."""
    names = [(VARIANT_COLOURS, "")] + ([(FUSION_COLOURS, "fused, ")] if result.entries[-1].is_fusion else [])
    return [
        Patch(color=colours[_shade(result, kind)], label=f"{prefix}{kind}")
        for colours, prefix in names
        for kind in result.views
    ]


def _label(entry: Entry) -> str:
    """Name and cost, on lines of their own."""
    cost = f"{_brief(entry.cost.parameters / 1e6)} M parameters, {_brief(entry.cost.gmacs)} GMACs"
    seconds = f", {_seconds(entry)} s" if entry.cost.mean_seconds is not None else ""
    return f"{textwrap.fill(entry.name, 40)}\n{cost}{seconds}"


def _brief(number: float) -> str:
    """Two digits that count, one behind the point of larger numbers."""
    return f"{number:.1f}" if number >= 1 else f"{number:.2g}"


def _headline(result: ComparisonResult) -> str:
    return f"{result.comparison.question}\n{FIGURE_NAMES[result.figure]} in %, {_where(result)}"


def _where(result: ComparisonResult) -> str:
    several = len(result.seeds) > 1
    seeds = f"mean and range of seeds {', '.join(map(str, result.seeds))}" if several else f"seed {result.seeds[0]}"
    return f"store {result.store['name']}, {result.num_clips} clips of {result.store['test_split']}, {seeds}"


def _caution(result: ComparisonResult) -> str:
    """What has to be known before a difference is believed."""
    best = max(result.entries, key=lambda entry: entry.mean(result.views[-1], result.figure))
    error = result.standard_error(best, result.views[-1])
    lines = [f"one standard error of top-1 on {result.num_clips} clips: {error:.1f} points"]
    for name, settings in result.comparison.own.items():
        lines.append(f"{name} had settings of its own: {', '.join(settings)}")
    return "\n".join([*lines, f"the paper: {result.comparison.paper}"])


def _last_variant(result: ComparisonResult) -> Entry:
    return [entry for entry in result.entries if not entry.is_fusion][-1]


def _percent(figures: list[float]) -> str:
    mean = f"{np.mean(figures):.2f}"
    return mean if len(figures) == 1 else f"{mean}\n{min(figures):.1f}–{max(figures):.1f}"


def _seconds(entry: Entry) -> str:
    seconds = entry.cost.mean_seconds
    return "?" if seconds is None else f"{seconds:.0f}"


def _shade(result: ComparisonResult, kind: Views) -> int:
    """Dark for the last kind of views, light for the one before."""
    return 1 if kind == result.views[-1] else 0


def _axis_start(result: ComparisonResult) -> int:
    """0, or a multiple of 5 well below the lowest figure where all lie high."""
    lowest = min(min(entry.figures(kind, result.figure)) for entry in result.entries for kind in result.views)
    start = 5 * math.floor((lowest - 0.5 * (100 - lowest)) / 5)
    return max(start, 0)
