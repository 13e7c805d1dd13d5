r"""Prints how far estimated joints are from exact ones, and how much they shake, as they are and smoothed.

The figures of docs/results.md are those of:

    posecube studio render --out DIR --actions squat,wave,jumping_jacks,punch,walk,sit_down,drink,kick \
        --subjects 2 --views 2 --seed 3
    posecube import studio DIR --store stores/exact
    posecube extract DIR --store stores/estimated --labels ntu
    python benchmarks/smoothing.py stores/exact stores/estimated
"""

import argparse
import time
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from posecube.sampling.preprocess.smoothing import smoothed
from posecube.skeleton import SkeletonSequence
from posecube.store import SkeletonStore

CONFIDENT = 0.3  # joints of less confidence are left out
NEAR = 0.1  # of the torso, for PCK
TORSO = ("left_shoulder", "right_hip")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exact", type=Path)
    parser.add_argument("estimated", type=Path)
    options = parser.parse_args()
    exact, estimated = SkeletonStore.open(options.exact), SkeletonStore.open(options.estimated)
    numbers = {name: index for index, name in enumerate(estimated.names)}
    rows, seconds = [], 0.0
    for index, name in enumerate(exact.names):
        if name in numbers:
            truth, found = exact[index], estimated[numbers[name]]
            start_s = time.perf_counter()
            smooth = found.replaced(keypoints=smoothed(found.keypoints, found.confidence))
            seconds += time.perf_counter() - start_s
            rows.append([*_figures(truth, found), *_figures(truth, smooth)])
    means = np.mean(rows, axis=0).reshape(2, 3)
    print(f"{len(rows)} clips, {1e3 * seconds / len(rows):.2f} ms a clip to smooth them")
    for word, (error, near, shake) in zip(("as estimated", "smoothed"), means, strict=True):
        print(f"{word}: median error {100 * error:.2f} % of the torso, PCK@{NEAR} {100 * near:.1f} %, "
              f"shake {100 * shake:.2f} % of the torso")  # fmt: skip


def _figures(truth: SkeletonSequence, found: SkeletonSequence) -> tuple[float, float, float]:
    """Median error, fraction of near joints, mean second difference of the error; of the first person, in torsos."""
    frames = min(truth.num_frames, found.num_frames)
    torso = np.diff(truth.keypoints[0][:, [truth.layout.index(joint) for joint in TORSO]], axis=1)
    errors = (found.keypoints[0, :frames] - truth.keypoints[0, :frames]) / np.linalg.norm(torso, axis=-1).mean()
    seen = (truth.confidence[0, :frames] > 0) & (found.confidence[0, :frames] > CONFIDENT)
    lengths = np.linalg.norm(errors, axis=-1)[seen]
    return float(np.median(lengths)), float((lengths < NEAR).mean()), _shake(errors, seen)


def _shake(errors: Float[ndarray, "T V 2"], seen: Bool[ndarray, "T V"]) -> float:
    bends = np.linalg.norm(np.diff(errors, 2, axis=0), axis=-1)
    return float(bends[seen[2:] & seen[1:-1] & seen[:-2]].mean())


if __name__ == "__main__":
    main()
