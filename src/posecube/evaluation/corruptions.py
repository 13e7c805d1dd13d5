"""The corruptions of the robustness report: what is done to skeletons, how badly, and who says so."""

from __future__ import annotations

import difflib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from posecube.sampling import corruption
from posecube.skeleton import SkeletonSequence

Corrupt = Callable[[SkeletonSequence, float, np.random.Generator], SkeletonSequence]
ALPHAS = (0.0, 0.001, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1)


@dataclass(frozen=True)
class Corruption:
    """One way in which skeletons go wrong, from not at all to very badly.

    Attributes:
        name: Short name, used in files and on the command line.
        title: What goes wrong.
        unit: What a severity is.
        severities: Rising, the first one is 0: nothing is wrong.
        corrupt: (sequence, severity, rng) -> sequence; raises ValueError where it knows no such joints.
    """

    name: str
    title: str
    unit: str
    severities: tuple[float, ...]
    corrupt: Corrupt

    def __post_init__(self) -> None:
        if self.severities[0] != 0 or list(self.severities) != sorted(set(self.severities)):
            raise ValueError(f"severities of {self.name} must rise from 0, got {self.severities}")

    def applied(self, sequence: SkeletonSequence, severity: float, *, seed: int) -> SkeletonSequence:
        """The corrupted sequence; the same clip goes wrong in the same way for every model."""
        if severity == 0:
            return sequence
        words = (self.name, sequence.name)
        rng = np.random.default_rng([seed, round(severity * 1e6), *(zlib.crc32(word.encode()) for word in words)])
        return self.corrupt(sequence, severity, rng)


CORRUPTIONS: dict[str, Corruption] = {
    made.name: made
    for made in (
        Corruption(
            "noise", "every joint of every frame shakes", "sigma, share of the frame",
            ALPHAS, corruption.displaced_in_frame,
        ),
        Corruption(
            "noise_by_motion", "every joint shakes, less where little moves", "largest sigma, share of the frame",
            ALPHAS, partial(corruption.displaced_in_frame, scaled_by_motion=True),
        ),
        Corruption(
            "noise_by_height", "every joint of every frame shakes", "sigma, share of the person's height",
            (0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.065, 0.1), corruption.displaced_by_height,
        ),
        Corruption(
            "lost_joint", "one limb joint of a frame is lost", "probability",
            (0.0, 1 / 8, 1 / 4, 1 / 2, 1.0), corruption.without_limb_joints,
        ),
        Corruption(
            "lost_frames", "frames have nobody in them", "probability",
            (0.0, 0.1, 0.25, 0.5, 0.75, 0.9), corruption.without_frames,
        ),
        Corruption(
            "swapped_sides", "left and right are swapped", "probability, each frame",
            (0.0, 0.05, 0.1, 0.25, 0.5), corruption.with_sides_swapped,
        ),
        Corruption(
            "doubt", "confidences are too low", "largest loss of confidence",
            (0.0, 0.25, 0.5, 0.75, 0.95), corruption.with_doubt,
        ),
        Corruption(
            "hidden_half", "half of the body is hidden for a while", "share of the frames",
            (0.0, 0.25, 0.5, 0.75, 1.0), corruption.with_half_hidden,
        ),
        Corruption(
            "lost_track", "people are lost for a while", "share of the frames",
            (0.0, 0.25, 0.5, 0.75, 0.9), corruption.with_lost_tracks,
        ),
    )
}  # fmt: skip


def find_corruptions(names: Sequence[str] | None) -> tuple[Corruption, ...]:
    """Corruptions by name, None means all.

    Raises:
        ValueError: If a name is unknown or stands twice.
    """
    if names is None:
        return tuple(CORRUPTIONS.values())
    for name in names:
        if name not in CORRUPTIONS:
            near = difflib.get_close_matches(name, CORRUPTIONS, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(CORRUPTIONS)}"
            raise ValueError(f"unknown corruption {name!r}; {hint}")
    if len(set(names)) < len(names):
        raise ValueError(f"each corruption may be named once, got {', '.join(names)}")
    return tuple(CORRUPTIONS[name] for name in names)
