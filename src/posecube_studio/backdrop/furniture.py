"""Furniture for indoors: things to sit on, to put things on, to keep things in, and what stands and lies about."""

from __future__ import annotations

import numpy as np

from posecube_studio.backdrop.piece import WHERE, Piece, cloth, darker, legs, painted, wood
from posecube_studio.backdrop.scene_randomiser import SceneRandomiser
from posecube_studio.solid import Material, Solid, ball, box, disc, rod
from posecube_studio.subject import linear

_DARK = Material(linear("2a2c30"), gloss=0.25)
_STEEL = Material(linear("9aa1a8"), gloss=0.4)
_PAPER = Material(linear("e6e3da"))


def sofa(random: SceneRandomiser) -> Piece:
    """A sofa for two or three, or an armchair, with a cushion on it."""
    cover = cloth(random)
    half, high = random.number(0.95, 0.5, 1.15), random.number(0.8, 0.7, 0.9)
    solids = [
        box(WHERE, (0, 0.22, 0.47), (half, 0.2, 0.42), cover),
        box(WHERE, (0, high / 2 + 0.05, 0.16), (half, high / 2 - 0.05, 0.13), cover),
        box(WHERE, (-half - 0.1, 0.33, 0.47), (0.11, 0.28, 0.43), cover),
        box(WHERE, (half + 0.1, 0.33, 0.47), (0.11, 0.28, 0.43), cover),
    ]
    if random.chance(0.7, usual=True):
        pillow = cloth(random, "b58a55", "8a4b3f", "c9c2b2", "4f6472", "7a7f58", folds=0.15)
        solids.append(ball(WHERE, (half * 0.55, 0.58, 0.4), (0.22, 0.2, 0.11), pillow))
    return Piece(tuple(solids), half + 0.22, 0.95, high)


def table(random: SceneRandomiser) -> Piece:
    """A table with perhaps a vase, books or a lamp on it."""
    top, under = wood(random), random.one_of(_DARK, _STEEL, wood(random))
    half, depth, high = random.number(0.6, 0.4, 0.8), random.number(0.6, 0.4, 0.7), random.number(0.73, 0.45, 0.76)
    solids = [box(WHERE, (0, high, depth / 2), (half, 0.02, depth / 2), top), *legs(half, depth, high, 0.025, under)]
    on_top = random.one_of("vase", "books", "lamp", "nothing")
    if on_top == "vase":
        solids.append(ball(WHERE, (half * 0.4, high + 0.15, depth / 2), (0.08, 0.14, 0.08), painted(random)))
    elif on_top == "books":
        solids += _stack(random, -half * 0.3, high + 0.02, depth / 2)
    elif on_top == "lamp":
        shade = painted(random, "e2d6bd", "d9d4c8", "b9a98a")
        solids.append(rod(WHERE, (0, high, depth / 2), (0, high + 0.3, depth / 2), (0.05, 0.02), _DARK))
        solids.append(disc(WHERE, (0, high + 0.4, depth / 2), (0, 1, 0), 0.14, 0.1, shade))
    return Piece(tuple(solids), half, depth, high)


def _stack(random: SceneRandomiser, x: float, y: float, z: float) -> list[Solid]:
    solids = []
    for _ in range(3):
        high = random.number(0.02, 0.012, 0.03)
        shift = random.number(0.0, -0.03, 0.03)
        cover = Material(random.tone("7c2f2b", "2f4a63", "c9bfa9", "43403e", "8a6a3c"))
        solids.append(box(WHERE, (x + shift, y + high, z), (0.11, high, 0.15), cover))
        y += 2 * high
    return solids


def chair(random: SceneRandomiser, *, facing_wall: bool = False) -> Piece:
    """A chair with its back to the wall, or drawn up to what stands there."""
    frame = random.one_of(wood(random), _DARK, _STEEL)
    seat = random.one_of(wood(random), cloth(random), painted(random, "b7b2a6", "45525f", "7a4a3e"))
    back, front = (0.44, 0.06) if facing_wall else (0.06, 0.44)
    solids = [
        box(WHERE, (0, 0.45, 0.25), (0.21, 0.025, 0.2), seat),
        box(WHERE, (0, 0.77, back), (0.2, 0.12, 0.016), seat),
    ]
    for x in (-0.19, 0.19):
        solids.append(box(WHERE, (x, 0.43, back), (0.018, 0.43, 0.018), frame))
        solids.append(box(WHERE, (x, 0.21, front), (0.016, 0.21, 0.016), frame))
    return Piece(tuple(solids), 0.22, 0.5, 0.9)


