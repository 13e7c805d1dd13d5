"""``posecube fuse``: several models' scores of the same clips to one."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from posecube.commands.options import number

NAME, HELP = "fuse", "add up the scores of several models"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Files of scores and their weights."""
    parser.add_argument("scores", nargs="+", type=Path, metavar="SCORES")
    parser.add_argument(
        "--coefficients", nargs="+", type=number(-1e6, 1e6), metavar="C", help="weight of each (default: equal)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the metrics")


def run(options: argparse.Namespace) -> None:
    """Fuse what the command line names."""
    fuse(options.scores, coefficients=options.coefficients, json=options.json)


def fuse(scores: Sequence[Path], *, coefficients: Sequence[float] | None = None, json: Path | None = None) -> None:
    """Measure the weighted mean of score tables."""
    from posecube.commands.terminal import show_metrics
    from posecube.evaluation import ScoreTable, measure
    from posecube.evaluation import fuse as fuse_tables
    from posecube.files import check_output

    check_output(json, inputs=scores)
    fused = fuse_tables([ScoreTable.load(path) for path in scores], coefficients)
    show_metrics({**measure(fused).as_dict(), "fused": [str(path) for path in scores]}, json)
