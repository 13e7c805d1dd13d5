"""How benchmarks take time, and what each does when it is run."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from posecube.files import write_json


def fastest(
    work: Callable[[], object],
    *,
    repeats: int,
    warm_up: int = 2,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Seconds of the fastest of several runs: other programs on the machine can only make a run slower.

    Args:
        clock: ``time.thread_time`` counts the processor's time for this thread alone. For work of a single thread that
            is the time it takes on an idle machine, also when the machine is busy.
    """
    for _ in range(warm_up):
        work()
    seconds = []
    for _ in range(repeats):
        start = clock()
        work()
        seconds.append(clock() - start)
    return min(seconds)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch compute on a single thread within the block."""
    import torch  # here, so that the start of the command line is timed without its weight in memory

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def run(measure: Callable[[], dict[str, float]], method: str) -> None:
    """What a benchmark does as a script: measure, and `show`."""
    options = arguments(method).parse_args()
    show(measure(), method, options.json)


def arguments(description: str) -> argparse.ArgumentParser:
    """What every benchmark takes, for those that take more."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures")
    return parser


def show(figures: dict[str, float], method: str, json_path: Path | None) -> None:
    """Print the figures and how they were measured; write them too if a path is given."""
    print(as_table(Path(sys.argv[0]).stem, figures, method))
    if json_path is not None:
        write_json(json_path, figures)


def as_table(name: str, figures: dict[str, float], method: str) -> str:
    """A benchmark's figures, one a line, and how they were measured."""
    width = max(map(len, figures))
    lines = [f"  {figure:<{width}}  {value:10.3f}" for figure, value in figures.items()]
    return "\n".join([name, *lines, "", method])
