"""Places to act in: floors, walls, skies and furniture, each a function of world points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.studio.render import Light
from posecube.studio.solid import Material, Solid, ball, box, disc, rod
from posecube.studio.subject import linear
from posecube.studio.texture import look_up

Points = Float32[ndarray, "3 N"]
Colours = Float32[ndarray, "3 N"]
Painting = Callable[["Noise", Points], Colours]


class Noise:
    """Smooth random fields over the plane, repeating after 256 cells."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._cells = rng.random((256, 256)).astype(np.float32)

    def at(self, u: ndarray, v: ndarray, *, octaves: int = 1) -> Float32[ndarray, " N"]:
        """Values in [0, 1], one feature a unit; each octave adds finer ones at half the strength."""
        total, strength = np.zeros(u.shape, dtype=np.float32), 0.0
        for octave in range(octaves):
            x, y = (u * 2**octave + 17.3 * octave) % 256, (v * 2**octave + 5.1 * octave) % 256
            total += look_up(self._cells, x, y, wrap=True).reshape(u.shape) * np.float32(0.5**octave)
            strength += 0.5**octave
        return total / np.float32(strength)

    def cell(self, u: ndarray, v: ndarray) -> Float32[ndarray, " N"]:
        """One random value a whole-number cell."""
        return self._cells[v.astype(np.int64) % 256, u.astype(np.int64) % 256]


@dataclass(frozen=True)
class Place:
    """One backdrop.

    Attributes:
        floor: Colour of floor points.
        around: Colour of wall points indoors, of far points in a direction outdoors.
        room_m: Half width, half depth and height of the room; None is outdoors.
        sunlit: Share of the floor's light that comes from the sun.
        furniture: Solids on the frame "world".
    """

    floor: Painting
    around: Painting
    light: Light
    room_m: tuple[float, float, float] | None = None
    sunlit: float = 0.6
    furniture: tuple[Solid, ...] = field(default=())


def _mix(low: str | Colours, high: str | Colours, amount: ndarray) -> Colours:
    first = np.array(linear(low), dtype=np.float32)[:, None] if isinstance(low, str) else low
    second = np.array(linear(high), dtype=np.float32)[:, None] if isinstance(high, str) else high
    return first + (second - first) * np.clip(amount, 0, 1).astype(np.float32)


def _line(distance: ndarray, half_width: float, soft: float = 0.006) -> ndarray:
    """1 on a line, 0 beside it."""
    return np.clip((half_width - np.abs(distance)) / soft + 0.5, 0, 1)


def _planks(noise: Noise, points: Points, light: str, dark: str, *, width_m: float, length_m: float) -> Colours:
    x, z = points[0], points[2]
    row = np.floor(x / width_m)
    along = z / length_m + noise.cell(row, row * 0 + 7) * 3
    tone = noise.cell(row, np.floor(along))
    grain = noise.at(x * 60, z * 3 + row * 9, octaves=2)
    seam = np.maximum(
        _line(x / width_m - np.round(x / width_m), 0.012, 0.02), _line(along - np.round(along), 0.0016, 0.002)
    )
    colour = _mix(light, dark, 0.6 * tone + 0.5 * grain - 0.1)
    return colour * (1 - 0.45 * seam).astype(np.float32)


def _gym_floor(noise: Noise, points: Points) -> Colours:
    x, z = points[0], points[2]
    speck = noise.at(x * 70, z * 70)
    rubber = _mix("3a3d42", "4a4e55", noise.at(x * 2, z * 2, octaves=3))
    rubber = _mix(rubber, "8f979f", (speck > 0.93) * 0.7)
    seam = np.maximum(_line(x - np.round(x), 0.004), _line(z - np.round(z), 0.004))
    rubber = rubber * (1 - 0.35 * seam).astype(np.float32)
    platform = np.clip((1.55 - np.maximum(np.abs(x), np.abs(z) * 0.9)) / 0.004, 0, 1)
    border = platform * np.clip((np.maximum(np.abs(x), np.abs(z) * 0.9) - 1.48) / 0.004, 0, 1)
    wood = _planks(noise, points, "c99f6a", "a97c47", width_m=0.14, length_m=1.3)
    return _mix(_mix(rubber, wood, platform), "2c2f34", border)


def _gym_wall(noise: Noise, points: Points) -> Colours:
    x, y, z = points
    along = x + z
    base = _mix("cfd3d6", "c2c7cb", noise.at(along * 0.7, y * 0.7, octaves=3))
    base = _mix(base, "3c434c", np.clip((1.05 - y) / 0.01, 0, 1))
    base = _mix(base, "d9582b", _line(y - 1.12, 0.05))
    pane = ((along % 2.6) > 0.35) & (y > 2.0) & (y < 3.0)
    frame = _line((along % 2.6) - 1.475, 0.03) + _line(y - 2.5, 0.025)
    sky = _mix("dfeaf5", "a8c8ea", (y - 2.0) + 0.3 * noise.at(along * 0.8, y * 0.8, octaves=2)) * np.float32(1.25)
    base = np.where(pane & (frame < 0.5), sky, base)
    return _mix(base, "5a6068", _line(y - 0.06, 0.06))


