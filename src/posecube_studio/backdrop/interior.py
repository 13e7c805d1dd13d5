"""What rooms share: wall, floor and ceiling, windows, doors and pictures at random places."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from posecube_studio.backdrop import panels, pattern
from posecube_studio.backdrop.floor_plan import FloorPlan, Footprint
from posecube_studio.backdrop.furniture import bookcase, wall_shelf
from posecube_studio.backdrop.pattern import Pattern
from posecube_studio.backdrop.piece import darker
from posecube_studio.backdrop.place import Colours, Painting, Place, Points, SurfaceNoise
from posecube_studio.backdrop.scene_randomiser import SceneRandomiser
from posecube_studio.backdrop.walls import Drawing, paint_walls
from posecube_studio.light import Light
from posecube_studio.solid import Colour

INDOOR_LIGHT = Light((0.42, 1.0, 0.62), (0.92, 0.88, 0.80), (0.50, 0.52, 0.55), (0.26, 0.24, 0.22))

_WALLS = ("d9d2c4", "dcdad4", "cfd4d3", "e0dccf", "c4ccc4", "d3c8b4", "bcc5cc", "c9b9a4", "aab3ab", "b9b4b6")
_PICTURES = (
    ("3f6f8f", "e9d9b0", "8f4a3a"),
    ("b5623c", "e9d9b0", "3f4a52"),
    ("5f7158", "d8d2bd", "2f3a33"),
    ("8a8f93", "e4e2dc", "3a3d41"),
    ("c2a06a", "efe7d6", "7a5238"),
    ("4d5468", "b9bcc6", "d9cfae"),
)


def choose_wall(
    random: SceneRandomiser, *, kinds: tuple[str, ...] = ("plain", "plain", "paper", "dado", "brick")
) -> Pattern:
    """One wall's pattern."""
    tone = random.tone(*_WALLS)
    kind = random.one_of(*kinds)
    if kind == "paper":
        second = darker(tone, random.number(0.93, 0.86, 0.95))
        return pattern.wallpaper(tone, second, stripe_m=random.number(0.14, 0.07, 0.22))
    if kind == "dado":
        lower = random.tone("8f979b", "9a8f7c", "7f8c83", "b3aa98", "6f7d88", "a3937c")
        rail = random.tone("e6e2d8", "6f6a62", "8a6a48")
        return pattern.dado(
            pattern.plaster(lower), pattern.plaster(tone), high_m=random.number(1, 0.85, 1.25), rail=rail
        )
    if kind == "brick":
        light, dark = random.one_of(("b98a72", "96644e"), ("d9d6cf", "cbc8c0"), ("a79a8c", "85796d"))
        return pattern.bricks(random.tone(light), random.tone(dark), joint=random.tone("c4beb3", "b5b0a6"))
    return pattern.plaster(tone)


def choose_walls(random: SceneRandomiser, **options: tuple[str, ...]) -> list[Pattern]:
    """Plain walls of one tone, at times one of them of another kind."""
    base = choose_wall(random, **options)
    accent = choose_wall(random) if random.chance(0.35) else base
    walls = [base] * 4
    walls[int(random.rng.integers(4))] = accent
    return walls


def choose_boards(random: SceneRandomiser) -> Pattern:
    """A wooden floor."""
    light, dark = random.one_of(("b98a5c", "8f643c"), ("c9b08c", "ab8f68"), ("a9a296", "8b8479"), ("86603f", "65452c"),
                               ("d2c1a4", "b8a280"))  # fmt: skip
    wide, long = random.number(0.11, 0.07, 0.2), random.number(1.1, 0.7, 1.6)
    boards = pattern.planks(random.tone(light), random.tone(dark), width_m=wide, length_m=long)
    return boards if random.chance(0.5, usual=True) else lambda noise, x, z: boards(noise, z, x)


def choose_hard_floor(random: SceneRandomiser) -> Pattern:
    """Linoleum, tiles, concrete or boards: floors of public buildings."""
    kind = random.one_of("lino", "tiles", "concrete", "boards")
    if kind == "boards":
        return choose_boards(random)
    light, dark = random.one_of(("b4b1a6", "98958a"), ("9fa8a6", "868f8e"), ("b9a88f", "9d8d76"), ("8f969c", "787f86"),
                               ("c6c2b8", "aeaaa0"))  # fmt: skip
    light_tone, dark_tone = random.tone(light), random.tone(dark)
    if kind == "tiles":
        return pattern.tiles(
            light_tone, dark_tone, side_m=random.one_of(0.3, 0.45, 0.6), joint=random.tone("8a877f", "6f6d68")
        )
    return pattern.terrazzo(light_tone, dark_tone) if kind == "lino" else pattern.concrete(light_tone, dark_tone)


