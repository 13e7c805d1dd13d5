"""Seconds that the studio takes to render a clip."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

from posecube_studio import StudioSet, render_clip, render_to_folder
from posecube_studio.conditions import Conditions
from timing import run

NUM_FRAMES, SIZE_HW, REPEATS, WORKERS = 64, (256, 256), 3, 2
CROWDED = Conditions(shutter=0.5, bystanders=2)
ACTIONS = ("wave", "kick", "sit_down", "handshake")
METHOD = (
    "A clip of 64 frames of 256 x 256 with exact depth and joints, one process: one_person_s is `kick` seen from the "
    "front of an arc, two_people_s `handshake`, crowded_s `kick` with two bystanders, motion blur and scene flow, all "
    "in memory; written_s is one of one person written to a folder as video, 16-bit depth, skeleton and truth. "
    "Seconds, fastest of 3, places and compiled code at hand; *_processor_s the time of all cores together. "
    "clips_a_minute: 16 clips of one and two people into a folder by 2 processes that are at work already: the time "
    "from the first clip done to the last."
)


def measure() -> dict[str, float]:
    """Single clips, and a folder of them."""
    clip = partial(render_clip, num_frames=NUM_FRAMES, size_hw=SIZE_HW, depth=True, rig="arc")
    figures = {
        **_times("one_person", partial(clip, "kick")),
        **_times("two_people", partial(clip, "handshake")),
        **_times("crowded", partial(clip, "kick", flow=True, conditions=CROWDED)),
    }
    with tempfile.TemporaryDirectory() as folder:
        names = (Path(folder) / str(index) for index in count())
        one = StudioSet(ACTIONS[:1], num_frames=NUM_FRAMES, size_hw=SIZE_HW)
        figures |= _times("written", lambda: render_to_folder(next(names), one, depth=True))
        figures["clips_a_minute"] = _clips_a_minute(Path(folder) / "many")
    return figures


def _times(name: str, work: Callable[[], object]) -> dict[str, float]:
    work()
    wall_s, busy_s = [], []
    for _ in range(REPEATS):
        start, busy_start = time.perf_counter(), time.process_time()
        work()
        wall_s.append(time.perf_counter() - start)
        busy_s.append(time.process_time() - busy_start)
    return {f"{name}_s": min(wall_s), f"{name}_processor_s": min(busy_s)}


def _clips_a_minute(folder: Path) -> float:
    clips = StudioSet(ACTIONS, subjects=(0, 1), num_views=2, num_frames=NUM_FRAMES, size_hw=SIZE_HW)
    done_s: list[float] = []
    render_to_folder(
        folder, clips, depth=True, workers=WORKERS, progress=lambda *_: done_s.append(time.perf_counter())
    )  # fmt: skip
    return 60 * (len(done_s) - 1) / (done_s[-1] - done_s[0])


if __name__ == "__main__":
    run(measure, METHOD)
