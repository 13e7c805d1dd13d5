"""The robustness report: robustness.json, a chart of all curves, and one page that holds both."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jaxtyping import Float
from jinja2 import Environment, PackageLoader
from numpy import ndarray
from rich.table import Table

from posecube.evaluation.robustness.chart import plot_curves
from posecube.evaluation.robustness.corruptions import Perturbation
from posecube.evaluation.robustness.curves import Curve, Robustness
from posecube.evaluation.robustness.pose_sources import PoseGrid
from posecube.files import write_json, write_text

_NAMES_SHOWN = 5


@dataclass(frozen=True)
class _Cell:
    """A number of a table, and a small text beneath it."""

    text: str
    small: str = ""


Rows = dict[str, list[_Cell]]


def write_report(result: Robustness, folder: str | Path, *, scored: str) -> tuple[Path, ...]:
    """Write robustness.json, robustness.png and robustness.html, each whole or not at all.

    Args:
        scored: What was scored and how, one line.

    Raises:
        OSError: If the folder cannot be written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    chart = folder / "robustness.png"
    plot_curves(result, chart)
    content, page = folder / "robustness.json", folder / "robustness.html"
    write_json(content, {"scored": scored, **result.as_dict()})
    write_text(page, _page(result, scored, chart.read_bytes()))
    return chart, content, page


def areas_table(result: Robustness) -> Table:
    """A column a model for the terminal: clean top-1, the area under each curve, their mean."""
    table = Table(title="mean top-1 from no corruption to the worst, %", title_justify="left")
    table.add_column("corruption")
    for model in result.models:
        table.add_column(model, justify="right")
    for name, cells in _area_rows(result).items():
        table.add_row(name, *(cell.text for cell in cells))
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
    """What was not scored, or scored without detections, a line each."""
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
                notes.append(f"poses {matched.source.name}: no detections in {_some(matched.missing)}")
    notes += [f"{model}, {name}: not scored: {reason}" for (model, name), reason in result.refused.items()]
    return notes


def _page(result: Robustness, scored: str, chart: bytes) -> str:
    environment = Environment(loader=PackageLoader(__package__, "."), autoescape=True, trim_blocks=True)
    return environment.get_template("report.html.jinja").render(
        result=result,
        scored=scored,
        seeds=", ".join(map(str, result.seeds)),
        notes=notes_of(result),
        areas=_area_rows(result),
        chart=base64.b64encode(chart).decode(),
        grid=result.grid and _grid_rows(result.grid),
        curves=[(made, _curve_rows(result, made), _empty_notes(result, made)) for made in result.perturbations],
    )


def _grid_rows(grid: PoseGrid) -> Rows:
    rows = {model: [_grid_cell(grid, model, source) for source in grid.source_names] for model in grid.models}
    rows["clips that lack"] = [_Cell(str(len(matched.missing))) for matched in grid.sources]
    return rows


def _grid_cell(grid: PoseGrid, model: str, source: str) -> _Cell:
    shared = grid.shared_top1(model, source)
    return _Cell(f"{grid.top1(model, source):.1f}", "–" if shared is None else f"{shared:.1f}")


def _grid_text(grid: PoseGrid, model: str, source: str) -> str:
    cell = _grid_cell(grid, model, source)
    return f"{cell.text} ({cell.small})"


def _curves_of(result: Robustness, made: Perturbation) -> list[Curve]:
    return [curve for model in result.models if (curve := result.curves.get((model, made.name)))]


def _curve_rows(result: Robustness, made: Perturbation) -> Rows:
    """A row a model: means over the seeds with their range, a column a severity."""
    return {
        curve.model: [_ranged(mean, values) for mean, values in zip(curve.mean, curve.top1, strict=True)]
        for curve in _curves_of(result, made)
    }


def _empty_notes(result: Robustness, made: Perturbation) -> list[str]:
    """Clips of which nothing reaches a network; models are named where they differ in them."""
    models: dict[str, list[str]] = {}
    curves = _curves_of(result, made)
    for curve in curves:
        for text, names in zip(curve.perturbation.severity_texts, curve.empty, strict=True):
            if names:
                note = f"at {text} no joint of {_some(names, of=curve.num_clips)} reaches the network"
                models.setdefault(note, []).append(curve.model)
    return [note if len(names) == len(curves) else f"{note} of {', '.join(names)}" for note, names in models.items()]


def _some(names: Sequence[str], *, of: int | None = None) -> str:
    """How many clips, and the names of the first ones; the JSON file has more."""
    shown = ", ".join(names[:_NAMES_SHOWN]) + (", ..." if len(names) > _NAMES_SHOWN else "")
    return f"{len(names)}{'' if of is None else f' of {of}'} clips ({shown})"


def _area_rows(result: Robustness) -> Rows:
    """A row a perturbation, a metric with its range a model."""
    rows = {"clean": [_Cell(f"{result.clean[model]:.1f}") for model in result.models]}
    for made in result.perturbations:
        curves = [result.curves.get((model, made.name)) for model in result.models]
        rows[made.name] = [_Cell("–") if curve is None else _ranged(curve.area, curve.areas) for curve in curves]
    areas = [result.area(model) for model in result.models]
    rows["mean"] = [_Cell("–" if area is None else f"{area:.1f}") for area in areas]
    return rows


def _ranged(mean: float, values: Float[ndarray, " R"]) -> _Cell:
    """A mean, and the lowest and highest value where they differ."""
    low, high = f"{min(values):.1f}", f"{max(values):.1f}"
    return _Cell(f"{mean:.1f}", "" if low == high else f"{low} to {high}")
