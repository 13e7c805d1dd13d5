"""Cost of reading a clip from a store and of making a training sample of it."""

from __future__ import annotations

import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

from inputs import swinging_people
from posecube.sampling import PUBLISHED_AUGMENTATION, ROBUST_AUGMENTATION, Augmentation, ClipSpec
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import COCO17
from posecube.store import SkeletonStore, StoreWriter
from posecube.training.data import TrainingClips, collate
from posecube.training.sources import ClipSource
from timing import fastest, one_thread, run

NUM_CLIPS, NUM_FRAMES, BATCH = 400, 80, 16
METHOD = (
    "A generated store of 400 clips of 80 frames, one person, COCO-17; processor time of one thread. read_us: "
    "microseconds a clip in random order, fastest of 10 rounds. sample_*_ms: milliseconds a training sample of 48 "
    "frames from store to batch (read, frames, augmentation, crop, stacking in batches of 16), fastest of 5 rounds "
    "of 400."
)


def measure() -> dict[str, float]:
    """Random reads, and samples under the published and the robust augmentation."""
    with tempfile.TemporaryDirectory() as folder, one_thread():
        store = generated_store(Path(folder) / "store")
        order = np.random.default_rng(0).permutation(NUM_CLIPS).tolist()
        read = fastest(lambda: [store[index] for index in order], repeats=10, clock=time.thread_time)
        return {
            "read_us": read * 1e6 / NUM_CLIPS,
            "sample_published_ms": _sample_ms(store, order, PUBLISHED_AUGMENTATION),
            "sample_robust_ms": _sample_ms(store, order, ROBUST_AUGMENTATION),
        }


def generated_store(path: Path) -> SkeletonStore:
    """A store of swinging people."""
    keypoints, confidence = swinging_people(NUM_CLIPS, 1, NUM_FRAMES, size_px=400)
    with StoreWriter(path, layout=COCO17, classes=("swing",)) as writer:
        for index in range(NUM_CLIPS):
            writer.add(
                SkeletonSequence(
                    keypoints=keypoints[index],
                    confidence=confidence[index],
                    layout=COCO17,
                    size_hw=(400, 400),
                    fps=Fraction(30),
                    label=0,
                    name=f"clip {index}",
                )
            )
    return SkeletonStore.open(path)


def _sample_ms(store: SkeletonStore, order: list[int], augmentation: Augmentation) -> float:
    source = ClipSource(store, np.arange(NUM_CLIPS), ClipSpec(max_people=1))
    clips = TrainingClips([source], augmentation=augmentation, layout=COCO17, seed=0)

    def one_round() -> None:
        for first in range(0, NUM_CLIPS, BATCH):
            collate([clips[0, 0, position] for position in order[first : first + BATCH]])

    return fastest(one_round, repeats=5, warm_up=1, clock=time.thread_time) * 1e3 / NUM_CLIPS


if __name__ == "__main__":
    run(measure, METHOD)
