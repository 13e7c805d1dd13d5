"""Places in the open: a lawn, a park with trees and benches, a street before houses; and the sky and trees far away."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from posecube_studio.backdrop import outdoor_things as things
from posecube_studio.backdrop import pattern
from posecube_studio.backdrop.floor_plan import FloorPlan
from posecube_studio.backdrop.pattern import Pattern, Tone, edge, line, mix
from posecube_studio.backdrop.place import Colours, Painting, Place, Points, SurfaceNoise
from posecube_studio.backdrop.scene_randomiser import SceneRandomiser
from posecube_studio.backdrop.walls import paint_walls
from posecube_studio.light import Light

SUN_LIGHT = Light((0.62, 0.85, 0.55), (1.25, 1.16, 1.0), (0.48, 0.56, 0.70), (0.20, 0.22, 0.16))

_STOREY_M = 3.0
_ROUND = 64  # units of angle around the horizon: a power of two, so that noise closes without a seam
_FACADES = ("c9b79a", "d6cdbb", "b3a493", "a9b0ae", "c2a58c", "bfb9ae", "9c8f86", "d2c7a9")


def paint_grass(random: SceneRandomiser) -> Painting:
    """A lawn, freshly mown or not."""
    low, high = random.one_of(("3f7a2c", "5c9a3f"), ("4a6f2f", "6d8c46"), ("56692f", "7f8a4c"), ("3f6a34", "5a8448"))
    tones = (random.tone(low), random.tone(high), random.tone("7fae52", "94a060", "8f9a5c"))
    mown = random.number(0.25, 0.0, 0.25)

    def paint(noise: SurfaceNoise, points: Points) -> Colours:
        return pattern.grass(noise, points, low=tones[0], high=tones[1], worn=tones[2], mown=mown)

    return paint


def make_lawn(random: SceneRandomiser) -> Place:
    """Mown grass up to the trees."""
    plan = FloorPlan(random, (20.0, 20.0, 12.0), max_solids=30)
    if random.varies:
        for _ in range(int(random.number(0, 1, 5))):
            plan.scatter(random.one_of(things.tree, things.bush)(random), beyond_m=7.0)
    sun = random.light(SUN_LIGHT)
    return Place(
        paint_grass(random), paint_horizon(random), sun, None, random.number(0.6, 0.5, 0.66), tuple(plan.pieces)
    )


def make_park(random: SceneRandomiser) -> Place:
    """A lawn with a path through it, trees, benches and lamps."""
    random = random.fixed()
    plan = FloorPlan(random, (16.0, 16.0, 12.0))
    for make, beyond in ((things.park_bench, 3.0), (things.park_bench, 4.0), (things.lamp_post, 4.0),
                         (things.bin_or_bollard, 3.0)):  # fmt: skip
        if random.chance(0.8):
            plan.scatter(make(random), beyond_m=beyond, within_m=8.0)
    for _ in range(int(random.number(5, 4, 7))):
        plan.scatter(things.tree(random), beyond_m=6.0)
    for _ in range(int(random.number(2, 0, 4))):
        plan.scatter(things.bush(random), beyond_m=4.5)
    floor = _with_path(random, paint_grass(random))
    return Place(
        floor, paint_horizon(random), random.light(SUN_LIGHT), None, random.number(0.58, 0.48, 0.64), tuple(plan.pieces)
    )


def _with_path(random: SceneRandomiser, grass: Painting) -> Painting:
    """A winding path of gravel or asphalt that passes the origin."""
    light, dark = random.one_of(("b3a68f", "9a8d76"), ("8a8a86", "747471"), ("a89a86", "8c7f6c"))
    gravel = pattern.concrete(random.tone(light), random.tone(dark))
    turn, off, half = random.number(0.4, -1.5, 1.5), random.number(0.0, -3, 3), random.number(1.3, 0.9, 2.2)
    across, along = (np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))

    def paint(noise: SurfaceNoise, points: Points) -> Colours:
        x, z = points[0], points[2]
        far = np.float32(along[0]) * x + np.float32(along[1]) * z
        beside = np.float32(across[0]) * x + np.float32(across[1]) * z - off - 0.7 * np.sin(far * 0.25)
        rim = half - np.abs(beside) + 0.12 * noise.at(x * 5, z * 5)
        return mix(grass(noise, points), gravel(noise, x, z), edge(rim, 0.08))

    return paint


def make_street(random: SceneRandomiser) -> Place:
    """A pavement before a row of houses, at times with the road between; the street goes on at both ends."""
    random = random.fixed()
    room = (random.number(22.0, 16.0, 28.0), random.number(6.5, 5.0, 9.0), 12.0)
    plan = FloorPlan(random, room)
    road = random.one_of("none", "behind", "before") if room[1] > 5.6 else "none"
    if road == "behind":
        for middle in (random.number(-5.0, -7.5, -4.5), random.number(3.0, 0.5, 2.0), random.number(9, 7, 9)):
            if random.chance(0.7):
                plan.stand_at(things.parked_car(random), x_m=middle, z_m=-4.6)
    for make, share in ((things.lamp_post, 0.8), (things.bin_or_bollard, 0.8), (things.bin_or_bollard, 0.5),
                        (things.park_bench, 0.6), (things.tree, 0.7), (things.tree, 0.4), (things.bush, 0.3),
                        ):  # fmt: skip
        if random.chance(share):
            plan.scatter(make(random), beyond_m=3.0, within_m=9.0)
    ends = _street_end(random)
    around = paint_walls(
        room, [_facade(random), ends, _facade(random), ends], ceiling=pattern.plaster(random.tone("b9d0e6", "ccd4da")),
        skirting=(random.tone("7d786f", "6a6763"), 0.4), strength=(random.number(1.0, 0.8, 1.1), 1.0, 1.0, 1.0),
    )  # fmt: skip
    floor = _pavement(random, road=road)
    return Place(floor, around, random.light(SUN_LIGHT), room, random.number(0.55, 0.45, 0.62), tuple(plan.pieces))


def _pavement(random: SceneRandomiser, *, road: str) -> Painting:
    light, dark = random.one_of(("a8a49b", "928e86"), ("9a938a", "847d74"), ("8f9294", "7b7e80"), ("b0a492", "998d7b"))
    slabs = pattern.concrete(random.tone(light), random.tone(dark), joint_m=random.one_of(0.4, 0.6, 0.3))
    asphalt = pattern.concrete(random.tone("5f6163", "6b6a68"), random.tone("4f5153", "585756"))
    kerb = {"none": 99.0, "behind": 2.9, "before": -2.6}[road]

    def paint(noise: SurfaceNoise, points: Points) -> Colours:
        x, z = points[0], points[2]
        to_road = -z - kerb if road == "behind" else z + kerb
        colour = mix(slabs(noise, x, z), asphalt(noise, x, z), edge(to_road, 0.01))
        return mix(colour, "b9b5ac", edge(0.09 - np.abs(to_road + 0.09), 0.01) * 0.9)

    return paint


def _facade(random: SceneRandomiser) -> Pattern:
    """House fronts: storeys of windows over shop windows and doors, another tone for each house."""
    wall = pattern.plaster(random.tone(*_FACADES), depth=0.04)
    if random.chance(0.4):
        light, dark = random.one_of(("a8705a", "8a5846"), ("b59a80", "98806a"), ("9c8478", "806a60"))
        wall = pattern.bricks(random.tone(light), random.tone(dark), joint=random.tone("b8b0a4", "a39b90"))
    pitch, half, house_m = random.number(1.9, 1.5, 2.4), random.number(0.5, 0.42, 0.6), random.number(8.5, 6.0, 12.0)
    frame, shop = random.tone("dcd8ce", "5f5a54", "c9c4b8"), random.tone("5a4a40", "3f4a4d", "7d786f", "4f5a4c")
    second, door = random.tone(*_FACADES), random.tone("4a3a30", "3a4448", "5a5650", "4f5a4c")

    def paint(noise: SurfaceNoise, x: ndarray, y: ndarray) -> Colours:
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


def _street_end(random: SceneRandomiser) -> Pattern:
    """Where the street leads to: houses and trees in the haze under the sky."""
    sky, far = random.tone("c9dbec", "dde2e6", "b9cfe4"), random.tone("9aa0a3", "a8a096", "8f989c")
    leaf = random.tone("5f7352", "6f7a58")

    def paint(noise: SurfaceNoise, x: ndarray, y: ndarray) -> Colours:
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


def paint_horizon(random: SceneRandomiser, *, wall: Tone | None = None) -> Painting:
    """What is far away.

    Args:
        wall: Tone of a fence before the trees.
    """
    zenith, haze = (
        random.tone("6fa5dc", "8fb2d4", "a9b4bd", "7d9cc4"),
        random.tone("cfe3f4", "dde3e8", "e6e2d8", spread=0.05),
    )
    cloudy, clouds = random.number(0.52, 0.38, 0.6), random.tone("ffffff", spread=0.05)
    dark_leaf, leaf = random.tone("2c4a27", "33452b", "3a4a34"), random.tone("5c8446", "6d8450", "7d8a55", "5a7652")
    low, rise = random.number(0.10, 0.06, 0.13), random.number(0.09, 0.05, 0.13)

    def paint(noise: SurfaceNoise, points: Points) -> Colours:
        reach = np.hypot(points[0], points[2])
        height = points[1] / reach
        angle = np.arctan2(points[0], points[2]) * np.float32(_ROUND / (2 * np.pi))
        veil = noise.at(angle * 0.5, height * 14, octaves=4, around=_ROUND // 2)
        sky = mix(mix(haze, zenith, height * 2.2), clouds, (veil - cloudy) * 2.2 * np.clip(height * 5, 0, 1))
        top = low + rise * noise.at(angle, angle * 0 + 3, octaves=4, around=_ROUND)
        foliage = noise.at(angle * 8, height * 110, octaves=3)
        trees = mix(dark_leaf, leaf, foliage * 1.3 - 0.2 + (height - 0.05) * 2)
        colour = mix(sky * np.float32(1.15), trees, np.clip((top - height) / 0.006, 0, 1))
        return colour if wall is None else _fenced(colour, wall, noise, angle, height)

    return paint


def _fenced(colour: Colours, wall: Tone, noise: SurfaceNoise, angle: ndarray, height: ndarray) -> Colours:
    posts = line((angle % 2.0) - 1, 0.03, 0.01)
    mesh = mix(wall, "22372f", 0.25 * noise.at(angle * 32, height * 200) + 0.5 * posts)
    return mix(colour, mesh, np.clip((0.085 - height) / 0.002, 0, 1))
