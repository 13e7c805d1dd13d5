"""The kinematic body: joint angles in, bones and joints out, for all frames of a clip at once.

World axes: y up, and a body that stands at rest faces z with its left to x; metres and radians. At rest every bone's
frame has the world's axes and the arms hang, so a bone's own coordinates are "as if standing".
Lengths are fractions of the height after Drillis and Contini's segment table, rounded; limits after clinical ranges.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube.errors import UserError
from posecube.skeleton import SkeletonLayout
from posecube_studio.rotation import about, transposed, trunk_turn, turned

SIDES = ("left", "right")
BONES = (
    "pelvis", "spine", "chest", "neck", "head",
    "left_upper_arm", "left_forearm", "left_hand", "right_upper_arm", "right_forearm", "right_hand",
    "left_thigh", "left_shank", "left_foot", "right_thigh", "right_shank", "right_foot",
)  # fmt: skip

# Lowest and highest angle in degrees of each joint, by axis; the axes are those of JointAngles.
LIMITS_DEG: dict[str, tuple[tuple[float, float], ...]] = {
    "spine": ((-35, 95), (-40, 40), (-60, 60)),
    "neck": ((-60, 60), (-40, 40), (-85, 85)),
    "shoulder": ((-180, 180), (0, 180), (-180, 180)),
    "elbow": ((0, 150),),
    "wrist": ((-35, 35), (-85, 85), (-110, 110)),
    "hip": ((-180, 180), (0, 130), (-180, 180)),
    "knee": ((0, 155),),
    "ankle": ((-35, 60), (-35, 35), (-60, 60)),
}


@dataclass(frozen=True)
class BodyShape:
    """Proportions of one person; the factors are 1 for the average adult."""

    height_m: float = 1.74
    leg_factor: float = 1.0
    arm_factor: float = 1.0
    shoulder_factor: float = 1.0
    hip_factor: float = 1.0

    def __post_init__(self) -> None:
        if not 0.5 <= self.height_m <= 2.5:
            raise UserError(f"a body's height must lie between 0.5 and 2.5 metres, got {self.height_m}")

    @cached_property
    def upper_arm_m(self) -> float:
        return 0.172 * self.arm_factor * self.height_m

    @cached_property
    def forearm_m(self) -> float:
        return 0.146 * self.arm_factor * self.height_m

    @cached_property
    def thigh_m(self) -> float:
        return 0.242 * self.leg_factor * self.height_m

    @cached_property
    def shank_m(self) -> float:
        return 0.241 * self.leg_factor * self.height_m

    @property
    def arm_m(self) -> float:
        """Shoulder to wrist, straight: the unit in which motions place the hands."""
        return self.upper_arm_m + self.forearm_m

    @property
    def leg_m(self) -> float:
        """Hip to ankle, straight: the unit in which motions place pelvis and feet."""
        return self.thigh_m + self.shank_m

    @property
    def ankle_m(self) -> float:
        """Height of the ankle above the floor when the foot stands flat."""
        return 0.047 * self.height_m

    @cached_property
    def rest_offsets(self) -> dict[str, tuple[float, float, float]]:
        """Each bone's origin in its parent's coordinates, metres; the left side's, to be mirrored for the right."""
        height = self.height_m
        return {
            "spine": (0.0, 0.045 * height, 0.0),
            "chest": (0.0, 0.08 * height, 0.0),
            "neck": (0.0, 0.168 * height, -0.012 * height),
            "head": (0.0, 0.054 * height, 0.012 * height),
            "upper_arm": (0.103 * self.shoulder_factor * height, 0.142 * height, -0.006 * height),
            "forearm": (0.0, -self.upper_arm_m, 0.0),
            "hand": (0.0, -self.forearm_m, 0.0),
            "thigh": (0.052 * self.hip_factor * height, -0.004 * height, 0.0),
            "shank": (0.0, -self.thigh_m, 0.0),
            "foot": (0.0, -self.shank_m, 0.0),
        }

    @cached_property
    def landmarks(self) -> dict[str, tuple[str, tuple[float, float, float]]]:
        """Joint name -> bone and place in the bone's coordinates, metres."""
        return {name: (bone, _scaled(place, self.height_m)) for name, (bone, place) in _landmark_table().items()}


