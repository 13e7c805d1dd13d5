"""``posecube compare``: train and score the variants of one of the paper's comparisons."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from posecube.commands.options import add_device, add_quiet, add_settings, files_of_store
from posecube.errors import UserError

if TYPE_CHECKING:
    from posecube.comparison.result import Views

NAME, HELP = "compare", "train and score the variants of one of the paper's comparisons"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A comparison, or none for the list."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="default: list what can be compared")
    parser.add_argument("--store", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, metavar="DIR")
    parser.add_argument("--recipe", metavar="RECIPE", help="what to vary (default: by the store's layout)")
    add_settings(parser, metavar="[VARIANT:]KEY=VALUE")
    parser.add_argument(
        "--seeds", nargs="+", type=int, default=[], metavar="S", help="train once for each (default: the recipe's)"
    )
    parser.add_argument("--views", type=int, default=1, metavar="N", help="score N test views too, beside one view")
    parser.add_argument("--flip", action="store_true", help="score mirror images in these")
    parser.add_argument("--seconds", type=float, metavar="S", help="equal training time in place of equal epochs")
    parser.add_argument("--only", nargs="+", default=[], metavar="VARIANT", help="train these alone, for now")
    add_device(parser)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the metrics here too")
    parser.add_argument("--resume", action="store_true", help="go on where an earlier start ended")
    add_quiet(parser, help="no progress bars, no announcements")


def run(options: argparse.Namespace) -> None:
    """Compare what the command line names, or list what can be compared."""
    from posecube.comparison import find_question
    from posecube.comparison.result import Views

    if options.name is None:
        list_questions()
        return
    question = find_question(options.name)
    if options.store is None or options.out is None:
        raise UserError(f"posecube compare {question.name} needs --store DIR and --out DIR")
    compare(
        question.name, store=options.store, out=options.out, recipe=options.recipe, settings=options.set,
        seeds=options.seeds, views=sorted({Views(), Views(options.views, options.flip)}), seconds=options.seconds,
        only=options.only, device=options.device, json=options.json, resume=options.resume, quiet=options.quiet,
    )  # fmt: skip


def list_questions() -> None:
    """All comparisons, a line each."""
    from posecube.commands.terminal import console
    from posecube.comparison import QUESTIONS
    from posecube.comparison.report import questions_table

    console.print(questions_table(QUESTIONS.values()))


def compare(
    name: str,
    *,
    store: Path,
    out: Path,
    recipe: str | None = None,
    settings: Sequence[str] = (),
    seeds: Sequence[int] = (),
    views: Sequence[Views] = (),
    seconds: float | None = None,
    only: Sequence[str] = (),
    device: str = "auto",
    json: Path | None = None,
    resume: bool = False,
    quiet: bool = False,
) -> None:
    """Train, score and chart the variants of a comparison."""
    from posecube.commands.terminal import console
    from posecube.comparison import compare_variants, find_question
    from posecube.comparison.base_recipe import base_recipe, split_settings
    from posecube.comparison.report import comparison_table, plot_comparison
    from posecube.comparison.result import Views
    from posecube.files import check_output, write_json
    from posecube.progress import progress_bar
    from posecube.store import SkeletonStore

    check_output(json, inputs=files_of_store(store))
    question, opened = find_question(name), SkeletonStore.open(store)
    by_variant = split_settings(settings)
    base = base_recipe(opened, recipe, by_variant.pop("", ()), reads=question.starts_from)
    with progress_bar(quiet=quiet) as progress:
        result = compare_variants(
            question.of(base, num_axes=opened.num_axes).with_own_settings(by_variant),
            store=opened,
            out=out,
            seeds=seeds or [base.seed],
            views=views or (Views(),),
            seconds=seconds,
            only=only,
            resume=resume,
            device=device,
            announce=(lambda _text: None) if quiet else console.print,
            progress=progress,
        )
    if result is None:
        console.print(f"{out}: some runs are still to be done; go on with --resume")
        return
    plot_comparison(result, out / "comparison.png")
    for path in filter(None, (out / "comparison.json", json)):
        write_json(path, result.as_dict())
    console.print(comparison_table(result))
    console.print(f"wrote {out / 'comparison.json'} and {out / 'comparison.png'}")
