"""A training run: refuse the impossible, write down what is run, train, leave weights with their card."""

from __future__ import annotations

import json
import logging
import platform
import signal
import subprocess
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import lightning as L
import torch
from lightning.pytorch.callbacks import ModelCheckpoint, TQDMProgressBar
from lightning.pytorch.loggers import CSVLogger

from posecube.errors import UserError
from posecube.model import ActionModel, WeightsCard
from posecube.representation import CoordinateSpec
from posecube.sampling.augment.corruption import limb_joints
from posecube.sampling.rgb.frame_source import Videos
from posecube.skeleton import SkeletonLayout
from posecube.skeleton.convert import conversion_weights
from posecube.store import SkeletonStore
from posecube.training.data import ClipData, labelled_clips, passed_by_class
from posecube.training.initial_weights import start_from, start_from_both
from posecube.training.module import ActionTraining
from posecube.training.recipe import Recipe, SingleRuns

RECIPE_FILE = "recipe.json"
WEIGHTS_FILE = "weights.safetensors"
LAST_CHECKPOINT = "last.ckpt"
LOG_FOLDER = "log"

logger = logging.getLogger(__name__)


def train(
    recipe: Recipe,
    *,
    store: str | Path,
    run: str | Path,
    videos: Videos | None = None,
    resume: bool = False,
    progress: bool = True,
) -> Path:
    """Train a recipe on a store and write the weights into the run folder.

    Args:
        videos: What the store's clips were taken from, such as ``posecube.video.clip_videos.ClipVideos``, for a network
            that looks at video frames.
        run: A new folder, or with ``resume`` one whose training was interrupted.
        resume: Go on from the last finished epoch, with the same result as an uninterrupted run.

    Returns:
        The weights file.

    Raises:
        FileExistsError: If the run folder holds a run and ``resume`` is not given.
        FileNotFoundError: If a clip has no video that the network would look at.
        UserError: If the recipe cannot be trained on this store.
        KeyboardInterrupt: If the user stops it; the last finished epoch is kept.
    """
    run = Path(run)
    opened = SkeletonStore.open(store)
    check_recipe(recipe, opened)
    checkpoint = _checkpoint_to_resume(run, recipe, opened) if resume else None
    if not resume and (run / RECIPE_FILE).exists():
        raise FileExistsError(f"run folder {run} holds a run already: choose another --run, or go on with --resume")
    if recipe.threads:
        torch.set_num_threads(recipe.threads)
    L.seed_everything(recipe.seed, verbose=False)
    module = ActionTraining(recipe, num_classes=len(opened.classes))
    initial = _start(module.model, recipe, classes=opened.classes) if checkpoint is None else ()
    data = ClipData(recipe, opened, videos=videos)
    run.mkdir(parents=True, exist_ok=True)
    if not resume:
        _write_description(run, recipe, opened, initial)
    score = _fit(module, data, run, checkpoint, progress=progress)
    card = WeightsCard(
        name=recipe.name,
        model=recipe.model,
        classes=opened.classes,
        scores={f"{recipe.metric} {recipe.test_split} 1 view": round(100 * score, 2)},
        data=f"store {opened.path.name}, fingerprint {opened.fingerprint[:16]}, split {recipe.train_split}",
        recipe=_portable(recipe),
    )
    module.model.save(run / WEIGHTS_FILE, card)
    return run / WEIGHTS_FILE


def _start(model: ActionModel, recipe: Recipe, *, classes: tuple[str, ...]) -> tuple[WeightsCard, ...]:
    """Copy initial weights into the model; the cards of those that were given."""
    initial = recipe.initial_weights
    if isinstance(initial, SingleRuns):
        return start_from_both(model, initial, classes=classes)
    return () if initial is None else (start_from(model, initial, classes=classes),)


def _fit(module: ActionTraining, data: ClipData, run: Path, checkpoint: Path | None, *, progress: bool) -> float:
    """Run Lightning's loop; the figure of the recipe's metric, between 0 and 1, for the last epoch's weights."""
    recipe = module.recipe
    _set_earlier_log_aside(run)
    trainer = _trainer(recipe, run, progress=progress)
    on_interrupt = signal.getsignal(signal.SIGINT)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*does not have many workers.*")
        warnings.filterwarnings("ignore", message=".*[Cc]heckpoint directory.*")
        warnings.filterwarnings("ignore", message=".*logs directory.*exists and is not empty.*")
        warnings.filterwarnings("ignore", category=FutureWarning, module="lightning")
        try:
            trainer.fit(module, data, ckpt_path=checkpoint, weights_only=True if checkpoint else None)
        except SystemExit as error:  # so Lightning answers Ctrl+C, which it then switches off for good
            signal.signal(signal.SIGINT, on_interrupt)
            raise KeyboardInterrupt from error
        except (ValueError, OSError) as error:
            raise _as_first_raised(error) from error
        figure = f"test_{recipe.metric}"
        is_scored = recipe.epochs % _epochs_between_scores(recipe) == 0
        if not is_scored or figure not in trainer.callback_metrics:
            trainer.validate(module, data, verbose=False)
    return float(trainer.callback_metrics[figure])


def _as_first_raised(error: ValueError | OSError) -> ValueError | OSError:
    """An error of a worker process without the traceback that it carries in its text."""
    text = str(error)
    if " in DataLoader worker process " not in text:
        return error
    _, _, message = text.strip().splitlines()[-1].partition(": ")
    return type(error)(message)


