"""Commands that train models and score them."""

from __future__ import annotations

import json
from argparse import Namespace

from rich.table import Table

from posecube.commands.terminal import check_outputs, console, progress_bar, show_figures, write_json
from posecube.commands.videos import clip_videos
from posecube.errors import UserError


def recipes(options: Namespace) -> None:
    """List the recipes, or show one: what it says, all its settings, the size of its network."""
    from posecube.recipes import RECIPES, load_recipe
    from posecube.recipes.table import markdown_table, network_cost, recipe_text
    from posecube.training.settings import settings_of, with_settings

    if options.recipe is None:
        if options.set:
            raise UserError("--set changes one recipe's settings: name a recipe")
        table = Table("recipe", "what", box=None)
        for name, entry in sorted(RECIPES.items()):
            table.add_row(name, entry.title)
        console.print(markdown_table() if options.markdown else table, soft_wrap=options.markdown, highlight=False)
        return
    if options.markdown:
        raise UserError("--markdown writes the list of all recipes: name none")
    recipe = with_settings(load_recipe(options.recipe), options.set)
    cost = network_cost(recipe)
    console.print(recipe_text(options.recipe), soft_wrap=True, highlight=False)
    table = Table("setting", "value")
    for name, value in settings_of(recipe).items():
        table.add_row(name, json.dumps(value))
    console.print(table)
    console.print(
        f"{cost} for {cost.num_classes} classes and clips of {cost.input_text}", soft_wrap=True, highlight=False
    )


def train(options: Namespace) -> None:
    """Train a recipe."""
    from posecube.recipes import load_recipe
    from posecube.training import train as train_recipe
    from posecube.training import with_settings

    recipe = with_settings(load_recipe(options.recipe), options.set)
    with progress_bar(quiet=options.quiet, total=None) as show:
        weights = train_recipe(
            recipe, store=options.store, run=options.run, videos=clip_videos(options), resume=options.resume,
            progress=show,
        )  # fmt: skip
    console.print(f"wrote {weights}")


def evaluate(options: Namespace) -> None:
    """Score a model on a split."""
    from posecube.evaluation import measure, predict
    from posecube.evaluation.report import plot_classes
    from posecube.model import ActionModel
    from posecube.store import SkeletonStore

    check_outputs(options.json, options.scores, options.plot)
    if options.views < 1:
        raise UserError(f"--views must be at least 1, got {options.views}")
    store = SkeletonStore.open(options.store)
    indices = store.split(options.split)
    model, card = ActionModel.load(options.weights)
    card = card.smoothed() if options.steady else card
    with progress_bar(quiet=options.quiet, total=len(indices)) as show:
        table = predict(
            model, card, store, indices, num_views=options.views, flips=options.flip, videos=clip_videos(options),
            head=None if options.head == "both" else options.head, in_bf16=options.precision == "bf16",
            progress=lambda done: show("evaluating", done),
        )  # fmt: skip
    figures = {**measure(table).as_dict(), "views": options.views, "flip": options.flip, "head": options.head}
    figures |= {"smooth": card.model.clip.preprocess.smooth, "split": options.split, "weights": card.name}
    if options.scores:
        table.save(options.scores)
    if options.plot:
        plot_classes(table, options.plot)
    show_figures(figures, options.json)


def calibrate(options: Namespace) -> None:
    """Fit temperature and rejection threshold, write weights with the new card."""
    import torch

    from posecube.evaluation import measure, predict
    from posecube.evaluation.calibration import calibrated_card
    from posecube.model import ActionModel
    from posecube.store import SkeletonStore

    check_outputs(options.out)
    store = SkeletonStore.open(options.store)
    model, card = ActionModel.load(options.weights)
    table = predict(
        model, card.updated(temperature=1.0), store, store.split(options.split), videos=clip_videos(options)
    )
    card = calibrated_card(card, table, rejected_percent=options.rejected)
    card = card.updated(
        name=options.out.stem, scores={**card.scores, f"top1 {options.split} 1 view": measure(table).top1}
    )
    model.save(options.out, card, dtype=torch.float16 if options.half else torch.float32)
    console.print(
        f"wrote {options.out}: temperature {card.temperature:.3f}, rejection threshold {card.rejection_threshold:.3f}"
    )


def fuse(options: Namespace) -> None:
    """Add up the scores of several models."""
    from posecube.evaluation import ScoreTable, measure
    from posecube.evaluation import fuse as fuse_tables

    check_outputs(options.json)
    tables = [ScoreTable.load(path) for path in options.scores]
    fused = fuse_tables(tables, options.coefficients)
    show_figures({**measure(fused).as_dict(), "fused": [str(path) for path in options.scores]}, options.json)


def compare(options: Namespace) -> None:
    """Train, score and chart one of the paper's comparisons, or list them."""
    from posecube.comparison import QUESTIONS, compare_variants, find_question
    from posecube.comparison.base_recipe import base_recipe, split_settings
    from posecube.comparison.report import comparison_table, plot_comparison, questions_table
    from posecube.comparison.result import Views
    from posecube.store import SkeletonStore

    if options.name is None:
        console.print(questions_table(QUESTIONS.values()))
        return
    question = find_question(options.name)
    if options.store is None or options.out is None:
        raise UserError(f"posecube compare {question.name} needs --store DIR and --out DIR")
    check_outputs(options.json)
    store = SkeletonStore.open(options.store)
    settings = split_settings(options.set)
    base = base_recipe(store, options.recipe, settings.pop("", ()), reads=question.starts_from)
    comparison = question.of(base, num_axes=store.num_axes).with_own_settings(settings)
    with progress_bar(quiet=options.quiet, total=None) as show:
        result = compare_variants(
            comparison,
            store=store,
            out=options.out,
            seeds=options.seeds or [base.seed],
            views=sorted({Views(), Views(options.views, options.flip)}),
            seconds=options.seconds,
            only=options.only,
            resume=options.resume,
            announce=(lambda _text: None) if options.quiet else console.print,
            progress=show,
        )
    if result is None:
        console.print(f"{options.out}: some runs are still to be done; go on with --resume")
        return
    plot_comparison(result, options.out / "comparison.png")
    for path in filter(None, (options.out / "comparison.json", options.json)):
        write_json(path, result.as_dict())
    console.print(comparison_table(result))
    console.print(f"wrote {options.out / 'comparison.json'} and {options.out / 'comparison.png'}")
