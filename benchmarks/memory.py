"""Peak memory of recognising long videos."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from inputs import write_mannequin_video
from timing import arguments, show

MINUTES = (1.0, 3.0)
SIZE_HW = (270, 480)
METHOD = (
    "Peak resident memory, in MiB, of `posecube recognize` with JSON and annotated video on the mannequin in a loop "
    "(480 x 270, 30 frames/s), by the minutes of video; hour_mib carries the growth from the shorter to the longer on "
    "to an hour. `benchmarks/memory.py --minutes 60` measures the hour itself."
)


def measure(minutes: tuple[float, ...] = MINUTES) -> dict[str, float]:
    """Peak memory for each length, and carried on to an hour when there are two or more."""
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for length in minutes:
            video = write_mannequin_video(
                Path(folder) / "long.mp4", num_frames=round(length * 60 * 30), size_hw=SIZE_HW
            )
            figures[f"{length:g}_min_mib"] = peak_mib(video, Path(folder))
    if len(minutes) > 1:
        (short, small), (long, large) = list(zip(minutes, figures.values(), strict=True))[:: len(minutes) - 1]
        figures["hour_mib"] = large + max(0.0, large - small) / (long - short) * (60 - long)
    return figures


def peak_mib(video: Path, folder: Path) -> float:
    """Peak resident memory of one run of the command.

    Raises:
        RuntimeError: If the command fails.
        OSError: If the system does not tell a process's peak memory.
    """
    if not hasattr(os, "wait4"):
        raise OSError("this system does not tell a process's peak memory")
    outputs = ["--json", str(folder / "long.json"), "--video", str(folder / "annotated.mp4")]
    command = [sys.executable, "-m", "posecube.cli", "recognize", str(video), "--quiet", *outputs]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"`posecube recognize` failed with exit code {process.returncode}")
    return usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    parser = arguments(METHOD)
    parser.add_argument("--minutes", type=float, nargs="+", default=MINUTES, metavar="M", help="lengths of video")
    options = parser.parse_args()
    show(measure(tuple(options.minutes)), METHOD, options.json)
