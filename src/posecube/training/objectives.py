"""What training minimises: an objective is a value of the recipe, says what a batch must hold and builds its loss.

A new method brings a value here and a module beside it, and joins the union; loop and data stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Protocol

import numpy as np
import torch
from jaxtyping import Float, Int64
from pydantic import BaseModel, ConfigDict, Field, model_validator
from torch import Tensor, nn
from torch.nn import functional as F

from posecube.errors import UserError
from posecube.model import ActionModel, fused
from posecube.skeleton import SkeletonSequence
from posecube.training.batch import OUTLIER_LABEL, Batch
from posecube.training.contrast import Noise, common_means, view_contrast


class _OnLabels(BaseModel):
    """What objectives that look at labels share.

    Attributes:
        label_smoothing: Fraction of the target that is spread over all classes.
        outlier_weight: Weight of the outliers' loss.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    disturbs_joints: ClassVar[bool] = False  # whether it asks for views whose joints lie elsewhere than in the video

    label_smoothing: float = Field(default=0.0, ge=0.0, lt=1.0)
    outlier_weight: float = Field(default=0.5, ge=0.0)


class CrossEntropy(_OnLabels):
    """Cross-entropy on labelled clips; on outliers, cross-entropy to equal scores for all classes."""

    kind: Literal["cross_entropy"] = "cross_entropy"

    def build(self) -> Loss:
        """The module that computes it."""
        return SupervisedLoss(self)

    def noisy_view(
        self, sequence: SkeletonSequence, rng: np.random.Generator, *, epoch: int
    ) -> SkeletonSequence | None:
        """Another view of a training clip that the batch must hold too; None, and nothing drawn, if none."""
        return None


class Contrastive(_OnLabels):
    """Cross-entropy on clean clips, and contrast: what a network says of a clip and of the same clip under noise agree.

    Attributes:
        instance_weight: Weight of the loss that draws a clip to its own noisy view and away from all other clips; the
            report's gamma_1.
        group_weight: Weight of the same between the mean views of classes; the report's gamma_2.
        start_epoch: Epochs of plain supervised training before; the report's sup_thresh.
        noise: What the second view suffers.
        temperature: Cosines are divided by it before the exponential: the code has 0.5, the report's formula 1.
        symmetric: Whether noisy views are anchors too, as in the code; the formula has clean ones alone.
        group_by: What a class is: the "predicted" one of each view, as in the code, or the "label", as the text says.

    Source: see ``posecube.training.contrast``.
    """

    disturbs_joints: ClassVar[bool] = True

    kind: Literal["contrastive"] = "contrastive"
    instance_weight: float = Field(default=1.0, ge=0.0)
    group_weight: float = Field(default=0.0, ge=0.0)
    start_epoch: int = Field(default=0, ge=0)
    noise: Noise = Noise()
    temperature: float = Field(default=0.5, gt=0.0)
    symmetric: bool = True
    group_by: Literal["predicted", "label"] = "predicted"

    @model_validator(mode="after")
    def _contrasts(self) -> Contrastive:
        if self.instance_weight == self.group_weight == 0:
            raise UserError(
                "contrast without weight: set instance_weight or group_weight above 0, or kind cross_entropy"
            )
        return self

    def build(self) -> Loss:
        """The module that computes it."""
        return ContrastiveLoss(self)

    def noisy_view(
        self, sequence: SkeletonSequence, rng: np.random.Generator, *, epoch: int
    ) -> SkeletonSequence | None:
        """The clip under noise, from the epoch on at which contrast begins."""
        return self.noise.applied(sequence, rng) if epoch >= self.start_epoch else None


Objective = Annotated[CrossEntropy | Contrastive, Field(discriminator="kind")]


@dataclass(frozen=True)
class Step:
    """One training step's loss and the logits that accuracy is counted on."""

    loss: Float[Tensor, ""]
    logits: Float[Tensor, "N K"]


class Loss(Protocol):
    """What an objective builds."""

    def __call__(self, model: ActionModel, batch: Batch) -> Step: ...


