"""Videos to skeletons in worker processes: each result comes back in order, whatever becomes of a worker."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from posecube.parallel import map_in_processes
from posecube.pose.estimators.loading import load_estimator
from posecube.pose.extraction.sequence_from_video import People, sequence_from_video
from posecube.pose.tracking.given_boxes import read_boxes
from posecube.pose.types import PoseEstimator
from posecube.skeleton import SkeletonSequence
from posecube.video.enhance import Enhancement
from posecube.video.frame import Frame

_log = logging.getLogger(__name__)

EstimatorMaker = Callable[[], PoseEstimator]


@dataclass(frozen=True)
class EstimatorSource:
    """What a process needs to load the estimator.

    Attributes:
        pose: Name, model file, or a function that makes one, which is then as it is.
        low_threshold: Whether it gives doubtful people too.
    """

    pose: str | Path | EstimatorMaker
    device: str = "auto"
    low_threshold: bool = False

    @property
    def name(self) -> str:
        """What a report calls it."""
        return getattr(self.pose, "__name__", type(self.pose).__name__) if callable(self.pose) else str(self.pose)

    def load(self) -> PoseEstimator:
        """The estimator, loaded once a process, with one thread: the processes share the cores."""
        return _loaded(self)


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
class JobResult:
    """The result of a job: a sequence, no detections (both empty), or an error."""

    job: Job
    sequence: SkeletonSequence | None = None
    error: str = ""


def run_job(
    job: Job, estimator: PoseEstimator, *, altered: Callable[[Iterator[Frame]], Iterator[Frame]] | None = None
) -> JobResult:
    """Extract one video; whatever goes wrong with it becomes the result's error.

    Args:
        altered: What is done to the video's frames before anything else.
    """
    try:
        sequence = sequence_from_video(
            job.path,
            estimator=estimator,
            altered=altered,
            enhancement=job.enhancement,
            people=job.people,
            max_people=job.max_people,
            boxes_by_frame=None if job.boxes is None else read_boxes(job.boxes),
            label=job.label,
            name=job.name,
            threads=1,
        )
    except (ValueError, OSError) as error:
        return JobResult(job, error=str(error))
    except Exception as error:  # one bad video must not end a run of hours; the report names it
        _log.exception("%s", job.path)
        return JobResult(job, error=f"{type(error).__name__}: {error}")
    return JobResult(job, sequence)


def run_jobs(jobs: Iterable[Job], source: EstimatorSource, *, workers: int) -> Iterator[JobResult]:
    """Results in the order of the jobs; a job whose worker process dies costs its video alone."""
    return map_in_processes(partial(_run, source=source), jobs, workers=workers, died=_died)


def _run(job: Job, *, source: EstimatorSource) -> JobResult:
    return run_job(job, source.load())


@lru_cache(maxsize=1)
def _loaded(source: EstimatorSource) -> PoseEstimator:
    if callable(source.pose):
        return source.pose()
    return load_estimator(source.pose, threads=1, device=source.device, low_threshold=source.low_threshold)


def _died(job: Job) -> JobResult:
    return JobResult(job, error="its worker process died: out of memory, or a crash")
