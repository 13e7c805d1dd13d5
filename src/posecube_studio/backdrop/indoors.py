"""Rooms in which people do everyday things: a home, an office, a classroom, a corridor."""

from __future__ import annotations

from posecube_studio.backdrop import furniture, panels, pattern
from posecube_studio.backdrop import interior as inside
from posecube_studio.backdrop.place import Place
from posecube_studio.backdrop.plan import Plan
from posecube_studio.backdrop.taste import Taste
from posecube_studio.backdrop.usual_room import WARM_LIGHT, make_usual_room

_PUBLIC = ("plain", "plain", "dado", "brick")


def make_home(taste: Taste) -> Place:
    """A living room."""
    if not taste.varies:
        return make_usual_room()
    room = (taste.number(3.8, 3.3, 4.5), taste.number(3.8, 3.3, 4.3), taste.number(2.6, 2.45, 2.9))
    plan = Plan(taste, room)
    dressed = taste.one_of("curtain", "curtain", "blind", "bare")
    for side in (0, 1, 3):
        if taste.chance(0.6):
            low = taste.number(0.9, 0.75, 1.05)
            inside.hang_window(plan, taste, side=side, low_m=low, high_m=taste.number(2.1, 2.0, 2.35), dressed=dressed)
    inside.hang_door(plan, taste, inside.choose_door(taste))
    plan.put(furniture.sofa(taste), side=taste.one_of(0, 0, 1, 3))
    inside.put_books(plan, taste, side=taste.one_of(0, 1, 3))
    large = (furniture.television, furniture.cabinet, furniture.table, furniture.sofa, furniture.cabinet)
    for index in taste.rng.permutation(len(large))[: int(taste.number(4, 3, 5.9))]:
        plan.put(large[index](taste))
    small = (furniture.plant, furniture.floor_lamp, furniture.chair, furniture.clutter, furniture.plant)
    for index in taste.rng.permutation(len(small))[: int(taste.number(4, 3, 5.9))]:
        plan.put(small[index](taste))
    for _ in range(int(taste.number(5, 3, 8))):
        inside.hang_picture(plan, taste)
    for make in (furniture.clutter, furniture.plant, furniture.clutter):
        if taste.chance(0.5):
            plan.scatter(make(taste))
    boards = inside.choose_boards(taste) if taste.chance(0.75) else inside.choose_carpet(taste)
    floor = inside.with_rug(taste, boards) if taste.chance(0.6) else boards
    return inside.finish(
        plan, taste, room_m=room, floor=floor, walls=inside.choose_walls(taste),
        ceiling=pattern.plaster("dcd9d2"), light=WARM_LIGHT,
    )  # fmt: skip


def make_office(taste: Taste) -> Place:
    """Desks with screens along the walls, a whiteboard, shelves of files."""
    taste = taste.settled()
    room = (taste.number(4.2, 3.6, 5.0), taste.number(3.8, 3.4, 4.6), taste.number(2.7, 2.5, 3.0))
    plan = Plan(taste, room)
    sunny = taste.one_of(0, 1, 3)
    for _ in range(int(taste.number(2, 1, 3.9))):
        inside.hang_window(plan, taste, side=sunny, low_m=0.9, high_m=2.2, dressed="blind")
    inside.hang_door(plan, taste, inside.choose_door(taste), glazed=taste.chance(0.5))
    half = taste.number(0.9, 0.6, 1.2)
    board = panels.written_board(half, 1.1, ground=taste.tone("dfe2e2", "d6d9d8"), ink=taste.tone("3a4a6a", "7a3a3a"),
                                 amount=taste.number(0.5, 0.2, 0.8), shift=taste.number(3, 0, 90))  # fmt: skip
    plan.hang(board, half, 0.95, 2.05, side=taste.one_of(0, 1, 3))
    for side in (0, 1, 3, 2):
        plan.put(furniture.desk(taste, monitors=taste.one_of(1, 2)), side=side if taste.chance(0.8) else None)
    inside.put_books(plan, taste, side=taste.one_of(0, 1, 3))
    for make in (furniture.cabinet, furniture.plant, furniture.cartons, furniture.clutter):
        if taste.chance(0.6):
            plan.put(make(taste))
    for make in (furniture.swivel_chair, furniture.clutter, furniture.cartons):
        if taste.chance(0.5):
            plan.scatter(make(taste))
    for _ in range(int(taste.number(4, 2, 6))):
        inside.hang_notice(plan, taste)
    plan.put(furniture.wall_clock(), side=taste.one_of(0, 1, 3))
    floor = inside.choose_carpet(taste) if taste.chance(0.6) else inside.choose_hard_floor(taste)
    return inside.finish(
        plan, taste, room_m=room, floor=floor, walls=inside.choose_walls(taste, kinds=_PUBLIC),
        ceiling=inside.lamp_grid(taste), light=inside.INDOOR_LIGHT,
    )  # fmt: skip