def _room_floor(noise: Noise, points: Points) -> Colours:
    wood = _planks(noise, points, "b98a5c", "8f643c", width_m=0.11, length_m=1.1)
    x, z = points[0], points[2]
    reach = np.maximum(np.abs(x) / 1.5, np.abs(z) / 1.1)
    rug = _mix("7d8fa6", "93a3b6", noise.at(x * 90, z * 90))
    rug = _mix(rug, "e8e2d6", _line(reach - 0.88, 0.02, 0.01))
    return _mix(wood, rug, np.clip((1 - reach) / 0.006, 0, 1))


def _room_wall(noise: Noise, points: Points) -> Colours:
    x, y, z = points
    along = np.where(np.abs(np.abs(x) - 4.6) < 0.02, z, x)
    base = _mix("d9d2c4", "cfc7b7", noise.at(along * 0.6, y * 0.6, octaves=3))
    for center, half, low, high, tone in ((-1.5, 0.42, 1.15, 1.95, "3f6f8f"), (1.9, 0.30, 1.3, 1.9, "b5623c")):
        inside = np.minimum(half - np.abs(along - center), np.minimum(y - low, high - y))
        art = _mix(tone, "e9d9b0", noise.at(along * 3 + center, y * 3, octaves=2) * 1.6 - 0.4)
        base = _mix(base, "2b2622", np.clip((inside + 0.035) / 0.004, 0, 1))
        base = _mix(base, "f3efe6", np.clip((inside + 0.02) / 0.004, 0, 1))
        base = _mix(base, art, np.clip((inside - 0.05) / 0.004, 0, 1))
    return _mix(base, "efece4", np.clip((0.11 - y) / 0.004, 0, 1))


def _court_floor(noise: Noise, points: Points) -> Colours:
    x, z = points[0], points[2]
    grit = noise.at(x * 50, z * 50, octaves=2)
    inside = (np.abs(x + 1.2) < 5.5) & (z > 0.55)
    colour = np.where(inside, _mix("2f62a8", "3a6fb6", grit), _mix("3d7f5c", "488b67", grit))
    white = _line(z - 0.55, 0.05) * (np.abs(x + 1.2) < 5.55)
    for at in (-6.7, 4.3, -5.33, 2.93):
        white = np.maximum(white, _line(x - at, 0.03) * (z > 0.5))
    white = np.maximum(white, _line(z - 6.0, 0.03) * ((x > -5.33) & (x < 2.93)))
    return _mix(colour, "eef1f2", white * (0.85 + 0.15 * grit))


def _far_court(noise: Noise, points: Points) -> Colours:
    return _sky(noise, points, wall="2f5a46")


def _far_field(noise: Noise, points: Points) -> Colours:
    return _sky(noise, points, wall="2d4f7a")


def _grass(noise: Noise, points: Points) -> Colours:
    x, z = points[0], points[2]
    blade = noise.at(x * 40, z * 40, octaves=3)
    patch = noise.at(x * 0.6, z * 0.6, octaves=3)
    stripe = 0.5 + 0.5 * np.tanh(6 * np.sin(x * 2.2))
    return _mix(_mix("3f7a2c", "5c9a3f", 0.75 * blade + 0.25 * stripe), "7fae52", 0.35 * patch)


def _field_floor(noise: Noise, points: Points) -> Colours:
    x, z = points[0], points[2]
    dirt = _mix("a9744a", "bd8a5f", noise.at(x * 12, z * 12, octaves=3))
    edge = np.hypot(x, z) - 2.6 - 0.3 * noise.at(x * 3, z * 3, octaves=2)
    colour = _mix(dirt, _grass(noise, points), np.clip(edge / 0.06, 0, 1))
    plate = np.maximum(np.abs(x) / 0.3, np.abs(z) / 0.08)
    return _mix(colour, "f0eee8", np.clip((1 - plate) / 0.05, 0, 1))


