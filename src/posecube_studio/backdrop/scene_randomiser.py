"""How one place differs from another of its kind: colours, numbers and light, drawn from a generator."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np

from posecube_studio.light import Light
from posecube_studio.solid import Colour
from posecube_studio.subject import linear

T = TypeVar("T")


class SceneRandomiser:
    """Draws what differs; without a generator every choice is the usual one, and the place looks as it always did."""

    def __init__(self, rng: np.random.Generator | None = None) -> None:
        self.varies = rng is not None
        self.rng = np.random.default_rng(0) if rng is None else rng

    def fixed(self) -> SceneRandomiser:
        """Itself, or a fixed draw in place of the usual choices: for places that have no usual look."""
        return self if self.varies else SceneRandomiser(np.random.default_rng(4))

    def tone(self, usual: str, *others: str, spread: float = 0.12) -> Colour:
        """One of some sRGB colours, a little lighter or darker, warmer or colder than written.

        Args:
            spread: Largest change of strength, as a share.
        """
        if not self.varies:
            return linear(usual)
        red, green, blue = linear(self.one_of(usual, *others))
        strength, warmth = self.rng.uniform(-1, 1, 2) * (spread, spread / 3)
        gain = 1 + strength
        return (min(red * gain * (1 + warmth), 0.95), min(green * gain, 0.95), min(blue * gain * (1 - warmth), 0.95))

    def one_of(self, usual: T, *others: T) -> T:
        """One of some things, all as likely."""
        options = (usual, *others)
        return options[int(self.rng.integers(len(options)))] if self.varies else usual

    def number(self, usual: float, low: float, high: float) -> float:
        """A number in a range."""
        return float(self.rng.uniform(low, high)) if self.varies else usual

    def chance(self, share: float, *, usual: bool = False) -> bool:
        """True in that share of cases."""
        return bool(self.rng.random() < share) if self.varies else usual

    def light(self, usual: Light) -> Light:
        """The usual light, but up to 50 degrees around, lower or higher, warmer or colder, softer or harder."""
        if not self.varies:
            return usual
        turn, rise, hardness = (self.rng.uniform(low, high) for low, high in ((-0.9, 0.9), (0.85, 1.25), (0.78, 1.15)))
        x, y, z = usual.toward
        toward = (x * np.cos(turn) + z * np.sin(turn), y * rise, z * np.cos(turn) - x * np.sin(turn))
        warmth = self.rng.uniform(-0.08, 0.08)
        gain = self.rng.uniform(0.92, 1.08)
        tint = np.array([1 + warmth, 1.0, 1 - 1.2 * warmth]) * gain
        return replace(
            usual,
            toward=(float(toward[0]), float(toward[1]), float(toward[2])),
            sun=_tinted(usual.sun, tint * hardness),
            sky=_tinted(usual.sky, tint * (1.5 - 0.5 * hardness)),
            ground=_tinted(usual.ground, tint),
        )


def _tinted(colour: Colour, tint: np.ndarray) -> Colour:
    red, green, blue = np.array(colour) * tint
    return float(red), float(green), float(blue)
