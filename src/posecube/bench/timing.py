"""How benchmarks take time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


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


def as_table(name: str, figures: dict[str, float], method: str) -> str:
    """A benchmark's figures, one a line, and how they were measured."""
    width = max(map(len, figures))
    lines = [f"  {figure:<{width}}  {value:10.3f}" for figure, value in figures.items()]
    return "\n".join([name, *lines, "", method])
