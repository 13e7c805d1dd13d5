"""What a place to act in is: a floor, what is around and furniture, each a function of world points, and a light."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube_studio.light import Light
from posecube_studio.solid import Solid

CLEAR_M = 2.2  # radius around the origin that furniture leaves to the action
_CELLS = 256

Points = Float32[ndarray, "3 N"]
Colours = Float32[ndarray, "3 N"]
Painting = Callable[["SurfaceNoise", Points], Colours]


class SurfaceNoise:
    """Smooth random fields over the plane, repeating after 256 cells."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._cells = rng.random((_CELLS, _CELLS)).astype(np.float32)

    def at(self, u: ndarray, v: ndarray, *, octaves: int = 1, around: int = _CELLS) -> Float32[ndarray, " N"]:
        """Values in [0, 1], one feature a unit; each octave adds finer ones at half the strength.

        Args:
            around: After how many units of u the field repeats, a power of two: for fields that go round the horizon.
        """
        total, strength = np.zeros(u.shape, dtype=np.float32), 0.0
        for octave in range(octaves):
            repeat = min(_CELLS, around * 2**octave)
            x = _wrapped(u * np.float32(2**octave) + np.float32(17.3 * octave), repeat)
            y = _wrapped(v * np.float32(2**octave) + np.float32(5.1 * octave), _CELLS)
            total += np.float32(0.5**octave) * look_up(self._cells[:, :repeat], x, y, wrap=True).reshape(u.shape)
            strength += 0.5**octave
        return total / np.float32(strength)

    def cell(self, u: ndarray, v: ndarray) -> Float32[ndarray, " N"]:
        """One random value a whole-number cell."""
        return self._cells[v.astype(np.int32) % _CELLS, u.astype(np.int32) % _CELLS]


def _wrapped(values: ndarray, repeat: int) -> ndarray:
    """The remainder; several times faster than `%` on floats."""
    return values - np.float32(repeat) * np.floor(values * np.float32(1 / repeat))


@dataclass(frozen=True)
class Place:
    """One backdrop.

    Attributes:
        floor: Colour of floor points.
        around: Colour of wall and ceiling points indoors, of far points in a direction outdoors.
        light: In the world's axes, which are those of a camera straight before the actor.
        room_m: Half width, half depth and height of the room; None is outdoors.
        sunlit: Share of the floor's light that comes from the sun.
        pieces: Furniture: the solids of each piece, on the frame "world", none within `CLEAR_M` of the origin.
    """

    floor: Painting
    around: Painting
    light: Light
    room_m: tuple[float, float, float] | None = None
    sunlit: float = 0.6
    pieces: tuple[tuple[Solid, ...], ...] = ()

    @property
    def furniture(self) -> tuple[Solid, ...]:
        """The solids of all pieces."""
        return tuple(solid for piece in self.pieces for solid in piece)


_ROW = 4096  # remap takes no side above 32767


def look_up(image: ndarray, x: ndarray, y: ndarray, *, wrap: bool = False) -> Float32[ndarray, "N C"]:
    """Bilinear samples of a float image at any number of places; outside, the border or the image again (wrap)."""
    count = x.size
    rows = max(1, -(-count // _ROW))  # of no places at all, too: a camera may see no floor, or no wall
    map_x, map_y = np.zeros(rows * _ROW, dtype=np.float32), np.zeros(rows * _ROW, dtype=np.float32)
    map_x[:count], map_y[:count] = x.ravel(), y.ravel()
    border = cv2.BORDER_WRAP if wrap else cv2.BORDER_REPLICATE
    found = cv2.remap(image, map_x.reshape(rows, -1), map_y.reshape(rows, -1), cv2.INTER_LINEAR, borderMode=border)
    return np.asarray(found, dtype=np.float32).reshape(rows * _ROW, -1)[:count]
