"""The corruptions of the robustness report: what is done to skeletons, how badly, and who says so."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Literal

import numpy as np

from posecube import lookup
from posecube.errors import UserError
from posecube.sampling.augment import corruption
from posecube.skeleton import SkeletonSequence

Corrupt = Callable[[SkeletonSequence, float, np.random.Generator], SkeletonSequence]
ALPHAS = (0.0, 0.001, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1)


@dataclass(frozen=True, repr=False)
class Perturbation:
    """Something that goes wrong with skeletons, from not at all to very badly.

    Attributes:
        name: Short name, used in files and on the command line.
        title: What goes wrong.
        unit: What a severity is.
        severities: Rising from where nothing is wrong.
        axis: How a chart spreads them: "root" draws small ones apart.
    """

    name: str
    title: str
    unit: str
    severities: tuple[float, ...]
    axis: Literal["linear", "root"] = field(default="linear", kw_only=True)

    def __post_init__(self) -> None:
        if list(self.severities) != sorted(set(self.severities)) or len(self.severities) < 2:
            raise UserError(f"severities of {self.name} must be two or more and rise, got {self.severities}")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name}: {', '.join(self.severity_texts)})"

    @property
    def severity_texts(self) -> list[str]:
        """Severities as the report writes them."""
        return [f"{severity:g}" for severity in self.severities]


@dataclass(frozen=True, repr=False)
class Corruption(Perturbation):
    """A perturbation that is made from the skeletons themselves; severity 0 leaves them as they are.

    Attributes:
        corrupt: (sequence, severity, rng) -> sequence; raises UserError where it knows no such joints.
        in_fractions: Whether the report writes severities as fractions.
        old_name: What version 0.2 called it. Draws are still seeded by it, so that published results stay.
    """

    corrupt: Corrupt
    in_fractions: bool = field(default=False, kw_only=True)
    old_name: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.severities[0] != 0:
            raise UserError(f"severities of {self.name} must rise from 0, got {self.severities}")

    @property
    def severity_texts(self) -> list[str]:
        if self.in_fractions:
            return [str(Fraction(severity)) for severity in self.severities]
        return super().severity_texts

    def applied(self, sequence: SkeletonSequence, severity: float, *, seed: int) -> SkeletonSequence:
        """The corrupted sequence; the same clip goes wrong in the same way for every model."""
        if severity == 0:
            return sequence
        words = (self.old_name or self.name, sequence.name)
        rng = np.random.default_rng([seed, round(severity * 1e6), *(zlib.crc32(word.encode()) for word in words)])
        return self.corrupt(sequence, severity, rng)


CORRUPTIONS: dict[str, Corruption] = {
    made.name: made
    for made in (
        Corruption(
            "noise", "joints shake, measured in frames", "sigma, fraction of the frame",
            ALPHAS, corruption.displaced_in_frame, axis="root",
        ),
        Corruption(
            "noise_by_motion", "joints shake, less where little moves", "largest sigma, fraction of the frame",
            ALPHAS, partial(corruption.displaced_in_frame, scaled_by_motion=True), axis="root",
        ),
        Corruption(
            "noise_by_height", "joints shake, measured in people", "sigma, fraction of the person's height",
            (0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.065, 0.1), corruption.displaced_by_height, axis="root",
        ),
        Corruption(
            "drop_joint", "a person's limb joint is lost", "probability, each frame",
            (0.0, 1 / 8, 1 / 4, 1 / 2, 1.0), corruption.without_limb_joints, in_fractions=True, old_name="lost_joint",
        ),
        Corruption(
            "lost_frames", "frames have no detections", "probability, each frame",
            (0.0, 0.1, 0.25, 0.5, 0.75, 0.9), corruption.without_frames,
        ),
        Corruption(
            "swapped_sides", "left and right are swapped", "probability, each frame",
            (0.0, 0.05, 0.1, 0.25, 0.5), corruption.with_sides_swapped,
        ),
        Corruption(
            "doubt", "confidences are too low", "largest loss of confidence",
            (0.0, 0.25, 0.5, 0.75, 0.95), corruption.with_scaled_confidence,
        ),
        Corruption(
            "hidden_half", "half of the body is hidden for a while", "fraction of the frames",
            (0.0, 0.25, 0.5, 0.75, 1.0), corruption.with_half_hidden,
        ),
        Corruption(
            "drop_person", "people are lost for a while", "fraction of the frames",
            (0.0, 0.25, 0.5, 0.75, 0.9), corruption.with_dropped_people, old_name="lost_track",
        ),
    )
}  # fmt: skip


def find_corruptions(names: Sequence[str] | None) -> tuple[Corruption, ...]:
    """Corruptions by name, or by that of version 0.2; None means all, and "none" on its own none.

    Raises:
        UserError: If a name is unknown or stands twice.
    """
    if names is None:
        return tuple(CORRUPTIONS.values())
    if list(names) == ["none"]:
        return ()
    if len(set(names)) < len(names):
        raise UserError(f"each corruption may be named once, got {', '.join(names)}")
    now = {made.old_name: name for name, made in CORRUPTIONS.items() if made.old_name}
    return tuple(lookup.find(CORRUPTIONS, now.get(name, name), what="corruption") for name in names)
