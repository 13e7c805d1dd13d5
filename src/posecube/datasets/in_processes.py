"""A function applied to a stream in several processes: results in order, few items in memory at a time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Handing an item over costs as much as a small job: several go together.
_CHUNK = 8
_CHUNKS_AHEAD_PER_WORKER = 3


def map_in_order(function: Callable[[Item], Result], items: Iterable[Item], *, workers: int) -> Iterator[Result]:
    """Results of a function of a module, in the order of the items.

    Args:
        function: What to do; with several workers it, its items and its results are pickled.
        items: Read in this process, only a little ahead.
        workers: Processes; 1 works in this one.

    Raises:
        ValueError: If ``workers`` is less than 1.
        ChildProcessError: If a worker process dies.
    """
    if workers < 1:
        raise ValueError(f"workers must be 1 or more, got {workers}")
    if workers == 1:
        return map(function, items)
    return _map_in_processes(function, iter(items), workers)


def _map_in_processes(function: Callable[[Item], Result], items: Iterator[Item], workers: int) -> Iterator[Result]:
    # "spawn" everywhere: a forked copy of a process that runs threads may hang.
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_start_worker)
    waiting: deque[Future[list[Result]]] = deque()
    try:
        while True:
            while len(waiting) < _CHUNKS_AHEAD_PER_WORKER * workers and (chunk := list(islice(items, _CHUNK))):
                waiting.append(pool.submit(_apply, function, chunk))
            if not waiting:
                return
            yield from waiting.popleft().result()
    except BrokenProcessPool:
        raise ChildProcessError("a worker process died, perhaps out of memory: give fewer workers") from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _apply(function: Callable[[Item], Result], chunk: list[Item]) -> list[Result]:
    return [function(item) for item in chunk]


def _start_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    """End this worker when the parent is killed; it would wait for items for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
