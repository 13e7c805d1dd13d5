"""Contrastive training: what a network says of a clip and of the same clip under noise shall be alike.

Source: A. Novikova, "Pose-based Action Recognition: Robust Models with Contrastive Loss", section III.B, and the losses
of Singh et al., "Semi-Supervised Action Recognition with Temporal Contrastive Learning" (TCL), which its code uses.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import torch
from jaxtyping import Float, Int64
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor
from torch.nn import functional as F

from posecube.sampling.augment.corruption import displaced_by_height, displaced_in_frame
from posecube.skeleton import SkeletonSequence


class Contrast(BaseModel):
    """How much two views of a clip, one of them noisy, are drawn together; weights of 0 leave contrast out.

    Attributes:
        instance_weight: Weight of the loss that draws a clip to its own noisy view and away from all other clips; the
            report's gamma_1.
        group_weight: Weight of the same between the mean views of classes; the report's gamma_2.
        start_epoch: Epochs of plain supervised training before; the report's sup_thresh.
        alpha: Noise of the second view at one sigma, as a share of ``unit``. Stays the same for all clips, or with
            ``up_to`` is drawn for each clip from 0 to it.
        unit: "frame": of the frame's width and height. "height": of each person's height.
        scaled_by_motion: Less noise where there is less motion, as in the report; of ``unit`` "frame".
        up_to: Draw the strength of the noise for each clip.
        temperature: Cosines are divided by it before the exponential: the code has 0.5, the report's formula 1.
        symmetric: Whether noisy views are anchors too, as in the code; the formula has clean ones alone.
        group_by: What a class is: the "predicted" one of each view, as in the code, or the "label", as the text says.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    instance_weight: float = Field(default=0.0, ge=0.0)
    group_weight: float = Field(default=0.0, ge=0.0)
    start_epoch: int = Field(default=0, ge=0)
    alpha: float = Field(default=0.01, ge=0.0)
    unit: Literal["frame", "height"] = "frame"
    scaled_by_motion: bool = True
    up_to: bool = False
    temperature: float = Field(default=0.5, gt=0.0)
    symmetric: bool = True
    group_by: Literal["predicted", "label"] = "predicted"

    @property
    def is_on(self) -> bool:
        return self.instance_weight > 0 or self.group_weight > 0

    def noisy(self, sequence: SkeletonSequence, rng: np.random.Generator) -> SkeletonSequence:
        """The sequence as a shaking estimator would have given it.

        Raises:
            UserError: If the noise is a share of the frame and the joints are 3D.
        """
        alpha = self.alpha * rng.uniform() if self.up_to else self.alpha
        if self.unit == "height":
            return displaced_by_height(sequence, alpha, rng)
        return displaced_in_frame(sequence, alpha, rng, scaled_by_motion=self.scaled_by_motion)

    def loss(
        self, clean_logits: Float[Tensor, "N K"], noisy_logits: Float[Tensor, "N K"], labels: Int64[Tensor, " N"]
    ) -> Float[Tensor, ""]:
        """Both losses, weighed; clips are told apart by their class probabilities.

        The gradient flows through the noisy view alone.
        """
        clean = torch.softmax(clean_logits.detach().float(), dim=1)
        noisy = torch.softmax(noisy_logits.float(), dim=1)
        total = noisy.sum() * 0  # of a batch without clips, too, a number with a gradient
        if self.instance_weight > 0:
            total = total + self.instance_weight * self._between(clean, noisy)
        if self.group_weight > 0:
            total = total + self.group_weight * self._between(*self._group_means(clean, noisy, labels))
        return total

    def _between(self, clean: Float[Tensor, "N K"], noisy: Float[Tensor, "N K"]) -> Float[Tensor, ""]:
        return view_contrast(clean, noisy, temperature=self.temperature, symmetric=self.symmetric)

    def _group_means(
        self, clean: Float[Tensor, "N K"], noisy: Float[Tensor, "N K"], labels: Int64[Tensor, " N"]
    ) -> tuple[Float[Tensor, "G K"], Float[Tensor, "G K"]]:
        if self.group_by == "label":
            return common_means(clean, labels, noisy, labels)
        return common_means(clean, clean.argmax(dim=1), noisy, noisy.argmax(dim=1))


def view_contrast(
    first: Float[Tensor, "N K"], second: Float[Tensor, "N K"], *, temperature: float = 0.5, symmetric: bool = True
) -> Float[Tensor, ""]:
    """How badly each vector finds its partner in the other view among all 2N - 1 others, by cosine; 0 for one pair.

    Args:
        symmetric: Take the mean over the anchors of both views, not over those of the first alone.

    Source: NT-Xent as TCL has it; the report's formula is ``symmetric=False, temperature=1``.
    """
    num_pairs = len(first)
    if num_pairs < 2:
        return second.sum() * 0  # with one pair there is nobody to be told from: the loss is 0
    views = F.normalize(torch.cat([first, second]), dim=1)
    likeness = views @ views.T / temperature
    likeness = likeness.masked_fill(torch.eye(2 * num_pairs, dtype=torch.bool, device=views.device), -torch.inf)
    partner = torch.arange(2 * num_pairs, device=views.device).roll(num_pairs)
    loss = F.cross_entropy(likeness, partner, reduction="none")
    return (loss if symmetric else loss[:num_pairs]).mean()


def common_means(
    first: Float[Tensor, "N K"], first_groups: Int64[Tensor, " N"], second: Float[Tensor, "N K"],
    second_groups: Int64[Tensor, " N"],
) -> tuple[Float[Tensor, "G K"], Float[Tensor, "G K"]]:  # fmt: skip
    """Mean vector of each group that occurs in both views, in the order of the groups' numbers; G may be 0."""
    common = [group for group in torch.unique(first_groups) if bool((second_groups == group).any())]
    means = [(first[first_groups == group].mean(dim=0), second[second_groups == group].mean(dim=0)) for group in common]
    if not means:
        return first[:0], second[:0]
    of_first, of_second = zip(*means, strict=True)
    return torch.stack(of_first), torch.stack(of_second)
