"""What is refused before training starts: classes, splits, joints, networks and memory that do not allow the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from posecube.errors import UserError
from posecube.model import ActionModel
from posecube.sampling import MapSpace
from posecube.sampling.augment.corruption import limb_joints
from posecube.skeleton.convert import check_convertible
from posecube.store import SkeletonStore
from posecube.training.data import labelled_clips, passed_by_class
from posecube.training.recipe import Recipe


def check_recipe(recipe: Recipe, store: SkeletonStore, *, device: str = "auto") -> None:
    """Refuse at once what would fail later.

    Raises:
        UserError: If classes, joints, splits, the network or memory do not allow the run.
    """
    if len(store.classes) < 2:
        raise UserError(f"training needs at least 2 classes, the store has {len(store.classes)}")
    passed_by_class(store, labelled_clips(store, recipe.train_split), recipe.class_passes)
    labelled_clips(store, recipe.test_split)
    check_convertible(store.layout, recipe.model.skeleton_layout, reader=f"recipe {recipe.name} reads")
    _check_limb_joints(recipe)
    needed = activation_bytes(recipe, num_classes=len(store.classes))
    available = _available_memory(device)
    if available is not None and needed > available:
        raise UserError(
            f"a training step needs about {needed / 2**30:.1f} GiB, {available / 2**30:.1f} GiB are free: "
            f"lower batch_size (now {recipe.batch_size}), model.clip.clip_len or the size of maps and frames"
        )


def _check_limb_joints(recipe: Recipe) -> None:
    if recipe.augmentation.drop_limb_joint == 0:
        return
    try:
        limb_joints(recipe.model.skeleton_layout)
    except UserError as error:
        raise UserError(f"recipe {recipe.name}: {error}: set augmentation.drop_limb_joint to 0") from None


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
        size = f" of {clip.space.size_hw}" if isinstance(clip.space, MapSpace) else ""
        raise UserError(
            f"{recipe.model.architecture} cannot take clips of {clip.clip_len} frames{size}: {error}"
        ) from error
    return (total // 2 + sum(one[0].numel() for one in inputs) * 4) * recipe.batch_size


def _available_memory(device: str) -> int | None:
    """Free bytes where training runs, None where the system does not say."""
    if device in ("auto", "cuda") and torch.cuda.is_available():
        return torch.cuda.mem_get_info()[0]
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    free = next((line for line in lines if line.startswith("MemAvailable:")), None)
    return int(free.split()[1]) * 1024 if free else None