@dataclass(frozen=True)
class JointAngles:
    """The angles of one body over T frames, radians; index 0 of the pairs is the left side.

    A trunk-like joint (pelvis, spine, neck, wrist, ankle) turns by (bend forward, lean left, turn left); a ball joint
    (shoulder, hip) by the limb's plane (0 sideways, a quarter turn forward), its elevation from hanging, and its twist.
    """

    position_m: Float[ndarray, "T 3"]
    pelvis: Float[ndarray, "T 3"]
    spine: Float[ndarray, "T 3"]
    neck: Float[ndarray, "T 3"]
    shoulder: Float[ndarray, "T 2 3"]
    elbow: Float[ndarray, "T 2"]
    wrist: Float[ndarray, "T 2 3"]
    hip: Float[ndarray, "T 2 3"]
    knee: Float[ndarray, "T 2"]
    ankle: Float[ndarray, "T 2 3"]

    @classmethod
    def at_rest(cls, num_frames: int) -> JointAngles:
        """Standing upright with hanging arms, the pelvis at the origin."""
        triple, pairs, single = np.zeros((num_frames, 3)), np.zeros((num_frames, 2, 3)), np.zeros((num_frames, 2))
        return cls(triple, triple, triple, triple, pairs, single, pairs, pairs, single, pairs)

    def limited(self) -> JointAngles:
        """The nearest angles within what joints allow."""
        kept: dict[str, ndarray] = {}
        for name, limits in LIMITS_DEG.items():
            low, high = np.radians(np.array(limits)).T
            angles = getattr(self, name)
            kept[name] = np.clip(angles, low, high) if len(limits) > 1 else np.clip(angles, low[0], high[0])
        return replace(self, **kept)

    def __post_init__(self) -> None:
        counts = {field.name: len(getattr(self, field.name)) for field in fields(self)}
        if len(set(counts.values())) > 1:
            raise UserError(f"joint angles must all have the same number of frames, got {counts}")


