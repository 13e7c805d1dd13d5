"""The robustness report: robustness.json, a chart of all curves, and one page that holds both."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

from jaxtyping import Float
from numpy import ndarray
from rich.table import Table

from posecube.evaluation.robustness.chart import plot_curves
from posecube.evaluation.robustness.corruptions import Worsening
from posecube.evaluation.robustness.curves import Curve, Robustness
from posecube.evaluation.robustness.pose_sources import PoseGrid

_NAMES_SHOWN = 5
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Robustness: {title}</title><style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; color: #222; }}
.wide {{ overflow-x: auto; }} table {{ border-collapse: collapse; margin: .5rem 0 1.5rem; }}
td, th {{ padding: .25rem .7rem; text-align: right; vertical-align: top; font-variant-numeric: tabular-nums; }}
th:first-child, td:first-child {{ text-align: left; }} thead th {{ border-bottom: 2px solid #888; font-weight: 600; }}
tbody tr:nth-child(even) {{ background: #f4f6f8; }} td small {{ display: block; color: #666; white-space: nowrap; }}
.note {{ color: #555; max-width: 60rem; }} img {{ max-width: 100%; }} h2 {{ margin-top: 2rem; }}
</style></head><body>
<h1>Robustness</h1><p>{where}</p>
{notes}
{areas}
<p><img alt="Top-1 over severity, a chart a corruption" src="data:image/png;base64,{chart}"></p>
{grid}
{curves}
</body></html>
"""
_AREAS = """<h2>Areas under the curves</h2>
<p class="note">The mean height of a curve in percent: top-1 over all severities from none to the worst, each as likely.
The mean is over the curves that every model has ({shared}). Small figures are the lowest and the highest of the
seeds.</p>"""
_GRID = """<h2>Poses from elsewhere</h2>
<p class="note">Top-1 of models (rows) on poses of several sources (columns), in percent. A clip that a source lacks,
for nobody was found in it, counts as wrong; the small figure is over the {num_shared} of {num_clips} clips that all
sources have.</p>"""


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


def areas_table(result: Robustness) -> Table:
    """A column a model for the terminal: clean top-1, the area under each curve, their mean."""
    table = Table(title="mean top-1 from no corruption to the worst, %", title_justify="left")
    table.add_column("corruption")
    for model in result.models:
        table.add_column(model, justify="right")
    for name, cells in _area_rows(result).items():
        table.add_row(name, *(figure for figure, _ in cells))
    return table


def grid_table(grid: PoseGrid) -> Table:
    """A row a model, a column a source of poses, for the terminal."""
    table = Table(title="top-1 on poses from elsewhere, % (over the clips that all have)", title_justify="left")
    table.add_column("model")
    for source in grid.source_names:
        table.add_column(source, justify="right")
    for model in grid.models:
        table.add_row(model, *(_grid_text(grid, model, source) for source in grid.source_names))
    table.add_row("clips that lack", *(str(len(matched.missing)) for matched in grid.sources))
    return table


def notes_of(result: Robustness) -> list[str]:
    """What was not scored, or scored with nobody in it, a line each."""
    notes = list(result.remarks)
    by_names: dict[tuple[str, ...], list[str]] = {}
    for model, names in result.empty.items():
        by_names.setdefault(names, []).append(model)
    for names, models in by_names.items():
        if names:
            notes.append(f"{', '.join(models)}: no joint of {_some(names)} reaches it even without corruption")
    if result.grid is not None:
        for matched in result.grid.sources:
            if matched.missing:
                notes.append(f"poses {matched.source.name}: nobody was found in {_some(matched.missing)}")
    notes += [f"{model}, {name}: not scored: {reason}" for (model, name), reason in result.refused.items()]
    return notes


def _page(result: Robustness, where: str, chart: bytes) -> str:
    seeds = ", ".join(map(str, result.seeds))
    notes = "".join(f"<li>{escape(note)}</li>" for note in notes_of(result))
    areas = _AREAS.format(shared=escape(", ".join(result.shared) or "none"))
    return _PAGE.format(
        title=escape(", ".join(result.models)),
        where=escape(f"{where}; corruptions drawn with seeds {seeds}"),
        notes=f"<h2>Notes</h2><ul class='note'>{notes}</ul>" if notes else "",
        areas=areas + _html_table("corruption", result.models, _area_rows(result)) if result.worsenings else "",
        chart=base64.b64encode(chart).decode(),
        grid="" if result.grid is None else _grid_section(result.grid),
        curves="".join(_curve_section(result, made) for made in result.worsenings),
    )


