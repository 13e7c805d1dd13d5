"""Rooms in which people do everyday things: a home, an office, a classroom, a corridor.

Without variety a home is one room with a rug, a sofa and two pictures, in which the examples were filmed.
"""

from __future__ import annotations

import numpy as np

from posecube_studio.backdrop import furniture, panels, pattern
from posecube_studio.backdrop import interior as inside
from posecube_studio.backdrop.floor_plan import FloorPlan
from posecube_studio.backdrop.pattern import fleece, mix, on_floor, planks, with_rug
from posecube_studio.backdrop.place import Colours, Place, Points, SurfaceNoise
from posecube_studio.backdrop.scene_randomiser import SceneRandomiser
from posecube_studio.light import Light
from posecube_studio.solid import Material, Solid, ball, box, disc, rod
from posecube_studio.subject import linear

WARM_LIGHT = Light((-0.5, 0.9, 0.75), (0.95, 0.86, 0.72), (0.46, 0.47, 0.50), (0.26, 0.23, 0.20))

_PUBLIC = ("plain", "plain", "dado", "brick")


def make_home(random: SceneRandomiser) -> Place:
    """A living room."""
    if not random.varies:
        return make_usual_room()
    room = (random.number(3.8, 3.3, 4.5), random.number(3.8, 3.3, 4.3), random.number(2.6, 2.45, 2.9))
    plan = FloorPlan(random, room)
    covering = random.one_of("curtain", "curtain", "blind", "bare")
    for side in (0, 1, 3):
        if random.chance(0.6):
            low = random.number(0.9, 0.75, 1.05)
            inside.hang_window(
                plan, random, side=side, low_m=low, high_m=random.number(2.1, 2.0, 2.35), covering=covering
            )
    inside.hang_door(plan, random, inside.choose_door(random))
    plan.put(furniture.sofa(random), side=random.one_of(0, 0, 1, 3))
    inside.put_books(plan, random, side=random.one_of(0, 1, 3))
    large = (furniture.television, furniture.cabinet, furniture.table, furniture.sofa, furniture.cabinet)
    for index in random.rng.permutation(len(large))[: int(random.number(4, 3, 5.9))]:
        plan.put(large[index](random))
    small = (furniture.plant, furniture.floor_lamp, furniture.chair, furniture.clutter, furniture.plant)
    for index in random.rng.permutation(len(small))[: int(random.number(4, 3, 5.9))]:
        plan.put(small[index](random))
    for _ in range(int(random.number(5, 3, 8))):
        inside.hang_picture(plan, random)
    for make in (furniture.clutter, furniture.plant, furniture.clutter):
        if random.chance(0.5):
            plan.scatter(make(random))
    boards = inside.choose_boards(random) if random.chance(0.75) else inside.choose_carpet(random)
    floor = inside.with_rug(random, boards) if random.chance(0.6) else boards
    return inside.finish(
        plan, random, room_m=room, floor=floor, walls=inside.choose_walls(random),
        ceiling=pattern.plaster("dcd9d2"), light=WARM_LIGHT,
    )  # fmt: skip


def make_office(random: SceneRandomiser) -> Place:
    """Desks with screens along the walls, a whiteboard, shelves of files."""
    random = random.fixed()
    room = (random.number(4.2, 3.6, 5.0), random.number(3.8, 3.4, 4.6), random.number(2.7, 2.5, 3.0))
    plan = FloorPlan(random, room)
    sunny = random.one_of(0, 1, 3)
    for _ in range(int(random.number(2, 1, 3.9))):
        inside.hang_window(plan, random, side=sunny, low_m=0.9, high_m=2.2, covering="blind")
    inside.hang_door(plan, random, inside.choose_door(random), glazed=random.chance(0.5))
    half = random.number(0.9, 0.6, 1.2)
    board = panels.written_board(half, 1.1, ground=random.tone("dfe2e2", "d6d9d8"), ink=random.tone("3a4a6a", "7a3a3a"),
                                 amount=random.number(0.5, 0.2, 0.8), shift=random.number(3, 0, 90))  # fmt: skip
    plan.hang(board, half, 0.95, 2.05, side=random.one_of(0, 1, 3))
    for side in (0, 1, 3, 2):
        plan.put(furniture.desk(random, monitors=random.one_of(1, 2)), side=side if random.chance(0.8) else None)
    inside.put_books(plan, random, side=random.one_of(0, 1, 3))
    for make in (furniture.cabinet, furniture.plant, furniture.cartons, furniture.clutter):
        if random.chance(0.6):
            plan.put(make(random))
    for make in (furniture.swivel_chair, furniture.clutter, furniture.cartons):
        if random.chance(0.5):
            plan.scatter(make(random))
    for _ in range(int(random.number(4, 2, 6))):
        inside.hang_notice(plan, random)
    plan.put(furniture.wall_clock(), side=random.one_of(0, 1, 3))
    floor = inside.choose_carpet(random) if random.chance(0.6) else inside.choose_hard_floor(random)
    return inside.finish(
        plan, random, room_m=room, floor=floor, walls=inside.choose_walls(random, kinds=_PUBLIC),
        ceiling=inside.lamp_grid(random), light=inside.INDOOR_LIGHT,
    )  # fmt: skip