def _portable(recipe: Recipe) -> dict[str, Any]:
    """The recipe as JSON without the folders of this machine."""
    names = tuple(Path(store).name for store in recipe.outliers.stores)
    initial: Any = recipe.initial_weights
    if isinstance(initial, SingleRuns):
        initial = SingleRuns(rgb=Path(initial.rgb).name, pose=Path(initial.pose).name)
    elif initial is not None:
        initial = Path(initial).name
    return recipe.changed(outliers__stores=names, initial_weights=initial).model_dump(mode="json")


def check_recipe(recipe: Recipe, store: SkeletonStore) -> None:
    """Refuse at once what would fail later.

    Raises:
        UserError: If classes, joints, splits, the network or memory do not allow the run.
    """
    if len(store.classes) < 2:
        raise UserError(f"training needs at least 2 classes, the store has {len(store.classes)}")
    passed_by_class(store, labelled_clips(store, recipe.train_split), recipe.class_passes)
    labelled_clips(store, recipe.test_split)
    _check_joints(recipe, store.layout)
    needed = activation_bytes(recipe, num_classes=len(store.classes))
    available = _available_memory()
    if available is not None and needed > available:
        raise UserError(
            f"a training step needs about {needed / 2**30:.1f} GiB, {available / 2**30:.1f} GiB are free: "
            f"lower batch_size (now {recipe.batch_size}), model.clip.clip_len or the size of maps and frames"
        )


def _check_joints(recipe: Recipe, stored: SkeletonLayout) -> None:
    layout = recipe.model.skeleton_layout
    weights = conversion_weights(stored, layout).weights
    missing = [joint for joint, row in zip(layout.joints, weights, strict=True) if not row.any()]
    if len(missing) > layout.num_joints // 2:
        raise UserError(
            f"recipe {recipe.name} reads layout {layout.name}, but the store's {stored.name} "
            f"lacks most of its joints: {', '.join(missing)}"
        )
    if recipe.augmentation.lose_limb_joint > 0:
        try:
            limb_joints(layout)
        except ValueError as error:
            raise UserError(f"recipe {recipe.name}: {error}: set augmentation.lose_limb_joint to 0") from None


def activation_bytes(recipe: Recipe, *, num_classes: int) -> int:
    """Memory that one training step keeps for its backward pass, measured on two clips on the meta device.

    Raises:
        UserError: If the network cannot be built, or cannot take clips of this size.
    """
    total = 0

    def count(_module: Any, _inputs: Any, output: Any) -> None:
        nonlocal total
        total += output.numel() * 4

    clip = recipe.model.clip
    with torch.device("meta"):
        model = ActionModel(recipe.model, num_classes=num_classes)
        inputs = [torch.empty(shape) for shape in recipe.model.input_shapes(2)]
    for part in model.network.modules():
        if not list(part.children()):
            part.register_forward_hook(count)
    try:
        model.network(*inputs)
    except RuntimeError as error:
        size = f" of {clip.size_hw}" if clip.space == "map" else ""
        raise UserError(
            f"{recipe.model.architecture} cannot take clips of {clip.clip_len} frames{size}: {error}"
        ) from error
    return (total // 2 + sum(one[0].numel() for one in inputs) * 4) * recipe.batch_size


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


def _checkpoint_to_resume(run: Path, recipe: Recipe, store: SkeletonStore) -> Path | None:
    """The last finished epoch of an interrupted run, None if it was stopped in its first.

    Raises:
        FileNotFoundError: If the folder holds no run.
        UserError: If it holds another recipe's, or one on other data.
    """
    if not (run / RECIPE_FILE).is_file():
        raise FileNotFoundError(f"nothing to resume: {run} holds no run")
    try:
        described = json.loads((run / RECIPE_FILE).read_text())
        begun = Recipe.model_validate(described["recipe"])  # so that what was added to recipes since has its default
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


def _set_earlier_log_aside(run: Path) -> None:
    """Rename the log of an interrupted start, which Lightning would delete, to metrics-1.csv, metrics-2.csv, ..."""
    log = run / LOG_FOLDER / "metrics.csv"
    if log.is_file():
        number = 1 + len(list(log.parent.glob("metrics-*.csv")))
        log.rename(log.with_name(f"metrics-{number}.csv"))


def _write_description(run: Path, recipe: Recipe, store: SkeletonStore, initial: tuple[WeightsCard, ...]) -> None:
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
    last = ModelCheckpoint(dirpath=run, filename="last", save_on_train_epoch_end=True, enable_version_counter=False)
    return L.Trainer(
        devices=1,
        max_epochs=recipe.epochs,
        precision="bf16-mixed" if _computes_in_bf16(recipe) else "32-true",
        gradient_clip_val=recipe.gradient_clip,
        check_val_every_n_epoch=_epochs_between_scores(recipe),
        logger=CSVLogger(run, name=LOG_FOLDER, version=""),
        callbacks=[last, *([TQDMProgressBar(refresh_rate=5)] if progress else [])],
        enable_progress_bar=progress,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        log_every_n_steps=1,
    )


def _epochs_between_scores(recipe: Recipe) -> int:
    return min(recipe.evaluate_every, recipe.epochs)


def _computes_in_bf16(recipe: Recipe) -> bool:
    """Networks gain from bfloat16 where the device has it; depthwise convolutions lose on a CPU (measured)."""
    if recipe.precision != "auto":
        return recipe.precision == "bf16"
    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported()
    # Convolutions of clips of one pixel end in a double free when torch 2.13 trains them in bfloat16 on a CPU.
    has_pixels = not isinstance(recipe.model.representation, CoordinateSpec)
    return torch.cpu._is_avx512_bf16_supported() and not recipe.model.network.is_depthwise and has_pixels
