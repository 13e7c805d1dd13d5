"""From goals (pelvis here, hands there, feet planted) to joint angles within the joints' limits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube_studio.body import (
    BodyShape,
    JointAngles,
    ball_angles,
    mirrored,
    pose_body,
    shoulder_place,
    trunk_angles,
)
from posecube_studio.rotation import about, frame_from, transposed, turned, unit

HANGING = (0.10, -0.97, 0.06)
ELBOW_BACK = (0.45, -0.55, -0.70)
KNEE_FORWARD = (0.12, 0.0, 1.0)
_REACH = 0.998  # of a limb's full length: an exactly straight limb has no elbow plane
_HEEL_LIFTS_DEG = np.arange(0, 76, 3)


@dataclass(frozen=True)
class Goals:
    """What a motion program asks of the body, over T frames; index 0 of the pairs is the left side.

    Lengths are in legs (hip to ankle) for pelvis, feet and what is placed in the world, in arms for hands placed from
    the shoulder. A place of a pair that rides on the body is (outward, up, forward), so that both sides share their
    signs; in the world it is (x, y, z).

    Attributes:
        pelvis: Place of the hips' middle in the world, y from the floor: 1 stands with straight legs on flat feet.
        pelvis_deg: (pitch forward, roll left, turn left).
        spine_deg: (bend forward, lean left, twist left).
        neck_deg: (nod, tilt left, look left).
        hands: Wrists, from the shoulder in chest axes, or in the world.
        elbows: Where the elbow points, (outward, up, forward) in chest axes.
        feet: Ankles: in the world with the foot's own flat height taken off, or from the hip in pelvis axes.
        feet_deg: (heel lifted, toes outward); for feet that ride on the body the first is the ankle's stretch.
        knees: Where the knee points, (outward, up, forward) in pelvis axes.
        tool: Where a racket, bat or club in the right hand points, (outward, up, forward) in chest axes.
        fingers: World direction of the fingers (T, 2, 3); None keeps the hands straight on the forearms.
    """

    pelvis: Float[ndarray, "T 3"]
    pelvis_deg: Float[ndarray, "T 3"]
    spine_deg: Float[ndarray, "T 3"]
    neck_deg: Float[ndarray, "T 3"]
    hands: Float[ndarray, "T 2 3"]
    elbows: Float[ndarray, "T 2 3"]
    feet: Float[ndarray, "T 2 3"]
    feet_deg: Float[ndarray, "T 2 2"]
    knees: Float[ndarray, "T 2 3"]
    tool: Float[ndarray, "T 3"]
    hands_in_world: bool = False
    feet_in_world: bool = True
    fingers: Float[ndarray, "T 2 3"] | None = None

    @classmethod
    def standing(cls, num_frames: int) -> Goals:
        """Upright, feet under the hips, arms hanging."""

        def constant(*values: float) -> ndarray:
            return np.tile(np.array(values, dtype=np.float64), (num_frames, 1))

        def pair(*values: float) -> ndarray:
            return np.tile(np.array(values, dtype=np.float64), (num_frames, 2, 1))

        feet = pair(0.13, 0, 0) * np.array([[1, 1, 1], [-1, 1, 1]])
        zero = constant(0, 0, 0)
        return cls(
            pelvis=constant(0, 0.99, 0),
            pelvis_deg=zero,
            spine_deg=zero,
            neck_deg=zero,
            hands=pair(*HANGING),
            elbows=pair(*ELBOW_BACK),
            feet=feet,
            feet_deg=pair(0, 9),
            knees=pair(*KNEE_FORWARD),
            tool=constant(0, 0, 1),
        )

    def mirrored(self) -> Goals:
        """The same motion of a left-handed twin."""
        flip_place, flip_angles = np.array([-1, 1, 1]), np.array([1, -1, -1])
        world = flip_place if self.feet_in_world else 1
        return replace(
            self,
            pelvis=self.pelvis * flip_place,
            pelvis_deg=self.pelvis_deg * flip_angles,
            spine_deg=self.spine_deg * flip_angles,
            neck_deg=self.neck_deg * flip_angles,
            hands=self.hands[:, ::-1] * (flip_place if self.hands_in_world else 1),
            elbows=self.elbows[:, ::-1],
            feet=self.feet[:, ::-1] * world,
            feet_deg=self.feet_deg[:, ::-1],
            knees=self.knees[:, ::-1],
            fingers=None if self.fingers is None else self.fingers[:, ::-1] * flip_place,
        )


def reach(shape: BodyShape, goals: Goals) -> JointAngles:
    """Inverse kinematics: the limited angles that come nearest to the goals.

    A planted foot whose ankle is out of the leg's reach lifts its heel about the ball of the foot, as people do.
    """
    position = goals.pelvis * shape.leg_m + np.array([0.0, shape.ankle_m - shape.rest_offsets["thigh"][1], 0.0])
    angles = replace(
        JointAngles.at_rest(len(position)),
        position_m=position,
        pelvis=np.radians(goals.pelvis_deg),
        spine=np.radians(goals.spine_deg),
        neck=np.radians(goals.neck_deg),
    ).limited()
    trunk = pose_body(shape, angles)
    chest, pelvis = trunk.bone("chest"), trunk.bone("pelvis")
    arms = [_reach_arm(shape, goals, chest, index) for index in range(2)]
    legs = [_reach_leg(shape, goals, pelvis, index) for index in range(2)]
    parts = {name: np.stack([arm[name] for arm in arms], axis=1) for name in arms[0]}
    parts |= {name: np.stack([leg[name] for leg in legs], axis=1) for name in legs[0]}
    return replace(angles, **parts).limited()


def _reach_arm(shape: BodyShape, goals: Goals, chest: tuple[ndarray, ndarray], index: int) -> dict[str, ndarray]:
    sign = 1 - 2 * index
    origin, axes = chest
    outward = np.array([sign, 1, 1])
    if goals.hands_in_world:
        wrist = turned(transposed(axes), goals.hands[:, index] * shape.leg_m - origin)
    else:
        wrist = (
            np.array(mirrored(shape.rest_offsets["upper_arm"], sign)) + goals.hands[:, index] * outward * shape.arm_m
        )
    direction = unit(wrist - np.array(mirrored(shape.rest_offsets["upper_arm"], sign)))
    for _ in range(4):  # the shoulder moves with the arm: a fixed point, found to a millimetre
        shoulder = shoulder_place(shape, direction, sign)
        upper, bend, flexed = _two_bones(
            wrist - shoulder, goals.elbows[:, index] * outward, shape.upper_arm_m, shape.forearm_m
        )
        direction = upper
    rotation = frame_from(-upper, -bend)
    wrist_angles = np.zeros((len(wrist), 3))
    if goals.fingers is not None:
        forearm = axes @ rotation @ about("x", -flexed)
        wrist_angles = _aim_hand(forearm, goals.fingers[:, index], sign)
    return {"shoulder": ball_angles(rotation, sign), "elbow": flexed, "wrist": wrist_angles}


def _reach_leg(shape: BodyShape, goals: Goals, pelvis: tuple[ndarray, ndarray], index: int) -> dict[str, ndarray]:
    sign = 1 - 2 * index
    origin, axes = pelvis
    hip = np.array(mirrored(shape.rest_offsets["thigh"], sign))
    pole = goals.knees[:, index] * np.array([sign, 1, 1])
    lift, outward = np.radians(goals.feet_deg[:, index]).T
    if goals.feet_in_world:
        foot, ankle_world = _plant(shape, goals.feet[:, index], lift, outward * sign, origin + turned(axes, hip))
        ankle = turned(transposed(axes), ankle_world - origin) - hip
    else:
        ankle = goals.feet[:, index] * np.array([sign, 1, 1]) * shape.leg_m
    thigh, bend, flexed = _two_bones(ankle, pole, shape.thigh_m, shape.shank_m)
    rotation = frame_from(-thigh, bend)
    shank = axes @ rotation @ about("x", flexed)
    if goals.feet_in_world:
        ankle_angles = trunk_angles(transposed(shank) @ foot)
    else:
        ankle_angles = np.stack([lift, np.zeros_like(lift), sign * outward], axis=-1)
    return {"hip": ball_angles(rotation, sign), "knee": flexed, "ankle": ankle_angles}


def _two_bones(target: ndarray, pole: ndarray, upper_m: float, lower_m: float) -> tuple[ndarray, ndarray, ndarray]:
    """Direction of the upper bone, direction in which the joint between sticks out, and the joint's flexion."""
    distance = np.linalg.norm(target, axis=-1)
    near, far = abs(upper_m - lower_m) + 0.15 * lower_m, _REACH * (upper_m + lower_m)
    distance = np.clip(distance, near, far)
    toward = unit(target)
    out = unit(pole - (pole * toward).sum(-1, keepdims=True) * toward)
    cosine = (upper_m**2 + distance**2 - lower_m**2) / (2 * upper_m * distance)
    inside = (upper_m**2 + lower_m**2 - distance**2) / (2 * upper_m * lower_m)
    angle, flexed = np.arccos(np.clip(cosine, -1, 1)), np.pi - np.arccos(np.clip(inside, -1, 1))
    upper = np.cos(angle)[:, None] * toward + np.sin(angle)[:, None] * out
    return upper, unit(out - (out * upper).sum(-1, keepdims=True) * upper), flexed