@dataclass(frozen=True)
class Posture:
    """Where every bone is in each of T frames; columns of a rotation are the bone's axes in the world."""

    shape: BodyShape
    origins_m: Float[ndarray, "T B 3"]
    rotations: Float[ndarray, "T B 3 3"]

    @property
    def num_frames(self) -> int:
        return len(self.origins_m)

    def bone(self, name: str) -> tuple[Float[ndarray, "T 3"], Float[ndarray, "T 3 3"]]:
        """Origin and axes of one bone."""
        index = BONES.index(name)
        return self.origins_m[:, index], self.rotations[:, index]

    def point(self, bone: str, place_m: tuple[float, float, float] | ndarray) -> Float[ndarray, "T 3"]:
        """A point that rides on a bone, in the world."""
        origin, rotation = self.bone(bone)
        return origin + turned(rotation, np.asarray(place_m, dtype=np.float64))

    def placed(self, turn_deg: float, shift_m: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Posture:
        """The same motion elsewhere: turned to the left about the world's y axis, then shifted."""
        turn = about("y", np.radians(turn_deg))
        return replace(self, origins_m=self.origins_m @ turn.T + np.array(shift_m), rotations=turn @ self.rotations)

    def joints(self, layout: SkeletonLayout) -> Float[ndarray, "T V 3"]:
        """The joints of a layout in world metres.

        Raises:
            UserError: If the layout has a joint that this body does not know.
        """
        known = self.shape.landmarks
        unknown = [joint for joint in layout.joints if joint not in known]
        if unknown:
            raise UserError(
                f"the mannequin has no joint {unknown[0]!r} of layout {layout.name}; it has {', '.join(known)}"
            )
        return np.stack([self.point(*known[joint]) for joint in layout.joints], axis=1)


def pose_body(shape: BodyShape, angles: JointAngles) -> Posture:
    """Forward kinematics: from angles to bones; angles are used as given, see `JointAngles.limited`."""
    frames: dict[str, tuple[ndarray, ndarray]] = {"pelvis": (angles.position_m, trunk_rotation(angles.pelvis))}
    offsets = shape.rest_offsets
    half_spine, half_neck = trunk_rotation(angles.spine / 2), trunk_rotation(angles.neck / 2)
    _attach(frames, "spine", "pelvis", offsets["spine"], half_spine)
    _attach(frames, "chest", "spine", offsets["chest"], half_spine)
    _attach(frames, "neck", "chest", offsets["neck"], half_neck)
    _attach(frames, "head", "neck", offsets["head"], half_neck)
    for index, side in enumerate(SIDES):
        sign = 1 - 2 * index
        shoulder = ball_rotation(angles.shoulder[:, index], sign)
        _attach(frames, f"{side}_upper_arm", "chest", shoulder_place(shape, -shoulder[..., :, 1], sign), shoulder)
        elbow = about("x", -angles.elbow[:, index])
        _attach(frames, f"{side}_forearm", f"{side}_upper_arm", offsets["forearm"], elbow)
        wrist = trunk_rotation(angles.wrist[:, index])
        _attach(frames, f"{side}_hand", f"{side}_forearm", offsets["hand"], wrist)
        hip = ball_rotation(angles.hip[:, index], sign)
        _attach(frames, f"{side}_thigh", "pelvis", mirrored(offsets["thigh"], sign), hip)
        _attach(frames, f"{side}_shank", f"{side}_thigh", offsets["shank"], about("x", angles.knee[:, index]))
        ankle = trunk_rotation(angles.ankle[:, index])
        _attach(frames, f"{side}_foot", f"{side}_shank", offsets["foot"], ankle)
    origins, rotations = zip(*(frames[bone] for bone in BONES), strict=True)
    return Posture(shape, np.stack(origins, axis=1), np.stack(rotations, axis=1))


def shoulder_place(shape: BodyShape, arm_direction: Float[ndarray, "T 3"], sign: int) -> Float[ndarray, "T 3"]:
    """The shoulder joint in chest coordinates: a raised arm lifts it and draws it in, a reaching one takes it along."""
    rest = np.array(mirrored(shape.rest_offsets["upper_arm"], sign))
    raised = (1 + arm_direction[:, 1:2]) / 2
    lift = raised * np.array([-0.016 * sign, 0.030, 0.0])
    reach = arm_direction[:, 2:3] * np.array([0.0, 0.0, 0.014])
    across = np.clip(-arm_direction[:, 0:1] * sign, 0, 1) * np.array([-0.018 * sign, 0.0, 0.022])
    return rest + (lift + reach + across) * shape.height_m


def trunk_rotation(angles: Float[ndarray, "*T 3"]) -> Float[ndarray, "*T 3 3"]:
    """Rotation of a trunk-like joint from (bend forward, lean left, turn left)."""
    return trunk_turn(angles[..., 0], angles[..., 1], angles[..., 2])


def trunk_angles(matrix: Float[ndarray, "*T 3 3"]) -> Float[ndarray, "*T 3"]:
    """The inverse of `trunk_rotation`, bend within a quarter turn."""
    bend = np.arcsin(np.clip(-matrix[..., 1, 2], -1, 1))
    lean = np.arctan2(-matrix[..., 1, 0], matrix[..., 1, 1])
    return np.stack([bend, lean, np.arctan2(matrix[..., 0, 2], matrix[..., 2, 2])], axis=-1)


def ball_rotation(angles: Float[ndarray, "*T 3"], sign: int) -> Float[ndarray, "*T 3 3"]:
    """Rotation of a ball joint from (plane, elevation, twist); sign is 1 for the left side, -1 mirrors it."""
    plane, elevation, twist = sign * angles[..., 0], sign * angles[..., 1], sign * angles[..., 2]
    return about("y", -plane) @ about("z", elevation) @ about("y", plane + twist)


def ball_angles(matrix: Float[ndarray, "*T 3 3"], sign: int) -> Float[ndarray, "*T 3"]:
    """The inverse of `ball_rotation`."""
    limb = -matrix[..., :, 1]
    plane = np.arctan2(limb[..., 2], sign * limb[..., 0])
    elevation = np.arctan2(np.hypot(limb[..., 0], limb[..., 2]), -limb[..., 1])
    swing = ball_rotation(np.stack([plane, elevation, np.zeros_like(plane)], axis=-1), sign)
    rest = transposed(swing) @ matrix
    return np.stack([plane, elevation, sign * np.arctan2(rest[..., 0, 2], rest[..., 2, 2])], axis=-1)


def mirrored(place: tuple[float, float, float], sign: int) -> tuple[float, float, float]:
    """A left-hand place on the side that sign names."""
    return sign * place[0], place[1], place[2]


def _attach(frames: dict, bone: str, parent: str, offset: tuple | ndarray, rotation: ndarray) -> None:
    origin, axes = frames[parent]
    frames[bone] = (origin + turned(axes, np.asarray(offset, dtype=np.float64)), axes @ rotation)


def _scaled(place: tuple[float, float, float], height_m: float) -> tuple[float, float, float]:
    return place[0] * height_m, place[1] * height_m, place[2] * height_m


def _landmark_table() -> dict[str, tuple[str, tuple[float, float, float]]]:
    """Places in fractions of the height."""
    table: dict[str, tuple[str, tuple[float, float, float]]] = {
        "pelvis": ("pelvis", (0.0, 0.012, 0.0)),
        "spine": ("chest", (0.0, 0.0, 0.0)),
        "thorax": ("chest", (0.0, 0.142, -0.006)),
        "neck": ("neck", (0.0, 0.01, 0.0)),
        "head": ("head", (0.0, 0.06, 0.01)),
        "nose": ("head", (0.0, 0.042, 0.067)),
    }
    pairs: dict[str, tuple[str, tuple[float, float, float]]] = {
        "eye": ("head", (0.0185, 0.0565, 0.051)),
        "ear": ("head", (0.0435, 0.045, 0.004)),
        "shoulder": ("upper_arm", (0.0, 0.0, 0.0)),
        "elbow": ("forearm", (0.0, 0.0, 0.0)),
        "wrist": ("hand", (0.0, 0.0, 0.0)),
        "hand": ("hand", (0.0, -0.045, 0.0)),
        "hand_tip": ("hand", (0.0, -0.1, 0.0)),
        "thumb": ("hand", (0.0, -0.06, 0.028)),
        "hip": ("thigh", (0.0, 0.0, 0.0)),
        "knee": ("shank", (0.0, 0.0, 0.0)),
        "ankle": ("foot", (0.0, 0.0, 0.0)),
        "heel": ("foot", (0.0, -0.035, -0.028)),
        "foot": ("foot", (0.0, -0.028, 0.075)),
        "big_toe": ("foot", (-0.012, -0.036, 0.112)),
        "small_toe": ("foot", (0.02, -0.036, 0.092)),
    }
    for index, side in enumerate(SIDES):
        for name, (bone, place) in pairs.items():
            where = bone if bone == "head" else f"{side}_{bone}"
            table[f"{side}_{name}"] = (where, mirrored(place, 1 - 2 * index))
    return table
