"""Train, score and fuse the variants of a comparison, going on where an earlier start ended.

OUT/plan.json                        what is compared, written first
OUT/runs/VARIANT/seed0/              a run folder as `posecube train` makes it,
                       scores-10-flip.npz   and a score table for each kind of test views
OUT/comparison.json comparison.png   written when all runs are there
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path

from posecube.comparison.clock import clocked, training_seconds
from posecube.comparison.plan import Announce, begin, go_on
from posecube.comparison.question import Comparison
from posecube.comparison.result import ComparisonResult, Cost, Entry, Views
from posecube.errors import UserError
from posecube.evaluation import ScoreTable, fuse, measure, score_store
from posecube.lookup import find
from posecube.model import find_weights, read_card
from posecube.model.cost import network_cost
from posecube.model.predictor import Predictor
from posecube.progress import Progress, silent
from posecube.store import SkeletonStore
from posecube.training import Recipe, train
from posecube.training.checks import check_recipe
from posecube.training.run_folder import LAST_CHECKPOINT, RECIPE_FILE, WEIGHTS_FILE


@dataclass(frozen=True)
class Run:
    """One variant with one seed, and the folder of its training."""

    variant: str
    seed: int
    recipe: Recipe
    folder: Path
    device: str = "auto"

    @property
    def is_trained(self) -> bool:
        return (self.folder / WEIGHTS_FILE).is_file()


def compare_variants(
    comparison: Comparison,
    *,
    store: SkeletonStore,
    out: str | Path,
    seeds: Sequence[int] = (0,),
    views: Sequence[Views] = (Views(),),
    seconds: float | None = None,
    only: Sequence[str] = (),
    resume: bool = False,
    device: str = "auto",
    announce: Announce = lambda _text: None,
    progress: Progress = silent,
) -> ComparisonResult | None:
    """Train every variant with every seed, score it, fuse.

    Args:
        out: A new folder, or with ``resume`` one that holds this comparison; seeds and views may be others than before.
        seconds: Give each variant the epochs that fit into so much time, in place of equal epochs.
        only: Train these variants alone, so that several processes can share the work.
        device: Where variants are trained and scored.
        announce: Told what is being done.

    Returns:
        The result, or None if ``only`` left runs to be done.

    Raises:
        FileExistsError: If the folder holds a comparison and ``resume`` is not given.
        FileNotFoundError: If there is nothing to resume.
        UserError: If a variant cannot be trained on this store, or the folder holds another comparison.
        KeyboardInterrupt: If the user stops it; finished runs and epochs are kept.
    """
    out = Path(out)
    _check(comparison, store, seeds=seeds, views=views, seconds=seconds, only=only)
    if resume:
        comparison = go_on(comparison, store=store, out=out, seconds=seconds)
    else:
        comparison = begin(comparison, store=store, out=out, seconds=seconds, announce=announce, device=device)
    runs = [
        Run(name, seed, recipe.changed(seed=seed), out / "runs" / name / f"seed{seed}", device)
        for seed in seeds
        for name, recipe in comparison.variants.items()
    ]
    for number, run in enumerate(runs, start=1):
        if not only or run.variant in only:
            _train(run, store, place=f"{number}/{len(runs)}", announce=announce, progress=progress)
    if not all(run.is_trained for run in runs):
        return None
    entries = _entries(comparison, runs, store, views, announce=announce)
    described = {"name": store.path.name, "fingerprint": store.fingerprint, "num_clips": len(store)}
    described["test_split"] = runs[0].recipe.test_split
    return ComparisonResult(comparison, described, tuple(seeds), tuple(views), runs[0].recipe.metric, entries)


def _check(
    comparison: Comparison,
    store: SkeletonStore,
    *,
    seeds: Sequence[int],
    views: Sequence[Views],
    seconds: float | None,
    only: Sequence[str],
) -> None:
    """Refuse at once what would fail later."""
    if not seeds or len(set(seeds)) != len(seeds) or min(seeds) < 0 or max(seeds) >= 2**32:
        raise UserError(f"--seeds expects different whole numbers from 0 to 2^32 - 1, got {list(seeds)}")
    if min((kind.num_views for kind in views), default=0) < 1:
        raise UserError("--views must be at least 1")
    if seconds is not None and not seconds > 0:
        raise UserError(f"--seconds must be positive, got {seconds:g}")
    for name in only:
        find(comparison.variants, name, what="variant of --only")
    for recipe in comparison.variants.values():
        check_recipe(recipe, store)


def _train(run: Run, store: SkeletonStore, *, place: str, announce: Announce, progress: Progress) -> None:
    """Train a run that is not finished.

    Raises:
        UserError: If the folder holds the weights of something else.
    """
    if run.is_trained:
        card = read_card(find_weights(run.folder))
        if card.model != run.recipe.model or card.classes != store.classes:
            raise UserError(f"{run.folder} holds weights of another model: remove the folder, or choose another --out")
        return
    has_begun = (run.folder / RECIPE_FILE).is_file()
    announce(f"{place} {'go on training' if has_begun else 'train'} {run.variant}, seed {run.seed}")
    with clocked(run.folder, checkpoint=run.folder / LAST_CHECKPOINT):
        train(
            run.recipe,
            store=store.path,
            run=run.folder,
            resume=has_begun,
            device=run.device,
            progress=lambda stage, done, total=None: progress(f"{stage} {place}", done, total),
        )


def _scores(run: Run, store: SkeletonStore, views: Views, *, announce: Announce) -> ScoreTable:
    """Scores of the test split, read back if they are there.

    Raises:
        UserError: If the scores are not finite: the training diverged.
    """
    path = run.folder / views.scores_file
    if path.is_file():
        return ScoreTable.load(path)
    announce(f"score {run.variant}, seed {run.seed}, {views}")
    predictor = Predictor.load(run.folder, device=run.device, num_views=views.num_views, flips=views.flip)
    indices = store.split(run.recipe.test_split)
    try:
        table = score_store(predictor, store, indices)
    except ValueError as error:
        raise UserError(f"{run.variant}, seed {run.seed}, in {run.folder}: {error}") from error
    table.save(path)
    return table


def _entries(
    comparison: Comparison, runs: Sequence[Run], store: SkeletonStore, views: Sequence[Views], *, announce: Announce
) -> tuple[Entry, ...]:
    """Figures of every variant and fusion; what is fused are scores of the same seed."""
    tables = {
        (run.variant, run.seed, kind): _scores(run, store, kind, announce=announce) for run in runs for kind in views
    }
    seeds = sorted({run.seed for run in runs}, key=[run.seed for run in runs].index)
    costs = {name: _cost([run for run in runs if run.variant == name], store) for name in comparison.variants}
    entries = []
    for names in [*((name,) for name in comparison.variants), *comparison.fusions]:
        metrics = {
            kind: tuple(measure(fuse([tables[name, seed, kind] for name in names])) for seed in seeds) for kind in views
        }
        entries.append(Entry(names, reduce(add, (costs[name] for name in names)), metrics))
    return tuple(entries)


def _cost(runs: Sequence[Run], store: SkeletonStore) -> Cost:
    """What one variant's network takes to hold, to run and to train."""
    cost = network_cost(runs[0].recipe.model, num_classes=len(store.classes))
    return Cost(cost.parameters, cost.operations / 1e9, tuple(training_seconds(run.folder) for run in runs))
