"""The room as it is without variety: a rug, a sofa, two pictures; the examples were filmed here."""

from __future__ import annotations

import numpy as np

from posecube_studio.backdrop.pattern import fleece, mix, on_floor, planks, with_rug
from posecube_studio.backdrop.place import Colours, Noise, Place, Points
from posecube_studio.light import Light
from posecube_studio.solid import Material, Solid, ball, box, disc, rod
from posecube_studio.subject import linear

WARM_LIGHT = Light((-0.5, 0.9, 0.75), (0.95, 0.86, 0.72), (0.46, 0.47, 0.50), (0.26, 0.23, 0.20))


def make_usual_room() -> Place:
    """The room of clips without variety."""
    boards = planks("b98a5c", "8f643c", width_m=0.11, length_m=1.1)
    rug = with_rug(boards, fleece("7d8fa6", "93a3b6"), "e8e2d6", half_m=(1.5, 1.1))
    return Place(
        on_floor(rug), _room_wall, WARM_LIGHT, (4.6, 4.6, 2.8), 0.55, tuple((solid,) for solid in _room_furniture())
    )


def _room_wall(noise: Noise, points: Points) -> Colours:
    x, y, z = points
    along = np.where(np.abs(np.abs(x) - 4.6) < 0.02, z, x)
    base = mix("d9d2c4", "cfc7b7", noise.at(along * 0.6, y * 0.6, octaves=3))
    for center, half, low, high, tone in ((-1.5, 0.42, 1.15, 1.95, "3f6f8f"), (1.9, 0.30, 1.3, 1.9, "b5623c")):
        inside = np.minimum(half - np.abs(along - center), np.minimum(y - low, high - y))
        art = mix(tone, "e9d9b0", noise.at(along * 3 + center, y * 3, octaves=2) * 1.6 - 0.4)
        base = mix(base, "2b2622", np.clip((inside + 0.035) / 0.004, 0, 1))
        base = mix(base, "f3efe6", np.clip((inside + 0.02) / 0.004, 0, 1))
        base = mix(base, art, np.clip((inside - 0.05) / 0.004, 0, 1))
    return mix(base, "efece4", np.clip((0.11 - y) / 0.004, 0, 1))


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
