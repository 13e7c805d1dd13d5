"""Things of sport: rackets, bats, clubs and the balls they hit."""

from __future__ import annotations

import itertools

import numpy as np
from numpy import ndarray

from posecube_studio.props.scene import GRAVITY, IRON, RUBBER, STEEL, Prop, Scene, still_axes
from posecube_studio.rotation import frame_from
from posecube_studio.solid import Material, Solid, ball, rod
from posecube_studio.subject import linear


def _held(scene: Scene, name: str, solids: list[Solid]) -> Prop:
    """Something long in the main hand: its frame's y is where it points, its x faces the palm."""
    _, hand = scene.posture.bone(f"{scene.main}_hand")
    axes = frame_from(scene.tool, hand[:, :, 2])
    return Prop({name: (scene.palm(scene.main), axes)}, tuple(solids), grip=True)


def racket(scene: Scene) -> Prop:
    """A tennis racket with a few of its strings."""
    frame = Material(linear("1f2a36"), gloss=0.4)
    solids = [rod("racket", (0, -0.06, 0), (0, 0.20, 0), (0.015, 0.013), RUBBER)]
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


def racket_and_ball(scene: Scene) -> Prop:
    """A racket, and the ball that the other hand tosses."""
    held = racket(scene)
    hit = int(np.argmax(scene.palm(scene.main)[:, 1]))
    toss = scene.palm(scene.other) + np.array([0.0, 0.045, 0.0])
    leave = int(np.argmax(np.diff(toss[: max(hit, 2), 1], prepend=toss[0, 1])))
    center, axes = held.frames["racket"]
    target = center[hit] + axes[hit] @ np.array([0.0, 0.46, 0.0])
    places = _flight(scene.time_s, toss, leave, hit, target, away=np.array([0.0, -2.0, 30.0]))
    felt = Material(linear("d4e64a"), paint="seams", second=linear("f2f2ec"))
    frames = {**held.frames, "ball": (places, still_axes(places))}
    return Prop(frames, (*held.solids, ball("ball", (0, 0, 0), 0.034, felt)), grip=True)


def _flight(time_s: ndarray, hand: ndarray, leave: int, hit: int, target: ndarray, *, away: ndarray) -> ndarray:
    """In the hand, then thrown so that it meets the target at frame `hit`, then away at a constant speed."""
    places = hand.copy()
    if hit > leave:
        span = time_s[hit] - time_s[leave]
        now = (time_s[leave : hit + 1] - time_s[leave])[:, None]
        straight = hand[leave] + (target - hand[leave]) * now / span
        places[leave : hit + 1] = straight + np.array([0.0, GRAVITY / 2, 0.0]) * now * (span - now)
    places[hit + 1 :] = target + away * (time_s[hit + 1 :] - time_s[hit])[:, None]
    return places


def bat(scene: Scene) -> Prop:
    """A baseball bat."""
    wood = Material(linear("d8b27a"), gloss=0.3)
    return _held(scene, "bat", [
        rod("bat", (0, -0.13, 0), (0, 0.25, 0), (0.013, 0.015), RUBBER),
        rod("bat", (0, 0.25, 0), (0, 0.48, 0), (0.015, 0.030), wood),
        rod("bat", (0, 0.48, 0), (0, 0.70, 0), (0.030, 0.031), wood),
    ])  # fmt: skip


def golf_club(scene: Scene) -> Prop:
    """An iron."""
    return _held(scene, "club", [
        rod("club", (0, -0.12, 0), (0, 0.14, 0), (0.013, 0.011), RUBBER),
        rod("club", (0, 0.14, 0), (0, 0.86, 0), (0.0075, 0.006), STEEL),
        rod("club", (0, 0.86, 0), (0, 0.88, 0.09), (0.016, 0.020), IRON, flatten=(0.8, 1.2)),
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
        down = np.maximum(start[1] - 0.5 * GRAVITY * later[:, 0] ** 2, radius_m)
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


def bowling_ball(scene: Scene) -> Prop:
    """A ball that rolls down the lane."""
    material = Material(linear("2a3fa0"), gloss=0.9, paint="seams", second=linear("5a7fe0"))
    return _thrown(scene, 0.108, material, rolling=True)


def baseball(scene: Scene) -> Prop:
    """A ball that flies off the hand."""
    return _thrown(scene, 0.037, Material(linear("f2efe6"), paint="seams", second=linear("c23a2a")), rolling=False)
