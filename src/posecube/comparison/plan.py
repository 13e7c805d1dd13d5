"""What a comparison is going to run, written down before it starts, so that it can only go on as it began."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from posecube.comparison.question import Comparison, differences
from posecube.errors import UserError
from posecube.files import write_text
from posecube.store import SkeletonStore
from posecube.training import Recipe, train

PLAN_FILE = "plan.json"

Announce = Callable[[str], None]


class ComparisonPlan(BaseModel):
    """A comparison as it was begun; seeds, views and plots may change from start to start.

    Attributes:
        store: Fingerprint of the store.
        seconds: Training time that every variant was given in place of equal epochs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    comparison: str
    store: str
    seconds: float | None = None
    variants: dict[str, Recipe]


def begin(
    comparison: Comparison,
    *,
    store: SkeletonStore,
    out: Path,
    seconds: float | None,
    announce: Announce,
    device: str = "auto",
) -> Comparison:
    """Write the plan of a new comparison, for equal time after a trial epoch of each variant.

    Raises:
        FileExistsError: If the folder holds a comparison.
    """
    if (out / PLAN_FILE).exists():
        raise FileExistsError(f"folder {out} holds a comparison already: choose another --out, or go on with --resume")
    if seconds is not None:
        comparison = comparison.with_epochs(epochs_within(seconds, comparison, store, announce=announce, device=device))
    out.mkdir(parents=True, exist_ok=True)
    plan = ComparisonPlan(
        comparison=comparison.name, store=store.fingerprint, seconds=seconds, variants=dict(comparison.variants)
    )
    write_text(out / PLAN_FILE, plan.model_dump_json(indent=2) + "\n")
    return comparison


def go_on(comparison: Comparison, *, store: SkeletonStore, out: Path, seconds: float | None) -> Comparison:
    """The comparison that the folder holds, if it is the one that is asked for.

    Raises:
        FileNotFoundError: If the folder holds none.
        UserError: If it holds another, or one on other data.
    """
    plan = _read(out)
    if plan.comparison != comparison.name:
        raise UserError(f"{out} holds comparison {plan.comparison}, not {comparison.name}: choose another --out")
    if plan.store != store.fingerprint:
        raise UserError(f"{out} was started on other data than store {store.path} holds now: choose another --out")
    if plan.seconds != seconds:
        began_with = "without --seconds" if plan.seconds is None else f"with --seconds {plan.seconds:g}"
        raise UserError(f"{out} was started {began_with}: resume it the same way, or choose another --out")
    if seconds is not None and set(plan.variants) == set(comparison.variants):
        comparison = comparison.with_epochs({name: recipe.epochs for name, recipe in plan.variants.items()})
    changed = _changed_fields(plan, comparison)
    if changed:
        raise UserError(
            f"{out} was started with other settings ({', '.join(changed)}): resume it with the same --recipe and "
            "--set, or choose another --out"
        )
    return comparison


def epochs_within(
    seconds: float, comparison: Comparison, store: SkeletonStore, *, announce: Announce, device: str = "auto"
) -> dict[str, int]:
    """Epochs of each variant that fit into the seconds, by the time of one trial epoch, at least one."""
    epochs = {}
    for name, recipe in comparison.variants.items():
        with tempfile.TemporaryDirectory() as folder:
            clock = time.perf_counter()
            trial = recipe.changed(epochs=1, schedule="cosine", milestones=())
            train(trial, store=store.path, run=Path(folder) / "trial", device=device)
            taken = time.perf_counter() - clock
        epochs[name] = max(1, int(seconds // taken))
        announce(f"{name}: {taken:.1f} s an epoch, so {epochs[name]} epochs")
    return epochs


def _read(out: Path) -> ComparisonPlan:
    path = out / PLAN_FILE
    if not path.is_file():
        raise FileNotFoundError(f"nothing to resume: {out} holds no comparison")
    try:
        return ComparisonPlan.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise UserError(f"{path} is damaged: start again with another --out") from error


def _changed_fields(plan: ComparisonPlan, comparison: Comparison) -> list[str]:
    """Fields, or variants, that are not as they were planned."""
    if set(plan.variants) != set(comparison.variants):
        return ["variants"]
    changed: dict[str, None] = {}
    for name, planned in plan.variants.items():
        changed |= dict.fromkeys(differences({"planned": planned, "asked": comparison.variants[name]}))
    return list(changed)
