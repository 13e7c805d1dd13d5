"""Places for sports, each of which gives its actions the lines they need: a gym, a court, a field, a bowling alley."""

from __future__ import annotations

import numpy as np

from posecube_studio.backdrop.interior import INDOOR_LIGHT
from posecube_studio.backdrop.outdoors import SUN_LIGHT, paint_grass, paint_horizon
from posecube_studio.backdrop.pattern import line, mix, on_floor, planks
from posecube_studio.backdrop.place import Colours, Painting, Place, Points, SurfaceNoise
from posecube_studio.backdrop.scene_randomiser import SceneRandomiser
from posecube_studio.light import Light
from posecube_studio.solid import Material, Solid, ball, box, disc, rod
from posecube_studio.subject import linear

_HALL_LIGHT = Light((0.35, 1.0, 0.5), (0.80, 0.76, 0.72), (0.46, 0.44, 0.52), (0.28, 0.24, 0.22))
_IRON = Material(linear("2a2c30"), gloss=0.25)
_STEEL = Material(linear("9aa1a8"), gloss=0.5)


def make_gym(random: SceneRandomiser) -> Place:
    """Rubber tiles around a wooden platform, equipment along the walls."""
    room = (random.number(6.4, 5.4, 7.2), random.number(6.4, 5.4, 7.2), random.number(3.6, 3.4, 4.2))
    floor, wall = _gym_floor(random), _gym_wall(random)
    return Place(floor, wall, random.light(INDOOR_LIGHT), room, random.number(0.55, 0.45, 0.6), _gym_equipment(random))


def _gym_floor(random: SceneRandomiser) -> Painting:
    low, high, fleck = (random.tone(usual, other) for usual, other in (
        ("3a3d42", "46433f"), ("4a4e55", "5a5650"), ("8f979f", "7d8a94")))  # fmt: skip
    light, dark = random.one_of(("c99f6a", "a97c47"), ("b58a5c", "94693c"), ("d2b48a", "b8966a"))
    boards = on_floor(planks(random.tone(light), random.tone(dark), width_m=0.14, length_m=1.3))
    reach, border_tone = random.number(1.55, 1.4, 1.7), random.tone("2c2f34", "54422f")

    def paint(noise: SurfaceNoise, points: Points) -> Colours:
        x, z = points[0], points[2]
        rubber = mix(low, high, noise.at(x * 2, z * 2, octaves=3))
        rubber = mix(rubber, fleck, (noise.at(x * 70, z * 70) > 0.93) * 0.7)
        seam = np.maximum(line(x - np.round(x), 0.004), line(z - np.round(z), 0.004))
        rubber = rubber * (1 - 0.35 * seam).astype(np.float32)
        out = np.maximum(np.abs(x), np.abs(z) * 0.9)
        platform = np.clip((reach - out) / 0.004, 0, 1)
        border = platform * np.clip((out - reach + 0.07) / 0.004, 0, 1)
        return mix(mix(rubber, boards(noise, points), platform), border_tone, border)

    return paint


def _gym_wall(random: SceneRandomiser) -> Painting:
    light, other = random.tone("cfd3d6", "d2cdc2", "c6cfc8"), random.tone("c2c7cb", "c4beb2", "b8c2bb")
    lower = random.tone("3c434c", "5a4f47", "4f5f66", "6f7377", "46554c")
    rail = random.tone("d9582b", "8f9498", "3f6a94", "b8923f", "e0ddd4")
    low, high_m, pitch = random.number(1.05, 0.8, 1.5), random.number(2.0, 1.9, 2.3), random.number(2.6, 2.1, 3.2)
    tall = random.number(1.0, 0.6, 1.1)

    def paint(noise: SurfaceNoise, points: Points) -> Colours:
        x, y, z = points.astype(np.float32, copy=False)
        along = x + z
        base = mix(light, other, noise.at(along * 0.7, y * 0.7, octaves=3))
        base = mix(base, lower, np.clip((low - y) / 0.01, 0, 1))
        base = mix(base, rail, line(y - low - 0.07, 0.05))
        place = along - np.floor(along / pitch) * pitch
        pane = (place > 0.35) & (y > high_m) & (y < high_m + tall)
        frame = line(place - (pitch + 0.35) / 2, 0.03) + line(y - high_m - tall / 2, 0.025)
        sky = mix("dfeaf5", "a8c8ea", (y - high_m) + 0.3 * noise.at(along * 0.8, y * 0.8, octaves=2)) * np.float32(1.25)
        base = np.where(pane & (frame < 0.5), sky, base)
        return mix(base, "5a6068", line(y - 0.06, 0.06))

    return paint


