"""Things that people sit on, lift from the floor or throw: each finds its place in what the body does."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from posecube_studio.motions.seated import SEAT_BELOW_HIP
from posecube_studio.props.scene import GRAVITY, IRON, STEEL, WOOD, Prop, Scene, across, still_axes, stood
from posecube_studio.rotation import unit
from posecube_studio.solid import Material, Solid, ball, box, disc, rod
from posecube_studio.subject import linear

_UP = np.array([0.0, 1.0, 0.0])


def chair(scene: Scene) -> Prop:
    """A chair, a stool or an office chair, as high as the hips are when they are lowest, and turned as they are."""
    hips = (scene.posture.bone("left_thigh")[0] + scene.posture.bone("right_thigh")[0]) / 2
    seated = int(np.argmin(hips[:, 1]))
    ahead = scene.posture.bone("pelvis")[1][seated, :, 2]
    seat_m = float(hips[seated, 1]) - SEAT_BELOW_HIP * scene.posture.shape.height_m
    place = hips[seated] * np.array([1.0, 0.0, 1.0])
    kind = scene.pick("chair", "stool", "office")
    solids = _stool(seat_m) if kind == "stool" else _chair(scene, seat_m) if kind == "chair" else _office(scene, seat_m)
    return Prop(still=stood(solids, place, float(np.arctan2(ahead[0], ahead[2]))))


def _chair(scene: Scene, seat_m: float) -> list[Solid]:
    legs = WOOD if scene.pick("wood", "steel") == "wood" else IRON
    pad = Material(linear(scene.pick("a9713a", "8a3b34", "3d5a73", "4f6b4a")), cloth=0.03)
    solids = [box("world", (0, seat_m - 0.02, 0.07), (0.215, 0.02, 0.215), pad)]
    solids += [rod("world", (s * 0.19, 0, z), (s * 0.19, seat_m - 0.02, z), (0.016, 0.018), legs)
               for s in (-1, 1) for z in (-0.12, 0.26)]  # fmt: skip
    solids += [rod("world", (s * 0.19, seat_m, -0.13), (s * 0.19, seat_m + 0.44, -0.21), (0.017, 0.014), legs)
               for s in (-1, 1)]  # fmt: skip
    return [*solids, box("world", (0, seat_m + 0.34, -0.205), (0.19, 0.09, 0.012), pad)]


def _stool(seat_m: float) -> list[Solid]:
    solids: list[Solid] = [disc("world", (0, seat_m - 0.018, 0.03), (0.0, 1.0, 0.0), 0.19, 0.018, WOOD)]
    spread = ((1, 1), (1, -1), (-1, 1), (-1, -1))
    solids += [rod("world", (x * 0.19, 0, 0.03 + z * 0.19), (x * 0.12, seat_m - 0.03, 0.03 + z * 0.12), (0.015, 0.017),
                   WOOD) for x, z in spread]  # fmt: skip
    return solids


def _office(scene: Scene, seat_m: float) -> list[Solid]:
    cloth = Material(linear(scene.pick("26282c", "31507a", "6a2f34")), cloth=0.03)
    solids = [box("world", (0, seat_m - 0.035, 0.05), (0.235, 0.035, 0.23), cloth)]
    solids.append(box("world", (0, seat_m + 0.36, -0.22), (0.21, 0.24, 0.03), cloth))
    solids.append(rod("world", (0, 0.09, 0.03), (0, seat_m - 0.05, 0.03), (0.03, 0.03), STEEL))
    solids.append(rod("world", (0, seat_m - 0.04, -0.16), (0, seat_m + 0.2, -0.24), (0.022, 0.022), IRON))
    for turn in np.arange(5) * 2 * np.pi / 5:
        end = (0.27 * float(np.sin(turn)), 0.04, 0.03 + 0.27 * float(np.cos(turn)))
        solids += [rod("world", (0, 0.09, 0.03), end, (0.022, 0.016), IRON), ball("world", end, 0.035, IRON)]
    return solids


def lifted(scene: Scene) -> Prop:
    """What lies on the floor until the main palm is lowest, and then goes with it.

    Where both palms are down there it is a box between them, else a bottle or a ball.
    """
    main, other = scene.palm(scene.main), scene.palm(scene.other)
    grasp = int(np.argmin(main[:, 1]))
    if abs(main[grasp, 1] - other[grasp, 1]) < 0.05:  # both are down there
        return _lifted_box(scene, grasp)
    if scene.pick("bottle", "ball") == "bottle":
        plastic = Material(linear(scene.pick("3f9fd0", "2f9a5a", "d8483a")), gloss=0.6)
        solids: list[Solid] = [disc("lifted", (0, 0, 0), (0.0, 1.0, 0.0), 0.038, 0.085, plastic)]
        solids.append(rod("lifted", (0, 0.085, 0), (0, 0.115, 0), (0.034, 0.014), plastic))
        solids.append(disc("lifted", (0, 0.14, 0), (0.0, 1.0, 0.0), 0.017, 0.012, Material(linear("f4f4f2"))))
        middle, rest_m = scene.palm(scene.main, out_m=0.035), 0.085
    else:
        rest_m = 0.10
        solids = [ball("lifted", (0, 0, 0), rest_m, _ball_material(scene))]
        middle = scene.palm(scene.main, out_m=0.9 * rest_m)
    places = _from_the_floor(middle, grasp, rest_m)
    return Prop({"lifted": (places, still_axes(places))}, tuple(solids), grip=True)


def _lifted_box(scene: Scene, grasp: int) -> Prop:
    """As wide as the palms are apart."""
    left, right = scene.palm("left"), scene.palm("right")
    half = float(np.linalg.norm(left - right, axis=1)[grasp:].mean()) / 2
    high = 0.8 * half + 0.02
    board = Material(linear(scene.pick("b98a57", "c8a878", "4f7fa8", "a84a3a")))
    tape = Material(linear("d8c49a"), gloss=0.3)
    solids = (
        box("lifted", (0, 0, 0), (half - 0.005, high, 0.75 * half), board),
        box("lifted", (0, 0, 0), (0.025, high + 0.001, 0.75 * half + 0.001), tape),
    )
    places = _from_the_floor((left + right) / 2, grasp, high)
    level = (left - right) * np.array([1.0, 0.0, 1.0])
    level[:grasp] = level[grasp]
    return Prop({"lifted": (places, across(level))}, solids)


def _from_the_floor(hand: ndarray, grasp: int, rest_m: float) -> ndarray:
    """On the floor under where it will be grasped, then with the hand, as far below or above it as it was then."""
    start = hand[grasp] * np.array([1.0, 0.0, 1.0]) + rest_m * _UP
    places = hand + (start - hand[grasp])
    places[:grasp] = start
    places[:, 1] = np.maximum(places[:, 1], rest_m)
    return places


def thrown_ball(scene: Scene) -> Prop:
    """In the hands until the main one is fastest ahead, then on its way under gravity, bouncing where it lands.

    It is large and between both palms where they move together at that moment, else smaller and in the main one.
    """
    main, other = scene.palm(scene.main), scene.palm(scene.other)
    ahead = unit(scene.posture.bone("pelvis")[1][-1, :, 2] * np.array([1.0, 0.0, 1.0]))
    leave = int(np.argmax(np.gradient(main @ ahead, scene.time_s))) if len(main) > 1 else 0
    both = float(np.linalg.norm(main[leave] - other[leave])) < 0.35
    radius = 0.115 if both else 0.08
    hand = (main + other) / 2 if both else scene.palm(scene.main, out_m=0.8 * radius)
    places = _bouncing(scene.time_s, hand, leave, radius, ahead)
    solids = (ball("ball", (0, 0, 0), radius, _ball_material(scene)),)
    return Prop({"ball": (places, still_axes(places))}, solids)


def _bouncing(time_s: ndarray, hand: ndarray, leave: int, radius: float, ahead: ndarray) -> ndarray:
    """The hand's own velocity takes the ball along; each bounce keeps some of the speed upward."""
    places = hand.copy()
    if len(hand) < 2:
        return places
    velocity = np.gradient(hand, time_s, axis=0)[leave]
    forward, upward = max(float(velocity @ ahead), 3.5), float(np.clip(velocity[1], 0.8, 4.0))
    height = float(hand[leave, 1])
    for index in range(leave + 1, len(hand)):
        step = float(time_s[index] - time_s[index - 1])
        height, upward = height + upward * step - GRAVITY / 2 * step**2, upward - GRAVITY * step
        if height < radius and upward < 0:
            height, upward = 2 * radius - height, -0.62 * upward
        away = forward * float(time_s[index] - time_s[leave])
        places[index] = hand[leave] * np.array([1.0, 0.0, 1.0]) + away * ahead + height * _UP
    return places


def _ball_material(scene: Scene) -> Material:
    colour, seam = scene.pick("e07a2f 2a1a12", "f2f2ec 2f5fa8", "d4e64a f2f2ec", "c8322c f2f2ec").split()
    return Material(linear(colour), paint="seams", second=linear(seam))
