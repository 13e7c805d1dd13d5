"""One take of one action: who moves how, seen by which camera, and where every joint then is, before any pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from jaxtyping import Float, Float32
from numpy import ndarray

from posecube.skeleton import find_layout
from posecube.studio.body import Posture, pose_body
from posecube.studio.camera import aim
from posecube.studio.conditions import GOOD_CONDITIONS, Conditions
from posecube.studio.goals import Goals, reach
from posecube.studio.motions import Action, Style, View, find_action
from posecube.studio.motions.style import alive
from posecube.studio.props import Prop, Scene, make_prop
from posecube.studio.raycast import Lens
from posecube.studio.solid import Solid
from posecube.studio.subject import Subject, find_subject

_COCO17, _NTU25 = find_layout("coco17"), find_layout("ntu25")
_LEFT_HANDED = 0.15  # share of left-handers
_SIZES = (64, 2048)


@dataclass(frozen=True)
class Performer:
    """One person in a clip.

    Attributes:
        grip: Whether the hands are closed around something.
    """

    person: Subject
    posture: Posture
    grip: bool = False


@dataclass(frozen=True)
class Take:
    """Everything about a clip but its pixels.

    Attributes:
        action: Name of the action.
        subject: Number of the (first) person.
        seed: What all randomness of the clip comes from.
        performers: Who performs the action, M people; the truth is theirs.
        bystanders: Who is in the background.
        backdrop: Name of the place.
        occluders: What stands between camera and people, on the frame "world".
        lenses: The camera in each frame; all the same unless it shakes.
        keypoints_xy: Exact COCO-17 joints, in pixels. (M, T, 17, 2)
        joint_depth_m: Their distance along the camera's axis. (M, T, 17)
        keypoints_3d: Exact NTU-25 joints, metres in the camera's axes: x right, y up, z away. (M, T, 25, 3)
    """

    action: str
    subject: int
    view: int
    seed: int
    fps: Fraction
    performers: tuple[Performer, ...]
    bystanders: tuple[Performer, ...]
    prop: Prop
    backdrop: str
    occluders: tuple[Solid, ...]
    lenses: tuple[Lens, ...]
    conditions: Conditions
    keypoints_xy: Float32[ndarray, "M T 17 2"]
    joint_depth_m: Float32[ndarray, "M T 17"]
    keypoints_3d: Float32[ndarray, "M T 25 3"]

    @property
    def num_frames(self) -> int:
        return len(self.lenses)

    @property
    def size_hw(self) -> tuple[int, int]:
        return self.lenses[0].size_hw

    def rng(self, purpose: str) -> np.random.Generator:
        """A generator for one purpose of this camera's clip, independent of the other purposes."""
        return _rng(purpose, self.action, self.subject, self.seed, self.view)

    def scene_rng(self, purpose: str) -> np.random.Generator:
        """A generator for what all cameras of the same performance see."""
        return _rng(purpose, self.action, self.subject, self.seed)


def plan_take(
    action: str,
    *,
    subject: int = 0,
    view: int = 0,
    seed: int = 0,
    num_frames: int | None = None,
    size_hw: tuple[int, int] = (360, 270),
    fps: Fraction | float = 30,
    variety: float = 1.0,
    conditions: Conditions = GOOD_CONDITIONS,
) -> Take:
    """Act an action out and point a camera at it; the same arguments give the same joints, to the bit.

    The motion depends on action, subject and seed alone, so that several views show one and the same performance.

    Args:
        subject: Number of the person; 0 is the house's own, others vary in build, skin, hair and clothes.
        view: Which of the action's usual cameras; beyond those, cameras stand anywhere around.
        num_frames: None takes what shows the action whole.
        variety: How far tempo, amplitude and the like stray from the typical, 0 to 1.

    Raises:
        ValueError: If there is no such action, or a number is out of its range.
    """
    program = find_action(action)
    rate = check_take(num_frames=num_frames, size_hw=size_hw, fps=fps, view=view, seed=seed)
    person = find_subject(subject)
    count = num_frames if num_frames is not None else max(2, round(program.duration_s * rate))
    style = Style(_rng("motion", action, subject, seed), variety=variety)
    mirrored = program.handed and variety > 0 and style.chance(_LEFT_HANDED)
    time_s = np.arange(count) / float(rate)
    posture, goals = _act(program, person, style, time_s, mirrored=mirrored)
    prop = make_prop(program.prop, Scene(posture, goals, time_s, -1 if mirrored else 1))
    camera = _choose_view(program, view, _rng("camera", action, subject, seed, view), variety, mirrored=mirrored)
    lens = aim(_framed(posture, camera), camera, size_hw=size_hw, margin=0.05 if camera.upper_body else 0.10)
    performers = (Performer(person, posture, prop.grip),)
    lenses = (lens,) * count
    return Take(
        action, subject, view, seed, rate, performers, (), prop, program.scene, (), lenses, conditions,
        *_truth(performers, lenses),
    )  # fmt: skip


