"""`posecube bench`: the scripts of the folder benchmarks/ that anyone can run, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from argparse import Namespace
from pathlib import Path

from rich.table import Table

import posecube
from posecube import lookup
from posecube.commands.terminal import console
from posecube.errors import UserError
from posecube.files import check_output, write_json

# What needs no data of its own; the folder's other scripts say what they need.
NAMES = ("startup", "volumes", "views", "scalability", "loader", "recognize", "memory", "studio", "studio_pose")


def bench(options: Namespace) -> None:
    """Measure speed on this machine."""
    check_output(options.json)
    for name in options.names:
        if name not in NAMES:
            raise lookup.unknown(name, NAMES, what="benchmark")
    folder = scripts_folder()
    figures = {name: measured(folder / f"{name}.py") for name in options.names or NAMES}
    table = Table("benchmark", "figure", "value")
    for name, values in figures.items():
        for figure, value in values.items():
            table.add_row(name, figure, f"{value:.3f}")
    console.print(table)
    if options.json:
        write_json(options.json, figures)


def scripts_folder() -> Path:
    """The folder benchmarks/, of an installed package or of a checkout.

    Raises:
        FileNotFoundError: If the package was installed without it.
    """
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
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "figures.json"
        command = [sys.executable, str(script), "--json", str(written)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            raise UserError(f"the benchmark {script.stem} failed: {last}; `python {script}` says more")
        figures: dict[str, float] = json.loads(written.read_text(encoding="utf-8"))
    return figures