def choose_carpet(random: SceneRandomiser) -> Pattern:
    """Carpet from wall to wall."""
    light, dark = random.one_of(("6f7780", "565d66"), ("8f8577", "746b5f"), ("5d6b78", "465260"), ("7d7f7c", "636562"),
                               ("6b5f5a", "524843"))  # fmt: skip
    return pattern.fleece(random.tone(light), random.tone(dark))


def with_rug(random: SceneRandomiser, floor: Pattern) -> Pattern:
    """A floor with a rug on it."""
    light, dark = random.one_of(("93a3b6", "7d8fa6"), ("b8a58c", "9b876c"), ("8f5f52", "744a40"), ("a9aaa4", "8f908a"),
                               ("6f7f6c", "5a6a58"))  # fmt: skip
    pile = pattern.fleece(random.tone(light), random.tone(dark))
    half = (random.number(1.5, 1.1, 2.1), random.number(1.1, 0.9, 1.8))
    return pattern.with_rug(floor, pile, random.tone("e8e2d6", "3f4247", "b59f7a"), half_m=half)


def lamp_grid(random: SceneRandomiser, *, pitch_m: float = 2.4) -> Pattern:
    """A ceiling of panels with long lamps let in."""
    plain, glow = pattern.tiles("cfcfca", "c6c6c1", side_m=0.6, joint="9c9c98"), random.number(1.2, 1.1, 1.3)
    lamp = (glow, glow * 0.99, glow * random.number(0.96, 0.9, 1.0))

    def paint(noise: SurfaceNoise, x: ndarray, z: ndarray) -> Colours:
        colour = plain(noise, x, z)
        across, along = (np.abs((at / pitch_m) % 1 - 0.5) * pitch_m for at in (x, z))
        return pattern.mix(colour, lamp, pattern.edge(0.15 - across) * pattern.edge(0.6 - along))

    return paint


def hang_window(
    plan: FloorPlan, random: SceneRandomiser, *, side: int, low_m: float, high_m: float, covering: str
) -> None:
    """A window somewhere in one wall: with curtains, a blind or neither, and a radiator below it at times."""
    half, high = random.number(0.7, 0.5, 1.1), high_m - low_m
    sky = random.tone("c4d6e8", "d9dfe4", "b4cbe4", "e4e0d6")
    draw: Drawing = panels.window(
        half, high, panes=2 if half < 0.85 else 3, sky=sky, trees=random.tone("6f8060", "8a9088", "9a8f80"),
        frame=random.tone("e6e4de", "d2cfc8", "6a5442"), strength=random.number(1.5, 1.25, 1.8),
    )  # fmt: skip
    if covering == "curtain":
        fabric = random.tone("b9ad98", "8f8a86", "7d8a86", "a3705c", "d2cbbd", "5f6b7a")
        draw = panels.curtained(draw, half_m=half, cloth=fabric, drawn=random.number(0.25, 0.15, 0.45))
    elif covering == "blind":
        slat = random.tone("d9d7d1", "c2c4c4", "b7ab98")
        draw = panels.blinds(draw, slat=slat, down_to_m=random.number(0.6, 0, 0.9) * high)
    found = plan.hang(draw, half, low_m, high_m, side=side)
    if found is not None and random.chance(0.6):
        plan.hang_at(panels.radiator, half * 0.8, 0.14, 0.7, side=found[0], middle_m=found[1])


def choose_door(random: SceneRandomiser) -> tuple[Colour, Colour]:
    """Tones of a building's doors and of their frames."""
    leaf = random.tone("c9c4b8", "8f6a48", "d9d7d2", "7d8a94", "a58862", "5f4634")
    return leaf, random.tone("e2dfd8", "6f655a", "8a9096")


def hang_door(
    plan: FloorPlan,
    random: SceneRandomiser,
    tones: tuple[Colour, Colour],
    *,
    side: int | None = None,
    glazed: bool = False,
) -> None:
    """A door somewhere in a wall."""
    half, handle = random.number(0.45, 0.42, 0.5), random.one_of(1, -1)
    draw = panels.door(half, 2.1, leaf=tones[0], frame=tones[1], glazed=glazed, handle=handle)
    plan.hang(draw, half, 0.0, 2.1, side=side)


def hang_picture(plan: FloorPlan, random: SceneRandomiser, *, side: int | None = None) -> None:
    """A picture in a frame."""
    half, high = random.number(0.3, 0.18, 0.6), random.number(0.6, 0.35, 0.9)
    ground, figure, accent = (random.tone(part) for part in random.one_of(*_PICTURES))
    art = panels.painting(ground, figure, accent, scale=random.number(3, 1.5, 5), shift=random.number(0, 0, 90))
    mat = random.tone("f0ece2", "e2ded4") if random.chance(0.6) else None
    frame = random.tone("2b2622", "8a6a44", "d9d6cf", "5a4a3c")
    low = random.number(1.35, 1.2, 1.55)
    art = panels.framed(art, half, high, frame=frame, frame_m=random.number(0.025, 0.015, 0.05), mat=mat)
    plan.hang(art, half, low, low + high, side=side)