def school_desk(random: SceneRandomiser) -> Piece:
    """A table for two at a wall, with chairs drawn up."""
    bare = table(random)
    solids = list(bare.solids)
    for x in (-0.5, 0.5)[: 1 + int(random.chance(0.6))]:
        seat = chair(random, facing_wall=True)
        solids += seat.placed(np.eye(3), np.array([x * bare.half_m, 0.0, bare.depth_m - 0.2]))
    return Piece(tuple(solids), bare.half_m, bare.depth_m + 0.3, 0.9)


def swivel_chair(random: SceneRandomiser) -> Piece:
    """An office chair on a star base, its back away from the wall."""
    cover = cloth(random, "33363b", "2b3a4d", "4d4a46", "5f2f2c", "41504a", folds=0.06)
    solids = (
        box(WHERE, (0, 0.48, 0.3), (0.24, 0.045, 0.23), cover),
        ball(WHERE, (0, 0.83, 0.54), (0.23, 0.29, 0.06), cover),
        rod(WHERE, (0, 0.1, 0.3), (0, 0.45, 0.3), (0.03, 0.03), _DARK),
        disc(WHERE, (0, 0.06, 0.3), (0, 1, 0), 0.28, 0.025, _DARK),
    )
    return Piece(solids, 0.3, 0.62, 1.12)


def desk(random: SceneRandomiser, *, monitors: int = 1) -> Piece:
    """A desk at a wall with screens, a keyboard, papers and a swivel chair before it."""
    top, under = wood(random, "c9bda8", "d9d6d0", "a58560", "8d8f92", "6f5238"), random.one_of(_STEEL, _DARK)
    half = random.number(0.75, 0.6, 0.9)
    solids = [
        box(WHERE, (0, 0.73, 0.38), (half, 0.018, 0.37), top),
        box(WHERE, (-half + 0.03, 0.36, 0.38), (0.02, 0.35, 0.33), under),
        box(WHERE, (half - 0.2, 0.36, 0.38), (0.19, 0.33, 0.3), painted(random)),
        box(WHERE, (-half * 0.1, 0.76, 0.52), (0.22, 0.01, 0.07), _DARK),
        box(WHERE, (half * 0.66, 0.765, 0.45), (0.11, 0.02, 0.15), _PAPER),
    ]
    glow = Material(random.tone("22262c", "3b4c63", "54636f", "16181c"), gloss=0.3)
    for index in range(monitors):
        x = (index - (monitors - 1) / 2) * 0.58 - half * 0.1
        solids.append(box(WHERE, (x, 1.03, 0.2), (0.27, 0.17, 0.015), _DARK))
        solids.append(box(WHERE, (x, 1.03, 0.216), (0.25, 0.15, 0.004), glow))
        solids.append(box(WHERE, (x, 0.8, 0.18), (0.03, 0.07, 0.03), _DARK))
    seat = swivel_chair(random)
    off = random.number(-0.1, -0.3, 0.3)
    solids += seat.placed(np.eye(3), np.array([off, 0.0, 0.45]))
    return Piece(tuple(solids), half, 1.1, 1.2)


def bookcase(random: SceneRandomiser, *, half_m: float, high_m: float, shelf_m: float) -> Piece:
    """Boards and sides of a bookcase; the books are a panel on the wall behind."""
    board = wood(random)
    levels = int(high_m / shelf_m)
    solids = [box(WHERE, (x, high_m / 2, 0.11), (0.015, high_m / 2, 0.11), board) for x in (-half_m, half_m)]
    for level in range(levels + 1):
        solids.append(box(WHERE, (0, level * shelf_m + 0.012, 0.11), (half_m, 0.012, 0.11), board))
    return Piece(tuple(solids), half_m, 0.24, high_m)


