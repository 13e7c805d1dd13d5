"""How far something is: one protocol for whoever works, one bar for whoever watches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import TaskID


class Progress(Protocol):
    """Called as work goes on.

    Args:
        stage: What is being done, such as "evaluating".
        done: How many items of it are done.
        total: How many there are, None as long as nobody knows.
    """

    def __call__(self, stage: str, done: int, total: int | None = None) -> None: ...


def silent(stage: str, done: int, total: int | None = None) -> None:
    """Progress that nobody watches."""


@contextmanager
def progress_bar(*, quiet: bool = False, total: int | None = None) -> Iterator[Progress]:
    """A bar for each stage on the terminal; nothing where ``quiet``, or where stderr is a file.

    Args:
        total: Of stages that do not tell theirs.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    terminal = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    # Into a file a bar would leave a blank line before an error's one.
    with Bars(*columns, console=terminal, disable=quiet or not terminal.is_terminal, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int | None = total) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done)

        yield show
