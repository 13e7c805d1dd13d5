"""Estimated joints against the studio's true ones: errors of a clip, scores of several, by view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int64
from numpy import ndarray

from posecube.pose.accuracy import joint_offsets, pck
from posecube.pose.tracking.people import track_people
from posecube.pose.types import PoseEstimator
from posecube.skeleton.layouts import COCO17, NTU25
from posecube.video.enhance import gamma_correct
from posecube.video.frame import Frame
from posecube_studio.clip import RenderedClip

VIEWS = ("front", "45 degrees", "side", "back")
_VIEW_EDGES_DEG = (25.0, 65.0, 115.0)


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


def estimate_clip(
    clip: RenderedClip, estimator: PoseEstimator, *, dark: float = 1.0, brightened: bool = False
) -> Errors:
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
