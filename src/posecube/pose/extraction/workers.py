"""Videos to skeletons in worker processes: each result comes back in order, whatever becomes of a worker."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from posecube.parallel import map_in_processes
from posecube.pose.estimators.loading import PoseEstimator, load_estimator, load_trusting_estimator
from posecube.pose.extraction.sequence_from_video import People, sequence_from_video
from posecube.pose.tracking.given_boxes import read_boxes
from posecube.skeleton import SkeletonSequence
from posecube.video.enhance import Enhancement
from posecube.video.frame import Frame
from posecube.video.reader import read_frames

_log = logging.getLogger(__name__)

EstimatorMaker = Callable[[], PoseEstimator]
EstimatorSource = str | Path | EstimatorMaker


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
    """Outcomes in the order of the jobs; a job whose worker process dies costs its video alone."""
    _loaded(source, trusting)  # an unknown name, a missing model: found here, before any worker starts
    return map_in_processes(partial(_run, source=source, trusting=trusting), jobs, workers=workers, died=_died)


def _run(job: Job, *, source: EstimatorSource, trusting: bool) -> Outcome:
    return run_job(job, _loaded(source, trusting))


@lru_cache(maxsize=1)
def _loaded(source: EstimatorSource, trusting: bool) -> PoseEstimator:
    """Loaded once a process."""
    return load(source, trusting=trusting)


def _died(job: Job) -> Outcome:
    return Outcome(job, error="its worker process died: out of memory, or a crash")
