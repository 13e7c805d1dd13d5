"""The Lightning module: an ActionModel, an objective, an optimiser and a learning-rate curve."""

from __future__ import annotations

import math

import lightning as L
import torch
from lightning.pytorch.utilities.types import OptimizerLRSchedulerConfig
from torch import Tensor, nn
from torch.optim import SGD, AdamW, Optimizer
from torch.optim.lr_scheduler import LambdaLR
from torchmetrics.classification import MulticlassAccuracy

from posecube.model import ActionModel
from posecube.training.data import OUTLIER_LABEL, Batch
from posecube.training.objectives import Supervised
from posecube.training.recipe import Recipe


class ActionTraining(L.LightningModule):
    """Trains an ActionModel as a recipe says."""

    def __init__(self, recipe: Recipe, *, num_classes: int) -> None:
        super().__init__()
        self.recipe = recipe
        self.model = ActionModel(recipe.model, num_classes=num_classes)
        self.objective = Supervised(label_smoothing=recipe.label_smoothing, outlier_weight=recipe.outliers.weight)
        self.train_accuracy = MulticlassAccuracy(num_classes, average="micro", ignore_index=OUTLIER_LABEL)
        self.test_accuracy = MulticlassAccuracy(num_classes, average="micro")

    def on_train_batch_start(self, batch: Batch, batch_index: int) -> None:
        """Seed dropout by epoch, so that a resumed run repeats what an uninterrupted one does.

        Not earlier: the loaders draw from the same generator, at another moment in a resumed run.
        """
        if batch_index == 0:
            torch.manual_seed(self.recipe.seed * 100_003 + self.current_epoch)

    def training_step(self, batch: Batch, batch_index: int) -> Tensor:
        step = self.objective(self.model, batch)
        self.train_accuracy(step.logits, batch.labels)
        self.log("train_loss", step.loss, on_step=False, on_epoch=True, batch_size=len(batch.labels))
        self.log("train_top1", self.train_accuracy, on_step=False, on_epoch=True)
        return step.loss

    def validation_step(self, batch: Batch, batch_index: int) -> None:
        self.test_accuracy(self.model(batch.keypoints, batch.confidence).float(), batch.labels)
        self.log("test_top1", self.test_accuracy, on_step=False, on_epoch=True, batch_size=len(batch.labels))

    def configure_optimizers(self) -> OptimizerLRSchedulerConfig:
        recipe = self.recipe
        optimizer = _optimizer(self.model, recipe)
        num_steps = max(int(self.trainer.estimated_stepping_batches), 1)

        def factor(step: int) -> float:
            rise = min(1.0, (step + 1) / max(recipe.warmup_steps, 1))
            return rise * 0.5 * (1 + math.cos(math.pi * min(step / num_steps, 1.0)))

        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": LambdaLR(optimizer, factor), "interval": "step"},
        }


def _optimizer(model: nn.Module, recipe: Recipe) -> Optimizer:
    """Weight decay acts on kernels, not on biases and normalisation."""
    kernels = [parameter for parameter in model.parameters() if parameter.ndim > 1]
    others = [parameter for parameter in model.parameters() if parameter.ndim <= 1]
    groups = [{"params": kernels, "weight_decay": recipe.weight_decay}, {"params": others, "weight_decay": 0.0}]
    rate = recipe.scaled_learning_rate
    if recipe.optimizer == "adamw":
        return AdamW(groups, lr=rate)
    return SGD(groups, lr=rate, momentum=recipe.momentum, nesterov=recipe.momentum > 0)
