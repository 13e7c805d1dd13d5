"""What a prop may look at, and what it is: frames that move, solids on them, and solids that stand still."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube_studio.body import Posture
from posecube_studio.goals import Goals
from posecube_studio.grasp import palm_point
from posecube_studio.rotation import about, turned, unit
from posecube_studio.solid import Material, Solid
from posecube_studio.subject import linear

Frames = dict[str, tuple[Float[ndarray, "T 3"], Float[ndarray, "T 3 3"]]]

GRAVITY = 9.81
STEEL = Material(linear("a9afb6"), gloss=0.6)
IRON = Material(linear("26282c"), gloss=0.25)
WOOD = Material(linear("c98f4f"), gloss=0.25, paint="wood", second=linear("a9713a"))
RUBBER = Material(linear("26282c"), gloss=0.1)


@dataclass(frozen=True)
class Scene:
    """What a prop may look at to follow the action.

    Attributes:
        sign: 1 for right-handers, whose main hand is the right one; -1 mirrored.
        rng: What chooses among things that serve alike: a mug or a glass, this colour or that; None takes the first.
    """

    posture: Posture
    goals: Goals
    time_s: Float[ndarray, " T"]
    sign: int
    rng: np.random.Generator | None = None

    def palm(self, side: str, *, out_m: float = 0.0) -> Float[ndarray, "T 3"]:
        """The middle of a closed hand, or what lies so far before the palm."""
        return palm_point(self.posture, side, out_m=out_m)

    def pick(self, *choices: str) -> str:
        """One of several names."""
        return choices[0 if self.rng is None else int(self.rng.integers(len(choices)))]

    @property
    def main(self) -> str:
        return "right" if self.sign > 0 else "left"

    @property
    def other(self) -> str:
        return "left" if self.sign > 0 else "right"

    @property
    def tool(self) -> Float[ndarray, "T 3"]:
        """World direction of what the main hand holds."""
        _, chest = self.posture.bone("chest")
        return unit(turned(chest, self.goals.tool * np.array([-self.sign, 1, 1])))


@dataclass(frozen=True)
class Prop:
    """Moving frames with their solids, and what stands still on the frame "world".

    Attributes:
        grip: Whether the hands are closed.
    """

    frames: Frames = field(default_factory=dict)
    solids: tuple[Solid, ...] = ()
    still: tuple[Solid, ...] = ()
    grip: bool = False


def across(direction: Float[ndarray, "T 3"]) -> Float[ndarray, "T 3 3"]:
    """Frames whose x runs along a direction and whose y is as upright as can be."""
    x = unit(direction)
    up = unit(np.array([0.0, 1.0, 0.0]) - x[:, 1:2] * x)
    return np.stack([x, up, np.cross(x, up)], axis=-1)


def still_axes(places: Float[ndarray, "T 3"]) -> Float[ndarray, "T 3 3"]:
    """The world's axes in every frame."""
    return np.tile(np.eye(3), (len(places), 1, 1))


def stood(solids: list[Solid], place_m: Float[ndarray, " A"], turn: float) -> tuple[Solid, ...]:
    """Solids of the frame "world" set down elsewhere, turned about the vertical by radians."""
    turning = about("y", turn)

    def moved(solid: Solid) -> Solid:
        x, y, z = (place_m + turning @ np.array(solid.origin)).tolist()
        return replace(solid, origin=(x, y, z), axes=turning @ solid.axes)

    return tuple(moved(solid) for solid in solids)
