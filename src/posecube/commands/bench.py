"""``posecube bench``: speed and memory on this machine."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

NAME, HELP = "bench", "measure speed on this machine"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Names of benchmarks."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results")


def run(options: argparse.Namespace) -> None:
    """Measure what the command line names."""
    bench(options.names, json=options.json)


def bench(names: Sequence[str] = (), *, json: Path | None = None) -> None:
    """Run benchmarks one after another and show what they measured."""
    from rich.table import Table

    from posecube.bench import BENCHMARKS
    from posecube.commands.terminal import console
    from posecube.files import check_output, write_json
    from posecube.lookup import find

    check_output(json)
    chosen = {name: find(BENCHMARKS, name, what="benchmark") for name in names or BENCHMARKS}
    results = {name: measure() for name, measure in chosen.items()}
    table = Table("benchmark", "metric", "value")
    for name, values in results.items():
        for metric, value in values.items():
            table.add_row(name, metric, f"{value:.3f}")
    console.print(table)
    if json:
        write_json(json, results)
