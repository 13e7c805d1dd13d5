"""Parts of contrastive training: the noise of a clip's second view, and the losses between two views.

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


class Noise(BaseModel):
    """How far joints are displaced in a clip's second view.

    Attributes:
        alpha: One sigma, as a fraction of ``unit``. Stays the same for all clips, or with ``up_to`` is drawn for each
            clip from 0 to it.
        unit: "frame": of the frame's width and height. "height": of each person's height.
        scaled_by_motion: Less noise where there is less motion, as in the report; of ``unit`` "frame".
        up_to: Draw the strength of the noise for each clip.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    alpha: float = Field(default=0.01, ge=0.0)
    unit: Literal["frame", "height"] = "frame"
    scaled_by_motion: bool = True
    up_to: bool = False

    def applied(self, sequence: SkeletonSequence, rng: np.random.Generator) -> SkeletonSequence:
        """The sequence as a shaking estimator would have given it.

        Raises:
            UserError: If the noise is a fraction of the frame and the joints are 3D.
        """
        alpha = self.alpha * rng.uniform() if self.up_to else self.alpha
        if self.unit == "height":
            return displaced_by_height(sequence, alpha, rng)
        return displaced_in_frame(sequence, alpha, rng, scaled_by_motion=self.scaled_by_motion)


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
        return second.sum() * 0  # with one pair there is none to be told from: the loss is 0
    views = F.normalize(torch.cat([first, second]), dim=1)
    similarity = views @ views.T / temperature
    similarity = similarity.masked_fill(torch.eye(2 * num_pairs, dtype=torch.bool, device=views.device), -torch.inf)
    partner = torch.arange(2 * num_pairs, device=views.device).roll(num_pairs)
    loss = F.cross_entropy(similarity, partner, reduction="none")
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