def wall_shelf(random: SceneRandomiser, *, half_m: float, shelf_m: float) -> Piece:
    """Two boards on a wall; the books are a panel behind."""
    board, low = wood(random), random.number(1.35, 1.25, 1.5)
    solids = tuple(box(WHERE, (0, low + index * shelf_m, 0.1), (half_m, 0.012, 0.1), board) for index in range(2))
    return Piece(solids, half_m, 0.2, low + 2 * shelf_m, low_m=low)


def cabinet(random: SceneRandomiser) -> Piece:
    """A chest, sideboard or cupboard with fronts a shade lighter, something on it if it is low."""
    body = random.one_of(wood(random), painted(random))
    front = Material(darker(body.colour, 1.07), gloss=body.gloss)
    half, depth = random.number(0.6, 0.35, 0.8), random.number(0.42, 0.35, 0.5)
    high = random.one_of(0.8, 0.62, 1.1, 1.9)
    columns = max(1, round(half / 0.35))
    wide = 2 * half / columns
    solids = [box(WHERE, (0, high / 2, depth / 2), (half, high / 2, depth / 2), body)]
    for column in range(columns):
        x = -half + (column + 0.5) * wide
        solids.append(box(WHERE, (x, high / 2 + 0.02, depth), (wide / 2 - 0.015, high / 2 - 0.04, 0.008), front))
        solids.append(ball(WHERE, (x + wide * 0.3, high * 0.62, depth + 0.02), 0.018, _STEEL))
    if high < 1.2:
        solids += _stack(random, -half * 0.4, high, depth / 2)
        solids.append(ball(WHERE, (half * 0.5, high + 0.13, depth / 2), (0.07, 0.13, 0.07), painted(random)))
    return Piece(tuple(solids), half, depth + 0.02, high)


def television(random: SceneRandomiser) -> Piece:
    """A flat screen on a low board."""
    half = random.number(0.75, 0.6, 0.95)
    solids = (
        box(WHERE, (0, 0.22, 0.22), (half, 0.2, 0.2), wood(random)),
        box(WHERE, (0, 0.45, 0.2), (0.18, 0.02, 0.1), _DARK),
        box(WHERE, (0, 0.82, 0.2), (half * 0.8, half * 0.45, 0.025), _DARK),
    )
    return Piece(solids, half, 0.44, 1.2)


def plant(random: SceneRandomiser) -> Piece:
    """A pot with long leaves, or a small tree."""
    pot = painted(random, "c9b79c", "8a8f90", "a5643f", "d9d6cf", "4a4d50")
    high = random.number(1.0, 0.7, 1.5)
    solids = [disc(WHERE, (0, 0.17, 0.3), (0, 1, 0), 0.17, 0.17, pot)]
    if random.chance(0.6, usual=True):
        leaf = Material(random.tone("3f6b3a", "54703f", "35573a", "6b7d4a"))
        for index in range(7):
            turn, reach = index * 0.9, random.number(0.26, 0.14, 0.28)
            tip = (reach * float(np.sin(turn)), high * (0.86 + 0.07 * (index % 3)), 0.3 + reach * float(np.cos(turn)))
            solids.append(rod(WHERE, (0, 0.34, 0.3), tip, (0.018, 0.06), leaf, flatten=(1.0, 0.3)))
        return Piece(tuple(solids), 0.32, 0.62, high)
    leaf = Material(random.tone("3c5f38", "4d6b3f", "5f7748"), cloth=0.5)
    solids.append(rod(WHERE, (0, 0.3, 0.3), (0.02, high * 0.8, 0.3), (0.02, 0.012), Material(linear("5d4632"))))
    for index in range(4):
        x, z = 0.13 * float(np.sin(index * 1.9)), 0.3 + 0.13 * float(np.cos(index * 1.9))
        solids.append(ball(WHERE, (x, high * (0.68 + 0.1 * index), z), (0.17, 0.14, 0.17), leaf))
    return Piece(tuple(solids), 0.32, 0.62, high * 1.05)


