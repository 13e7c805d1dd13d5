"""``posecube evaluate``: a model's metrics on a split of a store."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from posecube.commands.options import (
    add_device,
    add_precision,
    add_quiet,
    add_smooth,
    add_videos,
    add_views,
    clip_videos,
    files_of_store,
    files_of_weights,
)

if TYPE_CHECKING:
    from posecube.model.predictor import Predictor
    from posecube.video.clip_videos import ClipVideos

NAME, HELP = "evaluate", "score a model on a split of a store"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A model, the split, how clips are viewed, and where scores go."""
    parser.add_argument("weights", metavar="RUN|WEIGHTS")
    parser.add_argument("--store", type=Path, required=True, metavar="DIR")
    parser.add_argument("--split", required=True, metavar="NAME")
    add_views(parser)
    add_videos(parser)
    parser.add_argument(
        "--head", choices=("both", "rgb", "pose"), default="both",
        help="which of two heads scores (default: their mean)",
    )  # fmt: skip
    add_smooth(parser)
    add_precision(parser)
    add_device(parser)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the metrics")
    parser.add_argument("--scores", type=Path, metavar="FILE", help="write every clip's scores, for fuse")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw confusion matrix and class accuracy")
    add_quiet(parser)


def run(options: argparse.Namespace) -> None:
    """Score what the command line names."""
    from posecube.files import check_output
    from posecube.model.predictor import Predictor
    from posecube.store import SkeletonStore

    check_output(
        options.json, options.scores, options.plot,
        inputs=[*files_of_weights([options.weights]), *files_of_store(options.store)],
    )  # fmt: skip
    SkeletonStore.open(options.store).split(options.split)  # before weights are loaded
    predictor = Predictor.load(
        options.weights, device=options.device, num_views=options.views, flips=options.flip, smooth=options.smooth,
        precision=options.precision, head=None if options.head == "both" else options.head,
    )  # fmt: skip
    evaluate(
        predictor, store=options.store, split=options.split, videos=clip_videos(options), json=options.json,
        scores=options.scores, plot=options.plot, quiet=options.quiet,
    )  # fmt: skip


def evaluate(
    predictor: Predictor,
    *,
    store: Path,
    split: str,
    videos: ClipVideos | None = None,
    json: Path | None = None,
    scores: Path | None = None,
    plot: Path | None = None,
    quiet: bool = False,
) -> None:
    """Score a split; show the metrics, and write what is asked for."""
    from posecube.commands.terminal import show_metrics
    from posecube.evaluation import measure, score_store
    from posecube.evaluation.report import plot_classes
    from posecube.progress import progress_bar
    from posecube.store import SkeletonStore

    opened = SkeletonStore.open(store)
    with progress_bar(quiet=quiet) as progress:
        table = score_store(predictor, opened, opened.split(split), videos=videos, progress=progress)
    metrics = {
        **measure(table).as_dict(), "views": predictor.num_views, "flip": predictor.flips,
        "head": predictor.head or "both", "smooth": predictor.smooths, "split": split, "weights": predictor.name,
    }  # fmt: skip
    if scores:
        table.save(scores)
    if plot:
        plot_classes(table, plot)
    show_metrics(metrics, json)
