"""Videos to skeletons in worker processes: each result comes back in order, whatever becomes of a worker."""

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
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from posecube.pose.estimator import PoseEstimator, load_estimator, load_trusting_estimator
from posecube.pose.person_of_interest import read_boxes
from posecube.pose.sequence_from_video import People, sequence_from_video
from posecube.skeleton import SkeletonSequence
from posecube.video.enhance import Enhancement
from posecube.video.frame import Frame
from posecube.video.reader import read_frames

_log = logging.getLogger(__name__)

EstimatorMaker = Callable[[], PoseEstimator]
EstimatorSource = str | Path | EstimatorMaker
_AHEAD_PER_WORKER = 8
_estimator: PoseEstimator | None = None


@dataclass(frozen=True)
class Job:
    """One video to extract."""

    path: Path
    name: str
    label: int | None
    enhancement: Enhancement | None = None
    people: People = "tracked"
    boxes: Path | None = None
    max_people: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a job: a sequence, nobody in view (both empty), or an error."""

    job: Job
    sequence: SkeletonSequence | None = None
    error: str = ""


def load(source: EstimatorSource, *, trusting: bool = False) -> PoseEstimator:
    """The estimator of a name, a file or a function, with one thread: the processes share the cores.

    Args:
        trusting: Whether it gives doubtful people too; what a function makes is as it is.
    """
    if callable(source):
        return source()
    return (load_trusting_estimator if trusting else load_estimator)(source, threads=1)


def run_job(
    job: Job, estimator: PoseEstimator, *, altered: Callable[[Iterator[Frame]], Iterator[Frame]] | None = None
) -> Outcome:
    """Extract one video; whatever goes wrong with it becomes the outcome's error.

    Args:
        altered: What is done to the video's frames before anything else.
    """
    try:
        boxes = None if job.boxes is None else read_boxes(job.boxes)
        sequence = sequence_from_video(
            job.path,
            frames=None if altered is None else altered(read_frames(job.path, threads=1)),
            estimator=estimator,
            enhancement=job.enhancement,
            people=job.people,
            max_people=job.max_people,
            boxes_by_frame=boxes,
            label=job.label,
            name=job.name,
            threads=1,
        )
    except (ValueError, OSError) as error:
        return Outcome(job, error=str(error))
    except Exception as error:  # one bad video must not end a run of hours; the report names it
        _log.exception("%s", job.path)
        return Outcome(job, error=f"{type(error).__name__}: {error}")
    return Outcome(job, sequence)


def run_jobs(
    jobs: Iterable[Job], source: EstimatorSource, *, workers: int, trusting: bool = False
) -> Iterator[Outcome]:
    """Outcomes in the order of the jobs; with one worker in this process."""
    make = partial(load, source, trusting=trusting)
    if workers <= 1:
        estimator = make()
        return (run_job(job, estimator) for job in jobs)
    return _run_in_processes(iter(jobs), make, workers)


def _run_in_processes(jobs: Iterator[Job], make: EstimatorMaker, workers: int) -> Iterator[Outcome]:
    waiting: deque[_Waiting] = deque()
    pool = _pool(make, workers)
    try:
        while True:
            while len(waiting) < _AHEAD_PER_WORKER * workers and (job := next(jobs, None)) is not None:
                waiting.append(_Waiting(job, pool.submit(_run_in_worker, job)))
            if not waiting:
                return
            if isinstance(waiting[0].result(), BrokenProcessPool):
                pool.shutdown(wait=False, cancel_futures=True)
                pool = _pool(make, workers)
                _recover(waiting, pool, make, num_suspects=workers + 1)
                continue
            outcome = waiting.popleft().result()
            assert isinstance(outcome, Outcome), "a broken pool has been dealt with"
            yield outcome
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@dataclass
class _Waiting:
    """A job with its outcome to come."""

    job: Job
    future: Future[Outcome]

    def result(self) -> Outcome | BrokenProcessPool:
        try:
            return self.future.result()
        except BrokenProcessPool as broken:
            return broken


def _recover(waiting: deque[_Waiting], pool: ProcessPoolExecutor, make: EstimatorMaker, num_suspects: int) -> None:
    """Go on after a worker died: one of the first jobs without a result killed it, so each of these runs alone."""
    unfinished = [item for item in waiting if isinstance(item.result(), BrokenProcessPool)]
    _log.warning("a worker process died; %d videos are tried again", len(unfinished))
    alone = _pool(make, 1)
    for item in unfinished[:num_suspects]:
        item.future = alone.submit(_run_in_worker, item.job)
        if isinstance(item.result(), BrokenProcessPool):
            item.future = Future()
            item.future.set_result(Outcome(item.job, error="its worker process died: out of memory, or a crash"))
            alone = _pool(make, 1)
    alone.shutdown(wait=False)
    for item in unfinished[num_suspects:]:
        item.future = pool.submit(_run_in_worker, item.job)


def _pool(make: EstimatorMaker, workers: int) -> ProcessPoolExecutor:
    # "spawn" everywhere: a forked copy of a process that runs inference threads may hang.
    return ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_start_worker, initargs=(make,)
    )


def _start_worker(make: EstimatorMaker) -> None:
    global _estimator
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _estimator = make()


def _leave_with_parent() -> None:
    """End this worker when the parent is killed; it would wait for jobs for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run_in_worker(job: Job) -> Outcome:
    assert _estimator is not None, "a worker loads its estimator when it starts"
    return run_job(job, _estimator)