def floor_lamp(random: SceneRandomiser) -> Piece:
    """A lamp on a tall stand."""
    shade = painted(random, "e0d5bf", "d8d8d4", "b8a483", "5a5d60")
    high = random.number(1.5, 1.35, 1.65)
    solids = (
        disc(WHERE, (0, 0.015, 0.22), (0, 1, 0), 0.14, 0.015, _DARK),
        rod(WHERE, (0, 0.02, 0.22), (0, high - 0.1, 0.22), (0.012, 0.012), random.one_of(_DARK, _STEEL)),
        disc(WHERE, (0, high, 0.22), (0, 1, 0), 0.18, 0.14, shade),
    )
    return Piece(solids, 0.2, 0.42, high + 0.14)


def cartons(random: SceneRandomiser) -> Piece:
    """Some cardboard boxes, one upon the other."""
    solids, y = [], 0.0
    for index in range(int(random.number(2, 1, 3.9))):
        half, high = random.number(0.24, 0.16, 0.28), random.number(0.16, 0.1, 0.2)
        board = Material(random.tone("a88a62", "b59a74", "98794f", "c9c4b8"))
        solids.append(box(WHERE, (random.number(0, -0.06, 0.06), y + high, 0.3), (half, high, 0.22), board))
        y += 2 * high if index < 2 else 0
    return Piece(tuple(solids), 0.34, 0.55, max(y, 0.3))


def bench(random: SceneRandomiser) -> Piece:
    """A bench without a back, for waiting."""
    half, top = random.number(0.7, 0.5, 0.9), wood(random)
    solids = (
        box(WHERE, (0, 0.44, 0.22), (half, 0.025, 0.2), top),
        box(WHERE, (-half + 0.12, 0.21, 0.22), (0.025, 0.21, 0.16), _STEEL),
        box(WHERE, (half - 0.12, 0.21, 0.22), (0.025, 0.21, 0.16), _STEEL),
    )
    return Piece(solids, half, 0.42, 0.46)


def clutter(random: SceneRandomiser) -> Piece:
    """One thing that lies or stands about: a bag, a ball, a bin, a stool or a case."""
    kind = random.one_of("bag", "ball", "bin", "stool", "case")
    colour = cloth(random, "3d4a5c", "7a3b36", "4a5a44", "2f3135", "8a7a58", "6a5a72", folds=0.1)
    solids: tuple[Solid, ...]
    if kind == "bag":
        body = rod(WHERE, (0, 0.12, 0.2), (0, 0.33, 0.2), (0.16, 0.12), colour, flatten=(1.0, 0.65))
        pocket = box(WHERE, (0, 0.13, 0.31), (0.1, 0.09, 0.025), Material(darker(colour.colour, 0.8), cloth=0.1))
        solids = (body, pocket, box(WHERE, (0, 0.46, 0.2), (0.035, 0.02, 0.012), _DARK))
    elif kind == "ball":
        solids = (ball(WHERE, (0, 0.12, 0.2), 0.12, Material(colour.colour, gloss=0.2)),)
    elif kind == "bin":
        solids = (disc(WHERE, (0, 0.17, 0.2), (0, 1, 0), 0.13, 0.17, painted(random, "3a3d41", "7d8286", "b9b5aa")),)
    elif kind == "stool":
        solids = (
            disc(WHERE, (0, 0.45, 0.2), (0, 1, 0), 0.17, 0.02, wood(random)),
            *legs(0.13, 0.38, 0.43, 0.015, _DARK),
        )
    else:
        solids = (box(WHERE, (0, 0.3, 0.2), (0.22, 0.27, 0.12), Material(colour.colour, gloss=0.1)),
                  box(WHERE, (0, 0.62, 0.2), (0.1, 0.06, 0.015), _DARK))  # fmt: skip
    return Piece(solids, 0.24, 0.42, 0.6)


def wall_clock() -> Piece:
    """Hangs at its own height."""
    solids = (
        disc(WHERE, (0, 2.1, 0.02), (0, 0, 1), 0.16, 0.015, _DARK),
        disc(WHERE, (0, 2.1, 0.03), (0, 0, 1), 0.14, 0.015, Material(linear("efece4"))),
        box(WHERE, (0, 2.14, 0.047), (0.006, 0.05, 0.002), _DARK),
        box(WHERE, (0.03, 2.1, 0.047), (0.035, 0.006, 0.002), _DARK),
    )
    return Piece(solids, 0.2, 0.05, 2.3, low_m=1.9)
