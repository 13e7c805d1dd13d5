"""What is painted on solids: faces, stripes, seams; all functions of points in the frame's coordinates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.studio.solid import Colour, Solid

Points = Float32[ndarray, "3 N"]


def make_paint(height_m: float) -> Callable[[Solid, Points], Points]:
    """The painter of one figure and its props; faces scale with the body's height."""

    def paint(solid: Solid, points: Points) -> Points:
        material = solid.material
        colour = np.empty_like(points)
        colour[:] = np.array(material.colour, dtype=np.float32)[:, None]
        if material.cloth:
            colour *= 1 + np.float32(material.cloth) * _folds(points, solid.frame)
        draw = _DRAWN.get(material.paint)
        if draw is not None:
            draw(colour, points, np.array(material.second, dtype=np.float32), height_m)
        return colour

    return paint


def _folds(points: Points, frame: str) -> ndarray:
    """Soft wrinkles: three crossed waves, shifted from bone to bone."""
    shift = np.float32(sum(frame.encode()) % 17)
    x, y, z = points
    return (
        np.sin(52 * y + 23 * x + 9 * z + shift)
        * np.sin(31 * x - 17 * z + 13 * y + 1.7 * shift)
        * np.sin(20 * z + 41 * y + 0.6 * shift)
    )


def _face(colour: Points, points: Points, hair: ndarray, height_m: float) -> None:
    """Brows, eyes with iris and light, lips and a blush; edges are soft over a millimetre."""
    x, y, z = points / np.float32(height_m)
    front = z > 0.02
    if not front.any():
        return
    skin = colour[:, :1].copy()
    side = np.abs(x)
    socket = _oval(side - 0.0185, y - 0.0575, 0.0145, 0.0105, 0.006) * front
    _lay(colour, skin[:, 0] * 0.80, socket * 0.55)
    white = _oval(side - 0.0185, y - 0.0565, 0.0098, 0.0052, 0.0012) * front
    _lay(colour, np.array([0.72, 0.70, 0.68]), white)
    iris = _oval(side - 0.0180, y - 0.0566, 0.0048, 0.0050, 0.0012) * white
    _lay(colour, np.array([0.055, 0.035, 0.022]), iris)
    _lay(colour, np.array([0.9, 0.9, 0.9]), _oval(x - 0.0198 * np.sign(x), y - 0.0582, 0.0013, 0.0013, 0.0008) * iris)
    lid = _oval(side - 0.0185, y - 0.0622, 0.0108, 0.0017, 0.0010) * front
    _lay(colour, hair * 0.5, lid * 0.8)
    arch = y - 0.0705 + 9.0 * (side - 0.019) ** 2
    _lay(colour, hair * 0.7, _oval(side - 0.0190, arch, 0.0122, 0.0024, 0.0014) * front * 0.9)
    lips = _oval(x, y - 0.0165 - 13.0 * x * x, 0.0135, 0.0034, 0.0016) * front
    _lay(colour, skin[:, 0] * np.array([0.66, 0.34, 0.34]), lips * 0.9)
    _lay(colour, skin[:, 0] * 0.25, _oval(x, y - 0.0165 - 13.0 * x * x, 0.0115, 0.0007, 0.0007) * front)
    _lay(
        colour,
        skin[:, 0] * np.array([1.0, 0.72, 0.70]),
        _oval(side - 0.022, y - 0.036, 0.012, 0.010, 0.010) * front * 0.35,
    )


def _stripe(colour: Points, points: Points, second: ndarray, height_m: float) -> None:
    """A band across the chest, in the chest's coordinates or below it in the spine's."""
    y = points[1] / np.float32(height_m)
    _lay(colour, second, _edge(0.012 - np.abs(y - 0.062), 0.0015))


def _yoke(colour: Points, points: Points, second: ndarray, height_m: float) -> None:
    """Shoulders and collar in the second colour, in the chest's coordinates."""
    _lay(colour, second, _edge(points[1] / np.float32(height_m) - 0.124, 0.0015))


def _shirt(colour: Points, points: Points, second: ndarray, height_m: float) -> None:
    """A small badge on the left of the chest."""
    x, y, z = points / np.float32(height_m)
    _lay(colour, second, _oval(x - 0.042, y - 0.098, 0.011, 0.011, 0.0015) * (z > 0.02))


def _sleeve(colour: Points, points: Points, second: ndarray, height_m: float) -> None:
    """A hem at the end of a short sleeve."""
    y = points[1] / np.float32(height_m)
    _lay(colour, second, _edge(0.006 - np.abs(y + 0.107), 0.0015))


def _seams(colour: Points, points: Points, second: ndarray, height_m: float) -> None:
    """The seam of a ball."""
    x, y, z = points / (np.sqrt((points * points).sum(axis=0)) + 1e-9)
    _lay(colour, second, _edge(0.09 - np.abs(z - 1.2 * x * y), 0.04))


def _wood(colour: Points, points: Points, second: ndarray, height_m: float) -> None:
    """Grain along x."""
    grain = np.sin(points[1] * 160 + 3 * np.sin(points[0] * 9) + 2 * np.sin(points[2] * 31))
    _lay(colour, second, 0.35 + 0.3 * grain)


def _oval(dx: ndarray, dy: ndarray, rx: float, ry: float, soft: float) -> ndarray:
    inside = np.sqrt((dx / rx) ** 2 + (dy / ry) ** 2)
    return _edge((1 - inside) * min(rx, ry), soft)


def _edge(inside: ndarray, soft: float) -> ndarray:
    """0 outside, 1 inside, a ramp of width `soft` between."""
    return np.clip(inside / np.float32(soft) + np.float32(0.5), 0, 1)


def _lay(colour: Points, over: ndarray | Colour, amount: ndarray) -> None:
    """Cover by an amount from 0 to 1."""
    colour += (np.asarray(over, dtype=np.float32)[:, None] - colour) * amount.astype(np.float32)


_DRAWN: dict[str, Callable[[Points, Points, ndarray, float], None]] = {
    "face": _face,
    "stripe": _stripe,
    "shirt": _shirt,
    "yoke": _yoke,
    "sleeve": _sleeve,
    "seams": _seams,
    "wood": _wood,
}
