"""What is held or used: bars, rackets, balls; each rides on frames of its own that follow the hands."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube.studio.body import Posture
from posecube.studio.goals import Goals
from posecube.studio.rotation import frame_from, turned, unit
from posecube.studio.solid import Material, Solid, ball, box, disc, rod
from posecube.studio.subject import linear

Frames = dict[str, tuple[Float[ndarray, "T 3"], Float[ndarray, "T 3 3"]]]

_GRAVITY = 9.81
_STEEL = Material(linear("a9afb6"), gloss=0.6)
_IRON = Material(linear("26282c"), gloss=0.25)
_WOOD = Material(linear("c98f4f"), gloss=0.25, paint="wood", second=linear("a9713a"))
_RUBBER = Material(linear("26282c"), gloss=0.1)


@dataclass(frozen=True)
class Scene:
    """What a prop may look at to follow the action.

    Attributes:
        sign: 1 for right-handers, whose main hand is the right one; -1 mirrored.
    """

    posture: Posture
    goals: Goals
    time_s: Float[ndarray, " T"]
    sign: int

    def palm(self, side: str) -> Float[ndarray, "T 3"]:
        """The middle of a closed hand."""
        return self.posture.point(f"{side}_hand", (0.0, -0.043 * self.posture.shape.height_m, 0.0))

    @property
    def main(self) -> str:
        return "right" if self.sign > 0 else "left"

    @property
    def other(self) -> str:
        return "left" if self.sign > 0 else "right"

    @property
    def tool(self) -> Float[ndarray, "T 3"]:
        """World direction of what the main hand holds."""
        _, chest = self.posture.bone("chest")
        return unit(turned(chest, self.goals.tool * np.array([-self.sign, 1, 1])))


@dataclass(frozen=True)
class Prop:
    """Moving frames with their solids, and what stands still on the frame "world".

    Attributes:
        grip: Whether the hands are closed.
    """

    frames: Frames = field(default_factory=dict)
    solids: tuple[Solid, ...] = ()
    still: tuple[Solid, ...] = ()
    grip: bool = False


def make_prop(name: str | None, scene: Scene) -> Prop:
    """The prop of that name, following this performance; None is empty hands."""
    if name is None:
        return Prop()
    assert name in _PROPS, f"unknown prop {name!r}; props are {', '.join(_PROPS)}"
    return _PROPS[name](scene)


def _held(scene: Scene, name: str, solids: list[Solid]) -> Prop:
    """Something long in the main hand: its frame's y is where it points, its x faces the palm."""
    _, hand = scene.posture.bone(f"{scene.main}_hand")
    axes = frame_from(scene.tool, hand[:, :, 2])
    return Prop({name: (scene.palm(scene.main), axes)}, tuple(solids), grip=True)


def _barbell(scene: Scene, *, plate_m: float = 0.215) -> Prop:
    left, right = scene.palm("left"), scene.palm("right")
    axes = _across(left - right)
    colours = (linear("c92f2f"), linear("2f5fb8"))
    solids = [rod("bar", (-1.02, 0, 0), (1.02, 0, 0), (0.014, 0.014), _STEEL)]
    for end in (-1.0, 1.0):
        for index, radius in enumerate((plate_m, 0.8 * plate_m)):
            center = (end * (0.70 + 0.06 * index), 0.0, 0.0)
            solids.append(disc("bar", center, (1.0, 0.0, 0.0), radius, 0.024, Material(colours[index], gloss=0.15)))
        solids.append(disc("bar", (end * 0.80, 0, 0), (1.0, 0.0, 0.0), 0.034, 0.02, _STEEL))
    return Prop({"bar": ((left + right) / 2, axes)}, tuple(solids), grip=True)


def _light_barbell(scene: Scene) -> Prop:
    """Small plates, which hide little of the one who carries them."""
    return _barbell(scene, plate_m=0.14)