def make_classroom(taste: Taste) -> Place:
    """A large board, rows of tables pushed to the sides, shelves and posters."""
    taste = taste.settled()
    room = (taste.number(4.6, 4.0, 5.3), taste.number(4.2, 3.6, 4.9), taste.number(3.0, 2.8, 3.3))
    plan = Plan(taste, room)
    front = taste.one_of(0, 0, 1, 3)
    half = taste.number(1.7, 1.3, 2.1)
    ground, ink = taste.one_of(("35503f", "c9cfc6"), ("dde0e0", "3a4a6a"), ("2f3a3c", "c4c9c6"))
    board = panels.written_board(half, 1.25, ground=taste.tone(ground), ink=taste.tone(ink),
                                 amount=taste.number(0.6, 0.3, 0.9), shift=taste.number(5, 0, 90))  # fmt: skip
    plan.hang(board, half, 0.9, 2.15, side=front)
    for _ in range(3):
        inside.hang_window(plan, taste, side=taste.one_of(1, 3), low_m=0.95, high_m=2.45, dressed="bare")
    inside.hang_door(plan, taste, inside.choose_door(taste), glazed=taste.chance(0.4))
    for _ in range(int(taste.number(5, 4, 7.9))):
        plan.put(taste.one_of(furniture.school_desk, furniture.table, furniture.chair)(taste))
    inside.put_books(plan, taste)
    for make in (furniture.cabinet, furniture.clutter, furniture.cartons, furniture.plant):
        if taste.chance(0.55):
            plan.put(make(taste))
    for make in (furniture.chair, furniture.clutter):
        if taste.chance(0.5):
            plan.scatter(make(taste))
    _hang_pinboard(plan, taste)
    for _ in range(int(taste.number(5, 2, 7))):
        inside.hang_notice(plan, taste)
    plan.put(furniture.wall_clock())
    return inside.finish(
        plan, taste, room_m=room, floor=inside.choose_hard_floor(taste),
        walls=inside.choose_walls(taste, kinds=_PUBLIC), ceiling=inside.lamp_grid(taste, pitch_m=2.8),
        light=inside.INDOOR_LIGHT,
    )  # fmt: skip


def make_corridor(taste: Taste) -> Place:
    """A wide corridor: doors, notice boards and lockers on both long walls, light at the end."""
    taste = taste.settled()
    narrow, long = taste.number(2.8, 2.7, 3.3), taste.number(10.0, 8.0, 13.0)
    lengthwise = taste.chance(0.55, usual=True)  # seen along its length, or one long wall straight behind
    room = (narrow if lengthwise else long, long if lengthwise else narrow, taste.number(2.8, 2.6, 3.2))
    plan = Plan(taste, room)
    walls, ends = ((1, 3), (0, 2)) if lengthwise else ((0, 2), (1, 3))
    for side in ends:
        inside.hang_window(plan, taste, side=side, low_m=taste.one_of(0.0, 0.9), high_m=2.2, dressed="bare")
    doors, glazed = inside.choose_door(taste), taste.chance(0.4)
    steel = taste.tone("7d8a94", "8f9488", "a39a8a", "5f7486", "8a6f62")
    for side in walls:
        if taste.chance(0.5):
            wide = 0.16 * taste.one_of(4, 6, 8)
            plan.hang(panels.lockers(1.8, tone=steel), wide, 0.0, 1.8, side=side)
        for _ in range(int(taste.number(4, 3, 5.9))):
            inside.hang_door(plan, taste, doors, side=side, glazed=glazed)
        _hang_pinboard(plan, taste, side=side)
        for _ in range(int(taste.number(4, 2, 7))):
            inside.hang_notice(plan, taste, side=side)
        for make in (furniture.bench, furniture.plant, furniture.clutter, furniture.cartons):
            if taste.chance(0.5):
                plan.put(make(taste), side=side)
    return inside.finish(
        plan, taste, room_m=room, floor=inside.choose_hard_floor(taste),
        walls=[inside.choose_wall(taste, kinds=_PUBLIC)] * 4, ceiling=inside.lamp_grid(taste, pitch_m=3.0),
        light=inside.INDOOR_LIGHT,
    )  # fmt: skip


def _hang_pinboard(plan: Plan, taste: Taste, *, side: int | None = None) -> None:
    half, high = taste.number(0.7, 0.5, 1.1), taste.number(0.95, 0.7, 1.1)
    board = panels.pinned_papers(half, high, ground=taste.tone("a67f54", "8a8f92", "5d6f78", "7a5f52"),
                                 share=taste.number(0.6, 0.4, 0.85), shift=int(taste.number(3, 0, 90)))  # fmt: skip
    plan.hang(board, half, 1.1, 1.1 + high, side=side)
