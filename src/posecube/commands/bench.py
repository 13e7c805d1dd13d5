"""``posecube bench``: the scripts of the folder benchmarks/ that anyone can run, each in a process of its own."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

NAME, HELP = "bench", "measure speed on this machine"

# What needs no data of its own; the folder's other scripts say what they need.
NAMES = ("startup", "volumes", "views", "scalability", "loader", "recognize", "memory", "studio", "studio_pose")


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

    from posecube import lookup
    from posecube.commands.terminal import console
    from posecube.files import check_output, write_json

    check_output(json)
    for name in names:
        if name not in NAMES:
            raise lookup.unknown(name, NAMES, what="benchmark")
    folder = scripts_folder()
    results = {name: measured(folder / f"{name}.py") for name in names or NAMES}
    table = Table("benchmark", "metric", "value")
    for name, values in results.items():
        for metric, value in values.items():
            table.add_row(name, metric, f"{value:.3f}")
    console.print(table)
    if json:
        write_json(json, results)


def scripts_folder() -> Path:
    """The folder benchmarks/, of an installed package or of a checkout.

    Raises:
        FileNotFoundError: If the package was installed without it.
    """
    import posecube

    package = Path(posecube.__file__).parent
    for folder in (package / "benchmarks", package.parents[1] / "benchmarks"):
        if (folder / f"{NAMES[0]}.py").is_file():
            return folder
    raise FileNotFoundError(f"{package} has no folder benchmarks: install the wheel again, or run it in a checkout")


def measured(script: Path) -> dict[str, float]:
    """What a benchmark measures, in a new process, so that none meets the memory and the caches of another.

    Raises:
        UserError: If it fails.
    """
    import json
    import subprocess
    import sys
    import tempfile

    from posecube.errors import UserError

    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "figures.json"
        command = [sys.executable, str(script), "--json", str(written)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            raise UserError(f"the benchmark {script.stem} failed: {last}; `python {script}` says more")
        figures: dict[str, float] = json.loads(written.read_text(encoding="utf-8"))
    return figures
