"""``posecube import``: a published data set to a skeleton store."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from posecube.commands.options import add_quiet, add_settings

NAME, HELP = "import", "turn a published data set into a skeleton store"
SHOWN_SKIPS = 20  # an import of 100,000 clips may skip hundreds


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A format, its data, the store."""
    parser.add_argument(
        "format", metavar="FORMAT", help="penn-action, nucla, sbu, ntu, pyskl and more, see docs/import.md"
    )
    parser.add_argument("source", type=Path, metavar="SOURCE", help="folder, archive or file")
    parser.add_argument("--store", type=Path, required=True, metavar="DIR")
    add_settings(parser, help="reader's options")
    add_quiet(parser)


def run(options: argparse.Namespace) -> None:
    """Import what the command line names."""
    import_store(options.format, options.source, options.store, settings=options.set, quiet=options.quiet)


def import_store(format: str, source: Path, store: Path, *, settings: Sequence[str] = (), quiet: bool = False) -> None:
    """Fill a store from a data set, and say what was read and what was skipped."""
    from posecube.commands.terminal import console
    from posecube.datasets import import_dataset, parse_settings
    from posecube.progress import progress_bar

    arguments = parse_settings(format, settings)
    with progress_bar(quiet=quiet) as progress:
        report = import_dataset(format, source, store, progress=progress, **arguments)
    splits = ", ".join(f"{name} {size}" for name, size in report.split_sizes.items())
    console.print(
        f"{report.path}: {report.num_clips} clips, {report.num_frames} frames, {report.num_classes} classes; {splits}"
    )
    for remark, count in report.remarks.items():
        console.print(f"{remark}: {count}")
    for name, reason in islice(report.skipped.items(), SHOWN_SKIPS):
        console.print(f"skipped {name}: {reason}")
    if len(report.skipped) > SHOWN_SKIPS:
        console.print(f"skipped {len(report.skipped)} clips in all")
