"""What training minimises: one small module a method."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn
from torch.nn import functional as F

from posecube.model import ActionModel, fused
from posecube.training.contrast import Contrast
from posecube.training.data import OUTLIER_LABEL, Batch


@dataclass(frozen=True)
class Step:
    """One training step's loss and the logits that accuracy is counted on."""

    loss: Float[Tensor, ""]
    logits: Float[Tensor, "N K"]


class Supervised(nn.Module):
    """Cross-entropy on labelled clips; on outliers, cross-entropy to equal scores for all classes.

    Each head of a network has a loss of its own and all weigh the same; their sum is the loss.

    Args:
        label_smoothing: Share of the target that is spread over all classes.
        outlier_weight: Weight of the outliers' loss.

    Source: the outliers' loss is that of Hendrycks et al., "Deep Anomaly Detection with Outlier Exposure". A loss for
    each pathway is PoseConv3D section 3.3's, which saw one joint loss overfit; the weights of 1 are the published ones.
    """

    def __init__(self, *, label_smoothing: float = 0.0, outlier_weight: float = 0.5) -> None:
        super().__init__()
        self.label_smoothing = label_smoothing
        self.outlier_weight = outlier_weight

    def forward(self, model: ActionModel, batch: Batch) -> Step:
        heads = model.heads(batch.keypoints, batch.confidence, batch.frames_rgb)
        logits = {name: of_head.float() for name, of_head in heads.items()}
        losses = torch.stack([self.loss(of_head, batch.labels) for of_head in logits.values()])
        return Step(losses.sum(), fused(logits))

    def loss(self, logits: Float[Tensor, "N K"], labels: Int64[Tensor, " N"]) -> Float[Tensor, ""]:
        """Of one head, a labelled clip."""
        is_outlier = labels == OUTLIER_LABEL
        known = labels.masked_fill(is_outlier, 0)
        on_class = F.cross_entropy(logits, known, label_smoothing=self.label_smoothing, reduction="none")
        on_nothing = -torch.log_softmax(logits, dim=1).mean(dim=1)
        loss = torch.where(is_outlier, self.outlier_weight * on_nothing, on_class).sum()
        return loss / (~is_outlier).sum().clamp(min=1)


class Contrastive(nn.Module):
    """Cross-entropy on clean clips, and contrast between them and the same clips under noise.

    Batches without noisy views, as they are before contrast begins, are trained on as by the supervised objective.
    The clean view goes through the network once for both terms; the public code lets it through twice, which differs by
    dropout alone.
    """

    def __init__(self, supervised: Supervised, contrast: Contrast) -> None:
        super().__init__()
        self.supervised = supervised
        self.contrast = contrast

    def forward(self, model: ActionModel, batch: Batch) -> Step:
        step = self.supervised(model, batch)
        if batch.noisy is None:
            return step
        noisy_logits = model(batch.noisy.keypoints, batch.noisy.confidence)
        known = batch.labels != OUTLIER_LABEL
        contrast = self.contrast.loss(step.logits[known], noisy_logits[known], batch.labels[known])
        return Step(step.loss + contrast, step.logits)
