"""A function over many items in several processes: results in order, few items in memory, whatever becomes of a worker.

Processes are spawned everywhere: a forked copy of a process that runs threads may hang. What a function needs once a
process, such as a model, it keeps behind ``functools.cache``.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from posecube.errors import UserError

Item = TypeVar("Item")
Result = TypeVar("Result")

CHUNKS_AHEAD_PER_WORKER = 3
CLIPS_TOGETHER = 8  # a chunk of jobs as small as reading a clip

_log = logging.getLogger(__name__)


def map_in_processes(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    workers: int,
    chunk: int = 1,
    died: Callable[[Item], Result] | None = None,
) -> Iterator[Result]:
    """Results of a function of a module, in the order of the items.

    Args:
        function: What to do; with several workers it, its items and its results are pickled.
        items: Read in this process, only a little ahead.
        workers: Processes; 1 works in this one.
        chunk: Items that go to a worker together; handing one over costs as much as a small job.
        died: The result of an item whose worker died of it, by a crash or out of memory; the others are done again.
            None raises.

    Raises:
        UserError: If ``workers`` is less than 1.
        ChildProcessError: If a worker died and ``died`` is None.
    """
    if workers < 1:
        raise UserError(f"workers must be 1 or more, got {workers}")
    if workers == 1:
        return map(function, items)
    return _Pool(function, workers, died).results(_chunks(items, chunk))


def _chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


@dataclass
class _Waiting(Generic[Item, Result]):
    """A chunk with its results to come."""

    chunk: list[Item]
    future: Future[list[Result]]

    @property
    def is_lost(self) -> bool:
        """Whether its worker, or the whole pool, died before it was done."""
        return isinstance(self.future.exception(), BrokenProcessPool)


class _Pool(Generic[Item, Result]):
    """Worker processes that are started again when one of them dies."""

    def __init__(self, function: Callable[[Item], Result], workers: int, died: Callable[[Item], Result] | None) -> None:
        self.function, self.workers, self.died = function, workers, died
        self.executor = _executor(workers)

    def results(self, chunks: Iterator[list[Item]]) -> Iterator[Result]:
        waiting: deque[_Waiting[Item, Result]] = deque()
        try:
            while True:
                while len(waiting) < CHUNKS_AHEAD_PER_WORKER * self.workers and (chunk := next(chunks, None)):
                    waiting.append(_Waiting(chunk, self._submit(chunk)))
                if not waiting:
                    return
                if waiting[0].is_lost:
                    self._recover(waiting)
                yield from waiting.popleft().future.result()
        finally:
            self.executor.shutdown(wait=True, cancel_futures=True)  # what is begun is finished

    def _submit(self, chunk: list[Item]) -> Future[list[Result]]:
        with _interrupts_held():  # a process that starts here begins before it can refuse an interrupt
            return self.executor.submit(_apply, self.function, chunk)

    def _recover(self, waiting: deque[_Waiting[Item, Result]]) -> None:
        """Go on after a worker died: one of the first lost chunks killed it, so each of these runs alone."""
        if self.died is None:
            raise ChildProcessError(
                "a worker process died, perhaps out of memory: give fewer workers; the same command goes on"
            )
        lost = [item for item in waiting if item.is_lost]
        _log.warning("a worker process died; %d items are tried again", sum(len(item.chunk) for item in lost))
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.executor = _executor(self.workers)
        for item in lost[: self.workers + 1]:
            item.future = Future()
            item.future.set_result([self._alone(each, self.died) for each in item.chunk])
        for item in lost[self.workers + 1 :]:
            item.future = self._submit(item.chunk)

    def _alone(self, item: Item, died: Callable[[Item], Result]) -> Result:
        with _executor(1) as executor:
            try:
                return executor.submit(_apply, self.function, [item]).result()[0]
            except BrokenProcessPool:
                return died(item)


def _executor(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_start_worker)


def _apply(function: Callable[[Item], Result], chunk: list[Item]) -> list[Result]:
    return [function(item) for item in chunk]


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C comes when the block has ended, and never to processes that are started in it."""
    if os.name != "posix" or threading.current_thread() is not threading.main_thread():
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


def _leave_with_parent() -> None:
    """End this worker when the parent is killed; it would wait for items for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
