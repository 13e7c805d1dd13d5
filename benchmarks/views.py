"""Milliseconds to make the input of a ten-view test with mirror images."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial

import numpy as np
import torch
from torch import Tensor

from inputs import swinging_people
from posecube.representation import render_joint_volume, render_limb_volume
from posecube.sampling import ClipSpec, MapSpace, view_clips
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import COCO17
from timing import one_thread, run

NUM_FRAMES, NUM_VIEWS, SIZE_HW, REPEATS = 75, 10, (64, 64), 15
METHOD = (
    "Milliseconds for the published test input of one video of 75 frames with two people: 10 views of 48 frames of "
    "64 x 64, 17 COCO joints or limbs, and their 10 mirror images, 20 x 17 x 48 x 64 x 64 float32 (267 MB), on one "
    "thread into a reused buffer. coordinates_ms: choosing frames and cropping. joints_ms, limbs_ms: drawing. fill_ms "
    "writes the buffer once and draws nothing. Medians of 15, after two to warm up; *_fastest_ms the fastest, "
    "*_processor_ms the median of the thread's own time, which other programs hardly change."
)


def measure() -> dict[str, float]:
    """Coordinates, joints, limbs, and writing the buffer alone."""
    sequence = _two_people()
    spec = ClipSpec(space=MapSpace(test_size_hw=SIZE_HW))
    out = torch.empty(2, NUM_VIEWS, COCO17.num_joints, spec.clip_len, *SIZE_HW)
    assert COCO17.num_limbs == COCO17.num_joints, "joints and limbs share the buffer"
    with one_thread():
        clips = partial(view_clips, sequence, spec, num_views=NUM_VIEWS)
        pose = [
            torch.from_numpy(np.stack([getattr(clip, values) for clip in clips()]))
            for values in ("keypoints", "confidence")
        ]
        return {
            **_times("fill", partial(out.zero_)),
            **_times("coordinates", clips),
            **_times("joints", partial(draw_joints, *pose, out=out)),
            **_times("limbs", partial(draw_limbs, *pose, out=out)),
        }


def draw_joints(keypoints_xy: Tensor, confidence: Tensor, *, out: Tensor) -> None:
    """The views into the first half of a buffer, their mirror images into the second."""
    render_joint_volume(keypoints_xy, confidence, size_hw=SIZE_HW, out=out[0])
    mirror = list(COCO17.joint_mirror)
    keypoints_xy, confidence = keypoints_xy[..., mirror, :], confidence[..., mirror]
    render_joint_volume(keypoints_xy, confidence, size_hw=SIZE_HW, out=out[1], mirrored=True)


def draw_limbs(keypoints_xy: Tensor, confidence: Tensor, *, out: Tensor) -> None:
    """The same with limbs."""
    render_limb_volume(keypoints_xy, confidence, limbs=COCO17.limbs, size_hw=SIZE_HW, out=out[0])
    limbs = [COCO17.limbs[limb] for limb in COCO17.limb_mirror]
    render_limb_volume(keypoints_xy, confidence, limbs=limbs, size_hw=SIZE_HW, out=out[1], mirrored=True)


def _times(name: str, work: Callable[[], object]) -> dict[str, float]:
    wall_ms, processor_ms = [], []
    for _ in range(REPEATS + 2):
        start, busy_start = time.perf_counter(), time.thread_time()
        work()
        wall_ms.append(1e3 * (time.perf_counter() - start))
        processor_ms.append(1e3 * (time.thread_time() - busy_start))
    wall_ms, processor_ms = wall_ms[2:], processor_ms[2:]
    return {
        f"{name}_ms": statistics.median(wall_ms),
        f"{name}_fastest_ms": min(wall_ms),
        f"{name}_processor_ms": statistics.median(processor_ms),
    }


def _two_people() -> SkeletonSequence:
    keypoints, confidence = swinging_people(1, 2, NUM_FRAMES, size_px=900)
    return SkeletonSequence(
        keypoints=keypoints[0], confidence=confidence[0], layout=COCO17, size_hw=(1080, 1920), fps=Fraction(30)
    )


if __name__ == "__main__":
    run(measure, METHOD)
