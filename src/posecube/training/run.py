"""A training run: refuse the impossible, write down what is run, train, leave weights with their card."""

from __future__ import annotations

import json
import logging
import platform
import subprocess
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import lightning as L
import torch
from lightning.pytorch.callbacks import ModelCheckpoint, TQDMProgressBar
from lightning.pytorch.loggers import CSVLogger

from posecube.model import ActionModel, WeightsCard
from posecube.skeleton.convert import conversion_weights
from posecube.skeleton.store import SkeletonStore
from posecube.training.data import ClipData
from posecube.training.module import ActionTraining
from posecube.training.recipe import Recipe

RECIPE_FILE = "recipe.json"
WEIGHTS_FILE = "weights.safetensors"
LAST_CHECKPOINT = "last.ckpt"

logger = logging.getLogger(__name__)


def train(recipe: Recipe, *, store: str | Path, run: str | Path, resume: bool = False, progress: bool = True) -> Path:
    """Train a recipe on a store and write the weights into the run folder.

    Args:
        run: A new folder, or with ``resume`` one whose training was interrupted.
        resume: Go on from the last finished epoch, with the same result as an uninterrupted run.

    Returns:
        The weights file.

    Raises:
        FileExistsError: If the run folder holds a run and ``resume`` is not given.
        ValueError: If the recipe cannot be trained on this store.
    """
    run = Path(run)
    opened = SkeletonStore.open(store)
    check_recipe(recipe, opened)
    checkpoint = _checkpoint_to_resume(run, recipe, resume=resume)
    if recipe.threads:
        torch.set_num_threads(recipe.threads)
    run.mkdir(parents=True, exist_ok=True)
    _write_description(run, recipe, opened)
    L.seed_everything(recipe.seed, verbose=False)
    module = ActionTraining(recipe, num_classes=len(opened.classes))
    data = ClipData(recipe, opened)
    trainer = _trainer(recipe, run, progress=progress)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*does not have many workers.*")
        warnings.filterwarnings("ignore", message=".*[Cc]heckpoint directory.*")
        warnings.filterwarnings("ignore", category=FutureWarning, module="lightning")
        trainer.fit(module, data, ckpt_path=checkpoint, weights_only=True if checkpoint else None)
    scores = {
        f"top1 {recipe.test_split} 1 view": round(100 * float(value), 2)
        for name, value in trainer.callback_metrics.items()
        if name == "test_top1"
    }
    card = WeightsCard(
        name=recipe.name,
        model=recipe.model,
        classes=opened.classes,
        scores=scores,
        data=f"store {Path(store).name}, fingerprint {opened.fingerprint[:16]}, split {recipe.train_split}",
        recipe=_portable(recipe),
    )
    module.model.save(run / WEIGHTS_FILE, card)
    return run / WEIGHTS_FILE


def _portable(recipe: Recipe) -> dict[str, Any]:
    """The recipe as JSON without the folders of this machine."""
    names = tuple(Path(store).name for store in recipe.outliers.stores)
    return recipe.changed(outliers__stores=names).model_dump(mode="json")


def check_recipe(recipe: Recipe, store: SkeletonStore) -> None:
    """Refuse at once what would fail later.

    Raises:
        ValueError: If classes, joints, splits or memory do not allow the run.
    """
    if len(store.classes) < 2:
        raise ValueError(f"training needs at least 2 classes, the store has {len(store.classes)}")
    for split in (recipe.train_split, recipe.test_split):
        labels = store.labels[store.split(split)]
        if len(labels) == 0 or labels.max() < 0:
            raise ValueError(f"split {split!r} of the store has no labelled clips")
    layout = recipe.model.skeleton_layout
    if store.layout != layout:
        weights = conversion_weights(store.layout, layout).weights
        missing = [joint for joint, row in zip(layout.joints, weights, strict=True) if not row.any()]
        if len(missing) > layout.num_joints // 2:
            raise ValueError(
                f"recipe {recipe.name} reads layout {layout.name}, but the store's {store.layout.name} "
                f"lacks most of its joints: {', '.join(missing)}"
            )
    needed = activation_bytes(recipe, num_classes=len(store.classes))
    available = _available_memory()
    if available is not None and needed > available:
        raise ValueError(
            f"a training step needs about {needed / 2**30:.1f} GiB, {available / 2**30:.1f} GiB are free: "
            f"lower batch_size (now {recipe.batch_size}), model.clip.clip_len or the map's size"
        )


