"""Clips made by several processes: each is handed on as soon as it is there."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

import cv2

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_as_done(function: Callable[[Item], Result], items: Sequence[Item], *, workers: int) -> Iterator[Result]:
    """Results of a function of a module in the order in which they come to be; it stops at the first error.

    Args:
        function: What to do; with several workers it, its items and its results are pickled.
        workers: Processes; 1 works in this one.

    Raises:
        ChildProcessError: If a worker process dies.
    """
    if workers == 1 or len(items) < 2:
        yield from map(function, items)
        return
    context = multiprocessing.get_context("spawn")  # forking with running threads can hang
    pool = ProcessPoolExecutor(min(workers, len(items)), mp_context=context, initializer=_start_worker)
    try:
        with _interrupts_held():  # the processes start here, and begin before they can refuse an interrupt
            futures = [pool.submit(function, item) for item in items]
        for future in as_completed(futures):
            yield future.result()
    except BrokenProcessPool:
        raise ChildProcessError(
            "a worker process died, perhaps out of memory; the same command goes on, with fewer workers if need be"
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)  # what is begun is finished


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C comes when the block has ended, and never to processes that are started in it."""
    if os.name != "posix":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    cv2.setNumThreads(1)


def _leave_with_parent() -> None:
    """End this worker when the parent is killed; it would wait for items for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