def _sky(noise: Noise, points: Points, *, wall: str | None = None) -> Colours:
    """Points lie far away in a direction; trees, and perhaps a fence, stand at the horizon."""
    reach = np.hypot(points[0], points[2])
    height = points[1] / reach
    angle = np.arctan2(points[0], points[2]) * 12
    cloud = noise.at(angle * 0.5, height * 14, octaves=4)
    sky = _mix(_mix("cfe3f4", "6fa5dc", height * 2.2), "ffffff", (cloud - 0.52) * 2.2 * np.clip(height * 5, 0, 1))
    top = 0.10 + 0.09 * noise.at(angle * 0.9, angle * 0 + 3, octaves=4)
    leaf = noise.at(angle * 9, height * 110, octaves=3)
    trees = _mix("2c4a27", "5c8446", leaf * 1.3 - 0.2 + (height - 0.05) * 2)
    colour = _mix(sky * np.float32(1.15), trees, np.clip((top - height) / 0.006, 0, 1))
    if wall is None:
        return colour
    mesh = _mix(wall, "22372f", 0.25 * noise.at(angle * 30, height * 200) + 0.5 * _line((angle % 2.0) - 1, 0.03, 0.01))
    return _mix(colour, mesh, np.clip((0.085 - height) / 0.002, 0, 1))


def _lane(noise: Noise, points: Points) -> Colours:
    x, z = points[0], points[2]
    lane = (x + 0.72) % 1.44 - 0.72
    wood = _planks(noise, points, "d9a766", "bd8544", width_m=0.045, length_m=2.2)
    approach = _planks(noise, points, "c08e56", "a8743e", width_m=0.09, length_m=1.6)
    colour = _mix(approach, wood, np.clip((z - 2.3) / 0.01, 0, 1))
    gutter = np.clip((np.abs(lane) - 0.54) / 0.006, 0, 1) * (z > 2.3)
    colour = _mix(colour, "26282c", gutter)
    arrow = _line(np.abs((lane / 0.18) - np.round(lane / 0.18)) * 0.18 + (z - 4.6 + np.abs(lane)) * 0.15, 0.03, 0.01)
    colour = _mix(colour, "3b2a1c", arrow * (z > 4.3) * (z < 5.4) * (np.abs(lane) < 0.5))
    shine = np.clip(1 - np.abs(z - 7.5) / 5, 0, 1) * 0.25
    return _mix(_mix(colour, "1d1a18", _line(z - 2.3, 0.02)), "fff2d8", shine)


def _bowling_wall(noise: Noise, points: Points) -> Colours:
    x, y, z = points
    base = _mix("2b2140", "3a2c58", noise.at((x + z) * 0.5, y * 0.8, octaves=3))
    back = z > 8.9
    dark = back & (y < 0.75)
    band = back & (y > 0.75) & (y < 2.0)
    wave = 0.5 + 0.5 * np.sin(x * 1.7 + 2.2 * np.sin(y * 2.4))
    base = np.where(
        band, _mix(_mix("1f7fd0", "e2457f", wave), "f6c945", noise.at(x * 2, y * 2, octaves=3) * 2 - 1.1), base
    )
    base = np.where(dark, _mix("121216", "1c1c22", noise.at(x, y)), base)
    lane = (x + 0.72) % 1.44 - 0.72
    pin = dark & (np.abs((lane / 0.16) - np.round(lane / 0.16)) * 0.16 < 0.05 - 0.02 * np.clip((y - 0.2) / 0.1, 0, 1))
    pin &= (y < 0.40) & (np.abs(lane) < 0.42)
    base = np.where(pin, _mix("efece6", "cf2f2f", _line(y - 0.28, 0.018)), base)
    return base.astype(np.float32)


_INDOOR = Light((0.42, 1.0, 0.62), (0.92, 0.88, 0.80), (0.50, 0.52, 0.55), (0.26, 0.24, 0.22))
_WARM = Light((-0.5, 0.9, 0.75), (0.95, 0.86, 0.72), (0.46, 0.47, 0.50), (0.26, 0.23, 0.20))
_SUN = Light((0.62, 0.85, 0.55), (1.25, 1.16, 1.0), (0.48, 0.56, 0.70), (0.20, 0.22, 0.16))
_HALL = Light((0.35, 1.0, 0.5), (0.80, 0.76, 0.72), (0.46, 0.44, 0.52), (0.28, 0.24, 0.22))

_IRON = Material(linear("2a2c30"), gloss=0.25)
_STEEL = Material(linear("9aa1a8"), gloss=0.5)


