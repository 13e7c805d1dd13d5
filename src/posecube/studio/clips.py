"""Labelled clips: one in memory, or a folder of them (`posecube studio render`), made by several processes."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy import ndarray

from posecube.studio.film import Clip, film, render_clip, see_joints
from posecube.studio.motions import ACTIONS, find_action
from posecube.studio.take import Take, check_take, plan_take
from posecube.video.writer import VideoWriter

__all__ = ["ACTIONS", "Clip", "RenderReport", "render_clip", "render_to_folder"]

_SETTINGS = "studio.json"
_DEPTH_PNG = "{index:08d}.png"
_MAX_PNG_MM = 65535


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

    action: str
    subject: int
    view: int
    seed: int
    num_frames: int | None
    size_hw: tuple[int, int]
    fps: Fraction
    depth: bool

    @property
    def name(self) -> str:
        return f"{self.action}/{self.action}_s{self.subject:03d}_v{self.view:02d}_r{self.seed:03d}"

    def plan(self) -> Take:
        return plan_take(
            self.action, subject=self.subject, view=self.view, seed=self.seed, num_frames=self.num_frames,
            size_hw=self.size_hw, fps=self.fps,
        )  # fmt: skip


def render_to_folder(
    out: str | Path,
    *,
    actions: Sequence[str] | None = None,
    subjects: int = 1,
    views: int = 1,
    repeats: int = 1,
    seed: int = 0,
    num_frames: int | None = None,
    size_hw: tuple[int, int] = (360, 270),
    fps: Fraction | float = 30,
    depth: bool = False,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> RenderReport:
    """Render every action by every subject from every view: `out/ACTION/ACTION_sSSS_vVV_rRRR.mp4`.

    Beside each video lies an .npz with its truth: keypoints_xy and confidence (COCO-17), keypoints_3d (NTU-25, metres),
    label, subject, view, seed, fps, focal_px, center_xy; with `depth` also a folder of 16-bit PNGs in millimetres,
    0 where there is nothing. The video comes last, under its final name, so a clip whose video is there is whole: the
    same call again makes only what is missing.

    Args:
        actions: None takes all.
        repeats: Performances of each action by each subject, seeds counted up from `seed`.
        progress: Called with (clips done, clips in all).

    Raises:
        ValueError: If a number or an action is wrong, or the folder was made with other settings.
        OSError: If the folder cannot be written.
    """
    started = time.perf_counter()
    names = list(ACTIONS) if actions is None else list(actions)
    _check_request(names, subjects=subjects, views=views, repeats=repeats, workers=workers)
    rate = check_take(num_frames=num_frames, size_hw=size_hw, fps=fps, view=0, seed=seed)
    jobs = [
        _Job(action, subject, view, number, num_frames, size_hw, rate, depth)
        for action in names
        for subject in range(subjects)
        for number in range(seed, seed + repeats)
        for view in range(views)
    ]
    folder = _open_folder(Path(out), jobs[0])
    missing = [job for job in jobs if not (folder / f"{job.name}.mp4").is_file()]
    present = len(jobs) - len(missing)
    num_frames_done = 0
    for done, count in enumerate(_render_all(folder, missing, workers), start=1):
        num_frames_done += count
        if progress is not None:
            progress(present + done, len(jobs))
    return RenderReport(folder, len(missing), present, num_frames_done, time.perf_counter() - started)


def _check_request(names: Sequence[str], **numbers: int) -> None:
    if not names:
        raise ValueError(f"no action was named; known actions: {', '.join(ACTIONS)}")
    for name in names:
        find_action(name)
    repeated = sorted({name for name in names if list(names).count(name) > 1})
    if repeated:
        raise ValueError(f"action {repeated[0]!r} was named twice")
    for name, value in numbers.items():
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")


def _open_folder(folder: Path, job: _Job) -> Path:
    """Make the folder, or check that what is in it was made with the same settings."""
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"{folder}: expected a folder to render into, got a file; name another")
    settings = {
        "version": 1,
        "size_hw": list(job.size_hw),
        "fps": str(job.fps),
        "num_frames": job.num_frames,
        "depth": job.depth,
    }
    written = folder / _SETTINGS
    if written.is_file():
        before = _read_settings(written)
        if before != settings:
            raise ValueError(f"{folder} holds clips made with other settings ({before}); choose another folder")
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    partial = written.with_name(f".{written.name}.{os.getpid()}.part")
    partial.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    partial.replace(written)
    return folder


def _read_settings(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError):
        raise ValueError(f"{path}: not the settings of a studio folder; choose another folder") from None


def _render_all(folder: Path, jobs: Sequence[_Job], workers: int) -> Iterator[int]:
    """Numbers of frames, as clips come to be."""
    if workers == 1 or len(jobs) < 2:
        for job in jobs:
            yield _render_job(folder, job)
        return
    context = multiprocessing.get_context("spawn")  # forking with running threads can hang
    with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=context, initializer=_one_thread) as pool:
        futures = [pool.submit(_render_job, folder, job) for job in jobs]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _one_thread() -> None:
    cv2.setNumThreads(1)


def _render_job(folder: Path, job: _Job) -> int:
    """Write one clip: depth, truth, then the video whose presence says that all is there."""
    take = job.plan()
    target = folder / job.name
    target.parent.mkdir(exist_ok=True)
    depths = target.with_name(f".{target.name}.part")
    shutil.rmtree(depths, ignore_errors=True)  # of a render that was killed
    if job.depth:
        depths.mkdir()
    try:
        _render_take(take, target, depths if job.depth else None)
    finally:
        shutil.rmtree(depths, ignore_errors=True)
    return take.num_frames


def _render_take(take: Take, target: Path, depths: Path | None) -> None:
    confidence = np.zeros(take.keypoints_xy.shape[:3], dtype=np.float32)
    video_file = target.with_name(f"{target.name}.mp4")
    with VideoWriter(video_file, size_hw=take.size_hw, fps=take.fps, threads=1) as video:
        for index, picture in enumerate(film(take)):
            video.write(picture.image)
            confidence[:, index] = see_joints(take, index, picture)
            if depths is not None:
                _write_depth(depths / _DEPTH_PNG.format(index=index + 1), picture.depth_m)
        _write_truth(target.with_name(f"{target.name}.npz"), take, confidence)
        if depths is not None:
            shutil.rmtree(target, ignore_errors=True)
            depths.replace(target)


def _write_truth(path: Path, take: Take, confidence: ndarray) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as file:
            np.savez_compressed(
                file, keypoints_xy=take.keypoints_xy, confidence=confidence, keypoints_3d=take.keypoints_3d,
                label=take.action, subject=take.subject, view=take.view, seed=take.seed, fps=str(take.fps),
                focal_px=take.lenses[0].scale, center_xy=np.array(take.lenses[0].center_xy),
            )  # fmt: skip
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _write_depth(path: Path, depth_m: ndarray) -> None:
    millimetres = np.where(np.isfinite(depth_m), np.rint(depth_m * 1000), 0)
    encoded, data = cv2.imencode(".png", np.clip(millimetres, 0, _MAX_PNG_MM).astype(np.uint16))
    assert encoded, "a 16-bit image can be encoded as PNG"
    path.write_bytes(data.tobytes())
