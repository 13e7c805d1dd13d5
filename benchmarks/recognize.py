"""Prints what `posecube bench recognize` measures, and how; on a given video, or on one made on the spot."""

import argparse
from pathlib import Path

from posecube.bench.recognize import METHOD, measure
from posecube.bench.timing import as_table

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video", type=Path, nargs="?", help="default: the mannequin at 1920 x 1080")
    parser.add_argument("--weights", nargs="+", default=(), metavar="NAME|FILE", help="default: the shipped models")
    parser.add_argument("--pose", default="blazepose", help="pose estimator (default: %(default)s)")
    options = parser.parse_args()
    figures = measure(options.video, weights=tuple(options.weights), pose=options.pose)
    print(as_table(f"recognize {options.video or ''}", figures, METHOD))