def _across(direction: ndarray) -> ndarray:
    """Frames whose x runs along a direction and whose y is as upright as can be."""
    x = unit(direction)
    up = unit(np.array([0.0, 1.0, 0.0]) - x[:, 1:2] * x)
    return np.stack([x, up, np.cross(x, up)], axis=-1)


def _bench(scene: Scene) -> Prop:
    bar = _barbell(scene)
    chest, _ = scene.posture.bone("chest")
    head = float(scene.posture.bone("head")[0][:, 2].min()) - 0.12
    hip = float(scene.posture.bone("pelvis")[0][:, 2].mean()) + 0.10
    top, rack = 0.44, float(bar.frames["bar"][0][:, 1].max()) - 0.03
    middle, half = (head + hip) / 2, (hip - head) / 2
    pad = Material(linear("b23a2f"), cloth=0.04)
    still = [box("world", (0, top - 0.035, middle), (0.14, 0.035, half), pad)]
    still += [box("world", (0, 0.2, middle + s * half * 0.8), (0.05, 0.2, 0.03), _IRON) for s in (-1, 1)]
    behind = float(chest[:, 2].mean()) - 0.44
    still += [rod("world", (s * 0.55, 0, behind), (s * 0.55, rack, behind), (0.03, 0.03), _IRON) for s in (-1, 1)]
    return Prop(bar.frames, bar.solids, tuple(still), grip=True)


def _pullup_bar(scene: Scene) -> Prop:
    palms = np.concatenate([scene.palm("left"), scene.palm("right")])
    y, z = float(palms[:, 1].mean()), float(palms[:, 2].mean())
    still = [rod("world", (-1.15, y, z), (1.15, y, z), (0.017, 0.017), _STEEL)]
    still += [box("world", (s * 1.15, y / 2, z), (0.045, y / 2 + 0.05, 0.045), _IRON) for s in (-1, 1)]
    still += [box("world", (s * 1.15, 0.03, z), (0.06, 0.03, 0.5), _IRON) for s in (-1, 1)]
    return Prop(still=tuple(still), grip=True)


def _mat(scene: Scene) -> Prop:
    joints = scene.posture.origins_m.reshape(-1, 3)
    low, high = float(joints[:, 2].min()), float(joints[:, 2].max())
    cloth = Material(linear("2f6f9f"), cloth=0.03)
    return Prop(still=(box("world", (0, 0.004, (low + high) / 2), (0.42, 0.004, (high - low) / 2 + 0.2), cloth),))


def _racket(scene: Scene) -> Prop:
    frame = Material(linear("1f2a36"), gloss=0.4)
    solids = [rod("racket", (0, -0.06, 0), (0, 0.20, 0), (0.015, 0.013), _RUBBER)]
    for side in (-1, 1):
        solids.append(rod("racket", (0, 0.19, 0), (side * 0.085, 0.33, 0), (0.009, 0.009), frame))
    turns = np.linspace(0, 2 * np.pi, 15)
    ring = [(0.125 * float(np.sin(turn)), 0.46 + 0.165 * float(np.cos(turn)), 0.0) for turn in turns]
    solids += [rod("racket", a, b, (0.010, 0.010), frame) for a, b in itertools.pairwise(ring)]
    for step in np.linspace(-0.09, 0.09, 5):
        reach = 0.155 * float(np.sqrt(1 - (step / 0.125) ** 2))
        string = Material(linear("d8d8cf"))
        solids.append(rod("racket", (step, 0.46 - reach, 0), (step, 0.46 + reach, 0), (0.0022, 0.0022), string))
        wide, high = 0.118 * float(np.sqrt(1 - (step / 0.11) ** 2 * 0.8)), 0.46 + 1.35 * float(step)
        solids.append(rod("racket", (-wide, high, 0), (wide, high, 0), (0.0022, 0.0022), string))
    return _held(scene, "racket", solids)


