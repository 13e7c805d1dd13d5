"""``posecube robustness``: how much models lose on perturbed skeletons, other poses and dark videos."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from posecube.commands.options import (
    add_device,
    add_precision,
    add_quiet,
    add_smooth,
    add_videos,
    add_views,
    add_workers,
    clip_videos,
    positive,
)
from posecube.errors import UserError

if TYPE_CHECKING:
    from posecube.evaluation.robustness.darkness import Darkness
    from posecube.evaluation.robustness.pose_sources import PoseSource
    from posecube.evaluation.robustness.study import Study
    from posecube.model.predictor import Predictor

NAME, HELP = "robustness", "score models on skeletons that get worse and worse"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Models, the split, what goes wrong, and the folder of the report."""
    parser.add_argument("weights", nargs="+", metavar="RUN|WEIGHTS", help="models, side by side in one report")
    parser.add_argument("--store", type=Path, required=True, metavar="DIR")
    parser.add_argument("--split", required=True, metavar="NAME")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the report")
    parser.add_argument("--corruptions", nargs="+", metavar="NAME", help="default: all; none for none")
    parser.add_argument(
        "--seeds", nargs="+", type=int, default=[0], metavar="S", help="draw each so often (default: 0)"
    )
    parser.add_argument("--clips", type=positive, metavar="N", help="score so many clips, drawn from the split")
    add_views(parser)
    add_smooth(parser)
    add_precision(parser)
    add_device(parser)
    add_quiet(parser)
    others = parser.add_argument_group("poses from elsewhere", "trained on one estimator's poses, tested on another's")
    others.add_argument(
        "--poses", nargs="+", default=[], metavar="NAME=STORE", help="stores of the same clips, matched by name"
    )
    others.add_argument("--own-poses", default="store", metavar="NAME", help="of those in --store (default: store)")
    _add_darkness(parser.add_argument_group("darkness", "videos are darkened, and poses are sought in them"))


def _add_darkness(group: argparse._ArgumentGroup) -> None:
    add_videos(group, help="the clips' videos, to darken them, and for networks that read frames")
    group.add_argument("--pose", default="blazepose", help="pose estimator (default: %(default)s)")
    group.add_argument(
        "--gammas", nargs="+", type=float, metavar="G",
        help="that would undo the darkness; 1 is the video as it is (default: 1 to 4 by halves)",
    )  # fmt: skip
    group.add_argument("--brighten", action="store_true", help="also with frames brightened again by the same gamma")
    add_workers(group)


def run(options: argparse.Namespace) -> None:
    """Score what the command line names."""
    from posecube.evaluation.robustness.corruptions import find_corruptions
    from posecube.evaluation.robustness.study import Study
    from posecube.model.predictor import Predictor
    from posecube.store import SkeletonStore

    corruptions, videos = find_corruptions(options.corruptions), clip_videos(options)
    others = pose_sources(options.poses, own_name=options.own_poses)
    store = SkeletonStore.open(options.store)
    names = short_names(options.weights)
    study = Study(
        store, options.split, corruptions, seeds=tuple(options.seeds), num_clips=options.clips, others=others,
        own_name=options.own_poses, videos=videos, darkness=None if videos is None else _darkness(options),
    )  # fmt: skip
    models = {
        name: Predictor.load(
            weights, device=options.device, num_views=options.views, flips=options.flip, smooth=options.smooth,
            precision=options.precision,
        )
        for name, weights in zip(names, options.weights, strict=True)
    }  # fmt: skip
    robustness(models, study, out=options.out, quiet=options.quiet)


def _darkness(options: argparse.Namespace) -> Darkness:
    from posecube.evaluation.robustness.darkness import GAMMAS, Darkness

    gammas = GAMMAS if options.gammas is None else tuple(options.gammas)
    return Darkness(gammas, options.pose, brighten=options.brighten, workers=options.workers, device=options.device)


def robustness(models: Mapping[str, Predictor], study: Study, *, out: Path, quiet: bool = False) -> None:
    """Score models on corrupted joints, on other sources' poses and in the dark, and write a report."""
    from posecube.commands.terminal import console
    from posecube.evaluation.robustness.report import areas_table, grid_table, notes_of, write_report
    from posecube.files import check_output
    from posecube.progress import progress_bar

    out.mkdir(parents=True, exist_ok=True)
    check_output(out / "robustness.json")
    with progress_bar(quiet=quiet) as progress:
        result = study.measure(models, out=out, progress=progress)
    written = write_report(result, out, scored=study.scored(models))
    if result.perturbations:
        console.print(areas_table(result))
    if result.grid is not None:
        console.print(grid_table(result.grid))
    for note in notes_of(result):
        console.print(note, soft_wrap=True)
    console.print(f"wrote {', '.join(map(str, written))}", soft_wrap=True)


def pose_sources(settings: Sequence[str], *, own_name: str) -> tuple[PoseSource, ...]:
    """Other stores by their names, from ``NAME=STORE`` texts.

    Raises:
        FileNotFoundError: If a store is not there.
        UserError: If a text is of another form, or two sources have one name.
    """
    from posecube.evaluation.robustness.pose_sources import PoseSource
    from posecube.store import SkeletonStore

    sources = []
    for setting in settings:
        name, separator, path = setting.partition("=")
        if not (separator and name and path):
            raise UserError(f"--poses expects NAME=STORE, such as rtmpose=stores/rtmpose, got {setting!r}")
        sources.append(PoseSource(name, SkeletonStore.open(path)))
    counts = Counter([own_name, *(source.name for source in sources)])
    if max(counts.values()) > 1:
        raise UserError(
            f"--poses: two sources are called {counts.most_common(1)[0][0]!r}; those of --store are called "
            f"{own_name!r}, --own-poses calls them otherwise"
        )
    return tuple(sources)


def short_names(weights: Sequence[str]) -> list[str]:
    """What models are called in the report: the last part of their paths where that tells them apart.

    Raises:
        UserError: If a model is given twice.
    """
    if len(set(weights)) < len(weights):
        raise UserError(f"each model may be named once, got {', '.join(weights)}")
    names = [path.parent.name if path.name == "weights.safetensors" else path.name for path in map(Path, weights)]
    return names if all(names) and len(set(names)) == len(names) else list(weights)
