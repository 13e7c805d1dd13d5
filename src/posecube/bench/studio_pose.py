"""How right a pose estimator is on the studio's people, whose joints are known: PCK by view, darkness and joint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from jaxtyping import Bool, Float, Int64
from numpy import ndarray

from posecube.pose.accuracy import joint_offsets, pck
from posecube.pose.estimators.loading import load_estimator
from posecube.pose.tracking.people import track_people
from posecube.pose.types import PoseEstimator
from posecube.skeleton.layouts import COCO17, NTU25
from posecube.video.enhance import gamma_correct
from posecube.video.frame import Frame
from posecube_studio.conditions import Conditions
from posecube_studio.film import Clip, render_clip
from posecube_studio.viewpoints import Rig

ACTIONS = ("wave", "jumping_jacks", "walk", "punch", "drink", "squat", "pick_up", "handshake")
DARKS = (1.0, 1.8, 2.5, 3.2, 4.0)
VIEWS = ("front", "45 degrees", "side", "back")
_VIEW_EDGES_DEG = (25.0, 65.0, 115.0)
_QUICK_ACTIONS, _QUICK_DARKS, _QUICK_FRAMES = ("wave", "jumping_jacks", "punch", "drink"), (1.0, 3.2), 12
METHOD = (
    "PCK of the default pose estimator with tracking, as `posecube extract` runs it, on rendered clips of 256 x 456 "
    "at 10 frames a second that three cameras on an arc see: percent of the visible joints of COCO-17 that are "
    "estimated within 0.1 of the distance from left shoulder to right hip in the picture; what was not estimated is "
    "wrong. Views by the angle from the chest's front to the camera: front up to 25 degrees, 45_degrees up to 65, "
    "side up to 115. dark_3.2: as dark as ARID; brightened: gamma-corrected by 3.2 before. *_found: percent of the "
    "people in a frame who got a skeleton; *_counted: percent of frames with the right number of people. "
    "`benchmarks/studio_pose.py` has more actions, darknesses and people, and tells joints apart."
)


@dataclass(frozen=True)
class Errors:
    """What the estimator made of one clip.

    Attributes:
        offsets: Estimated minus true place in torsos, right and down; not a number where there is none. (M, T, 17, 2)
        visible: Joints that the camera sees. (M, T, 17)
        view: Index into VIEWS. (M, T)
        counted: Whether as many people were found as there are. (T,)
        brightened: Whether frames were gamma-corrected first, by the gamma of their darkness.
    """

    action: str
    dark: float
    brightened: bool
    offsets: Float[ndarray, "M T 17 2"]
    visible: Bool[ndarray, "M T 17"]
    view: Int64[ndarray, "M T"]
    counted: Bool[ndarray, " T"]


@dataclass(frozen=True)
class Trial:
    """Which clips are rendered: each action by one of the subjects, seen by each camera of the rig, in each darkness.

    Attributes:
        subjects: They take turns, so that every action is somebody else's.
        darks: See `Conditions.dark`; those above 1 are estimated as they are and brightened.
    """

    actions: Sequence[str] = ACTIONS
    subjects: Sequence[int] = (0, 1, 2, 5)
    views: Sequence[int] = (0, 1, 2)
    rig: Rig = "arc"
    darks: Sequence[float] = DARKS
    num_frames: int = 24
    fps: int = 10
    size_hw: tuple[int, int] = (256, 456)

    def clips(self) -> Iterator[tuple[float, Clip]]:
        """Each clip and its darkness."""
        for index, action in enumerate(self.actions):
            subject = self.subjects[index % len(self.subjects)]
            for view, dark in product(self.views, self.darks):
                clip = render_clip(
                    action, subject=subject, view=view, seed=index, num_frames=self.num_frames, size_hw=self.size_hw,
                    fps=self.fps, conditions=Conditions(dark=dark), rig=self.rig,
                )  # fmt: skip
                yield dark, clip

    def run(self, estimator: PoseEstimator) -> Iterator[Errors]:
        """The errors on every clip, in light and dark."""
        for dark, clip in self.clips():
            yield estimate_clip(clip, estimator, dark=dark)
            if dark > 1:
                yield estimate_clip(clip, estimator, dark=dark, brightened=True)


def measure() -> dict[str, float]:
    """PCK in good light by view, and in the dark with and without gamma correction."""
    trial = Trial(actions=_QUICK_ACTIONS, darks=_QUICK_DARKS, num_frames=_QUICK_FRAMES)
    errors = list(trial.run(load_estimator()))
    lights = by_light(errors)
    figures = {}
    for index, view in enumerate(VIEWS):
        score = Score.of(lights["bright"], view=index)
        if score.num_joints:
            figures[f"bright_{view.replace(' ', '_')}_pck"] = score.pck_10
    for name, several in lights.items():
        score = Score.of(several)
        figures |= {f"{name}_pck": score.pck_10, f"{name}_found": score.found, f"{name}_counted": score.counted}
    return figures


def by_light(errors: Sequence[Errors]) -> dict[str, list[Errors]]:
    """Clips of one darkness, brightened or not, under one name."""
    groups: dict[str, list[Errors]] = {}
    for each in sorted(errors, key=lambda each: (each.dark, each.brightened)):
        name = "bright" if each.dark == 1 else f"dark_{each.dark:g}" + "_brightened" * each.brightened
        groups.setdefault(name, []).append(each)
    return groups


@dataclass(frozen=True)
class Score:
    """Figures in percent, not a number where nothing counts.

    Attributes:
        found: Share of the people in a frame who got a skeleton.
        counted: Share of the frames with the right number of people; of whole pictures, whatever the view or joints.
        num_joints: Visible joints that PCK counts.
    """

    pck_10: float
    pck_20: float
    found: float
    counted: float
    num_joints: int

    @classmethod
    def of(cls, errors: Sequence[Errors], *, view: int | None = None, joints: Sequence[str] = COCO17.joints) -> Score:
        """Score clips together.

        Args:
            view: Only people seen from there, see VIEWS.
            joints: Only these.
        """
        columns = [COCO17.index(joint) for joint in joints]
        offsets = np.concatenate([each.offsets.reshape(-1, COCO17.num_joints, 2) for each in errors])
        visible = np.concatenate([each.visible.reshape(-1, COCO17.num_joints) for each in errors])
        seen_from = np.concatenate([each.view.ravel() for each in errors])
        people = visible.any(axis=1) & ((seen_from == view) if view is not None else True)
        found, counted = np.isfinite(offsets[people, :, 0]).any(axis=1), np.concatenate([e.counted for e in errors])
        offsets, visible = offsets[people][:, columns], visible[people][:, columns]
        return cls(
            pck_10=pck(offsets, visible, within=0.1),
            pck_20=pck(offsets, visible, within=0.2),
            found=float(100 * found.mean()) if len(found) else float("nan"),
            counted=float(100 * counted.mean()),
            num_joints=int(visible.sum()),
        )


def mean_offsets(errors: Sequence[Errors], *, view: int) -> Float[ndarray, "17 2"]:
    """Mean of estimated minus true place of each visible joint, in torsos: to the right in the picture, and down.

    Joints that are wrong altogether, by more than 0.3, stay out: this is about where an estimator takes a joint to be.
    """
    offsets = np.concatenate([each.offsets[each.view == view] for each in errors])
    visible = np.concatenate([each.visible[each.view == view] for each in errors])
    near = visible & (np.hypot(offsets[..., 0], offsets[..., 1]) < 0.3)
    total = np.where(near[..., None], offsets, 0).sum(axis=0)
    return np.asarray(total / np.maximum(near.sum(axis=0), 1)[:, None])


def estimate_clip(clip: Clip, estimator: PoseEstimator, *, dark: float = 1.0, brightened: bool = False) -> Errors:
    """Follow the people of a clip and compare their joints with the truth.

    Args:
        brightened: Correct the frames by this darkness first.
    """
    images = gamma_correct(clip.images, dark) if brightened else clip.images
    frames = (Frame(index, index / float(clip.fps), image) for index, image in enumerate(images))
    offsets = np.full(clip.keypoints_xy.shape, np.nan)
    counted = np.zeros(len(images), dtype=bool)
    for frame, poses in track_people(frames, estimator):
        found_xy = np.array([pose.keypoints_xy for pose in poses]).reshape(-1, COCO17.num_joints, 2)
        sure = np.array([pose.confidence for pose in poses]).reshape(-1, COCO17.num_joints)
        offsets[:, frame.index] = joint_offsets(found_xy, sure, clip.keypoints_xy[:, frame.index], COCO17)
        counted[frame.index] = len(poses) == len(clip.keypoints_xy)
    return Errors(
        action=clip.label, dark=dark, brightened=brightened, offsets=offsets, visible=clip.confidence == 1,
        view=view_of(clip.keypoints_3d), counted=counted,
    )  # fmt: skip


def view_of(keypoints_3d: Float[ndarray, "*N 25 3"]) -> Int64[ndarray, "*N"]:
    """Which of VIEWS a camera has of bodies, by where their chests point to; of lying ones, too.

    Args:
        keypoints_3d: Metres in the camera's axes: x right, y up, z away.
    """
    left, right, pelvis = (
        keypoints_3d[..., NTU25.index(name), :].astype(np.float64)
        for name in ("left_shoulder", "right_shoulder", "pelvis")
    )
    chest = (left + right) / 2
    front = np.cross(chest - pelvis, left - right)  # up x left points backwards, but these axes are left-handed
    cosine = -np.einsum("...i,...i->...", front, chest)
    cosine /= np.linalg.norm(front, axis=-1) * np.linalg.norm(chest, axis=-1)
    return np.digitize(np.degrees(np.arccos(np.clip(cosine, -1, 1))), _VIEW_EDGES_DEG)
