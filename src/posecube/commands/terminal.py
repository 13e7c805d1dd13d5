"""What commands show and write: the console, progress, figures, files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

console = Console(markup=False, emoji=False)  # names of files and classes are shown as they are


class ShowProgress(Protocol):
    """What a progress bar is moved by."""

    def __call__(self, stage: str, done: int, of: int | None = None) -> None: ...


def check_outputs(*paths: Path | None) -> None:
    """Refuse outputs that cannot be written, before work starts.

    Raises:
        FileNotFoundError: If an output's folder does not exist.
        IsADirectoryError: If an output is a folder.
        PermissionError: If it may not be written.
    """
    for path in filter(None, paths):
        if path.is_dir():
            raise IsADirectoryError(f"cannot write {path}: it is a folder; give a file name")
        if path.parent.exists() and not path.parent.is_dir():
            raise NotADirectoryError(f"cannot write {path}: {path.parent} is no folder")
        if not path.parent.exists():
            raise FileNotFoundError(f"cannot write {path}: there is no folder {path.parent}; make it first")
        probe = path.with_name(f".{path.name}.probe")
        try:
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise PermissionError(f"cannot write {path}: {error.strerror}; choose another place") from error


@contextmanager
def progress_bar(*, quiet: bool, total: int | None) -> Iterator[ShowProgress]:
    """A function to call with a stage's name, the number of items done, and that of all if it became known."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    terminal = Console(stderr=True)
    # Into a file a bar would leave a blank line before an error's one.
    disable = quiet or not terminal.is_terminal
    with Progress(*columns, console=terminal, disable=disable, transient=True) as bar:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, of: int | None = None) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=of or total)
            bar.update(tasks[stage], completed=done)

        yield show


def show_figures(figures: dict[str, Any], json_path: Path | None) -> None:
    """Print figures as a table; write them too if a path is given."""
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, str(value))
    console.print(table)
    if json_path:
        write_json(json_path, figures)


def write_json(path: Path, content: object) -> None:
    """Write JSON, whole or not at all."""
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        unfinished.write_text(json.dumps(content, indent=2) + "\n")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
