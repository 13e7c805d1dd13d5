"""What each command of the command line does; its imports wait until it runs."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

if TYPE_CHECKING:
    from posecube.video.clip_videos import ClipVideos

console = Console(markup=False, emoji=False)  # names of files and classes are shown as they are
SHOWN_SKIPS = 20  # an import of 100,000 clips may skip hundreds


class ShowProgress(Protocol):
    """What a progress bar is moved by."""

    def __call__(self, stage: str, done: int, of: int | None = None) -> None: ...


def recognize(options: Namespace) -> None:
    """Name the actions in a video."""
    from posecube.recognition.windows import WindowSettings
    from posecube.recognizer import Recognizer
    from posecube.video.reader import open_video

    check_outputs(options.json, options.annotated)
    info = open_video(options.video)
    recognizer = Recognizer.load(*(options.weights or ()))
    windows = WindowSettings()
    if options.window is not None:
        windows = WindowSettings(window_s=options.window, step_s=min(windows.step_s, options.window))
    with progress_bar(quiet=options.quiet, total=info.num_frames_estimate) as show:
        recognition = recognizer.recognize(
            options.video,
            pose=options.pose,
            annotated=options.annotated,
            num_views=options.views,
            windows=windows,
            max_people=options.max_people,
            boxes=options.boxes,
            progress=show,
        )
    if options.json:
        recognition.save_json(options.json)
    if not options.quiet:
        from posecube.recognition.report import recognition_table

        console.print(recognition_table(recognition))


def extract(options: Namespace) -> None:
    """Turn folders of videos into a store."""
    from posecube.pose.extract import extract as extract_videos

    labels = options.labels if options.labels in ("folders", "ntu") else Path(options.labels)
    report = extract_videos(
        options.paths,
        store=options.store,
        pose=options.pose,
        labels=labels,
        workers=options.workers,
        gamma=options.gamma,
        boxes=options.boxes,
    )
    console.print(report)


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
    from posecube.skeleton.store import SkeletonStore
    from posecube.skeleton.summary import render_summary, summarize

    console.print(render_summary(summarize(SkeletonStore.open(options.store))))


def recipes(options: Namespace) -> None:
    """List the recipes, or show one: what it says, all its settings, the size of its network."""
    from posecube.bench.recipe_table import markdown_table, network_cost, recipe_text
    from posecube.training import load_recipe, with_settings
    from posecube.training.recipe import recipe_names, settings_of

    if options.recipe is None:
        if options.set:
            raise ValueError("--set changes one recipe's settings: name a recipe")
        table = Table("recipe", "what", box=None)
        for name in recipe_names():
            table.add_row(name, recipe_text(name).title)
        console.print(markdown_table() if options.markdown else table, soft_wrap=options.markdown, highlight=False)
        return
    if options.markdown:
        raise ValueError("--markdown writes the list of all recipes: name none")
    recipe = with_settings(load_recipe(options.recipe), options.set)
    cost = network_cost(recipe)
    console.print(recipe_text(options.recipe).whole, soft_wrap=True, highlight=False)
    table = Table("setting", "value")
    for name, value in settings_of(recipe).items():
        table.add_row(name, json.dumps(value))
    console.print(table)
    console.print(
        f"{cost} for {cost.num_classes} classes and clips of {cost.input_text}", soft_wrap=True, highlight=False
    )


def train(options: Namespace) -> None:
    """Train a recipe."""
    from posecube.training import load_recipe, with_settings
    from posecube.training import train as train_recipe

    recipe = with_settings(load_recipe(options.recipe), options.set)
    weights = train_recipe(
        recipe, store=options.store, run=options.run, videos=clip_videos(options), resume=options.resume,
        progress=not options.quiet,
    )  # fmt: skip
    console.print(f"wrote {weights}")


def evaluate(options: Namespace) -> None:
    """Score a model on a split."""
    from posecube.evaluation import measure, predict
    from posecube.evaluation.report import plot_classes
    from posecube.model import ActionModel
    from posecube.skeleton.store import SkeletonStore

    check_outputs(options.json, options.scores, options.plot)
    if options.views < 1:
        raise ValueError(f"--views must be at least 1, got {options.views}")
    store = SkeletonStore.open(options.store)
    indices = store.split(options.split)
    model, card = ActionModel.load(options.weights)
    with progress_bar(quiet=options.quiet, total=len(indices)) as show:
        table = predict(
            model, card, store, indices, num_views=options.views, flips=options.flip, videos=clip_videos(options),
            head=None if options.head == "both" else options.head, progress=lambda done: show("evaluating", done),
        )  # fmt: skip
    figures = {**measure(table).as_dict(), "views": options.views, "flip": options.flip, "head": options.head}
    figures |= {"split": options.split, "weights": card.name}
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
    from posecube.skeleton.store import SkeletonStore

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
    from posecube.skeleton.store import SkeletonStore

    if options.name is None:
        console.print(questions_table(QUESTIONS.values()))
        return
    question = find_question(options.name)
    if options.store is None or options.out is None:
        raise ValueError(f"posecube compare {question.name} needs --store DIR and --out DIR")
    check_outputs(options.json)
    store = SkeletonStore.open(options.store)
    settings = split_settings(options.set)
    base = base_recipe(store, options.recipe, settings.pop("", ()), reads=question.starts_from)
    comparison = question.of(base, num_axes=store.num_axes).with_own_settings(settings)
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
        progress=not options.quiet,
    )
    if result is None:
        console.print(f"{options.out}: some runs are still to be done; go on with --resume")
        return
    plot_comparison(result, options.out / "comparison.png")
    for path in filter(None, (options.out / "comparison.json", options.json)):
        write_json(path, result.as_dict())
    console.print(comparison_table(result))
    console.print(f"wrote {options.out / 'comparison.json'} and {options.out / 'comparison.png'}")


def studio(options: Namespace) -> None:
    """Render videos of the mannequin, or say what a set of them is."""
    if options.action == "fingerprint":
        from posecube.studio.fingerprint import fingerprint

        with progress_bar(quiet=False, total=None) as show:
            found = fingerprint(options.source, progress=lambda done, of: show("planning", done, of))
        console.print(str(found), soft_wrap=True, highlight=False)
        return
    from posecube.studio.clips import render_to_folder
    from posecube.studio.sets import order_set

    chosen = order_set(
        options.set,
        actions=options.actions,
        subjects=options.subjects,
        num_views=options.views,
        num_repeats=options.repeats,
        num_frames=options.frames,
        size_hw=options.size,
        fps=options.fps,
        seed=options.seed,
        setup=options.setup,
        conditions=options.conditions,
        dark=options.dark,
        noise=options.noise,
        shutter=options.shutter,
        shake_deg=options.shake,
        occluders=options.occluders,
        bystanders=options.bystanders,
        kinect_depth=options.kinect,
    )
    with progress_bar(quiet=options.quiet, total=None) as show:
        report = render_to_folder(
            options.out, chosen, depth=options.depth, flow=options.flow, workers=options.workers,
            progress=lambda done, of: show("rendering", done, of),
        )  # fmt: skip
    console.print(str(report), soft_wrap=True)


def weights(options: Namespace) -> None:
    """List the shipped weights, show a card, or import a checkpoint."""
    from posecube.model import find_weights, read_card, shipped_weights

    if options.action == "import":
        import_weights(options)
        return
    if options.action == "show":
        console.print_json(read_card(find_weights(options.weights)).model_dump_json())
        return
    table = Table("name", "architecture", "classes", "scores")
    for name in shipped_weights():
        card = read_card(find_weights(name))
        scores = ", ".join(f"{key}: {value}" for key, value in card.scores.items())
        table.add_row(name, card.model.architecture, str(len(card.classes)), scores)
    console.print(table)


def import_weights(options: Namespace) -> None:
    """Turn a published checkpoint into a weights file."""
    from posecube import migration

    check_outputs(options.out)
    choice = migration.InputChoice(
        layout=options.layout,
        limbs=options.limbs,
        stream=options.stream,
        size=options.size,
        clip_len=options.clip_len,
        framework=options.framework,
    )
    imported = migration.import_weights(
        options.checkpoint,
        options.architecture,
        options.out,
        choice=choice,
        classes=options.classes,
        arguments=migration.parse_arguments(options.set),
        name=options.name,
    )
    for note in imported.notes:
        console.print(note, soft_wrap=True)
    console.print(f"wrote {imported.path}: {imported.summary}", soft_wrap=True)


def bench(options: Namespace) -> None:
    """Measure speed on this machine."""
    from posecube.bench import BENCHMARKS

    check_outputs(options.json)
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        raise ValueError(f"unknown benchmark {unknown[0]!r}; known: {', '.join(BENCHMARKS)}")
    figures = {name: BENCHMARKS[name]() for name in options.names or BENCHMARKS}
    table = Table("benchmark", "figure", "value")
    for name, values in figures.items():
        for figure, value in values.items():
            table.add_row(name, figure, f"{value:.3f}")
    console.print(table)
    if options.json:
        write_json(options.json, figures)


COMMANDS: dict[str, Callable[[Namespace], None]] = {
    "recognize": recognize,
    "extract": extract,
    "import": import_,
    "info": info,
    "recipes": recipes,
    "train": train,
    "evaluate": evaluate,
    "calibrate": calibrate,
    "fuse": fuse,
    "compare": compare,
    "studio": studio,
    "weights": weights,
    "bench": bench,
}


def clip_videos(options: Namespace) -> ClipVideos | None:
    """Where the clips' videos are, if the command line says so.

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If the pattern has no place for a clip's name.
    """
    if options.videos is None:
        return None
    from posecube.video.clip_videos import ClipVideos

    return ClipVideos(options.videos, options.video_pattern)


def check_outputs(*paths: Path | None) -> None:
    """Refuse outputs that cannot be written, before work starts.

    Raises:
        FileNotFoundError: If an output's folder does not exist.
        IsADirectoryError: If an output is a folder.
        PermissionError: If it may not be written.
    """
    for path in filter(None, paths):
        if path.is_dir():
            raise IsADirectoryError(f"cannot write {path}: it is a folder; give a file name")
        if path.parent.exists() and not path.parent.is_dir():
            raise NotADirectoryError(f"cannot write {path}: {path.parent} is no folder")
        if not path.parent.exists():
            raise FileNotFoundError(f"cannot write {path}: there is no folder {path.parent}; make it first")
        probe = path.with_name(f".{path.name}.probe")
        try:
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise PermissionError(f"cannot write {path}: {error.strerror}; choose another place") from error


@contextmanager
def progress_bar(*, quiet: bool, total: int | None) -> Iterator[ShowProgress]:
    """A function to call with a stage's name, the number of items done, and that of all if it became known."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    terminal = Console(stderr=True)
    # Into a file a bar would leave a blank line before an error's one.
    disable = quiet or not terminal.is_terminal
    with Progress(*columns, console=terminal, disable=disable, transient=True) as bar:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, of: int | None = None) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=of or total)
            bar.update(tasks[stage], completed=done)

        yield show


def show_figures(figures: dict[str, Any], json_path: Path | None) -> None:
    """Print figures as a table; write them too if a path is given."""
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, str(value))
    console.print(table)
    if json_path:
        write_json(json_path, figures)


def write_json(path: Path, content: object) -> None:
    """Write JSON, whole or not at all."""
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        unfinished.write_text(json.dumps(content, indent=2) + "\n")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
