"""Furniture between camera and people, which hides some of them: chairs, tables, plants, pillars, boxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from posecube_studio.lens import Lens
from posecube_studio.rotation import about, frame_from
from posecube_studio.solid import BOX, CYLINDER, Material, Solid, ball, box, disc
from posecube_studio.subject import linear

HIDDEN_SHARE = (0.10, 0.40)
"""Of the performers' joints over the clip, as the first camera sees them."""

_MOST_ELSEWHERE = 0.6  # for the other cameras
_TRIES = 80
_RAYS_FRAMES = 12
_CLEARANCE_M = 0.5  # between the furniture's middle and any joint, over the floor
Furniture = tuple[Solid, ...]


def place_occluders(
    count: int,
    *,
    joints_m: Float[ndarray, "M T V 3"],
    lenses: Sequence[Lens],
    rng: np.random.Generator,
) -> Furniture:
    """Choose furniture and put it between the first camera and the people, so that it hides part of them.

    Of many random places the first is taken that brings the share of hidden joints into its range; where there is none,
    the one that comes nearest.

    Args:
        lenses: The cameras that matter, the first most.
    """
    step = max(1, joints_m.shape[1] // _RAYS_FRAMES)
    points = joints_m[:, ::step].reshape(-1, 3)
    shown: Furniture = ()
    hidden = [np.zeros(len(points), dtype=bool) for _ in lenses]
    for index in range(count):
        goal = HIDDEN_SHARE[0] + (index + 1) / count * 0.6 * (HIDDEN_SHARE[1] - HIDDEN_SHARE[0])
        best: tuple[float, Furniture, list[ndarray]] = (np.inf, (), hidden)
        for _ in range(_TRIES):
            piece = _somewhere(joints_m, lenses[0], rng)
            if not piece:
                continue
            now = [before | is_hidden(lens.place_m, points, piece)
                   for before, lens in zip(hidden, lenses, strict=True)]  # fmt: skip
            miss = _miss(now, goal)
            if miss < best[0]:
                best = (miss, piece, now)
            if miss < 0.06:
                break
        shown, hidden = shown + best[1], best[2]
    return shown


def _miss(hidden: Sequence[Bool[ndarray, " N"]], goal: float) -> float:
    """How far the hidden share is from what is wanted; more than 1 where it must not be."""
    first, others = float(hidden[0].mean()), [float(each.mean()) for each in hidden[1:]]
    allowed = HIDDEN_SHARE[0] <= first <= HIDDEN_SHARE[1] and max(others, default=0.0) <= _MOST_ELSEWHERE
    return abs(first - goal) + (0.0 if allowed else 1.0)


def _somewhere(joints_m: Float[ndarray, "M T V 3"], lens: Lens, rng: np.random.Generator) -> Furniture:
    """Furniture at a random place on the way from the camera to the people; nothing where they would collide."""
    make = _FURNITURE[int(rng.integers(len(_FURNITURE)))]
    flat = joints_m.reshape(-1, 3)
    target = flat[int(rng.integers(len(flat)))]
    way = (target - lens.place_m) * np.array([1, 0, 1])
    beside = np.array([way[2], 0.0, -way[0]]) / np.linalg.norm(way)
    spot = lens.place_m + way * rng.uniform(0.45, 0.85) + beside * rng.normal(0, 0.15)
    turn_deg = float(np.degrees(np.arctan2(-way[0], -way[2])) + rng.uniform(-40, 40))
    over_floor = np.linalg.norm((flat - spot)[:, [0, 2]], axis=-1).min()
    near_eye = np.linalg.norm((lens.place_m - spot)[[0, 2]])
    if over_floor < _CLEARANCE_M or near_eye < 0.9:
        return ()
    return tuple(_put(solid, turn_deg, (float(spot[0]), float(spot[2]))) for solid in make(rng))


def _put(solid: Solid, turn_deg: float, spot_xz: tuple[float, float]) -> Solid:
    turn = about("y", np.radians(turn_deg))
    x, y, z = turn @ np.array(solid.origin)
    return replace(solid, origin=(float(x) + spot_xz[0], float(y), float(z) + spot_xz[1]), axes=turn @ solid.axes)


def is_hidden(
    eye_m: Float[ndarray, " 3"], points_m: Float[ndarray, "N 3"], solids: Sequence[Solid]
) -> Bool[ndarray, " N"]:
    """Does a solid cut the straight way from the eye to a point?

    Args:
        solids: Boxes, cylinders and balls on the frame "world".
    """
    hidden = np.zeros(len(points_m), dtype=bool)
    for solid in solids:
        assert solid.length == 0, "rounded cones are not cut, only balls"
        scale = np.array(solid.scale) * (solid.radius if solid.kind not in (BOX, CYLINDER) else 1.0)
        eye = (eye_m - np.array(solid.origin)) @ solid.axes / scale
        way = (points_m - eye_m) @ solid.axes / scale
        hidden |= _cuts(eye, way, solid.kind)
    return hidden


def _cuts(eye: Float[ndarray, " 3"], way: Float[ndarray, "N 3"], kind: int) -> Bool[ndarray, " N"]:
    """Does eye + s * way, s from 0 to 1, hit the unit box, the unit cylinder along y or the unit ball?"""
    enter, leave = np.zeros(len(way)), np.ones(len(way))
    slabs, round_axes = {BOX: ((0, 1, 2), ()), CYLINDER: ((1,), (0, 2))}.get(kind, ((), (0, 1, 2)))
    for axis in slabs:
        steep = np.where(np.abs(way[:, axis]) < 1e-9, 1e-9, way[:, axis])
        first, second = (-1 - eye[axis]) / steep, (1 - eye[axis]) / steep
        enter, leave = np.maximum(enter, np.minimum(first, second)), np.minimum(leave, np.maximum(first, second))
    if round_axes:
        start, slope = eye[list(round_axes)], way[:, list(round_axes)]
        a, b, c = (slope**2).sum(axis=1) + 1e-12, slope @ start, start @ start - 1
        root = b * b - a * c
        half = np.sqrt(np.maximum(root, 0))
        enter, leave = np.maximum(enter, (-b - half) / a), np.minimum(leave, (-b + half) / a)
        leave = np.where(root > 0, leave, -1.0)
    return leave > enter


def _wood(rng: np.random.Generator) -> Material:
    light, dark = (("b98a5c", "8f643c"), ("7a5336", "5c3d27"), ("d9b98c", "c09a68"))[int(rng.integers(3))]
    return Material(linear(light), gloss=0.2, paint="wood", second=linear(dark))


def _chair(rng: np.random.Generator) -> Furniture:
    """Seen from behind its back."""
    wood = _wood(rng)
    seat = Material(linear(str(rng.choice(["b23a2f", "2f5d8a", "3f6b4a", "4a4a52"]))), cloth=0.05)
    legs = [box("world", (x, 0.22, z), (0.02, 0.22, 0.02), wood) for x in (-0.19, 0.19) for z in (-0.19, 0.19)]
    posts = [box("world", (x, 0.70, 0.2), (0.018, 0.27, 0.016), wood) for x in (-0.19, 0.19)]
    slats = [box("world", (0, y, 0.2), (0.19, 0.055, 0.012), wood) for y in (0.60, 0.76, 0.92)]
    return (*legs, *posts, *slats, box("world", (0, 0.46, 0), (0.22, 0.025, 0.22), seat))


def _table(rng: np.random.Generator) -> Furniture:
    wood, half, high = _wood(rng), rng.uniform(0.4, 0.65), rng.uniform(0.70, 0.78)
    legs = [
        box("world", (x * (half - 0.05), high / 2, z), (0.03, high / 2, 0.03), wood)
        for x in (-1, 1) for z in (-0.26, 0.26)
    ]  # fmt: skip
    boxes = Material(linear("c9a06a"))
    top = [box("world", (0, high, 0), (half, 0.022, 0.32), wood)]
    if rng.random() < 0.6:
        top.append(box("world", (float(rng.uniform(-0.2, 0.2)), high + 0.14, 0), (0.17, 0.12, 0.13), boxes))
    return (*legs, *top)


def _plant(rng: np.random.Generator) -> Furniture:
    """A pot and long leaves that lean outward."""
    pot = Material(linear(str(rng.choice(["b5623c", "e9e4da", "3a4450"]))), gloss=0.15)
    leaf = Material(linear(str(rng.choice(["3f7a3a", "2f6b45", "6a8f3c"]))), gloss=0.12)
    solids = [disc("world", (0, 0.17, 0), (0.0, 1.0, 0.0), 0.17, 0.17, pot)]
    for index in range(11):
        turn, lean = 2.4 * index + float(rng.uniform(-0.3, 0.3)), float(rng.uniform(0.15, 0.75))
        toward = np.array([np.sin(lean) * np.sin(turn), np.cos(lean), np.sin(lean) * np.cos(turn)])
        length = float(rng.uniform(0.32, 0.48))
        x, y, z = np.array([0.0, 0.34, 0.0]) + toward * length
        axes = frame_from(toward, np.array([-np.sin(turn), 0.0, -np.cos(turn)]) * 0.3 + [0, 1, 0])
        solids.append(Solid("world", (float(x), float(y), float(z)), axes, (0.075, length, 0.012), leaf))
    return tuple(solids)


def _pillar(rng: np.random.Generator) -> Furniture:
    plaster = Material(linear(str(rng.choice(["d8d2c6", "b9b4ab", "8d99a6"]))))
    if rng.random() < 0.5:
        return (disc("world", (0, 1.6, 0), (0.0, 1.0, 0.0), float(rng.uniform(0.09, 0.14)), 1.6, plaster),)
    return (box("world", (0, 1.6, 0), (float(rng.uniform(0.08, 0.13)), 1.6, 0.10), plaster),)


def _cardboard(rng: np.random.Generator) -> Furniture:
    """One or two boxes on top of each other, with tape."""
    card, tape = Material(linear("b98d5e")), Material(linear("d8c08a"), gloss=0.3)
    solids, floor_m = [], 0.0
    for _ in range(int(rng.integers(1, 3))):
        wide, tall, deep = (float(each) for each in rng.uniform((0.20, 0.16, 0.18), (0.32, 0.26, 0.28)))
        x = float(rng.uniform(-0.06, 0.06))
        solids.append(box("world", (x, floor_m + tall, 0), (wide, tall, deep), card))
        solids.append(box("world", (x, floor_m + tall, 0), (0.03, tall + 0.002, deep + 0.002), tape))
        floor_m += 2 * tall
    return tuple(solids)


def _ball(rng: np.random.Generator) -> Furniture:
    """A large one, for exercise."""
    radius = float(rng.uniform(0.28, 0.38))
    return (ball("world", (0, radius, 0), radius, Material(linear(str(rng.choice(["2d86c9", "c9402d"]))), gloss=0.3)),)


_FURNITURE: tuple[Callable[[np.random.Generator], Furniture], ...] = (
    _chair, _table, _plant, _pillar, _cardboard, _ball,
)  # fmt: skip