class SupervisedLoss(nn.Module):
    """Each head of a network has a loss of its own and all weigh the same; their sum is the loss.

    Source: the outliers' loss is that of Hendrycks et al., "Deep Anomaly Detection with Outlier Exposure". A loss for
    each pathway is PoseConv3D section 3.3's, which saw one joint loss overfit; the weights of 1 are the published ones.
    """

    def __init__(self, objective: _OnLabels) -> None:
        super().__init__()
        self.objective = objective

    def forward(self, model: ActionModel, batch: Batch) -> Step:
        heads = model.heads(batch.keypoints, batch.confidence, batch.frames_rgb)
        logits = {name: of_head.float() for name, of_head in heads.items()}
        losses = torch.stack([self.of_head(of_head, batch.labels) for of_head in logits.values()])
        return Step(losses.sum(), fused(logits))

    def of_head(self, logits: Float[Tensor, "N K"], labels: Int64[Tensor, " N"]) -> Float[Tensor, ""]:
        """Of one head, a labelled clip."""
        is_outlier = labels == OUTLIER_LABEL
        known = labels.masked_fill(is_outlier, 0)
        on_class = F.cross_entropy(logits, known, label_smoothing=self.objective.label_smoothing, reduction="none")
        on_nothing = -torch.log_softmax(logits, dim=1).mean(dim=1)
        loss = torch.where(is_outlier, self.objective.outlier_weight * on_nothing, on_class).sum()
        return loss / (~is_outlier).sum().clamp(min=1)


class ContrastiveLoss(nn.Module):
    """The supervised loss, and contrast between clean clips and the same clips under noise.

    Batches without noisy views, as they are before contrast begins, are trained on as by the supervised objective.
    The clean view goes through the network once for both terms; the public code lets it through twice, which differs by
    dropout alone.
    """

    def __init__(self, objective: Contrastive) -> None:
        super().__init__()
        self.objective = objective
        self.supervised = SupervisedLoss(objective)

    def forward(self, model: ActionModel, batch: Batch) -> Step:
        step = self.supervised(model, batch)
        if batch.noisy is None:
            return step
        noisy_logits = model(batch.noisy.keypoints, batch.noisy.confidence)
        known = batch.labels != OUTLIER_LABEL
        contrast = self.contrast(step.logits[known], noisy_logits[known], batch.labels[known])
        return Step(step.loss + contrast, step.logits)

    def contrast(
        self, clean_logits: Float[Tensor, "N K"], noisy_logits: Float[Tensor, "N K"], labels: Int64[Tensor, " N"]
    ) -> Float[Tensor, ""]:
        """Both losses, weighed; clips are told apart by their class probabilities.

        The gradient flows through the noisy view alone.
        """
        clean = torch.softmax(clean_logits.detach().float(), dim=1)
        noisy = torch.softmax(noisy_logits.float(), dim=1)
        total = noisy.sum() * 0  # of a batch without clips, too, a number with a gradient
        if self.objective.instance_weight > 0:
            total = total + self.objective.instance_weight * self._between(clean, noisy)
        if self.objective.group_weight > 0:
            total = total + self.objective.group_weight * self._between(*self._group_means(clean, noisy, labels))
        return total

    def _between(self, clean: Float[Tensor, "N K"], noisy: Float[Tensor, "N K"]) -> Float[Tensor, ""]:
        objective = self.objective
        return view_contrast(clean, noisy, temperature=objective.temperature, symmetric=objective.symmetric)

    def _group_means(
        self, clean: Float[Tensor, "N K"], noisy: Float[Tensor, "N K"], labels: Int64[Tensor, " N"]
    ) -> tuple[Float[Tensor, "G K"], Float[Tensor, "G K"]]:
        if self.objective.group_by == "label":
            return common_means(clean, labels, noisy, labels)
        return common_means(clean, clean.argmax(dim=1), noisy, noisy.argmax(dim=1))
