"""The run folder: what was run is written down before training starts, and found again when it goes on."""

from __future__ import annotations

import json
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

from posecube.errors import UserError
from posecube.files import write_json
from posecube.model import WeightsCard
from posecube.model.migration import migrated_recipe
from posecube.store import SkeletonStore
from posecube.training.recipe import Recipe, SingleRuns

RECIPE_FILE = "recipe.json"
WEIGHTS_FILE = "weights.safetensors"
LAST_CHECKPOINT = "last.ckpt"
LOG_FOLDER = "log"


def write_description(run: Path, recipe: Recipe, store: SkeletonStore, initial: tuple[WeightsCard, ...]) -> None:
    """Resolved recipe, versions, git hash, fingerprints of data and initial weights, before training starts."""
    description = {
        "recipe": recipe.model_dump(mode="json"),
        "scaled_learning_rate": recipe.scaled_learning_rate,
        "store": {"name": store.path.name, "fingerprint": store.fingerprint, "num_clips": len(store)},
        "initial_weights": [{"name": card.name, "tensors_sha256": card.tensors_sha256} for card in initial],
        "versions": {name: version(name) for name in ("posecube", "torch", "lightning", "numpy")},
        "python": platform.python_version(),
        "git": _git_hash(),
    }
    write_json(run / RECIPE_FILE, description)


def checkpoint_to_resume(run: Path, recipe: Recipe, store: SkeletonStore) -> Path | None:
    """The last finished epoch of an interrupted run, None if it was stopped in its first.

    Raises:
        FileNotFoundError: If the folder holds no run.
        UserError: If it holds another recipe's, or one on other data.
    """
    if not (run / RECIPE_FILE).is_file():
        raise FileNotFoundError(f"nothing to resume: {run} holds no run")
    try:
        described = json.loads((run / RECIPE_FILE).read_text())
        # Read as a recipe, so that what was renamed or added to recipes since has its name and default.
        begun = Recipe.model_validate(migrated_recipe(described["recipe"]))
        was_same_recipe = begun.model_dump(mode="json") == recipe.model_dump(mode="json")
        was_same_store = described["store"]["fingerprint"] == store.fingerprint
    except (ValueError, KeyError, TypeError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{run / RECIPE_FILE} is damaged ({reason}): start again with another --run") from error
    if not was_same_recipe:
        raise UserError(f"{run} was started with another recipe or other --set values; resume it with the same ones")
    if not was_same_store:
        raise UserError(f"{run} was started on other data than store {store.path} holds now; start again")
    checkpoint = run / LAST_CHECKPOINT
    return checkpoint if checkpoint.is_file() else None


def portable(recipe: Recipe) -> dict[str, Any]:
    """The recipe as JSON without the folders of this machine, for the weights' card."""
    names = tuple(Path(store).name for store in recipe.outliers.stores)
    initial: Any = recipe.initial_weights
    if isinstance(initial, SingleRuns):
        initial = SingleRuns(rgb=Path(initial.rgb).name, pose=Path(initial.pose).name)
    elif initial is not None:
        initial = Path(initial).name
    return recipe.changed(outliers__stores=names, initial_weights=initial).model_dump(mode="json")


def set_earlier_log_aside(run: Path) -> None:
    """Rename the log of an interrupted start, which Lightning would delete, to metrics-1.csv, metrics-2.csv, ..."""
    log = run / LOG_FOLDER / "metrics.csv"
    if log.is_file():
        number = 1 + len(list(log.parent.glob("metrics-*.csv")))
        log.rename(log.with_name(f"metrics-{number}.csv"))


def _git_hash() -> str | None:
    """Commit of the source tree, None outside a checkout."""
    command = ["git", "rev-parse", "HEAD"]
    try:
        answer = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return answer.stdout.strip() or None
