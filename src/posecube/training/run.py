"""A training run: refuse the impossible, write down what is run, train, leave weights with their card."""

from __future__ import annotations

from pathlib import Path

import lightning as L
import torch

from posecube.model import ActionModel, WeightsCard
from posecube.model.device import choose_device
from posecube.progress import Progress, silent
from posecube.sampling.rgb.frame_source import Videos
from posecube.store import SkeletonStore
from posecube.training.checks import check_recipe
from posecube.training.data import ClipData
from posecube.training.initial_weights import start_from, start_from_both
from posecube.training.loop import fit
from posecube.training.module import ActionTraining
from posecube.training.recipe import Recipe, SingleRuns
from posecube.training.run_folder import (
    RECIPE_FILE,
    WEIGHTS_FILE,
    checkpoint_to_resume,
    portable,
    write_description,
)


def train(
    recipe: Recipe,
    *,
    store: str | Path,
    run: str | Path,
    videos: Videos | None = None,
    resume: bool = False,
    device: str = "auto",
    progress: Progress = silent,
) -> Path:
    """Train a recipe on a store and write the weights into the run folder.

    Args:
        videos: What the store's clips were taken from, such as ``posecube.video.clip_videos.ClipVideos``, for a network
            that looks at video frames.
        run: A new folder, or with ``resume`` one whose training was interrupted.
        resume: Go on from the last finished epoch, with the same result as an uninterrupted run.
        device: "cpu", "cuda" or "mps"; "auto" takes the fastest that is there.

    Returns:
        The weights file.

    Raises:
        FileExistsError: If the run folder holds a run and ``resume`` is not given.
        FileNotFoundError: If a clip has no video that the network would look at.
        UserError: If the recipe cannot be trained on this store, or the device is not there.
        KeyboardInterrupt: If the user stops it; the last finished epoch is kept.
    """
    run, device = Path(run), choose_device(device).type
    opened = SkeletonStore.open(store)
    check_recipe(recipe, opened, device=device)
    checkpoint = checkpoint_to_resume(run, recipe, opened) if resume else None
    if not resume and (run / RECIPE_FILE).exists():
        raise FileExistsError(f"run folder {run} holds a run already: choose another --run, or go on with --resume")
    if recipe.threads:
        torch.set_num_threads(recipe.threads)
    L.seed_everything(recipe.seed, verbose=False)
    classes = recipe.classes or opened.classes
    module = ActionTraining(recipe, num_classes=len(classes))
    initial = _start(module.model, recipe, classes=classes) if checkpoint is None else ()
    data = ClipData(recipe, opened, videos=videos)
    run.mkdir(parents=True, exist_ok=True)
    if not resume:
        write_description(run, recipe, opened, initial)
    score = fit(module, data, run, checkpoint, device=device, progress=progress)
    card = WeightsCard(
        name=recipe.name,
        model=recipe.model,
        classes=classes,
        open_set=recipe.open_set,
        scores={f"{recipe.metric} {recipe.test_split} 1 view": round(100 * score, 2)},
        data=f"store {opened.path.name}, fingerprint {opened.fingerprint[:16]}, split {recipe.train_split}",
        recipe=portable(recipe),
    )
    module.model.save(run / WEIGHTS_FILE, card)
    return run / WEIGHTS_FILE


def _start(model: ActionModel, recipe: Recipe, *, classes: tuple[str, ...]) -> tuple[WeightsCard, ...]:
    """Copy initial weights into the model; the cards of those that were given."""
    initial = recipe.initial_weights
    if isinstance(initial, SingleRuns):
        return start_from_both(model, initial, classes=classes)
    return () if initial is None else (start_from(model, initial, classes=classes),)
