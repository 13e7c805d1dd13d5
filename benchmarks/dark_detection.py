"""How often a detector finds somebody in dark videos, and how confident MoveNet is, by how frames were brightened.

    POSECUBE_WEIGHTS=... python benchmarks/dark_detection.py DARK/train DARK/validate --every-video 5 --every-frame 8

Nobody's joints are known there: a frame counts as found if the best box of YOLOX scores so high. Confidence is the mean
over the 17 joints in that box, 0 where there is none.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from posecube.pose.estimators.loading import load_estimator
from posecube.video.enhance import Enhancement, enhanced
from posecube.video.frame import Frame
from posecube.video.reader import read_frames

WAYS: dict[str, Enhancement | None] = {
    "as it is": None,
    "--gamma 1.8": Enhancement("gamma", 1.8),
    "--gamma 2.5": Enhancement("gamma", 2.5),
    "--enhance adaptive": Enhancement("adaptive"),
    "--enhance clahe": Enhancement("clahe"),
    "--enhance clahe --gamma 1.5": Enhancement("clahe", 1.5),
    "--enhance clahe --gamma 2.5": Enhancement("clahe", 2.5),
    "--enhance adaptive --average 1": Enhancement("adaptive", average=1),
    "--enhance clahe --average 1": Enhancement("clahe", average=1),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--every-video", type=int, default=5, metavar="N")
    parser.add_argument("--every-frame", type=int, default=8, metavar="N")
    options = parser.parse_args()
    videos = [path for folder in options.folders for path in sorted(folder.rglob("*.mp4"))][:: options.every_video]
    estimator = load_estimator("yolox-movenet", threads=1, low_threshold=True)
    shown = Table(title=f"{len(videos)} videos, every {options.every_frame}th frame")
    for column in ("frames", "found at 0.4 %", "at 0.1 %", "confidence", "above 0.3 %"):
        shown.add_column(column)
    for name, way in WAYS.items():
        found, confident = [], []
        for frame in _frames(videos, way, options.every_frame):
            regions = estimator.find_people(frame.image_rgb)[:1]
            found.append(regions[0].score if regions else 0.0)
            confident.append(float(estimator.estimate(frame.image_rgb, regions).confidence.mean()) if regions else 0.0)
        score, confidence = np.array(found), np.array(confident)
        shown.add_row(
            name, f"{100 * (score >= 0.4).mean():.1f}", f"{100 * (score > 0).mean():.1f}", f"{confidence.mean():.3f}",
            f"{100 * (confidence > 0.3).mean():.1f}",
        )  # fmt: skip
    Console().print(shown)


def _frames(videos: list[Path], way: Enhancement | None, every: int) -> Iterator[Frame]:
    """Every so many frames of each video, from the middle of the first stretch."""
    for path in videos:
        frames = read_frames(path, threads=1)
        for frame in frames if way is None else enhanced(frames, way):
            if frame.index % every == every // 2:
                yield frame


if __name__ == "__main__":
    main()
