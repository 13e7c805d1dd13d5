"""Prints what `posecube bench memory` measures, and how; for videos of any length."""

import argparse

from posecube.bench.memory import METHOD, MINUTES, measure
from posecube.bench.timing import as_table

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, nargs="+", default=MINUTES, metavar="M", help="lengths of video")
    print(as_table("memory", measure(tuple(parser.parse_args().minutes)), METHOD))
