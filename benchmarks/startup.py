"""Seconds until the command line answers."""

from __future__ import annotations

import subprocess
import sys

from timing import fastest, run

METHOD = "Seconds of `posecube --help` in a new process: fastest of 5."


def measure() -> dict[str, float]:
    """Time the help text."""
    command = [sys.executable, "-m", "posecube.cli", "--help"]
    return {"help_s": fastest(lambda: subprocess.run(command, check=True, capture_output=True), repeats=5, warm_up=1)}


if __name__ == "__main__":
    run(measure, METHOD)
