"""The robustness report: robustness.json, a chart of all curves, and one page that holds both."""

from __future__ import annotations

import base64
import json
from html import escape
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from rich.table import Table

from posecube.evaluation.corruptions import Corruption
from posecube.evaluation.robustness import Robustness

_COLUMNS = 3
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Robustness: {title}</title><style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #222; }}
table {{ border-collapse: collapse; margin: 1rem 0 2rem; }} td, th {{ padding: .25rem .8rem; text-align: right; }}
th:first-child, td:first-child {{ text-align: left; }} thead th {{ border-bottom: 2px solid #888; }}
tbody tr:nth-child(even) {{ background: #f4f6f8; }} .note {{ color: #666; }} img {{ max-width: 100%; }}
</style></head><body>
<h1>Robustness</h1><p>{where}</p>
<h2>Area under the curves</h2>
<p class="note">Mean top-1 from no corruption to the worst, in percent. The mean is over the corruptions that every
model has a curve of.</p>
{areas}
<img alt="Top-1 over severity, a chart a corruption" src="data:image/png;base64,{chart}">
{curves}
{notes}
</body></html>
"""


def write_report(result: Robustness, folder: str | Path, *, where: str) -> tuple[Path, ...]:
    """Write robustness.json, robustness.png and robustness.html, each whole or not at all.

    Args:
        where: What was scored, one line.

    Raises:
        OSError: If the folder cannot be written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    chart = folder / "robustness.png"
    plot_curves(result, chart)
    contents = {
        "robustness.json": json.dumps({"scored": where, **result.as_dict()}, indent=1) + "\n",
        "robustness.html": _page(result, where, chart.read_bytes()),
    }
    for name, content in contents.items():
        unfinished = folder / f"{name}.unfinished"
        try:
            unfinished.write_text(content, encoding="utf-8")
            unfinished.replace(folder / name)
        finally:
            unfinished.unlink(missing_ok=True)
    return chart, *(folder / name for name in contents)


def plot_curves(result: Robustness, path: str | Path) -> None:
    """One chart a corruption, one line a model with the range of its seeds; written whole or not at all."""
    path = Path(path)
    rows = -(-len(result.corruptions) // _COLUMNS)
    columns = min(_COLUMNS, len(result.corruptions))
    figure = Figure(figsize=(4.6 * columns, 3.5 * rows + 0.5), layout="constrained")
    charts = np.atleast_1d(figure.subplots(rows, columns, sharey=True)).ravel()
    colours = matplotlib.colormaps["tab10"].colors  # type: ignore[attr-defined]
    for axes, made in zip(charts, result.corruptions, strict=False):
        _draw_curves(axes, result, made, colours)
    for axes in charts[len(result.corruptions) :]:
        axes.set_visible(False)
    handles = [
        Line2D([], [], color=colours[index % len(colours)], marker="o", markersize=4, label=model)
        for index, model in enumerate(result.models)
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=min(4, len(handles)), frameon=False)
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        figure.savefig(unfinished, dpi=120, format="png")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def areas_table(result: Robustness) -> Table:
    """A column a model for the terminal: clean top-1, the area under each curve, their mean."""
    table = Table(title="mean top-1 from no corruption to the worst, %", title_justify="left")
    table.add_column("corruption")
    for model in result.models:
        table.add_column(model, justify="right")
    for row in zip(_area_headings(result)[1:], *(row[1:] for row in _area_rows(result)), strict=True):
        table.add_row(*row)
    return table


def _draw_curves(axes: Axes, result: Robustness, made: Corruption, colours: tuple) -> None:
    places = np.arange(len(made.severities))  # evenly apart: alphas of noise would crowd at 0
    for index, model in enumerate(result.models):
        curve = result.curves.get((model, made.name))
        if curve is None:
            continue
        colour = colours[index % len(colours)]
        axes.plot(places, curve.mean, marker="o", markersize=3.5, color=colour, linewidth=1.6)
        axes.fill_between(places, curve.top1.min(axis=1), curve.top1.max(axis=1), color=colour, alpha=0.2, linewidth=0)
    axes.set_xticks(places, [f"{severity:g}" for severity in made.severities], fontsize=7)
    axes.set_ylim(0, 100)
    axes.grid(alpha=0.3)
    axes.set_title(made.title, fontsize=10)
    axes.set_xlabel(made.unit, fontsize=8)
    axes.set_ylabel("top-1, %", fontsize=8)


def _page(result: Robustness, where: str, chart: bytes) -> str:
    refused = "".join(
        f"<li>{escape(model)}, {escape(name)}: {escape(reason)}</li>"
        for (model, name), reason in result.refused.items()
    )
    seeds = ", ".join(map(str, result.seeds))
    return _PAGE.format(
        title=escape(", ".join(result.models)),
        where=escape(f"{where}; corruptions drawn with seeds {seeds}"),
        areas=_html_table(_area_headings(result), _area_rows(result)),
        chart=base64.b64encode(chart).decode(),
        curves="".join(_curve_section(result, made) for made in result.corruptions),
        notes=f"<h2>Not scored</h2><ul>{refused}</ul>" if refused else "",
    )


def _curve_section(result: Robustness, made: Corruption) -> str:
    """Figures of one corruption: mean, and the range over the seeds where it is not 0."""
    rows, notes = [], []
    for model in result.models:
        curve = result.curves.get((model, made.name))
        if curve is None:
            continue
        figures = zip(curve.mean, curve.spread, strict=True)
        rows.append([model, *(f"{mean:.1f}" + (f" ± {spread / 2:.1f}" if spread else "") for mean, spread in figures)])
        notes += [
            f"{count} of {curve.num_clips} clips have nobody left at {severity:g}"
            for severity, count in zip(made.severities, curve.num_empty, strict=True)
            if count
        ]
    text = f"<p class='note'>{escape('; '.join(dict.fromkeys(notes)))}.</p>" if notes else ""
    headings = [made.unit, *(f"{severity:g}" for severity in made.severities)]
    return f"<h2>{escape(made.name)}: {escape(made.title)}</h2>{_html_table(headings, rows)}{text}"


def _area_headings(result: Robustness) -> list[str]:
    return ["model", "clean", *(made.name for made in result.corruptions), "mean"]


def _area_rows(result: Robustness) -> list[list[str]]:
    rows = []
    for model in result.models:
        curves = [result.curves.get((model, made.name)) for made in result.corruptions]
        clean = next((f"{curve.mean[0]:.1f}" for curve in curves if curve is not None), "–")
        area = result.area(model)
        areas = ["–" if curve is None else f"{curve.area:.1f}" for curve in curves]
        rows.append([model, clean, *areas, "–" if area is None else f"{area:.1f}"])
    return rows


def _html_table(headings: list[str], rows: list[list[str]]) -> str:
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