def _racket_and_ball(scene: Scene) -> Prop:
    racket = _racket(scene)
    hit = int(np.argmax(scene.palm(scene.main)[:, 1]))
    toss = scene.palm(scene.other) + np.array([0.0, 0.045, 0.0])
    leave = int(np.argmax(np.diff(toss[: max(hit, 2), 1], prepend=toss[0, 1])))
    center, axes = racket.frames["racket"]
    target = center[hit] + axes[hit] @ np.array([0.0, 0.46, 0.0])
    places = _flight(scene.time_s, toss, leave, hit, target, away=np.array([0.0, -2.0, 30.0]))
    felt = Material(linear("d4e64a"), paint="seams", second=linear("f2f2ec"))
    frames = {**racket.frames, "ball": (places, _still_axes(places))}
    return Prop(frames, (*racket.solids, ball("ball", (0, 0, 0), 0.034, felt)), grip=True)


def _flight(time_s: ndarray, hand: ndarray, leave: int, hit: int, target: ndarray, *, away: ndarray) -> ndarray:
    """In the hand, then thrown so that it meets the target at frame `hit`, then away at a constant speed."""
    places = hand.copy()
    if hit > leave:
        span = time_s[hit] - time_s[leave]
        now = (time_s[leave : hit + 1] - time_s[leave])[:, None]
        straight = hand[leave] + (target - hand[leave]) * now / span
        places[leave : hit + 1] = straight + np.array([0.0, _GRAVITY / 2, 0.0]) * now * (span - now)
    places[hit + 1 :] = target + away * (time_s[hit + 1 :] - time_s[hit])[:, None]
    return places


def _still_axes(places: ndarray) -> ndarray:
    return np.tile(np.eye(3), (len(places), 1, 1))


def _bat(scene: Scene) -> Prop:
    wood = Material(linear("d8b27a"), gloss=0.3)
    return _held(scene, "bat", [
        rod("bat", (0, -0.13, 0), (0, 0.25, 0), (0.013, 0.015), _RUBBER),
        rod("bat", (0, 0.25, 0), (0, 0.48, 0), (0.015, 0.030), wood),
        rod("bat", (0, 0.48, 0), (0, 0.70, 0), (0.030, 0.031), wood),
    ])  # fmt: skip


def _golf_club(scene: Scene) -> Prop:
    return _held(scene, "club", [
        rod("club", (0, -0.12, 0), (0, 0.14, 0), (0.013, 0.011), _RUBBER),
        rod("club", (0, 0.14, 0), (0, 0.86, 0), (0.0075, 0.006), _STEEL),
        rod("club", (0, 0.86, 0), (0, 0.88, 0.09), (0.016, 0.020), _IRON, flatten=(0.8, 1.2)),
    ])  # fmt: skip


def _thrown(scene: Scene, radius_m: float, material: Material, *, rolling: bool) -> Prop:
    """A ball that leaves the main hand when the hand is fastest along the target."""
    hand = scene.palm(scene.main)
    hand = hand + (np.array([0.0, -radius_m * 0.8, 0.0]) if rolling else 0.0)
    step = float(np.diff(scene.time_s).mean()) if len(hand) > 1 else 1.0
    speed = np.gradient(hand[:, 2], step) if len(hand) > 1 else np.zeros(1)
    leave = int(np.argmax(speed))
    places, later = hand.copy(), (scene.time_s[leave:] - scene.time_s[leave])[:, None]
    if rolling:
        start = hand[leave]
        down = np.maximum(start[1] - 0.5 * _GRAVITY * later[:, 0] ** 2, radius_m)
        places[leave:] = start + later * np.array([0.0, 0.0, 7.0])
        places[leave:, 1] = down
        roll = np.where(np.arange(len(hand)) < leave, 0.0, (places[:, 2] - start[2]) / radius_m)
    else:
        places[leave:] = hand[leave] + later * np.array([0.0, -0.5, 32.0])
        roll = np.zeros(len(hand))
    axes = np.stack(
        [frame_from(np.array([0.0, np.cos(a), np.sin(a)]), np.array([0.0, -np.sin(a), np.cos(a)])) for a in roll]
    )
    return Prop({"ball": (places, axes)}, (ball("ball", (0, 0, 0), radius_m, material),), grip=not rolling)


