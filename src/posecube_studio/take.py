"""One take of one action: who moves how, seen by which camera, and where every joint then is, before any pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import get_args

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.errors import UserError
from posecube.skeleton import find_layout
from posecube_studio.backdrop import choose_place, make_place
from posecube_studio.bystanders import place_bystanders
from posecube_studio.camera import ARC_YAWS_DEG, shaken
from posecube_studio.conditions import GOOD_CONDITIONS, Conditions
from posecube_studio.lens import Lens
from posecube_studio.motions import find_action
from posecube_studio.occluders import place_occluders
from posecube_studio.performance import Performance, Performer, perform, seeded
from posecube_studio.props import Prop
from posecube_studio.solid import Solid
from posecube_studio.viewpoints import Rig, Viewpoints, facing_deg

__all__ = ["Performer", "Rig", "Take", "check_take", "plan_take"]

_COCO17, _NTU25 = find_layout("coco17"), find_layout("ntu25")
_SIZES = (64, 2048)


@dataclass(frozen=True)
class Take:
    """Everything about a clip but its pixels.

    Attributes:
        action: Name of the action.
        subject: Number of the (first) person.
        seed: What all randomness of the clip comes from.
        rig: How the cameras of one performance stand.
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
    rig: Rig
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
        return seeded(purpose, self.action, self.subject, self.seed, self.view)

    def scene_rng(self, purpose: str) -> np.random.Generator:
        """A generator for what all cameras of the same performance see."""
        return seeded(purpose, self.action, self.subject, self.seed)


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
    rig: Rig = "usual",
) -> Take:
    """Act an action out and point a camera at it; the same arguments give the same joints, to the bit.

    The motion depends on action, subject and seed alone, so that several views show one and the same performance; who
    else is there and what stands in the way are the same for all its views, too.

    Args:
        subject: Number of the (first) person; 0 is the house's own, others vary in build and appearance. Who else
            an action takes: `performance.partner_of`.
        view: Which camera of the rig.
        num_frames: None takes what shows the action whole.
        variety: How far tempo, amplitude and the like stray from the typical, 0 to 1.
        rig: "usual" cameras stand where the action is usually filmed from, each framing for itself; beyond those, they
            stand anywhere around. "arc" cameras stand on an arc as in NTU RGB+D, see `camera.arc_cameras`: view 0 in
            front, 1 and 2 at -45 and 45 degrees; people face camera 1 if the seed is even and camera 2 if it is odd,
            as in that data set's first and second repetition.

    Raises:
        UserError: If there is no such action, or a number is out of its range.
    """
    program = find_action(action)
    rate = check_take(num_frames=num_frames, size_hw=size_hw, fps=fps, view=view, seed=seed, rig=rig)
    count = num_frames if num_frames is not None else max(2, round(program.duration_s * rate))
    time_s = np.arange(count) / float(rate)
    acted = perform(action, subject=subject, seed=seed, time_s=time_s, variety=variety)
    scene = (action, subject, seed)
    if rig == "arc":
        acted = acted.turned(facing_deg(seed, variety=variety, rng=seeded("facing", *scene)))
    cameras = Viewpoints(program, acted, scene, size_hw, variety, rig)
    lens = cameras.find(view)
    backdrop = choose_place(program.scene, seeded("place", *scene), rig=rig)
    bystanders, occluders = _stage(acted, cameras, conditions, time_s, backdrop)
    lenses = shaken(
        lens, num_frames=count, fps=rate, shake_deg=conditions.shake_deg, rng=seeded("shake", *scene, view)
    )  # fmt: skip
    xy, depth_m, deep = _truth(acted.performers, lenses)
    return Take(
        action=action, subject=subject, view=view, seed=seed, rig=rig, fps=rate, performers=acted.performers,
        bystanders=bystanders, prop=acted.prop, backdrop=backdrop, occluders=occluders, lenses=lenses,
        conditions=conditions, keypoints_xy=xy, joint_depth_m=depth_m, keypoints_3d=deep,
    )  # fmt: skip


def _stage(
    acted: Performance, cameras: Viewpoints, conditions: Conditions, time_s: ndarray, backdrop: str
) -> tuple[tuple[Performer, ...], tuple[Solid, ...]]:
    """Who else is there, and what stands in the way."""
    if not conditions.bystanders and not conditions.occluders:
        return (), ()
    scene, lenses = cameras.scene, cameras.main()
    looks = seeded("place", *scene) if cameras.rig == "arc" else None  # as the film paints it
    room_m = make_place(backdrop, looks).room_m
    joints_m = np.stack([each.posture.joints(_NTU25) for each in acted.performers])
    bystanders = place_bystanders(
        conditions.bystanders, joints_m=joints_m, lenses=lenses, time_s=time_s, room_m=room_m,
        rng=seeded("bystanders", *scene),
    )  # fmt: skip
    occluders = place_occluders(
        conditions.occluders, joints_m=joints_m, lenses=lenses, rng=seeded("occluders", *scene)
    )  # fmt: skip
    return bystanders, occluders


def _truth(performers: Sequence[Performer], lenses: Sequence[Lens]) -> tuple[ndarray, ndarray, ndarray]:
    """Pixels, depth and camera coordinates of everyone's joints."""
    flat = np.stack([performer.posture.joints(_COCO17) for performer in performers])
    deep = np.stack([performer.posture.joints(_NTU25) for performer in performers])
    seen = [lens.project(flat[:, index]) for index, lens in enumerate(lenses)]
    camera = [(deep[:, t] - lens.place_m) @ lens.axes.T * np.array([1, -1, 1]) for t, lens in enumerate(lenses)]
    xy, depth = (np.stack(parts, axis=1).astype(np.float32) for parts in zip(*seen, strict=True))
    return xy, depth, np.stack(camera, axis=1).astype(np.float32)


def check_take(
    *,
    num_frames: int | None,
    size_hw: tuple[int, int],
    fps: Fraction | float,
    view: int,
    seed: int,
    rig: str = "usual",
) -> Fraction:
    """Refuse numbers that no clip can be made with; gives the frame rate as a fraction.

    Raises:
        UserError: If a number is out of its range, or there is no such rig.
    """
    if rig not in get_args(Rig):
        raise UserError(f"unknown rig {rig!r} of cameras; choose one of: {', '.join(get_args(Rig))}")
    if rig == "arc" and view >= len(ARC_YAWS_DEG):
        raise UserError(f"an arc has views 0 to {len(ARC_YAWS_DEG) - 1}, got view {view}; choose another view")
    if not 1 <= fps <= 240:
        raise UserError(f"frames a second must lie between 1 and 240, got {fps}")
    if num_frames is not None and num_frames < 1:
        raise UserError(f"a clip needs at least 1 frame, got {num_frames}")
    if min(view, seed) < 0:
        raise UserError(f"view and seed must be 0 or more, got view {view} and seed {seed}")
    low, high = _SIZES
    if len(size_hw) != 2 or not all(low <= side <= high for side in size_hw):
        raise UserError(f"frames must have {low} to {high} pixels a side, got {size_hw}; choose another size")
    return Fraction(fps).limit_denominator(1001)