def hang_notice(plan: FloorPlan, random: SceneRandomiser, *, side: int | None = None) -> None:
    """A printed poster without a frame."""
    half, high = random.one_of((0.21, 0.6), (0.3, 0.84), (0.42, 0.6), (0.15, 0.42))
    heading, ink = random.tone("4a6684", "8f4a40", "55705c", "b08a4a", "5c5f64"), random.tone("3a3d42", "4f4a44")
    draw = panels.notice(half, high, paper=random.tone("e9e6dc", "dfe3e6", "e2d9c2"), ink=ink, heading=heading,
                         shift=random.number(0, 0, 90))  # fmt: skip
    low = random.number(1.3, 1.15, 1.55)
    plan.hang(draw, half, low, low + high, side=side)


def put_books(plan: FloorPlan, random: SceneRandomiser, *, side: int | None = None) -> None:
    """A bookcase, tall or low, more or less full; at times two boards on the wall instead."""
    shelf, levels, half = random.number(0.34, 0.3, 0.38), random.one_of(5, 4, 3), random.number(0.45, 0.35, 0.8)
    on_wall = random.chance(0.3)
    back = random.tone("d2cbbd", "b9b4aa") if on_wall else random.tone("2a2622", "4a3a2c", "8a8378")
    rows = panels.books(shelf, back=back, full=random.number(0.65, 0.5, 0.9), shift=random.number(0, 0, 90))
    if on_wall:
        plan.put(wall_shelf(random, half_m=half, shelf_m=shelf), side=side, before=rows)
    else:
        plan.put(bookcase(random, half_m=half, high_m=shelf * levels, shelf_m=shelf), side=side, before=rows)


def finish(
    plan: FloorPlan,
    random: SceneRandomiser,
    *,
    room_m: tuple[float, float, float],
    floor: Pattern,
    walls: list[Pattern],
    ceiling: Pattern,
    light: Light,
) -> Place:
    """The planned room as a place, lighter near its lamp."""
    skirting = (random.tone("e6e2d8", "8a8680", "6a5442", "c9c4b8"), random.number(0.09, 0.06, 0.13))
    strength = [float(part) for part in random.rng.uniform(0.88, 1.03, 4)]
    around = paint_walls(room_m, walls, panels=plan.panels, skirting=skirting, ceiling=ceiling, strength=strength)
    lamp = (random.number(0, -2, 2), random.number(0, -2, 2))
    floor_there = _lamplit(_grounded(pattern.on_floor(floor), room_m, plan.footprints), lamp)
    light_there, sunlit = random.light(light), random.number(0.5, 0.4, 0.6)
    return Place(floor_there, _lamplit(around, lamp), light_there, room_m, sunlit, tuple(plan.pieces))


def _grounded(floor: Painting, room_m: tuple[float, float, float], footprints: list[Footprint]) -> Painting:
    """A floor that is darker along the walls and under furniture, where little of the room's light comes."""

    def paint(noise: SurfaceNoise, points: Points) -> Colours:
        x, z = points[0], points[2]
        to_wall = np.minimum(room_m[0] - np.abs(x), room_m[1] - np.abs(z))
        light = np.clip(0.8 + to_wall * np.float32(0.5), 0.8, 1.0).astype(np.float32)
        for low, high in footprints:
            near = np.flatnonzero((x > low[0] - 0.1) & (x < high[0] + 0.1) & (z > low[1] - 0.1) & (z < high[1] + 0.1))
            inwards = np.minimum(_inside(x[near], low[0], high[0]), _inside(z[near], low[1], high[1]))
            light[near] *= (1 - 0.4 * pattern.edge(inwards, 0.2)).astype(np.float32)
        return floor(noise, points) * light

    return paint


def _inside(x: ndarray, low: float, high: float) -> ndarray:
    """How far x lies within an interval."""
    return np.minimum(x - low, high - x)


def _lamplit(painting: Painting, lamp_xz: tuple[float, float]) -> Painting:
    """A painting that darkens with the distance from a lamp."""

    def paint(noise: SurfaceNoise, points: Points) -> Colours:
        x, z = points[0] - np.float32(lamp_xz[0]), points[2] - np.float32(lamp_xz[1])
        return painting(noise, points) * np.clip(1.2 - 0.014 * (x * x + z * z), 0.78, 1.2).astype(np.float32)

    return paint