def _bowling_ball(scene: Scene) -> Prop:
    material = Material(linear("2a3fa0"), gloss=0.9, paint="seams", second=linear("5a7fe0"))
    return _thrown(scene, 0.108, material, rolling=True)


def _baseball(scene: Scene) -> Prop:
    return _thrown(scene, 0.037, Material(linear("f2efe6"), paint="seams", second=linear("c23a2a")), rolling=False)


def _rope(scene: Scene) -> Prop:
    """A rigid bow that turns about the line between the hands, ahead of the wrists' own circle."""
    left, right = scene.palm("left"), scene.palm("right")
    chest, axes = scene.posture.bone("chest")
    circle = np.einsum("tji,tj->ti", axes, (left + right) / 2 - chest)
    circle = circle - circle.mean(axis=0)
    turn = np.unwrap(np.arctan2(circle[:, 1], circle[:, 2]))
    middle = (left + right) / 2
    across = _across(left - right)
    down = -np.sin(turn)[:, None] * across[:, :, 1] + np.cos(turn)[:, None] * across[:, :, 2]
    frame = np.stack([across[:, :, 0], -down, np.cross(across[:, :, 0], -down)], axis=-1)
    half = float(np.linalg.norm(left - right, axis=1).mean() / 2)
    reach = float(middle[:, 1].mean()) + 0.02
    steps = np.linspace(-1, 1, 19)
    bow = [(half * float(s) * (1 + 0.25 * float(1 - s * s)), -reach * float((1 - s**4) ** 0.75), 0.0) for s in steps]
    cord = Material(linear("e0842a"))
    solids = [rod("rope", a, b, (0.006, 0.006), cord) for a, b in itertools.pairwise(bow)]
    return Prop({"rope": (middle, frame)}, tuple(solids), grip=True)


def _guitar(scene: Scene) -> Prop:
    """The body before the belly, the neck through the other hand."""
    height = scene.posture.shape.height_m
    _, chest = scene.posture.bone("chest")
    belly = scene.posture.point("spine", (-0.055 * scene.sign * height, 0.045 * height, 0.118 * height))
    neck = scene.palm(scene.other) - belly
    axes = frame_from(neck, chest[:, :, 2])
    top = Material(linear("c9893f"), gloss=0.35, paint="wood", second=linear("b07030"))
    dark = Material(linear("2a1a12"), gloss=0.2)
    solids = (
        ball("guitar", (0, -0.12, 0), (0.190, 0.180, 0.045), top),
        ball("guitar", (0, 0.10, 0), (0.142, 0.130, 0.044), top, blend_m=0.03),
        disc("guitar", (0, 0.04, 0.042), (0.0, 0.0, 1.0), 0.048, 0.003, dark),
        box("guitar", (0, -0.15, 0.043), (0.055, 0.012, 0.006), dark),
        box("guitar", (0, 0.38, 0.040), (0.021, 0.30, 0.010), dark),
        box("guitar", (0, 0.73, 0.034), (0.034, 0.075, 0.009), top),
    )
    return Prop({"guitar": (belly, axes)}, solids)


_PROPS: dict[str, Callable[[Scene], Prop]] = {
    "barbell": _barbell,
    "baseball": _baseball,
    "bat": _bat,
    "bench": _bench,
    "bowling_ball": _bowling_ball,
    "golf_club": _golf_club,
    "guitar": _guitar,
    "light_barbell": _light_barbell,
    "mat": _mat,
    "pullup_bar": _pullup_bar,
    "racket": _racket,
    "racket_and_ball": _racket_and_ball,
    "rope": _rope,
}
