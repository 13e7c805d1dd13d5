"""Lightning's loop as a run drives it: device, precision, checkpoints, interruption, progress."""

from __future__ import annotations

import logging
import signal
import warnings
from pathlib import Path

import lightning as L
import torch
from lightning.pytorch.callbacks import Callback, ModelCheckpoint
from lightning.pytorch.loggers import CSVLogger

from posecube.progress import Progress
from posecube.representation import CoordinateSpec
from posecube.training.data import ClipData
from posecube.training.module import ActionTraining
from posecube.training.recipe import Recipe
from posecube.training.run_folder import LOG_FOLDER, set_earlier_log_aside


def fit(
    module: ActionTraining, data: ClipData, run: Path, checkpoint: Path | None, *, device: str, progress: Progress
) -> float:
    """Train; the recipe's metric, between 0 and 1, of the last epoch's weights.

    Raises:
        KeyboardInterrupt: If the user stops it.
    """
    recipe = module.recipe
    set_earlier_log_aside(run)
    trainer = _trainer(recipe, run, device=device, progress=progress)
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
        metric = f"test_{recipe.metric}"
        is_scored = recipe.epochs % _epochs_between_scores(recipe) == 0
        if not is_scored or metric not in trainer.callback_metrics:
            trainer.validate(module, data, verbose=False)
    return float(trainer.callback_metrics[metric])


class _Steps(Callback):
    """Tells how many steps of all epochs are done."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def on_train_batch_end(self, trainer: L.Trainer, *_: object) -> None:
        self.progress("training", trainer.global_step, int(trainer.estimated_stepping_batches))


def _trainer(recipe: Recipe, run: Path, *, device: str, progress: Progress) -> L.Trainer:
    for name in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(name).setLevel(logging.WARNING)
    last = ModelCheckpoint(dirpath=run, filename="last", save_on_train_epoch_end=True, enable_version_counter=False)
    return L.Trainer(
        accelerator=device,
        devices=1,
        max_epochs=recipe.epochs,
        precision="bf16-mixed" if _computes_in_bf16(recipe, device) else "32-true",
        gradient_clip_val=recipe.gradient_clip,
        check_val_every_n_epoch=_epochs_between_scores(recipe),
        logger=CSVLogger(run, name=LOG_FOLDER, version=""),
        callbacks=[last, _Steps(progress)],
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        log_every_n_steps=1,
    )


def _epochs_between_scores(recipe: Recipe) -> int:
    return min(recipe.evaluate_every, recipe.epochs)


def _computes_in_bf16(recipe: Recipe, device: str) -> bool:
    """Networks gain from bfloat16 where the device has it; depthwise convolutions lose on a CPU (measured)."""
    if recipe.precision != "auto":
        return recipe.precision == "bf16"
    if device in ("auto", "cuda") and torch.cuda.is_available():
        return torch.cuda.is_bf16_supported()
    # Convolutions of clips of one pixel end in a double free when torch 2.13 trains them in bfloat16 on a CPU.
    has_pixels = not isinstance(recipe.model.representation, CoordinateSpec)
    return torch.cpu._is_avx512_bf16_supported() and not recipe.model.network.is_depthwise and has_pixels


def _as_first_raised(error: ValueError | OSError) -> ValueError | OSError:
    """An error of a worker process without the traceback that it carries in its text."""
    text = str(error)
    if " in DataLoader worker process " not in text:
        return error
    _, _, message = text.strip().splitlines()[-1].partition(": ")
    return type(error)(message)
