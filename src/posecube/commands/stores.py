"""Commands that fill stores and look at them."""

from __future__ import annotations

from argparse import Namespace
from itertools import islice

from posecube.commands.terminal import console, progress_bar

SHOWN_SKIPS = 20  # an import of 100,000 clips may skip hundreds


def import_(options: Namespace) -> None:
    """Turn a published data set into a store."""
    from posecube.datasets import import_dataset, parse_settings

    settings = parse_settings(options.format, options.set)
    with progress_bar(quiet=options.quiet, total=None) as show:
        report = import_dataset(
            options.format,
            options.source,
            options.store,
            on_progress=lambda done, total: show("importing", done, total),
            **settings,
        )
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


def info(options: Namespace) -> None:
    """What a store holds."""
    from posecube.store import SkeletonStore
    from posecube.store.summary import render_summary, summarize

    console.print(render_summary(summarize(SkeletonStore.open(options.store))))