def _gym_furniture() -> tuple[Solid, ...]:
    solids: list[Solid] = []
    for angle in range(0, 360, 45):  # all around, so that every camera sees some
        turn = np.radians(angle + 20)
        x, z = float(4.4 * np.sin(turn)), float(4.4 * np.cos(turn))
        kind = (angle // 45) % 4
        if kind == 0:
            colour = Material(linear(("2d86c9", "c9402d")[angle // 180]), gloss=0.25)
            solids.append(ball("world", (x, 0.33, z), 0.33, colour))
        elif kind == 1:
            wood = Material(linear("b98d55"), paint="wood", second=linear("a27743"))
            solids.append(box("world", (x, 0.3, z), (0.38, 0.3, 0.3), wood))
            solids.append(ball("world", (x + 0.9, 0.13, z), 0.13, _IRON))
            solids.append(disc("world", (x + 0.9, 0.27, z), (0.0, 0.0, 1.0), 0.075, 0.018, _IRON))
        elif kind == 2:
            for level in range(2):
                solids.append(box("world", (x, 0.35 + 0.42 * level, z), (0.8, 0.025, 0.2), _IRON))
                for leg in (-0.75, 0.75):
                    solids.append(box("world", (x + leg, 0.4, z), (0.03, 0.4, 0.18), _IRON))
                for step in range(4):
                    center = x - 0.6 + 0.4 * step
                    solids.append(
                        rod(
                            "world",
                            (center, 0.45 + 0.42 * level, z - 0.13),
                            (center, 0.45 + 0.42 * level, z + 0.13),
                            (0.02, 0.02),
                            _STEEL,
                        )
                    )
                    for end in (-0.13, 0.13):
                        solids.append(
                            disc("world", (center, 0.45 + 0.42 * level, z + end), (0.0, 0.0, 1.0), 0.07, 0.04, _IRON)
                        )
        else:
            solids.append(box("world", (x, 0.42, z), (0.55, 0.05, 0.16), Material(linear("23262b"))))
            solids.append(box("world", (x, 0.2, z), (0.42, 0.19, 0.03), _STEEL))
    return tuple(solids)


def _room_furniture() -> tuple[Solid, ...]:
    sofa, cushion = Material(linear("5f6f62"), cloth=0.12), Material(linear("c98f4a"), cloth=0.15)
    leaf, pot = Material(linear("3f7a3c")), Material(linear("c9b79c"))
    solids = [
        box("world", (0.9, 0.22, -3.7), (1.0, 0.22, 0.42), sofa),
        box("world", (0.9, 0.6, -4.05), (1.0, 0.3, 0.13), sofa),
        box("world", (-0.2, 0.38, -3.7), (0.14, 0.32, 0.42), sofa),
        box("world", (2.0, 0.38, -3.7), (0.14, 0.32, 0.42), sofa),
        ball("world", (0.35, 0.6, -3.75), (0.22, 0.2, 0.11), cushion),
        disc("world", (-2.6, 0.2, -3.6), (0.0, 1.0, 0.0), 0.22, 0.2, pot),
        box("world", (3.6, 0.9, 1.4), (0.2, 0.9, 0.6), Material(linear("6f4f35"))),
        box("world", (-3.7, 0.4, 1.2), (0.3, 0.4, 0.7), Material(linear("6f4f35"))),
        disc("world", (2.9, 0.75, -3.8), (0.0, 1.0, 0.0), 0.15, 0.75, Material(linear("ded6c4"))),
    ]  # fmt: skip
    for index in range(7):
        turn = index * 0.9
        tip = (-2.6 + 0.42 * float(np.sin(turn)), 1.0 + 0.09 * (index % 3), -3.6 + 0.3 * float(np.cos(turn)))
        solids.append(rod("world", (-2.6, 0.4, -3.6), tip, (0.02, 0.075), leaf, flatten=(1.0, 0.3)))
    return tuple(solids)


def _court_furniture() -> tuple[Solid, ...]:
    tape, net = Material(linear("f2f2f0")), Material(linear("2f3b40"))
    return (
        box("world", (-1.2, 0.46, 11.9), (6.4, 0.46, 0.01), net),
        box("world", (-1.2, 0.93, 11.9), (6.4, 0.04, 0.02), tape),
        rod("world", (-7.6, 0, 11.9), (-7.6, 1.05, 11.9), (0.05, 0.05), _STEEL),
        rod("world", (5.2, 0, 11.9), (5.2, 1.05, 11.9), (0.05, 0.05), _STEEL),
        box("world", (5.6, 0.45, -1.5), (0.25, 0.04, 0.8), Material(linear("e8e4da"))),
        box("world", (5.6, 0.2, -1.5), (0.2, 0.2, 0.7), _STEEL),
    )  # fmt: skip


PLACES: dict[str, Place] = {
    "gym": Place(_gym_floor, _gym_wall, _INDOOR, (6.4, 6.4, 3.6), 0.55, _gym_furniture()),
    "room": Place(_room_floor, _room_wall, _WARM, (4.6, 4.6, 2.8), 0.55, _room_furniture()),
    "court": Place(_court_floor, _far_court, _SUN, None, 0.62, _court_furniture()),
    "lawn": Place(_grass, _sky, _SUN, None, 0.6),
    "field": Place(_field_floor, _far_field, _SUN, None, 0.6),
    "bowling": Place(_lane, _bowling_wall, _HALL, (7.2, 9.0, 3.4), 0.45),
}  # fmt: skip
