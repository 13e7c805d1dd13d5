"""Folders of labelled clips (`posecube studio render`), made by several processes, resumable."""

from __future__ import annotations

import errno
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from posecube.errors import UserError
from posecube.files import write_json, write_text
from posecube.parallel import map_in_processes
from posecube.progress import Progress, silent
from posecube.video.writer import VideoWriter
from posecube_studio.clip import render_take
from posecube_studio.depth_and_flow import write_depth, write_flow
from posecube_studio.ntu_folder import (
    CLASSES,
    ClipPaths,
    depth_name,
    flow_name,
    see_ntu_joints,
    skeleton_text,
    write_truth,
)
from posecube_studio.sets import Shot, StudioSet
from posecube_studio.take import Take
from posecube_studio.truth import see_joints

_SETTINGS = "studio.json"
_VERSION = 2
_LICENCE = "CC0-1.0"  # of what is rendered
_UNFINISHED = ".unfinished"
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class RenderReport:
    """What `render_to_folder` did."""

    folder: Path
    num_rendered: int
    num_present: int
    num_frames: int
    seconds: float

    def __str__(self) -> str:
        present = f", {self.num_present} were there already" if self.num_present else ""
        return (
            f"{self.num_rendered} clips ({self.num_frames} frames) rendered into {self.folder} "
            f"in {self.seconds:.1f} s{present}"
        )


@dataclass(frozen=True)
class _Job:
    """One clip of a folder."""

    folder: Path
    shot: Shot
    depth: bool
    flow: bool

    @property
    def paths(self) -> ClipPaths:
        return ClipPaths.of(self.folder, self.shot.name)

    @property
    def unfinished(self) -> Path:
        """Where the clip is made, before all its parts move to their places."""
        return self.folder / _UNFINISHED / self.shot.name


def render_to_folder(
    out: str | Path,
    studio_set: StudioSet,
    *,
    depth: bool = False,
    flow: bool = False,
    workers: int = 1,
    progress: Progress = silent,
) -> RenderReport:
    """Render a set into a folder laid out as NTU RGB+D is; docs/studio.md says what lies where.

    The video of a clip comes last, so a clip whose video is there is whole: the same call again makes only what is
    missing, after an interruption too. Processes share nothing, and their number changes no bit of joints or depth.

    Args:
        depth: Write exact depth, or that of the set's sensor, as 16-bit PNG files in millimetres.
        flow: Write exact scene flow as 16-bit PNG files, see `depth_and_flow`.

    Raises:
        UserError: If a number is wrong, or the folder was made with other settings.
        OSError: If the folder cannot be written.
        ChildProcessError: If a worker process dies.
    """
    started = time.perf_counter()
    if workers < 1:  # before there is a folder
        raise UserError(f"workers must be 1 or more, got {workers}")
    folder = Path(out)
    with _full_disk_explained(folder):
        _open_folder(folder, studio_set, depth=depth, flow=flow)
        jobs = [_Job(folder, shot, depth, flow) for shot in studio_set.shots()]
        missing = [job for job in jobs if not job.paths.video.is_file()]
        present, num_frames = len(jobs) - len(missing), 0
        render = _render if workers == 1 else _render_beside_others
        for done, count in enumerate(map_in_processes(render, missing, workers=workers), start=1):
            num_frames += count
            progress("rendering", present + done, len(jobs))
    shutil.rmtree(folder / _UNFINISHED, ignore_errors=True)
    return RenderReport(folder, len(missing), present, num_frames, time.perf_counter() - started)


def read_settings(folder: Path) -> dict[str, Any]:
    """What a folder was rendered with.

    Raises:
        FileNotFoundError: If it is no folder of clips.
        UserError: If its settings are damaged.
    """
    path = folder / _SETTINGS
    if not path.is_file():
        raise FileNotFoundError(f"{folder} is no folder of rendered clips: it has no {_SETTINGS}")
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        settings = None
    if not isinstance(settings, dict) or "version" not in settings:
        raise UserError(f"{path} is damaged; remove it if the folder's clips are of this command, or choose another")
    return settings


def _open_folder(folder: Path, studio_set: StudioSet, *, depth: bool, flow: bool) -> None:
    """Make the folder, or check that what is in it was made with the same settings."""
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder}: expected a folder to render into, got a file; name another")
    made = {"version": _VERSION, "licence": _LICENCE, **studio_set.as_dict(), "depth": depth, "flow": flow}
    settings = json.loads(json.dumps(made))
    if (folder / _SETTINGS).is_file():
        before = read_settings(folder)
        differing = [key for key in {**settings, **before} if settings.get(key) != before.get(key)]
        if differing:
            was, now = (json.dumps(values.get(differing[0])) for values in (before, settings))
            raise UserError(
                f"{folder} was rendered with other settings: {differing[0]} was {was}, now it is {now}; "
                "choose another folder"
            )
        return
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / CLASSES, "\n".join(studio_set.actions) + "\n")
    write_json(folder / _SETTINGS, settings)


@contextmanager
def _full_disk_explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _DISK_FULL:
            raise OSError(f"{folder}: the disk is full; make room, and the same command goes on") from None
        raise


def _render_beside_others(job: _Job) -> int:
    """The same in one of several processes, which would get into each other's way with several threads each."""
    cv2.setNumThreads(1)
    return _render(job)


def _render(job: _Job) -> int:
    """Make one clip beside its place and move it there, the video last; gives the number of frames."""
    shutil.rmtree(job.unfinished, ignore_errors=True)  # of a render that was killed
    job.unfinished.mkdir(parents=True)
    try:
        take = job.shot.plan()
        _write_clip(job, take)
        for path, made in _parts(job):
            path.parent.mkdir(exist_ok=True)
            if path.is_dir():
                shutil.rmtree(path)
            made.replace(path)
    finally:
        shutil.rmtree(job.unfinished, ignore_errors=True)
    return take.num_frames


def _parts(job: _Job) -> list[tuple[Path, Path]]:
    """Each part's place, and where it is made, the video last. No name in the making is one that a reader looks for."""
    paths, made = job.paths, job.unfinished
    parts = [(paths.skeleton, made / "skeleton.txt"), (paths.truth, made / "truth.npz")]
    parts += [(paths.depth, made / "depth")] if job.depth else []
    parts += [(paths.flow, made / "flow")] if job.flow else []
    return [*parts, (paths.video, made / "video.mp4")]


def _write_clip(job: _Job, take: Take) -> None:
    made = dict(_parts(job))
    for folder in (job.paths.depth, job.paths.flow):
        if folder in made:
            made[folder].mkdir()
    confidence = np.zeros(take.keypoints_xy.shape[:3], dtype=np.float32)
    seen = np.zeros(take.keypoints_3d.shape[:3], dtype=bool)
    with VideoWriter(made[job.paths.video], size_hw=take.size_hw, fps=take.fps, threads=1) as video:
        for index, picture in enumerate(render_take(take, flow=job.flow)):
            video.write(picture.image)
            confidence[:, index] = see_joints(take, index, picture)
            seen[:, index] = see_ntu_joints(take, index, picture)
            if job.depth:
                write_depth(made[job.paths.depth] / depth_name(index), picture.measured_depth_m)
            if picture.flow_m is not None:
                write_flow(made[job.paths.flow] / flow_name(index), picture.flow_m)
    made[job.paths.skeleton].write_text(skeleton_text(take, seen), encoding="ascii")
    write_truth(made[job.paths.truth], take, confidence)