def make_classroom(random: SceneRandomiser) -> Place:
    """A large board, rows of tables pushed to the sides, shelves and posters."""
    random = random.fixed()
    room = (random.number(4.6, 4.0, 5.3), random.number(4.2, 3.6, 4.9), random.number(3.0, 2.8, 3.3))
    plan = FloorPlan(random, room)
    front = random.one_of(0, 0, 1, 3)
    half = random.number(1.7, 1.3, 2.1)
    ground, ink = random.one_of(("35503f", "c9cfc6"), ("dde0e0", "3a4a6a"), ("2f3a3c", "c4c9c6"))
    board = panels.written_board(half, 1.25, ground=random.tone(ground), ink=random.tone(ink),
                                 amount=random.number(0.6, 0.3, 0.9), shift=random.number(5, 0, 90))  # fmt: skip
    plan.hang(board, half, 0.9, 2.15, side=front)
    for _ in range(3):
        inside.hang_window(plan, random, side=random.one_of(1, 3), low_m=0.95, high_m=2.45, covering="bare")
    inside.hang_door(plan, random, inside.choose_door(random), glazed=random.chance(0.4))
    for _ in range(int(random.number(5, 4, 7.9))):
        plan.put(random.one_of(furniture.school_desk, furniture.table, furniture.chair)(random))
    inside.put_books(plan, random)
    for make in (furniture.cabinet, furniture.clutter, furniture.cartons, furniture.plant):
        if random.chance(0.55):
            plan.put(make(random))
    for make in (furniture.chair, furniture.clutter):
        if random.chance(0.5):
            plan.scatter(make(random))
    _hang_pinboard(plan, random)
    for _ in range(int(random.number(5, 2, 7))):
        inside.hang_notice(plan, random)
    plan.put(furniture.wall_clock())
    return inside.finish(
        plan, random, room_m=room, floor=inside.choose_hard_floor(random),
        walls=inside.choose_walls(random, kinds=_PUBLIC), ceiling=inside.lamp_grid(random, pitch_m=2.8),
        light=inside.INDOOR_LIGHT,
    )  # fmt: skip


def make_corridor(random: SceneRandomiser) -> Place:
    """A wide corridor: doors, notice boards and lockers on both long walls, light at the end."""
    random = random.fixed()
    narrow, long = random.number(2.8, 2.7, 3.3), random.number(10.0, 8.0, 13.0)
    lengthwise = random.chance(0.55, usual=True)  # seen along its length, or one long wall straight behind
    room = (narrow if lengthwise else long, long if lengthwise else narrow, random.number(2.8, 2.6, 3.2))
    plan = FloorPlan(random, room)
    walls, ends = ((1, 3), (0, 2)) if lengthwise else ((0, 2), (1, 3))
    for side in ends:
        inside.hang_window(plan, random, side=side, low_m=random.one_of(0.0, 0.9), high_m=2.2, covering="bare")
    doors, glazed = inside.choose_door(random), random.chance(0.4)
    steel = random.tone("7d8a94", "8f9488", "a39a8a", "5f7486", "8a6f62")
    for side in walls:
        if random.chance(0.5):
            wide = 0.16 * random.one_of(4, 6, 8)
            plan.hang(panels.lockers(1.8, tone=steel), wide, 0.0, 1.8, side=side)
        for _ in range(int(random.number(4, 3, 5.9))):
            inside.hang_door(plan, random, doors, side=side, glazed=glazed)
        _hang_pinboard(plan, random, side=side)
        for _ in range(int(random.number(4, 2, 7))):
            inside.hang_notice(plan, random, side=side)
        for make in (furniture.bench, furniture.plant, furniture.clutter, furniture.cartons):
            if random.chance(0.5):
                plan.put(make(random), side=side)
    return inside.finish(
        plan, random, room_m=room, floor=inside.choose_hard_floor(random),
        walls=[inside.choose_wall(random, kinds=_PUBLIC)] * 4, ceiling=inside.lamp_grid(random, pitch_m=3.0),
        light=inside.INDOOR_LIGHT,
    )  # fmt: skip


def _hang_pinboard(plan: FloorPlan, random: SceneRandomiser, *, side: int | None = None) -> None:
    half, high = random.number(0.7, 0.5, 1.1), random.number(0.95, 0.7, 1.1)
    board = panels.pinned_papers(half, high, ground=random.tone("a67f54", "8a8f92", "5d6f78", "7a5f52"),
                                 share=random.number(0.6, 0.4, 0.85), shift=int(random.number(3, 0, 90)))  # fmt: skip
    plan.hang(board, half, 1.1, 1.1 + high, side=side)


def make_usual_room() -> Place:
    """The room of clips without variety."""
    boards = planks("b98a5c", "8f643c", width_m=0.11, length_m=1.1)
    rug = with_rug(boards, fleece("7d8fa6", "93a3b6"), "e8e2d6", half_m=(1.5, 1.1))
    return Place(
        on_floor(rug), _room_wall, WARM_LIGHT, (4.6, 4.6, 2.8), 0.55, tuple((solid,) for solid in _room_furniture())
    )


def _room_wall(noise: SurfaceNoise, points: Points) -> Colours:
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