def _grid_section(grid: PoseGrid) -> str:
    rows = {model: [_grid_cell(grid, model, source) for source in grid.source_names] for model in grid.models}
    rows["clips that lack"] = [(str(len(matched.missing)), "") for matched in grid.sources]
    text = _GRID.format(num_shared=int(grid.is_shared.sum()), num_clips=grid.num_clips)
    return text + _html_table("model", grid.source_names, rows)


def _grid_cell(grid: PoseGrid, model: str, source: str) -> tuple[str, str]:
    shared = grid.shared_top1(model, source)
    return f"{grid.top1(model, source):.1f}", "–" if shared is None else f"{shared:.1f}"


def _grid_text(grid: PoseGrid, model: str, source: str) -> str:
    top1, shared = _grid_cell(grid, model, source)
    return f"{top1} ({shared})"


def _curve_section(result: Robustness, made: Worsening) -> str:
    """Figures of one worsening: means, the range over the seeds, and the clips in which nobody is left."""
    curves = [curve for model in result.models if (curve := result.curves.get((model, made.name)))]
    rows = {
        curve.model: [_ranged(mean, values) for mean, values in zip(curve.mean, curve.top1, strict=True)]
        for curve in curves
    }
    notes = _empty_notes(curves)
    text = f"<p class='note'>{escape('; '.join(notes))}.</p>" if notes else ""
    return (
        f"<h2>{escape(made.name)}: {escape(made.title)}</h2>{_html_table(made.unit, made.severity_texts, rows)}{text}"
    )


def _empty_notes(curves: Sequence[Curve]) -> list[str]:
    """Clips of which nothing reaches a network; models are named where they differ in them."""
    models: dict[str, list[str]] = {}
    for curve in curves:
        for text, names in zip(curve.worsening.severity_texts, curve.empty, strict=True):
            if names:
                note = f"at {text} no joint of {_some(names, of=curve.num_clips)} reaches the network"
                models.setdefault(note, []).append(curve.model)
    return [note if len(names) == len(curves) else f"{note} of {', '.join(names)}" for note, names in models.items()]


def _some(names: Sequence[str], *, of: int | None = None) -> str:
    """How many clips, and the names of the first ones; the JSON file has more."""
    shown = ", ".join(names[:_NAMES_SHOWN]) + (", ..." if len(names) > _NAMES_SHOWN else "")
    return f"{len(names)}{'' if of is None else f' of {of}'} clips ({shown})"


def _area_rows(result: Robustness) -> dict[str, list[tuple[str, str]]]:
    """A row a worsening, a figure with its range a model."""
    rows = {"clean": [(f"{result.clean[model]:.1f}", "") for model in result.models]}
    for made in result.worsenings:
        curves = [result.curves.get((model, made.name)) for model in result.models]
        rows[made.name] = [("–", "") if curve is None else _ranged(curve.area, curve.areas) for curve in curves]
    areas = [result.area(model) for model in result.models]
    rows["mean"] = [("–" if area is None else f"{area:.1f}", "") for area in areas]
    return rows


def _ranged(mean: float, values: Float[ndarray, " R"]) -> tuple[str, str]:
    """A mean, and the lowest and highest value where they differ."""
    low, high = f"{min(values):.1f}", f"{max(values):.1f}"
    return f"{mean:.1f}", "" if low == high else f"{low} to {high}"


def _html_table(corner: str, headings: Sequence[str], rows: dict[str, list[tuple[str, str]]]) -> str:
    """A table of figures, each with a small one beneath."""

    def cell(text: str, small: str) -> str:
        return f"<td>{escape(text)}" + (f"<small>{escape(small)}</small>" if small else "") + "</td>"

    head = "".join(f"<th>{escape(heading)}</th>" for heading in (corner, *headings))
    body = "".join(
        f"<tr><td>{escape(name)}</td>" + "".join(cell(*figures) for figures in row) + "</tr>"
        for name, row in rows.items()
    )
    return f"<div class='wide'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