def activation_bytes(recipe: Recipe, *, num_classes: int) -> int:
    """Memory that one training step keeps for its backward pass, measured on one clip on the meta device."""
    total = 0

    def count(_module: Any, _inputs: Any, output: Any) -> None:
        nonlocal total
        total += output.numel() * 4

    clip = recipe.model.clip
    with torch.device("meta"):
        model = ActionModel(recipe.model, num_classes=num_classes)
        channels = recipe.model.volume.num_channels(recipe.model.skeleton_layout)
        volume = torch.empty(2, channels, clip.clip_len, *clip.size_hw)
    for part in model.network.modules():
        if not list(part.children()):
            part.register_forward_hook(count)
    model.network(volume)
    return (total // 2 + volume[0].numel() * 4) * recipe.batch_size


def _available_memory() -> int | None:
    """Free bytes where training runs, None where the system does not say."""
    if torch.cuda.is_available():
        return torch.cuda.mem_get_info()[0]
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    free = next((line for line in lines if line.startswith("MemAvailable:")), None)
    return int(free.split()[1]) * 1024 if free else None


def _checkpoint_to_resume(run: Path, recipe: Recipe, *, resume: bool) -> Path | None:
    checkpoint = run / LAST_CHECKPOINT
    if not resume:
        if (run / RECIPE_FILE).exists():
            raise FileExistsError(f"run folder {run} holds a run already: choose another --run, or go on with --resume")
        return None
    if not (run / RECIPE_FILE).is_file():
        raise FileNotFoundError(f"nothing to resume: {run} holds no run")
    described = json.loads((run / RECIPE_FILE).read_text())["recipe"]
    if Recipe.model_validate(described) != recipe:
        raise ValueError(f"{run} was started with another recipe or other --set values; resume it with the same ones")
    return checkpoint if checkpoint.is_file() else None


def _write_description(run: Path, recipe: Recipe, store: SkeletonStore) -> None:
    """Resolved recipe, versions, git hash and data fingerprint, before training starts."""
    description = {
        "recipe": recipe.model_dump(mode="json"),
        "scaled_learning_rate": recipe.scaled_learning_rate,
        "store": {"name": store.path.name, "fingerprint": store.fingerprint, "num_clips": len(store)},
        "versions": {name: version(name) for name in ("posecube", "torch", "lightning", "numpy")},
        "python": platform.python_version(),
        "git": _git_hash(),
    }
    unfinished = run / (RECIPE_FILE + ".unfinished")
    unfinished.write_text(json.dumps(description, indent=2) + "\n")
    unfinished.replace(run / RECIPE_FILE)


def _git_hash() -> str | None:
    """Commit of the source tree, None outside a checkout."""
    command = ["git", "rev-parse", "HEAD"]
    try:
        answer = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return answer.stdout.strip() or None


def _trainer(recipe: Recipe, run: Path, *, progress: bool) -> L.Trainer:
    for name in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(name).setLevel(logging.WARNING)
    last = ModelCheckpoint(dirpath=run, filename="last", save_top_k=1, every_n_epochs=1, enable_version_counter=False)
    return L.Trainer(
        max_epochs=recipe.epochs,
        precision="bf16-mixed" if _computes_in_bf16(recipe) else "32-true",
        gradient_clip_val=recipe.gradient_clip,
        check_val_every_n_epoch=min(recipe.evaluate_every, recipe.epochs),
        logger=CSVLogger(run, name="log", version=""),
        callbacks=[last, *([TQDMProgressBar(refresh_rate=5)] if progress else [])],
        enable_progress_bar=progress,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        log_every_n_steps=1,
    )


def _computes_in_bf16(recipe: Recipe) -> bool:
    """Dense convolutions gain from bfloat16 where the device has it; depthwise ones lose on a CPU (measured)."""
    if recipe.precision != "auto":
        return recipe.precision == "bf16"
    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported()
    is_depthwise = recipe.model.architecture == "posec3d_x3d"
    return torch.cpu._is_avx512_bf16_supported() and not is_depthwise
