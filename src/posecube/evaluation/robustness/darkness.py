"""Poses of a split's clips from videos that are made darker and darker; kept as stores, for a second run to go on."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from jaxtyping import Int64, UInt8
from numpy import ndarray

from posecube.errors import UserError
from posecube.evaluation.robustness.pose_sources import PoseSeries, PoseSource
from posecube.parallel import map_in_processes
from posecube.pose.extraction.target import ExtractTarget
from posecube.pose.extraction.video_list import ListedVideo, VideoList
from posecube.pose.extraction.workers import EstimatorMaker, EstimatorSource, Job, JobResult, run_job
from posecube.progress import Progress, silent
from posecube.store import SkeletonStore
from posecube.video.clip_videos import ClipVideos
from posecube.video.darkness import DARK_NOISE, decode, expose
from posecube.video.enhance import Enhancement
from posecube.video.frame import Frame

GAMMAS = (1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0)
LARGEST_GAMMA = 8.0


@dataclass(frozen=True)
class Darkness:
    """How dark videos are made, and who looks for poses in them.

    Attributes:
        gammas: Those whose correction would undo the darkness; 1 is the video as it is.
        pose: Name of an estimator, a model file, or a function that makes one.
        device: Where it runs.
        brighten: Whether frames are also brightened again, by the same gamma, in a second series.

    Raises:
        UserError: If gammas do not rise, or one is below 1 or above 8, or there is no worker.
    """

    gammas: tuple[float, ...] = GAMMAS
    pose: str | Path | EstimatorMaker = "blazepose"
    brighten: bool = False
    workers: int = 1
    device: str = "auto"

    @property
    def source(self) -> EstimatorSource:
        return EstimatorSource(self.pose, self.device)

    def __post_init__(self) -> None:
        gammas = self.gammas
        if len(gammas) < 2 or list(gammas) != sorted(set(gammas)) or gammas[0] < 1 or gammas[-1] > LARGEST_GAMMA:
            raise UserError(
                f"gammas must be two or more that rise from at least 1 to at most {LARGEST_GAMMA:g}, got "
                f"{' '.join(f'{gamma:g}' for gamma in gammas)}"
            )
        if self.workers < 1:
            raise UserError(f"workers must be at least 1, got {self.workers}")


def darkness_series(
    darkness: Darkness,
    videos: ClipVideos,
    store: SkeletonStore,
    indices: Int64[ndarray, " N"],
    *,
    split: str,
    out: Path,
    progress: Progress = silent,
) -> tuple[tuple[PoseSeries, ...], tuple[str, ...]]:
    """Series of stores over the darkness of the clips' videos, and what the reader of a report must know of them.

    The stores lie in folders such as ``gamma_2.5`` and ``gamma_2.5_brightened``, each with a report beside it.

    Raises:
        FileNotFoundError: If a clip has no video.
        UserError: If a clip's frames are pictures, or a store was extracted by another estimator.
    """
    listed = _listed(videos, store, indices, split)
    darkness.source.load()  # an unknown name, a missing model: found here, before any worker starts
    made, remarks = [], []
    for brightened in (False, True) if darkness.brighten else (False,):
        sources = []
        for gamma in darkness.gammas:
            source, failed = _dark_poses(darkness, gamma, listed, out, brightened=brightened, progress=progress)
            sources.append(source)
            remarks += [f"poses {source.name}: {name} could not be read: {reason}" for name, reason in failed.items()]
        name = "darkness_brightened" if brightened else "darkness"
        title = "videos get darker" + (" and are brightened again" if brightened else "")
        made.append(PoseSeries(name, title, "gamma to undo the darkness", darkness.gammas, sources=tuple(sources)))
    return tuple(made), tuple(dict.fromkeys(remarks))


def _listed(videos: ClipVideos, store: SkeletonStore, indices: Int64[ndarray, " N"], split: str) -> VideoList:
    """The clips' videos under the clips' names, with their labels."""
    listed = []
    for index in indices:
        name, label = store.names[int(index)], int(store.labels[index])
        class_name = store.classes[label] if label >= 0 else None
        listed.append(ListedVideo(_video_file(videos, name), name, class_name, (split,)))
    return VideoList(tuple(listed), store.classes)


def darkened(frames: Iterable[Frame], gamma: float, *, name: str, noise: float = DARK_NOISE) -> Iterator[Frame]:
    """Frames as a sensor takes them in the dark; the same for the same name.

    Args:
        gamma: Whose correction would bring a mid grey back; 1 gives the frames as they are.
        name: Of the clip; the sensor's noise is drawn from it.

    Source: our reading of a dark video, see ``video.darkness.expose``. The video's own noise and blur stay in it.
    """
    if gamma == 1:
        yield from frames
        return
    rng = np.random.default_rng([zlib.crc32(name.encode()), round(gamma * 1000)])
    for frame in frames:
        yield Frame(frame.index, frame.time_s, _exposed(frame.image_rgb, gamma, noise, rng))


def _exposed(
    image_rgb: UInt8[ndarray, "H W 3"], gamma: float, noise: float, rng: np.random.Generator
) -> UInt8[ndarray, "H W 3"]:
    linear_rgb = decode(image_rgb.astype(np.float32) / np.float32(255))
    return expose(linear_rgb, dark=gamma, noise=noise, rng=rng)


def _video_file(videos: ClipVideos, name: str) -> Path:
    path = videos.find(name)
    if not path.is_file():
        raise UserError(f"clip {name!r}: darkness needs video files, {path} is a folder; make videos of its pictures")
    return path


def _dark_poses(
    darkness: Darkness, gamma: float, listed: VideoList, out: Path, *, brightened: bool, progress: Progress
) -> tuple[PoseSource, dict[str, str]]:
    """The poses at one darkness, and the videos that could not be read; what an earlier run found is kept."""
    is_brightened = brightened and gamma != 1
    name = f"gamma_{gamma:g}" + ("_brightened" if is_brightened else "")
    try:
        target = ExtractTarget(out / name, listed, pose=_how(darkness.pose, gamma, is_brightened))
    except ValueError as error:
        raise UserError(f"{error}, that is another --out") from None
    todo = target.todo()
    jobs = [
        Job(video.path, video.name, target.label(video), Enhancement("gamma", gamma) if is_brightened else None)
        for video in todo
    ]
    began_s = time.perf_counter()
    work: Callable[[Job], JobResult] = partial(_find_poses, source=darkness.source, darkness=gamma)
    try:
        for done, result in enumerate(map_in_processes(work, jobs, workers=min(darkness.workers, max(len(jobs), 1)))):
            target.add(result)
            progress(f"poses, {name.replace('_', ' ')}", done + 1, len(jobs))
    finally:  # an interrupted run keeps what is done
        target.finish(seconds=time.perf_counter() - began_s)
    store = SkeletonStore.open(out / name) if target.report.num_clips else None
    return PoseSource(name.replace("_", " "), store), target.report.failed


def _how(pose: str | Path | EstimatorMaker, gamma: float, is_brightened: bool) -> str:
    """What a store is made by: a later run must agree with it."""
    estimator = getattr(pose, "__name__", str(pose))
    text = f"{estimator} on frames darkened by gamma {gamma:g} with noise {DARK_NOISE:g}" if gamma != 1 else estimator
    return text + (" and brightened again" if is_brightened else "")


def _find_poses(job: Job, *, source: EstimatorSource, darkness: float) -> JobResult:
    """Find the people in one darkened video."""
    return run_job(job, source.load(), altered=partial(darkened, gamma=darkness, name=job.name))
