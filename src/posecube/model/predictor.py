"""Predictor: weights, their card, the device they run on and the views they take, in one object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float32
from numpy import ndarray

from posecube.errors import UserError
from posecube.model.action_model import ActionModel, fused
from posecube.model.card import WeightsCard
from posecube.model.device import choose_device
from posecube.model.spec import ModelSpec
from posecube.sampling import Clip, view_clips
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.convert import check_convertible, convert

CLIPS_PER_STEP = 4  # few, so that volumes stay near the processor and memory small; more gain nothing on a CPU
CLIPS_WITH_FRAMES_PER_STEP = 2  # their features are a hundred times larger
Precision = Literal["float32", "bf16"]


@dataclass(frozen=True, eq=False, repr=False)
class Predictor:
    """Names skeleton sequences: a trained model, and how it is used.

        predictor = Predictor.load("penn15-joint", num_views=10)
        scores = predictor.predict([sequence])

    Attributes:
        card: Its classes, temperature and what its network reads.
        num_views: Test views of a sequence, whose probabilities are averaged.
        flips: Whether each view's mirror image is scored too.
        precision: "bf16" lets convolutions and matrix products compute in bfloat16: on processors that have it two to
            three times as fast, and a clip in a thousand may be named differently.
        head: Score with this head alone, "rgb" or "pose"; None takes the mean probability of all.
    """

    model: ActionModel
    card: WeightsCard
    num_views: int = 1
    flips: bool = False
    precision: Precision = "float32"
    head: str | None = None

    def __post_init__(self) -> None:
        if self.num_views < 1:
            raise UserError(f"the number of views must be at least 1, got {self.num_views}")
        if self.head is not None and self.head not in self.spec.heads:
            raise UserError(f"weights {self.name} have no head {self.head!r}, they have {', '.join(self.spec.heads)}")

    @classmethod
    def load(
        cls,
        name_or_path: str | Path,
        *,
        device: str = "auto",
        num_views: int = 1,
        flips: bool = False,
        smooth: bool = False,
        precision: Precision = "float32",
        head: str | None = None,
    ) -> Predictor:
        """Load weights by the name of shipped ones, by their file, or from a run folder.

        Args:
            device: "auto" takes a GPU where there is one, see ``choose_device``.
            smooth: Smooth joints over time that shake from frame to frame; no training is needed for it.

        Raises:
            FileNotFoundError: If there is no such name or file.
            UserError: If the file is not posecube weights, or an option does not fit them.
        """
        place = choose_device(device)
        model, card = ActionModel.load(name_or_path)
        card = card.smoothed() if smooth else card
        return cls(model.to(place), card, num_views=num_views, flips=flips, precision=precision, head=head)

    def changed(self, **options: Any) -> Predictor:
        """The same weights, used in another way: ``predictor.changed(num_views=10)``."""
        return replace(self, **options)

    @property
    def name(self) -> str:
        return self.card.name

    @property
    def classes(self) -> tuple[str, ...]:
        return self.card.classes

    @property
    def spec(self) -> ModelSpec:
        return self.card.model

    @property
    def device(self) -> torch.device:
        return next(self.model.parameters()).device

    @property
    def smooths(self) -> bool:
        """Whether joints are smoothed over time first."""
        return self.spec.clip.preprocess.smooth

    @property
    def views_per_sequence(self) -> int:
        """Test views of a sequence, mirror images counted."""
        return self.num_views * (2 if self.flips else 1)

    def in_layout(self, sequence: SkeletonSequence) -> SkeletonSequence:
        """The sequence in the layout that the model reads.

        Raises:
            UserError: If most of the model's joints cannot be derived.
        """
        layout = self.spec.skeleton_layout
        if sequence.layout == layout:
            return sequence
        check_convertible(sequence.layout, layout, reader=f"weights {self.name} read")
        return convert(sequence, layout)

    def clips(self, sequence: SkeletonSequence) -> list[Clip]:
        """The test views of a sequence as the network reads them, each followed by its mirror image if ``flips``.

        Raises:
            UserError: If the sequence's joints are not those that the model reads.
        """
        return view_clips(self.in_layout(sequence), self.spec.clip, num_views=self.num_views, flips=self.flips)

    def reads_the_same_clips(self, other: Predictor) -> bool:
        """Whether what was drawn for one serves the other."""
        return (self.spec.layout, self.spec.clip, self.num_views, self.flips) == (
            other.spec.layout, other.spec.clip, other.num_views, other.flips,
        )  # fmt: skip

    def probabilities(self, clips: Sequence[Clip], *, clips_per_step: int = CLIPS_PER_STEP) -> Float32[ndarray, "N K"]:
        """Calibrated class probabilities of ready-made clips, so many of which go through the network at once."""
        logits = torch.from_numpy(self.logits(clips, clips_per_step=clips_per_step))
        return torch.softmax(logits / self.card.temperature, dim=1).numpy()

    @torch.inference_mode()
    def logits(self, clips: Sequence[Clip], *, clips_per_step: int = CLIPS_PER_STEP) -> Float32[ndarray, "N K"]:
        """What the network says of ready-made clips, before temperature and softmax."""
        scores = np.empty((len(clips), len(self.classes)), dtype=np.float32)
        for mirrored in (False, True):  # apart, because the volumes of mirror images are drawn in another way
            rows = [row for row, clip in enumerate(clips) if clip.window.flipped == mirrored]
            for first in range(0, len(rows), clips_per_step):
                some = rows[first : first + clips_per_step]
                scores[some] = self._step([clips[row] for row in some], mirrored=mirrored)
        return scores

    def _step(self, clips: list[Clip], *, mirrored: bool) -> Float32[ndarray, "n K"]:
        device = self.device
        inputs = [torch.from_numpy(array).to(device) for array in _stacked(clips)]
        with torch.autocast(device.type, torch.bfloat16, enabled=self.precision == "bf16"):
            heads = self.model.heads(*inputs, mirrored=mirrored)
        logits = fused(heads) if self.head is None else heads[self.head]
        return logits.float().cpu().numpy()

    def predict(self, sequences: Sequence[SkeletonSequence]) -> Float32[ndarray, "N K"]:
        """Class probabilities of whole sequences, averaged over views.

        Raises:
            UserError: If a sequence's joints are not those that the model reads.
        """
        return self.of_views([clip for sequence in sequences for clip in self.clips(sequence)])

    def of_views(self, clips: Sequence[Clip]) -> Float32[ndarray, "N K"]:
        """The same of the clips of all sequences, one sequence's views after the other's."""
        by_view = self.probabilities(clips).reshape(-1, self.views_per_sequence, len(self.classes))
        return by_view.mean(axis=1)

    def __repr__(self) -> str:
        return f"Predictor({self.name!r}, {len(self.classes)} classes, {self.views_per_sequence} views, {self.device})"


def mean_probabilities(
    predictors: Sequence[Predictor], sequences: Sequence[SkeletonSequence]
) -> Float32[ndarray, "N K"]:
    """Class probabilities averaged over models and views; models that read the same clips share them."""
    total = np.zeros((len(sequences), len(predictors[0].classes)), dtype=np.float32)
    drawn: list[tuple[Predictor, list[Clip]]] = []
    for predictor in predictors:
        clips = next((clips for reader, clips in drawn if reader.reads_the_same_clips(predictor)), None)
        if clips is None:
            clips = [clip for sequence in sequences for clip in predictor.clips(sequence)]
            drawn.append((predictor, clips))
        total += predictor.of_views(clips) / len(predictors)
    return total


def _stacked(clips: list[Clip]) -> list[ndarray]:
    """Keypoints, confidence and, where clips have them, video frames."""
    frames = [clip.frames_rgb for clip in clips if clip.frames_rgb is not None]
    joints = [np.stack([clip.keypoints for clip in clips]), np.stack([clip.confidence for clip in clips])]
    return [*joints, np.stack(frames)] if frames else joints
