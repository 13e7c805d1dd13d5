"""``posecube train``: a recipe and a store to weights."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from posecube.commands.options import add_device, add_quiet, add_settings, add_videos, clip_videos

if TYPE_CHECKING:
    from posecube.video.clip_videos import ClipVideos

NAME, HELP = "train", "train a recipe on a store"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A recipe, the store, the folder of the run."""
    parser.add_argument("recipe", metavar="RECIPE", help="a name of posecube.recipes or a Python file")
    parser.add_argument("--store", type=Path, required=True, metavar="DIR")
    parser.add_argument("--run", type=Path, required=True, metavar="DIR")
    add_settings(parser)
    add_videos(parser)
    parser.add_argument("--resume", action="store_true", help="go on from the last finished epoch")
    add_device(parser)
    add_quiet(parser)


def run(options: argparse.Namespace) -> None:
    """Train what the command line names."""
    train(
        options.recipe, store=options.store, run=options.run, settings=options.set, videos=clip_videos(options),
        resume=options.resume, device=options.device, quiet=options.quiet,
    )  # fmt: skip


def train(
    recipe: str,
    *,
    store: Path,
    run: Path,
    settings: Sequence[str] = (),
    videos: ClipVideos | None = None,
    resume: bool = False,
    device: str = "auto",
    quiet: bool = False,
) -> None:
    """Train a recipe and say where its weights are."""
    from posecube.commands.terminal import console
    from posecube.progress import progress_bar
    from posecube.recipes import load_recipe
    from posecube.training import train as train_recipe
    from posecube.training import with_settings

    chosen = with_settings(load_recipe(recipe), settings)
    with progress_bar(quiet=quiet) as progress:
        weights = train_recipe(
            chosen, store=store, run=run, videos=videos, resume=resume, device=device, progress=progress
        )
    console.print(f"wrote {weights}")
