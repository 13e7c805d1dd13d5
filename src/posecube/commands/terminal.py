"""What commands show: the console, and tables of metrics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from posecube.files import write_json

console = Console(markup=False, emoji=False)  # names of files and classes are shown as they are
error_console = Console(stderr=True, markup=False, emoji=False)  # for tables beside output that others read


def show_metrics(metrics: dict[str, Any], json_path: Path | None) -> None:
    """Print metrics as a table; write them too if a path is given."""
    table = Table("metric", "value")
    for name, value in metrics.items():
        table.add_row(name, str(value))
    console.print(table)
    if json_path:
        write_json(json_path, metrics)
