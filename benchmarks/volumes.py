"""Milliseconds to draw a clip's heatmap volume."""

from __future__ import annotations

import time
from functools import partial

import torch

from inputs import swinging_people
from posecube.representation import render_joint_volume, render_limb_volume
from posecube.skeleton.layouts import COCO17
from timing import fastest, one_thread, run

NUM_CLIPS, NUM_FRAMES, SIZE_HW = 16, 48, (56, 56)
METHOD = (
    "Milliseconds a clip of 48 frames of 56 x 56, 17 COCO joints or limbs, float32; processor time of one thread, the "
    "fastest of 30 batches of 16 clips, drawn into a reused buffer. fill_ms is the clearing of that buffer, part of "
    "every drawing."
)


def measure() -> dict[str, float]:
    """Joints and limbs of one and of two people, and the clearing alone."""
    out = torch.empty(NUM_CLIPS, COCO17.num_joints, NUM_FRAMES, *SIZE_HW)
    draw_joints = partial(render_joint_volume, size_hw=SIZE_HW, out=out)
    draw_limbs = partial(render_limb_volume, limbs=COCO17.limbs, size_hw=SIZE_HW, out=out)
    assert COCO17.num_limbs == COCO17.num_joints, "joints and limbs share the buffer"

    def milliseconds(work: partial[torch.Tensor]) -> float:
        return fastest(work, repeats=30, clock=time.thread_time) * 1e3 / NUM_CLIPS

    with one_thread():
        figures = {"fill_ms": milliseconds(partial(out.zero_))}
        for num_people in (1, 2):
            people = swinging_people(NUM_CLIPS, num_people, NUM_FRAMES, size_px=SIZE_HW[0])
            pose = [torch.from_numpy(values) for values in people]
            figures[f"joints_{num_people}_people_ms"] = milliseconds(partial(draw_joints, *pose))
            figures[f"limbs_{num_people}_people_ms"] = milliseconds(partial(draw_limbs, *pose))
    return figures


if __name__ == "__main__":
    run(measure, METHOD)
