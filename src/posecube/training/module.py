"""The Lightning module: an ActionModel, an objective, an optimiser and a learning-rate curve."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import lightning as L
import torch
from lightning.pytorch.utilities.types import OptimizerLRSchedulerConfig
from torch import Tensor, nn
from torch.optim import SGD, AdamW, Optimizer
from torch.optim.lr_scheduler import LambdaLR
from torchmetrics.classification import MulticlassAccuracy, MulticlassConfusionMatrix

from posecube.model import ActionModel
from posecube.training.batch import OUTLIER_LABEL, Batch
from posecube.training.recipe import Recipe

HEAD = "head"  # what every network calls the module that names classes
ROUNDING = 1e-6  # of an epoch: a fraction of the run times its epochs may fall just short of a whole number


class ActionTraining(L.LightningModule):
    """Trains an ActionModel as a recipe says."""

    def __init__(self, recipe: Recipe, *, num_classes: int) -> None:
        super().__init__()
        self.recipe = recipe
        self.model = ActionModel(recipe.model, num_classes=num_classes)
        self.loss = recipe.objective.build()
        self.train_accuracy = MulticlassAccuracy(num_classes, average="micro", ignore_index=OUTLIER_LABEL)
        self.test_confusion = MulticlassConfusionMatrix(num_classes)

    def on_train_batch_start(self, batch: Batch, batch_index: int) -> None:
        """Seed dropout by epoch, so that a resumed run repeats what an uninterrupted one does.

        Not earlier: the loaders draw from the same generator, at another moment in a resumed run.
        """
        if batch_index == 0:
            torch.manual_seed(self.recipe.seed * 100_003 + self.current_epoch)

    def training_step(self, batch: Batch, batch_index: int) -> Tensor:
        step = self.loss(self.model, batch)
        self.train_accuracy(step.logits, batch.labels)
        self.log("train_loss", step.loss, on_step=False, on_epoch=True, batch_size=len(batch.labels))
        self.log("train_top1", self.train_accuracy, on_step=False, on_epoch=True)
        return step.loss

    def validation_step(self, batch: Batch, batch_index: int) -> None:
        logits = self.model(batch.keypoints, batch.confidence, batch.frames_rgb)
        self.test_confusion.update(logits.float(), batch.labels)

    def on_validation_epoch_end(self) -> None:
        """Log both metrics that a data set may be known by."""
        matrix = self.test_confusion.compute().float()
        self.test_confusion.reset()
        correct, totals = matrix.diagonal(), matrix.sum(dim=1)
        is_present = totals > 0
        self.log("test_top1", correct.sum() / totals.sum())
        self.log("test_mean_class", (correct[is_present] / totals[is_present]).mean())

    def configure_optimizers(self) -> OptimizerLRSchedulerConfig:
        recipe = self.recipe
        optimizer = _optimizer(self.model, recipe)
        num_steps = max(int(self.trainer.estimated_stepping_batches), 1)

        return {
            "optimizer": optimizer,
            "lr_scheduler": {
                "scheduler": LambdaLR(optimizer, lambda step: rate_factor(recipe, step, num_steps=num_steps)),
                "interval": "step",
            },
        }


def rate_factor(recipe: Recipe, step: int, *, num_steps: int) -> float:
    """What the learning rate is multiplied by at a step, the first of which is 0."""
    rise = min(1.0, (step + 1) / max(recipe.warmup_steps, 1))
    fraction_done = min(step / num_steps, 1.0)
    if recipe.schedule == "steps":
        epoch = fraction_done * recipe.epochs + ROUNDING
        return rise * 0.1 ** sum(epoch >= milestone for milestone in recipe.milestones)
    if recipe.schedule == "exponential":
        return rise * recipe.epoch_decay ** int(fraction_done * recipe.epochs + ROUNDING)
    cosine = 0.5 * (1 + math.cos(math.pi * fraction_done))
    return rise * (recipe.rate_floor + (1 - recipe.rate_floor) * cosine)


def _optimizer(model: nn.Module, recipe: Recipe) -> Optimizer:
    """Two groups: kernels, and the normalisation and biases that weight decay spares unless the recipe says all.

    Where the head learns at another rate, the same two again for it.
    """
    rate = recipe.scaled_learning_rate
    if recipe.head_factor == 1:
        groups = _decay_groups(model.parameters(), recipe, rate=rate)
    else:
        named = [(HEAD in name.split("."), parameter) for name, parameter in model.named_parameters()]
        rest = _decay_groups((it for is_head, it in named if not is_head), recipe, rate=rate)
        head = _decay_groups((it for is_head, it in named if is_head), recipe, rate=rate * recipe.head_factor)
        groups = rest + head
    if recipe.optimizer == "adamw":
        return AdamW(groups, lr=rate)
    return SGD(groups, lr=rate, momentum=recipe.momentum, nesterov=recipe.nesterov and recipe.momentum > 0)


def _decay_groups(parameters: Iterable[nn.Parameter], recipe: Recipe, *, rate: float) -> list[dict[str, Any]]:
    found = list(parameters)
    kernels = [parameter for parameter in found if parameter.ndim > 1]
    others = [parameter for parameter in found if parameter.ndim <= 1]
    decay_of_others = recipe.weight_decay if recipe.decayed == "all" else 0.0
    return [
        {"params": kernels, "weight_decay": recipe.weight_decay, "lr": rate},
        {"params": others, "weight_decay": decay_of_others, "lr": rate},
    ]
