"""What training minimises: one small module a method."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from posecube.model import ActionModel
from posecube.training.data import OUTLIER_LABEL, Batch


@dataclass(frozen=True)
class Step:
    """One training step's loss and the logits that accuracy is counted on."""

    loss: Float[Tensor, ""]
    logits: Float[Tensor, "N K"]


class Supervised(nn.Module):
    """Cross-entropy on labelled clips; on outliers, cross-entropy to equal scores for all classes.

    Args:
        label_smoothing: Share of the target that is spread over all classes.
        outlier_weight: Weight of the outliers' loss.

    Source: the outliers' loss is that of Hendrycks et al., "Deep Anomaly Detection with Outlier Exposure".
    """

    def __init__(self, *, label_smoothing: float = 0.0, outlier_weight: float = 0.5) -> None:
        super().__init__()
        self.label_smoothing = label_smoothing
        self.outlier_weight = outlier_weight

    def forward(self, model: ActionModel, batch: Batch) -> Step:
        logits = model(batch.keypoints, batch.confidence).float()
        is_outlier = batch.labels == OUTLIER_LABEL
        labels = batch.labels.masked_fill(is_outlier, 0)
        on_class = F.cross_entropy(logits, labels, label_smoothing=self.label_smoothing, reduction="none")
        on_nothing = -torch.log_softmax(logits, dim=1).mean(dim=1)
        loss = torch.where(is_outlier, self.outlier_weight * on_nothing, on_class).sum()
        return Step(loss / (~is_outlier).sum().clamp(min=1), logits)