def _gym_equipment(random: SceneRandomiser) -> tuple[tuple[Solid, ...], ...]:
    """A ring of balls, boxes with kettlebells, racks and benches, so that every camera sees some."""
    pieces: list[tuple[Solid, ...]] = []
    makers = (_gym_ball, _box_and_kettlebell, _rack, _bench)
    for angle in range(0, 360, 45):
        turn, reach = np.radians(angle + random.number(20, 8, 36)), random.number(4.4, 4.0, 4.8)
        x, z = float(reach * np.sin(turn)), float(reach * np.cos(turn))
        kind = int(random.one_of((angle // 45) % 4, 0, 1, 3)) if angle % 90 else (angle // 45) % 4
        pieces.append(tuple(makers[kind](random, x, z, angle)))
    return tuple(pieces)


def _gym_ball(random: SceneRandomiser, x: float, z: float, angle: int) -> list[Solid]:
    colour = Material(
        random.tone(("2d86c9", "c9402d")[angle // 180], "5f7486", "8a5a50", "6f7a5a", "7d7f82"), gloss=0.25
    )
    radius = random.number(0.33, 0.26, 0.36)
    return [ball("world", (x, radius, z), radius, colour)]


def _box_and_kettlebell(random: SceneRandomiser, x: float, z: float, angle: int) -> list[Solid]:
    tone = random.tone("b98d55", "8f8a80", "4a4d52")
    wood = Material(tone, paint="wood", second=linear("a27743") if not random.varies else tone)
    return [
        box("world", (x, 0.3, z), (0.38, 0.3, 0.3), wood),
        ball("world", (x + 0.9, 0.13, z), 0.13, _IRON),
        disc("world", (x + 0.9, 0.27, z), (0.0, 0.0, 1.0), 0.075, 0.018, _IRON),
    ]


def _rack(random: SceneRandomiser, x: float, z: float, angle: int) -> list[Solid]:
    """Two shelves of dumbbells."""
    solids: list[Solid] = [box("world", (x + leg, 0.4, z), (0.03, 0.4, 0.18), _IRON) for leg in (-0.75, 0.75)]
    for level in range(2):
        high = 0.35 + 0.42 * level
        solids.append(box("world", (x, high, z), (0.8, 0.025, 0.2), _IRON))
        for step in range(3 if random.varies else 4):
            center, up = x - 0.6 + (0.6 if random.varies else 0.4) * step, high + 0.1
            solids.append(rod("world", (center, up, z - 0.13), (center, up, z + 0.13), (0.02, 0.02), _STEEL))
            for end in (-0.13, 0.13):
                solids.append(disc("world", (center, up, z + end), (0.0, 0.0, 1.0), 0.07, 0.04, _IRON))
    return solids


def _bench(random: SceneRandomiser, x: float, z: float, angle: int) -> list[Solid]:
    cover = Material(random.tone("23262b", "5f2f2c", "2f3f52"))
    return [
        box("world", (x, 0.42, z), (0.55, 0.05, 0.16), cover),
        box("world", (x, 0.2, z), (0.42, 0.19, 0.03), _STEEL),
    ]


def make_court(random: SceneRandomiser) -> Place:
    """A tennis court; the origin is behind its base line."""
    low, high = random.one_of(("2f62a8", "3a6fb6"), ("3f7a58", "4a8663"), ("9a5a40", "a8664a"), ("5f5a80", "6a658c"))
    around = random.one_of(("3d7f5c", "488b67"), ("8f5a44", "9a654e"), ("4f6f78", "5a7a83"))
    inner, outer = (random.tone(low), random.tone(high)), (random.tone(around[0]), random.tone(around[1]))

    def floor(noise: SurfaceNoise, points: Points) -> Colours:
        x, z = points[0], points[2]
        grit = noise.at(x * 50, z * 50, octaves=2)
        inside = (np.abs(x + 1.2) < 5.5) & (z > 0.55)
        colour = np.where(inside, mix(*inner, grit), mix(*outer, grit))
        white = line(z - 0.55, 0.05) * (np.abs(x + 1.2) < 5.55)
        for at in (-6.7, 4.3, -5.33, 2.93):
            white = np.maximum(white, line(x - at, 0.03) * (z > 0.5))
        white = np.maximum(white, line(z - 6.0, 0.03) * ((x > -5.33) & (x < 2.93)))
        return mix(colour, "eef1f2", white * (0.85 + 0.15 * grit))

    far = paint_horizon(random, wall=random.tone("2f5a46", "3a4a44", "2f3f52", "5a4f44"))
    return Place(floor, far, random.light(SUN_LIGHT), None, 0.62, _net_and_bench(random))


def _net_and_bench(random: SceneRandomiser) -> tuple[tuple[Solid, ...], ...]:
    tape, net = Material(linear("f2f2f0")), Material(linear("2f3b40"))
    along = random.number(-1.5, -2.5, 0.5)
    seat = Material(random.tone("e8e4da", "8a6a48", "6f777d"))
    bench = (
        box("world", (5.6, 0.45, along), (0.25, 0.04, 0.8), seat),
        box("world", (5.6, 0.2, along), (0.2, 0.2, 0.7), _STEEL),
    )
    return (
        (box("world", (-1.2, 0.46, 11.9), (6.4, 0.46, 0.01), net),),
        (box("world", (-1.2, 0.93, 11.9), (6.4, 0.04, 0.02), tape),),
        (rod("world", (-7.6, 0, 11.9), (-7.6, 1.05, 11.9), (0.05, 0.05), _STEEL),),
        (rod("world", (5.2, 0, 11.9), (5.2, 1.05, 11.9), (0.05, 0.05), _STEEL),),
        bench,
    )


def make_field(random: SceneRandomiser) -> Place:
    """A baseball field: a mound or home plate of dirt in the grass."""
    low, high, reach = random.tone("a9744a", "97694a"), random.tone("bd8a5f", "ab7f5c"), random.number(2.6, 2.3, 3.2)
    grass = paint_grass(random)

    def floor(noise: SurfaceNoise, points: Points) -> Colours:
        x, z = points[0], points[2]
        dirt = mix(low, high, noise.at(x * 12, z * 12, octaves=3))
        rim = np.hypot(x, z) - reach - 0.3 * noise.at(x * 3, z * 3, octaves=2)
        colour = mix(dirt, grass(noise, points), np.clip(rim / 0.06, 0, 1))
        plate = np.maximum(np.abs(x) / 0.3, np.abs(z) / 0.08)
        return mix(colour, "f0eee8", np.clip((1 - plate) / 0.05, 0, 1))

    far = paint_horizon(random, wall=random.tone("2d4f7a", "2f5a46", "4a4d52", "6a5444"))
    return Place(floor, far, random.light(SUN_LIGHT), None, random.number(0.6, 0.5, 0.66))


def make_bowling(random: SceneRandomiser) -> Place:
    """Lanes that lead away from the origin, towards +z."""
    floor, wall = _lane(random), _bowling_wall(random)
    return Place(floor, wall, random.light(_HALL_LIGHT), (7.2, 9.0, 3.4), random.number(0.45, 0.4, 0.5))


def _lane(random: SceneRandomiser) -> Painting:
    light, dark = random.one_of(("d9a766", "bd8544"), ("cfae7c", "b08e5c"), ("c2935c", "a3743f"))
    lanes = on_floor(planks(random.tone(light), random.tone(dark), width_m=0.045, length_m=2.2))
    apron = on_floor(planks(random.tone("c08e56"), random.tone("a8743e"), width_m=0.09, length_m=1.6))
    glow = random.number(0.25, 0.15, 0.3)

    def paint(noise: SurfaceNoise, points: Points) -> Colours:
        x, z = points[0], points[2]
        lane = (x + 0.72) % 1.44 - 0.72
        colour = mix(apron(noise, points), lanes(noise, points), np.clip((z - 2.3) / 0.01, 0, 1))
        gutter = np.clip((np.abs(lane) - 0.54) / 0.006, 0, 1) * (z > 2.3)
        colour = mix(colour, "26282c", gutter)
        tip = np.abs((lane / 0.18) - np.round(lane / 0.18)) * 0.18 + (z - 4.6 + np.abs(lane)) * 0.15
        colour = mix(colour, "3b2a1c", line(tip, 0.03, 0.01) * (z > 4.3) * (z < 5.4) * (np.abs(lane) < 0.5))
        shine = np.clip(1 - np.abs(z - 7.5) / 5, 0, 1) * glow
        return mix(mix(colour, "1d1a18", line(z - 2.3, 0.02)), "fff2d8", shine)

    return paint


def _bowling_wall(random: SceneRandomiser) -> Painting:
    low, high = random.one_of(("2b2140", "3a2c58"), ("24303a", "33444f"), ("3a2a28", "4d3a36"), ("2c2f2c", "3d423c"))
    low_tone, high_tone = random.tone(low), random.tone(high)
    bright = [random.tone(usual, *others) for usual, *others in (
        ("1f7fd0", "3f6a94", "5a7a6a"), ("e2457f", "a8504a", "7a5a86"), ("f6c945", "d8b25a", "d9d2c0"))]  # fmt: skip

    def paint(noise: SurfaceNoise, points: Points) -> Colours:
        x, y, z = points.astype(np.float32, copy=False)
        base = mix(low_tone, high_tone, noise.at((x + z) * 0.5, y * 0.8, octaves=3))
        back = z > 8.9
        dark = back & (y < 0.75)
        band = back & (y > 0.75) & (y < 2.0)
        wave = 0.5 + 0.5 * np.sin(x * 1.7 + 2.2 * np.sin(y * 2.4))
        picture = mix(mix(bright[0], bright[1], wave), bright[2], noise.at(x * 2, y * 2, octaves=3) * 2 - 1.1)
        base = np.where(band, picture, base)
        base = np.where(dark, mix("121216", "1c1c22", noise.at(x, y)), base)
        lane = (x + 0.72) % 1.44 - 0.72
        off = np.abs((lane / 0.16) - np.round(lane / 0.16)) * 0.16
        pin = dark & (off < 0.05 - 0.02 * np.clip((y - 0.2) / 0.1, 0, 1)) & (y < 0.40) & (np.abs(lane) < 0.42)
        base = np.where(pin, mix("efece6", "cf2f2f", line(y - 0.28, 0.018)), base)
        return base.astype(np.float32)

    return paint
