"""What is painted on solids: faces, stripes, seams; all functions of points in the frame's coordinates."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float32, Int
from numpy import ndarray

from posecube_studio.solid import Solid

Points = Float32[ndarray, "3 N"]


class Painter:
    """Colours points of solids.

    Attributes:
        gloss: Strength of each solid's highlight. (S,)
    """

    def __init__(self, solids: Sequence[Solid], heights_m: Sequence[float]) -> None:
        """Look up what is constant.

        Args:
            heights_m: Height of the body that each solid belongs to; faces and seams scale with it.
        """
        materials = [solid.material for solid in solids]
        unknown = sorted({material.paint for material in materials} - {"", *_DRAWN})
        assert not unknown, f"unknown paint {unknown}; paints are {', '.join(_DRAWN)}"
        self.gloss = np.array([material.gloss for material in materials], dtype=np.float64)
        self._colour = np.array([material.colour for material in materials], dtype=np.float32).reshape(-1, 3).T
        self._second = np.array([material.second for material in materials], dtype=np.float32).reshape(-1, 3).T
        self._cloth = np.array([material.cloth for material in materials], dtype=np.float32)
        self._fold_shift = np.array([_fold_shift(solid.frame) for solid in solids], dtype=np.float32)
        self._height = np.array(heights_m, dtype=np.float32)
        self._paint = np.array([_PAINTS.index(material.paint) for material in materials], dtype=np.int64)

    def paint(self, points: Points, solid: Int[ndarray, " N"]) -> Points:
        """Reflectance of points, given in the coordinates of the frame of their solids."""
        folds = self._cloth[solid] * _folds(points, self._fold_shift[solid])
        colour = self._colour[:, solid] * (1 + folds)
        paint = self._paint[solid]
        for index, name in enumerate(_PAINTS):
            some = np.flatnonzero(paint == index) if name else ()
            if len(some):
                part, on = colour[:, some], solid[some]
                _DRAWN[name](part, points[:, some], self._second[:, on], self._height[on])
                colour[:, some] = part
        return colour


def _fold_shift(frame: str) -> int:
    """Folds differ from bone to bone, not from person to person: frames are named "0.chest"."""
    return sum(frame.rpartition(".")[2].encode()) % 17


def _folds(points: Points, shift: ndarray) -> ndarray:
    """Soft wrinkles: three crossed waves, shifted from bone to bone."""
    x, y, z = points
    return (
        np.sin(52 * y + 23 * x + 9 * z + shift)
        * np.sin(31 * x - 17 * z + 13 * y + np.float32(1.7) * shift)
        * np.sin(20 * z + 41 * y + np.float32(0.6) * shift)
    )


def _face(colour: Points, points: Points, hair: ndarray, height_m: ndarray) -> None:
    """Brows, eyes with iris and light, lips and a blush; edges are soft over a millimetre."""
    x, y, z = points / height_m
    front = z > 0.02
    if not front.any():
        return
    skin = colour.copy()
    side = np.abs(x)
    socket = _oval(side - 0.0185, y - 0.0575, 0.0145, 0.0105, 0.006) * front
    _lay(colour, skin * 0.80, socket * 0.55)
    white = _oval(side - 0.0185, y - 0.0565, 0.0098, 0.0052, 0.0012) * front
    _lay(colour, np.array([[0.72], [0.70], [0.68]]), white)
    iris = _oval(side - 0.0180, y - 0.0566, 0.0048, 0.0050, 0.0012) * white
    _lay(colour, np.array([[0.055], [0.035], [0.022]]), iris)
    _lay(
        colour,
        np.array([[0.9], [0.9], [0.9]]),
        _oval(x - 0.0198 * np.sign(x), y - 0.0582, 0.0013, 0.0013, 0.0008) * iris,
    )
    lid = _oval(side - 0.0185, y - 0.0622, 0.0108, 0.0017, 0.0010) * front
    _lay(colour, hair * 0.5, lid * 0.8)
    arch = y - 0.0705 + 9.0 * (side - 0.019) ** 2
    _lay(colour, hair * 0.7, _oval(side - 0.0190, arch, 0.0122, 0.0024, 0.0014) * front * 0.9)
    lips = _oval(x, y - 0.0165 - 13.0 * x * x, 0.0135, 0.0034, 0.0016) * front
    _lay(colour, skin * np.array([[0.66], [0.34], [0.34]]), lips * 0.9)
    _lay(colour, skin * 0.25, _oval(x, y - 0.0165 - 13.0 * x * x, 0.0115, 0.0007, 0.0007) * front)
    _lay(
        colour,
        skin * np.array([[1.0], [0.72], [0.70]]),
        _oval(side - 0.022, y - 0.036, 0.012, 0.010, 0.010) * front * 0.35,
    )


def _stripe(colour: Points, points: Points, second: ndarray, height_m: ndarray) -> None:
    """A band across the chest, in the chest's coordinates or below it in the spine's."""
    y = points[1] / height_m
    _lay(colour, second, _edge(0.012 - np.abs(y - 0.062), 0.0015))


def _yoke(colour: Points, points: Points, second: ndarray, height_m: ndarray) -> None:
    """Shoulders and collar in the second colour, in the chest's coordinates."""
    _lay(colour, second, _edge(points[1] / height_m - 0.124, 0.0015))


def _shirt(colour: Points, points: Points, second: ndarray, height_m: ndarray) -> None:
    """A small badge high on the left of the chest."""
    x, y, z = points / height_m
    _lay(colour, second, _oval(x - 0.046, y - 0.127, 0.008, 0.006, 0.0015) * (z > 0.02))


def _sleeve(colour: Points, points: Points, second: ndarray, height_m: ndarray) -> None:
    """A hem at the end of a short sleeve."""
    y = points[1] / height_m
    _lay(colour, second, _edge(0.006 - np.abs(y + 0.107), 0.0015))


def _seams(colour: Points, points: Points, second: ndarray, height_m: ndarray) -> None:
    """The seam of a ball."""
    x, y, z = points / (np.sqrt((points * points).sum(axis=0)) + 1e-9)
    _lay(colour, second, _edge(0.09 - np.abs(z - 1.2 * x * y), 0.04))


def _wood(colour: Points, points: Points, second: ndarray, height_m: ndarray) -> None:
    """Grain along x."""
    grain = np.sin(points[1] * 160 + 3 * np.sin(points[0] * 9) + 2 * np.sin(points[2] * 31))
    _lay(colour, second, 0.35 + 0.3 * grain)


def _oval(dx: ndarray, dy: ndarray, rx: float, ry: float, soft: float) -> ndarray:
    inside = np.sqrt((dx / rx) ** 2 + (dy / ry) ** 2)
    return _edge((1 - inside) * min(rx, ry), soft)


def _edge(inside: ndarray, soft: float) -> ndarray:
    """0 outside, 1 inside, a ramp of width `soft` between."""
    return np.clip(inside / np.float32(soft) + np.float32(0.5), 0, 1)


def _lay(colour: Points, over: ndarray, amount: ndarray) -> None:
    """Cover by an amount from 0 to 1."""
    colour += (over.astype(np.float32) - colour) * amount.astype(np.float32)


_DRAWN: dict[str, Callable[[Points, Points, ndarray, ndarray], None]] = {
    "face": _face,
    "stripe": _stripe,
    "shirt": _shirt,
    "yoke": _yoke,
    "sleeve": _sleeve,
    "seams": _seams,
    "wood": _wood,
}
_PAINTS = ("", *_DRAWN)
