"""What stands about outdoors: trees, bushes, benches, lamp posts, bins, bollards, parked cars."""

from __future__ import annotations

import numpy as np

from posecube_studio.backdrop.piece import WHERE, Piece, painted, wood
from posecube_studio.backdrop.scene_randomiser import SceneRandomiser
from posecube_studio.solid import CYLINDER, Material, Solid, ball, box, disc, rod
from posecube_studio.subject import linear

_IRON = Material(linear("2f3236"), gloss=0.2)
_TYRE = Material(linear("1c1d1f"))
_GLASS = Material(linear("20262b"), gloss=0.5)


def tree(random: SceneRandomiser) -> Piece:
    """A trunk and a crown of some clumps."""
    high, spread = random.number(4.5, 3.2, 6.5), random.number(1.1, 0.8, 1.5)
    bark = Material(random.tone("5a4632", "6b5a48", "4a4038"), cloth=0.25)
    leaf = Material(random.tone("57793f", "678545", "76894e", "86904f", "4b6d3f"), cloth=0.35)
    solids: list[Solid] = [rod(WHERE, (0, 0, 0.5), (0, high * 0.62, 0.5), (0.16, 0.08), bark)]
    for index in range(7):
        turn, out = index * 2.4, spread * (0.7 if index else 0.0)
        center = (out * float(np.sin(turn)), high * (0.66 + 0.045 * index), 0.5 + out * float(np.cos(turn)))
        radius = spread * random.number(0.65, 0.5, 0.8)
        solids.append(ball(WHERE, center, (radius, radius * 0.75, radius), leaf))
    return Piece(tuple(solids), 0.5, 1.0, high)


def bush(random: SceneRandomiser) -> Piece:
    """Three clumps of leaves."""
    leaf = Material(random.tone("577447", "6c824e", "5e7850"), cloth=0.35)
    size = random.number(0.5, 0.35, 0.7)
    solids = tuple(
        ball(WHERE, ((index - 1) * size * 0.8, size * (0.6 + 0.15 * (index % 2)), 0.6), (size, size * 0.8, size), leaf)
        for index in range(3)
    )
    return Piece(solids, 1.8 * size, 0.6 + size, 1.6 * size)


def park_bench(random: SceneRandomiser) -> Piece:
    """A wooden bench with a back."""
    board = wood(random, "8a6844", "6a4a30", "7d6a52")
    half = random.number(0.8, 0.7, 0.95)
    solids = [
        box(WHERE, (0, 0.44, 0.3), (half, 0.025, 0.22), board),
        box(WHERE, (0, 0.72, 0.08), (half, 0.13, 0.02), board),
    ]
    for x in (-half + 0.15, half - 0.15):
        solids.append(box(WHERE, (x, 0.22, 0.3), (0.03, 0.22, 0.2), _IRON))
        solids.append(box(WHERE, (x, 0.55, 0.07), (0.03, 0.3, 0.02), _IRON))
    return Piece(tuple(solids), half, 0.55, 0.86)


def lamp_post(random: SceneRandomiser) -> Piece:
    """A post with a globe."""
    high = random.number(3.8, 3.2, 4.6)
    post = random.one_of(_IRON, painted(random, "7f878c", "55605a"))
    solids = (
        rod(WHERE, (0, 0, 0.2), (0, high, 0.2), (0.06, 0.035), post),
        disc(WHERE, (0, 0.12, 0.2), (0, 1, 0), 0.12, 0.12, post),
        ball(WHERE, (0, high + 0.12, 0.2), (0.16, 0.2, 0.16), Material(linear("e2e0d8"))),
    )
    return Piece(solids, 0.2, 0.4, high + 0.3)


def bin_or_bollard(random: SceneRandomiser) -> Piece:
    """A litter bin, or a post that keeps cars out."""
    if random.chance(0.5, usual=True):
        body = painted(random, "4a5750", "3f4448", "6f5a48")
        solids = (
            disc(WHERE, (0, 0.42, 0.25), (0, 1, 0), 0.21, 0.4, body),
            disc(WHERE, (0, 0.84, 0.25), (0, 1, 0), 0.23, 0.03, _IRON),
        )
        return Piece(solids, 0.25, 0.5, 0.9)
    post = random.one_of(_IRON, painted(random, "8f9498", "a39a8c"))
    return Piece((rod(WHERE, (0, 0, 0.2), (0, 0.85, 0.2), (0.07, 0.07), post),), 0.15, 0.4, 0.95)


def parked_car(random: SceneRandomiser) -> Piece:
    """A small car along x; its paint is what parked cars mostly have: grey, white, black, dull blue or red."""
    body = Material(random.tone("7d8286", "c9cac8", "2c2f33", "43566b", "6f3a38", "55584f"), gloss=0.5)
    solids: list[Solid] = [
        box(WHERE, (0, 0.55, 0.85), (2.0, 0.25, 0.8), body),
        ball(WHERE, (-0.15, 0.8, 0.85), (1.35, 0.6, 0.76), _GLASS),
        ball(WHERE, (-0.15, 0.9, 0.85), (1.0, 0.58, 0.68), body),
        rod(WHERE, (-1.7, 0.58, 0.85), (1.7, 0.58, 0.85), (0.3, 0.3), body, flatten=(1.0, 2.6)),
    ]
    for x in (-1.25, 1.25):
        for z in (0.1, 1.6):
            axes = np.array([[1.0, 0, 0], [0, 0, -1.0], [0, 1.0, 0]])
            solids.append(Solid(WHERE, (x, 0.31, z), axes, (0.31, 0.1, 0.31), _TYRE, kind=CYLINDER))
    return Piece(tuple(solids), 2.15, 1.75, 1.4)
