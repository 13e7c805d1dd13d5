"""What `posecube bench` does."""

from __future__ import annotations

from argparse import Namespace

from rich.table import Table

from posecube.commands.terminal import check_outputs, console, write_json
from posecube.errors import UserError


def bench(options: Namespace) -> None:
    """Measure speed on this machine."""
    from posecube.bench import BENCHMARKS

    check_outputs(options.json)
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        raise UserError(f"unknown benchmark {unknown[0]!r}; known: {', '.join(BENCHMARKS)}")
    figures = {name: BENCHMARKS[name]() for name in options.names or BENCHMARKS}
    table = Table("benchmark", "figure", "value")
    for name, values in figures.items():
        for figure, value in values.items():
            table.add_row(name, figure, f"{value:.3f}")
    console.print(table)
    if options.json:
        write_json(options.json, figures)
