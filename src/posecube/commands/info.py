"""``posecube info``: what a skeleton store holds."""

from __future__ import annotations

import argparse
from pathlib import Path

NAME, HELP = "info", "what a skeleton store holds"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A store."""
    parser.add_argument("store", type=Path, metavar="STORE")


def run(options: argparse.Namespace) -> None:
    """Show the store that the command line names."""
    show_store(options.store)


def show_store(store: Path) -> None:
    """Clips, classes, splits, and how well joints were seen."""
    from posecube.commands.terminal import console
    from posecube.store import SkeletonStore
    from posecube.store.summary import render_summary, summarize

    console.print(render_summary(summarize(SkeletonStore.open(store))))