def _plant(shape: BodyShape, place: ndarray, lift: ndarray, turn: ndarray, hip: ndarray) -> tuple[ndarray, ndarray]:
    """Foot axes and ankle in the world; the heel rises from the asked angle until the hip can reach the ankle."""
    flat = place * shape.leg_m + np.array([0.0, shape.ankle_m, 0.0])
    toes = np.array([0.0, -shape.ankle_m, 0.075 * shape.height_m])  # the ball of the foot, from the ankle
    ball = flat + turned(about("y", turn), toes)
    lifts = lift[:, None] + np.radians(_HEEL_LIFTS_DEG)
    ankles = ball[:, None] - turned(about("y", turn)[:, None] @ about("x", lifts), toes)
    over = np.linalg.norm(ankles - hip[:, None], axis=-1) - _REACH * shape.leg_m
    first = np.argmax(over <= 0, axis=1)
    first = np.where((over <= 0).any(axis=1), first, over.argmin(axis=1))
    rows = np.arange(len(first))
    before, after = over[rows, np.maximum(first - 1, 0)], over[rows, first]
    part = np.where((first > 0) & (before > after), before / np.maximum(before - after, 1e-9), 0)
    chosen = lift + np.radians(_HEEL_LIFTS_DEG[1]) * (first - 1 + np.clip(part, 0, 1)) * (first > 0)
    foot = about("y", turn) @ about("x", chosen)
    return foot, ball - turned(foot, toes)


def _aim_hand(forearm: ndarray, fingers: ndarray, sign: int) -> ndarray:
    """Wrist angles that bring the fingers into a direction: the forearm turns, then the hand bends to its back.

    The nearer the hand is to straight, the less the forearm turns: there the turn does not matter, and is unsteady.
    """
    x, y, z = np.moveaxis(turned(transposed(forearm), unit(fingers)), -1, 0)
    bent = np.arccos(np.clip(-y, -1, 1))
    turn = np.arctan2(-sign * z, sign * x) * np.clip(bent / np.radians(30), 0, 1)
    return np.stack([np.zeros_like(bent), -sign * bent, turn], axis=-1)
