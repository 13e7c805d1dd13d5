"""``posecube extract``: folders of videos to a skeleton store."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from posecube.commands.options import add_device, add_workers, number, whole
from posecube.errors import UserError

if TYPE_CHECKING:
    from posecube.video.enhance import Enhancement

NAME, HELP = "extract", "turn folders of videos into a skeleton store"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Videos, the store, how frames are brightened and who is followed."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--store", type=Path, required=True, metavar="DIR")
    parser.add_argument("--pose", default="blazepose", help="pose estimator (default: %(default)s)")
    parser.add_argument("--labels", default="folders", metavar="folders|ntu|FILE", help="where labels come from")
    add_workers(parser)
    add_device(parser, what="where pose models run")
    parser.add_argument(
        "--gamma", type=number(0.01, 100), metavar="G", help="brighten dark frames first: 2.5 in publications"
    )
    parser.add_argument(
        "--enhance",
        choices=["gamma", "adaptive", "clahe"],
        help="how to brighten (default: gamma, if --gamma is given)",
    )  # fmt: skip
    parser.add_argument(
        "--constant", type=number(0.01, 100), default=1.0, metavar="C", help="factor on what gamma gives"
    )
    parser.add_argument(
        "--average", type=whole(0, 100), default=0, metavar="N", help="average frames with N on either side first"
    )
    parser.add_argument(
        "--people", type=_people, choices=["tracked", "single"], default="tracked",
        help="all whom tracking confirms, or the best path of a single person (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--boxes", type=Path, metavar="FILE", help="given boxes: frame,x1,y1,x2,y2 a line")


def _people(text: str) -> str:
    return "single" if text == "surest" else text  # its name of the version before


def run(options: argparse.Namespace) -> None:
    """Extract from what the command line names."""
    labels = options.labels if options.labels in ("folders", "ntu") else Path(options.labels)
    extract(
        options.paths, store=options.store, pose=options.pose, labels=labels, workers=options.workers,
        enhancement=_enhancement(options.enhance, options.gamma, options.constant, options.average),
        people=options.people, boxes=options.boxes, device=options.device,
    )  # fmt: skip


def extract(
    paths: list[Path],
    *,
    store: Path,
    pose: str = "blazepose",
    labels: str | Path = "folders",
    workers: int = 1,
    enhancement: Enhancement | None = None,
    people: Literal["tracked", "single"] = "tracked",
    boxes: Path | None = None,
    device: str = "auto",
) -> None:
    """Fill a store with the people of videos, and say what became of each."""
    from posecube.commands.terminal import console
    from posecube.pose.extraction.extract import extract as extract_videos
    from posecube.progress import progress_bar

    with progress_bar() as progress:
        report = extract_videos(
            paths, store=store, pose=pose, device=device, labels=labels, workers=workers, enhancement=enhancement,
            people=people, boxes=boxes, progress=progress,
        )  # fmt: skip
    console.print(report)


def _enhancement(
    method: Literal["gamma", "adaptive", "clahe"] | None, gamma: float | None, constant: float, average: int
) -> Enhancement | None:
    """How frames are brightened, None where no option asks for it.

    Raises:
        UserError: If an option is out of range, or there is nothing that it could change.
    """
    from posecube.video.enhance import Enhancement

    chosen = method or (None if gamma is None else "gamma")
    if chosen is None and (constant != 1 or average):
        raise UserError("--constant and --average need a way to brighten: give --gamma or --enhance too")
    return None if chosen is None else Enhancement(chosen, gamma, constant, average=average)
