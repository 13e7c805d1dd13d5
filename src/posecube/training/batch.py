"""Batch: clips stacked to tensors, with whatever an objective or a network wants beside the joints."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int64, UInt8
from torch import Tensor

from posecube.sampling import Clip

OUTLIER_LABEL = -1


@dataclass(frozen=True)
class Batch:
    """Clips, stacked.

    Attributes:
        keypoints: Coordinates in the space of the ClipSpec.
        labels: -1 marks a clip of none of the classes.
        frames_rgb: Video frames, for a network that looks at them; as bytes, they are normalised where it runs.
        noisy: Other views of the same clips, under noise, where the objective asks for them.
    """

    keypoints: Float[Tensor, "N M T V C"]
    confidence: Float[Tensor, "N M T V"]
    labels: Int64[Tensor, " N"]
    frames_rgb: UInt8[Tensor, "N S H W 3"] | None = None
    noisy: Batch | None = None

    def __repr__(self) -> str:
        frames = "" if self.frames_rgb is None else f", frames_rgb {tuple(self.frames_rgb.shape)}"
        return f"Batch(keypoints {tuple(self.keypoints.shape)}{frames}{', noisy views' if self.noisy else ''})"

    def to(self, device: torch.device) -> Batch:
        """The batch on another device."""
        moved: dict[str, Any] = {}
        for field in fields(self):
            part = getattr(self, field.name)
            moved[field.name] = part if part is None else part.to(device)
        return Batch(**moved)


@dataclass(frozen=True)
class Sample:
    """One clip of a batch.

    Attributes:
        noisy: Another view of it, under noise.
    """

    clip: Clip
    label: int
    noisy: Clip | None = None


def collate(samples: list[Sample]) -> Batch:
    """Stack clips to a batch."""
    noisy = [Sample(sample.noisy, sample.label) for sample in samples if sample.noisy is not None]
    frames = [sample.clip.frames_rgb for sample in samples if sample.clip.frames_rgb is not None]
    return Batch(
        torch.from_numpy(np.stack([sample.clip.keypoints for sample in samples])),
        torch.from_numpy(np.stack([sample.clip.confidence for sample in samples])),
        torch.tensor([sample.label for sample in samples]),
        torch.from_numpy(np.stack(frames)) if frames else None,
        collate(noisy) if noisy else None,
    )
