"""A piece of furniture: solids in its own coordinates, x along the wall, y up, z from the wall into the room."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube_studio.backdrop.scene_randomiser import SceneRandomiser
from posecube_studio.solid import Colour, Material, Solid, box

WHERE = "world"


@dataclass(frozen=True)
class Piece:
    """Solids and the box that holds them: -half to half along x, low to high along y, 0 to depth along z.

    A piece whose `low_m` is above 0 hangs on the wall and leaves the floor below free.
    """

    solids: tuple[Solid, ...]
    half_m: float
    depth_m: float
    high_m: float
    low_m: float = 0.0

    def placed(self, axes: Float[ndarray, "3 3"], foot_m: Float[ndarray, " 3"]) -> tuple[Solid, ...]:
        """The solids with the piece's x, y and z along the columns of `axes`, its origin at `foot_m`."""
        return tuple(
            replace(solid, origin=_vector(foot_m + axes @ np.array(solid.origin)), axes=axes @ np.asarray(solid.axes))
            for solid in self.solids
        )


def _vector(values: ndarray) -> tuple[float, float, float]:
    x, y, z = values
    return float(x), float(y), float(z)


def wood(random: SceneRandomiser, usual: str = "8a6844", *others: str) -> Material:
    """Bare wood."""
    tone = random.tone(usual, *(others or ("b08a5c", "6a4a30", "c2a478", "d6cfc2", "4e3a2b", "9c7a54")))
    return Material(tone, paint="wood", second=darker(tone, 0.84))


def painted(random: SceneRandomiser, usual: str = "d8d6d0", *others: str, gloss: float = 0.08) -> Material:
    """A smooth coat of paint, plastic or enamel."""
    return Material(random.tone(usual, *(others or ("8f9498", "4a4e53", "c9c1b0", "a9b0ae"))), gloss=gloss)


def cloth(random: SceneRandomiser, usual: str = "6a7480", *others: str, folds: float = 0.12) -> Material:
    """Upholstery."""
    more = others or ("7d7468", "4d5560", "8b6f5e", "6f7d6a", "a39a8c", "5a4a48", "9b8f6a", "3f4a58")
    return Material(random.tone(usual, *more), cloth=folds)


def darker(colour: Colour, share: float) -> Colour:
    """A colour at a share of its strength."""
    red, green, blue = colour
    return red * share, green * share, blue * share


def legs(half_m: float, depth_m: float, high_m: float, thick_m: float, material: Material) -> list[Solid]:
    """Four legs that end below a top at `high_m`."""
    return [
        box(WHERE, (x, high_m / 2, z), (thick_m, high_m / 2, thick_m), material)
        for x in (-half_m + thick_m, half_m - thick_m)
        for z in (thick_m, depth_m - thick_m)
    ]
