"""Places in the open: a lawn, a park with trees and benches, a street before houses."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from posecube_studio.backdrop import outdoor_things as things
from posecube_studio.backdrop import pattern
from posecube_studio.backdrop.horizon import paint_horizon
from posecube_studio.backdrop.pattern import Pattern, edge, mix
from posecube_studio.backdrop.place import Colours, Noise, Painting, Place, Points
from posecube_studio.backdrop.plan import Plan
from posecube_studio.backdrop.taste import Taste
from posecube_studio.backdrop.walls import paint_walls
from posecube_studio.light import Light

SUN_LIGHT = Light((0.62, 0.85, 0.55), (1.25, 1.16, 1.0), (0.48, 0.56, 0.70), (0.20, 0.22, 0.16))

_STOREY_M = 3.0
_FACADES = ("c9b79a", "d6cdbb", "b3a493", "a9b0ae", "c2a58c", "bfb9ae", "9c8f86", "d2c7a9")


def paint_grass(taste: Taste) -> Painting:
    """A lawn, freshly mown or not."""
    low, high = taste.one_of(("3f7a2c", "5c9a3f"), ("4a6f2f", "6d8c46"), ("56692f", "7f8a4c"), ("3f6a34", "5a8448"))
    tones = (taste.tone(low), taste.tone(high), taste.tone("7fae52", "94a060", "8f9a5c"))
    mown = taste.number(0.25, 0.0, 0.25)

    def paint(noise: Noise, points: Points) -> Colours:
        return pattern.grass(noise, points, low=tones[0], high=tones[1], worn=tones[2], mown=mown)

    return paint


def make_lawn(taste: Taste) -> Place:
    """Mown grass up to the trees."""
    plan = Plan(taste, (20.0, 20.0, 12.0), max_solids=30)
    if taste.varies:
        for _ in range(int(taste.number(0, 1, 5))):
            plan.scatter(taste.one_of(things.tree, things.bush)(taste), beyond_m=7.0)
    sun = taste.light(SUN_LIGHT)
    return Place(paint_grass(taste), paint_horizon(taste), sun, None, taste.number(0.6, 0.5, 0.66), tuple(plan.pieces))


def make_park(taste: Taste) -> Place:
    """A lawn with a path through it, trees, benches and lamps."""
    taste = taste.settled()
    plan = Plan(taste, (16.0, 16.0, 12.0))
    for make, beyond in ((things.park_bench, 3.0), (things.park_bench, 4.0), (things.lamp_post, 4.0),
                         (things.bin_or_bollard, 3.0)):  # fmt: skip
        if taste.chance(0.8):
            plan.scatter(make(taste), beyond_m=beyond, within_m=8.0)
    for _ in range(int(taste.number(5, 4, 7))):
        plan.scatter(things.tree(taste), beyond_m=6.0)
    for _ in range(int(taste.number(2, 0, 4))):
        plan.scatter(things.bush(taste), beyond_m=4.5)
    floor = _with_path(taste, paint_grass(taste))
    return Place(
        floor, paint_horizon(taste), taste.light(SUN_LIGHT), None, taste.number(0.58, 0.48, 0.64), tuple(plan.pieces)
    )


def _with_path(taste: Taste, grass: Painting) -> Painting:
    """A winding path of gravel or asphalt that passes the origin."""
    light, dark = taste.one_of(("b3a68f", "9a8d76"), ("8a8a86", "747471"), ("a89a86", "8c7f6c"))
    gravel = pattern.concrete(taste.tone(light), taste.tone(dark))
    turn, off, half = taste.number(0.4, -1.5, 1.5), taste.number(0.0, -3, 3), taste.number(1.3, 0.9, 2.2)
    across, along = (np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))

    def paint(noise: Noise, points: Points) -> Colours:
        x, z = points[0], points[2]
        far = np.float32(along[0]) * x + np.float32(along[1]) * z
        beside = np.float32(across[0]) * x + np.float32(across[1]) * z - off - 0.7 * np.sin(far * 0.25)
        rim = half - np.abs(beside) + 0.12 * noise.at(x * 5, z * 5)
        return mix(grass(noise, points), gravel(noise, x, z), edge(rim, 0.08))

    return paint


def make_street(taste: Taste) -> Place:
    """A pavement before a row of houses, at times with the road between; the street goes on at both ends."""
    taste = taste.settled()
    room = (taste.number(22.0, 16.0, 28.0), taste.number(6.5, 5.0, 9.0), 12.0)
    plan = Plan(taste, room)
    road = taste.one_of("none", "behind", "before") if room[1] > 5.6 else "none"
    if road == "behind":
        for middle in (taste.number(-5.0, -7.5, -4.5), taste.number(3.0, 0.5, 2.0), taste.number(9, 7, 9)):
            if taste.chance(0.7):
                plan.stand_at(things.parked_car(taste), x_m=middle, z_m=-4.6)
    for make, share in ((things.lamp_post, 0.8), (things.bin_or_bollard, 0.8), (things.bin_or_bollard, 0.5),
                        (things.park_bench, 0.6), (things.tree, 0.7), (things.tree, 0.4), (things.bush, 0.3),
                        ):  # fmt: skip
        if taste.chance(share):
            plan.scatter(make(taste), beyond_m=3.0, within_m=9.0)
    ends = _street_end(taste)
    around = paint_walls(
        room, [_facade(taste), ends, _facade(taste), ends], ceiling=pattern.plaster(taste.tone("b9d0e6", "ccd4da")),
        skirting=(taste.tone("7d786f", "6a6763"), 0.4), strength=(taste.number(1.0, 0.8, 1.1), 1.0, 1.0, 1.0),
    )  # fmt: skip
    floor = _pavement(taste, road=road)
    return Place(floor, around, taste.light(SUN_LIGHT), room, taste.number(0.55, 0.45, 0.62), tuple(plan.pieces))


def _pavement(taste: Taste, *, road: str) -> Painting:
    light, dark = taste.one_of(("a8a49b", "928e86"), ("9a938a", "847d74"), ("8f9294", "7b7e80"), ("b0a492", "998d7b"))
    slabs = pattern.concrete(taste.tone(light), taste.tone(dark), joint_m=taste.one_of(0.4, 0.6, 0.3))
    asphalt = pattern.concrete(taste.tone("5f6163", "6b6a68"), taste.tone("4f5153", "585756"))
    kerb = {"none": 99.0, "behind": 2.9, "before": -2.6}[road]

    def paint(noise: Noise, points: Points) -> Colours:
        x, z = points[0], points[2]
        to_road = -z - kerb if road == "behind" else z + kerb
        colour = mix(slabs(noise, x, z), asphalt(noise, x, z), edge(to_road, 0.01))
        return mix(colour, "b9b5ac", edge(0.09 - np.abs(to_road + 0.09), 0.01) * 0.9)

    return paint


def _facade(taste: Taste) -> Pattern:
    """House fronts: storeys of windows over shop windows and doors, another tone for each house."""
    wall = pattern.plaster(taste.tone(*_FACADES), depth=0.04)
    if taste.chance(0.4):
        light, dark = taste.one_of(("a8705a", "8a5846"), ("b59a80", "98806a"), ("9c8478", "806a60"))
        wall = pattern.bricks(taste.tone(light), taste.tone(dark), joint=taste.tone("b8b0a4", "a39b90"))
    pitch, half, house_m = taste.number(1.9, 1.5, 2.4), taste.number(0.5, 0.42, 0.6), taste.number(8.5, 6.0, 12.0)
    frame, shop = taste.tone("dcd8ce", "5f5a54", "c9c4b8"), taste.tone("5a4a40", "3f4a4d", "7d786f", "4f5a4c")
    second, door = taste.tone(*_FACADES), taste.tone("4a3a30", "3a4448", "5a5650", "4f5a4c")

    def paint(noise: Noise, x: ndarray, y: ndarray) -> Colours:
        house, storey = np.floor(x / house_m), np.floor(y / _STOREY_M)
        colour = mix(wall(noise, x, y), second, 0.85 * (house % 2))
        column = np.floor(x / pitch)
        u, v = x - (column + np.float32(0.5)) * np.float32(pitch), y - storey * np.float32(_STOREY_M)
        ground = storey == 0
        is_door = ground & (noise.cell(column, column + 8) > 0.72)
        at_ground, at_door = ground.astype(np.float32), is_door.astype(np.float32)
        colour = mix(colour, shop, at_ground * (noise.cell(house, house + 21) > 0.45))
        low, top = 0.95 - 0.35 * at_ground - 0.6 * at_door, 2.35 + 0.2 * at_ground
        wide = half + (pitch * 0.4 - half) * (at_ground - at_door)
        inside = np.minimum(wide - np.abs(u), np.minimum(v - low, top - v))
        colour = mix(colour, frame, edge(inside + 0.1, 0.02))
        curtain = noise.cell(column + 50, storey + 9)
        pane = mix("262b30", "8d9aa6", 0.35 * (v / _STOREY_M) + 0.5 * (curtain > 0.6) * (np.abs(u) > 0.2))
        pane = mix(pane, door, at_door)
        bar = edge(np.abs(u) - 0.025, 0.01) if pitch < 2.2 else 1.0
        colour = mix(colour, pane, edge(inside - 0.04, 0.02) * bar)
        return mix(colour, frame, edge(0.06 - np.abs(y - _STOREY_M), 0.02))

    return paint


def _street_end(taste: Taste) -> Pattern:
    """Where the street leads to: houses and trees in the haze under the sky."""
    sky, far = taste.tone("c9dbec", "dde2e6", "b9cfe4"), taste.tone("9aa0a3", "a8a096", "8f989c")
    leaf = taste.tone("5f7352", "6f7a58")

    def paint(noise: Noise, x: ndarray, y: ndarray) -> Colours:
        roof = 3.5 + 4.5 * noise.cell(np.floor(x / 3.1), x * 0 + 5)
        house = mix(
            far,
            "7d8488",
            0.5 * (((x / 0.9) % 1 < 0.4) & ((y / 1.4) % 1 > 0.45)) + 0.3 * noise.cell(np.floor(x / 3.1), x * 0),
        )
        colour = mix(mix("ffffff", sky, 0.4 + y / 9) * np.float32(1.2), house, edge(roof - y, 0.05))
        crown = 1.0 + 2.6 * noise.at(x * 0.45, x * 0 + 2, octaves=3)
        return mix(colour, mix(leaf, "3f4f38", noise.at(x * 4, y * 4, octaves=2)), edge(crown - y, 0.1))

    return paint