def _truth(performers: Sequence[Performer], lenses: Sequence[Lens]) -> tuple[ndarray, ndarray, ndarray]:
    """Pixels, depth and camera coordinates of everyone's joints."""
    flat = np.stack([performer.posture.joints(_COCO17) for performer in performers])
    deep = np.stack([performer.posture.joints(_NTU25) for performer in performers])
    seen = [lens.project(flat[:, index]) for index, lens in enumerate(lenses)]
    camera = [(deep[:, t] - lens.place_m) @ lens.axes.T * np.array([1, -1, 1]) for t, lens in enumerate(lenses)]
    xy, depth = (np.stack(parts, axis=1).astype(np.float32) for parts in zip(*seen, strict=True))
    return xy, depth, np.stack(camera, axis=1).astype(np.float32)


def _act(program: Action, person: Subject, style: Style, time_s: ndarray, *, mirrored: bool) -> tuple[Posture, Goals]:
    """Motion program, the body's own sway, then the joints' angles within their limits."""
    length = len(time_s) * float(time_s[1]) if len(time_s) > 1 else 1.0
    pace = 1.0 if program.cyclic else max(1.0, program.duration_s / length)
    goals = alive(program.program(person.shape, style, time_s * pace), style, time_s, amount=program.sway)
    if mirrored:
        goals = goals.mirrored()
    return pose_body(person.shape, reach(person.shape, goals)), goals


def _choose_view(program: Action, view: int, rng: np.random.Generator, variety: float, *, mirrored: bool) -> View:
    jitter = rng.uniform(-1, 1, size=2) * variety
    if view < len(program.views):
        usual = program.views[view]
    else:
        usual = View(float(rng.uniform(-180, 180)), float(rng.uniform(2, 16)), program.views[0].upper_body)
    yaw = usual.yaw_deg + 5 * jitter[0]
    return replace(usual, yaw_deg=-yaw if mirrored else yaw, pitch_deg=max(0.0, usual.pitch_deg + 2 * jitter[1]))


def _framed(posture: Posture, view: View) -> Float[ndarray, "T V 3"]:
    """What the picture must hold: all joints and the top of the head, or trunk and arms with some headroom."""
    joints, headroom = posture.joints(_NTU25), 0.135
    if view.upper_body:
        left_out = ("hip", "knee", "ankle", "foot", "hand", "hand_tip", "thumb")
        joints = joints[:, [index for index, name in enumerate(_NTU25.joints) if not name.endswith(left_out)]]
        headroom = 0.22
    top = posture.point("head", (0.0, headroom * posture.shape.height_m, 0.0))
    return np.concatenate([joints, top[:, None]], axis=1)


def _rng(purpose: str, action: str, *numbers: int) -> np.random.Generator:
    words = [int.from_bytes(word.encode()[:12], "little") for word in (purpose, action)]
    return np.random.default_rng([*words, *numbers])


def check_take(
    *, num_frames: int | None, size_hw: tuple[int, int], fps: Fraction | float, view: int, seed: int
) -> Fraction:
    """Refuse numbers that no clip can be made with; gives the frame rate as a fraction.

    Raises:
        ValueError: If a number is out of its range.
    """
    if not 1 <= fps <= 240:
        raise ValueError(f"frames a second must lie between 1 and 240, got {fps}")
    if num_frames is not None and num_frames < 1:
        raise ValueError(f"a clip needs at least 1 frame, got {num_frames}")
    if min(view, seed) < 0:
        raise ValueError(f"view and seed must be 0 or more, got view {view} and seed {seed}")
    low, high = _SIZES
    if len(size_hw) != 2 or not all(low <= side <= high for side in size_hw):
        raise ValueError(f"frames must have {low} to {high} pixels a side, got {size_hw}; choose another size")
    return Fraction(fps).limit_denominator(1001)
