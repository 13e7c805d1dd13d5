"""What training does to joints so that a network survives real pose estimators: shake, drop, misplace, doubt."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float32
from numpy import ndarray
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat

from posecube.sampling.augment.corruption import limb_joints, one_joint_dropped
from posecube.sampling.frames import Rng
from posecube.skeleton.layout import SkeletonLayout

Probability = Field(default=0.0, ge=0.0, le=1.0)
LEGS = ("knee", "ankle", "foot", "heel", "toe", "foot_index")


class Drift(BaseModel):
    """How far the image of a clip drifts in training; drawn for its first and its last frame, evenly in between.

    Attributes:
        rotate_deg: Largest turn to either side.
        scale: Largest fraction by which it grows or shrinks.
        shift: Largest move along x and along y, as a fraction of half of the frame's longer side.

    Source: the public code of MotionBERT, where it is 10 degrees, 0.1 and 0.1; ST-GCN's had more such frames.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rotate_deg: float = Field(default=0.0, ge=0.0)
    scale: float = Field(default=0.0, ge=0.0, lt=1.0)
    shift: float = Field(default=0.0, ge=0.0)

    @property
    def is_on(self) -> bool:
        return max(self.rotate_deg, self.scale, self.shift) > 0


class Augmentation(BaseModel):
    """How strongly training disturbs a clip; every default leaves it as it is.

    Attributes:
        flip: Probability of a left-right flip.
        crop_area: Smallest and largest fraction of the subject's box that a random crop keeps.
        crop_aspect: Smallest and largest ratio of width to height of that crop.
        widen: Smallest and largest factor on the sides of the subject's box, before a crop.
        rotate_deg: Standard deviation of a turn of the whole clip in the image plane.
        scale: Largest fraction by which each axis is stretched or shrunk for the whole clip.
        drift: How far the image turns, grows and shifts from the clip's first frame to its last.
        trim: Probability of taking a part of the clip instead of all of it.
        trim_fraction: Smallest fraction of the clip that such a part keeps.
        pause: Probability that the clip's first or last frame, or both, are held.
        pause_fraction: Largest fraction of the clip by which each is held.
        jitter: Probability that every joint of every frame shakes.
        jitter_fraction: Largest standard deviation of the shake, as a fraction of the frame's sides, for 3D joints of
            the person's size.
        bias: Probability that every joint is off by an amount of its own for the whole clip, and drifts a little, as
            estimators are wrong about a view.
        bias_fraction: Largest standard deviation of that, as a fraction of the longer side of the person's box.
        swap_sides: Probability that left is taken for right for a run of frames, as estimators do with backs.
        drop_joint_frames: Probability that joints drop out frame by frame (up to 30 % of them).
        drop_joint: Probability that whole joints are missing throughout (15 % of them).
        drop_limb_joint: Probability, for each person and frame, that one elbow, wrist, knee or ankle is missing: the
            robust training of PoseConv3D's section 4.4.2.
        drop_legs: Probability that knees and ankles, and half of the time the hips too, are missing throughout, as in
            a close-up.
        impute_occluded: Probability that joints with confidence 0 but finite coordinates appear as doubtful guesses, as
            estimators make them.
        scale_confidence: Probability that confidences are scaled down at random.
        move_head: Largest fraction of the way to the shoulders by which the head joint moves: definitions differ.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    flip: float = Probability
    crop_area: tuple[float, float] = (1.0, 1.0)
    crop_aspect: tuple[float, float] = (1.0, 1.0)
    widen: tuple[PositiveFloat, PositiveFloat] = (1.0, 1.0)
    rotate_deg: float = Field(default=0.0, ge=0.0)
    scale: float = Field(default=0.0, ge=0.0, lt=1.0)
    drift: Drift = Drift()
    trim: float = Probability
    trim_fraction: float = Field(default=0.7, gt=0.0, le=1.0)
    pause: float = Probability
    pause_fraction: float = Field(default=0.5, ge=0.0, le=4.0)
    jitter: float = Probability
    jitter_fraction: float = Field(default=0.03, ge=0.0)
    bias: float = Probability
    bias_fraction: float = Field(default=0.04, ge=0.0)
    swap_sides: float = Probability
    drop_joint_frames: float = Probability
    drop_joint: float = Probability
    drop_limb_joint: float = Probability
    drop_legs: float = Probability
    impute_occluded: float = Probability
    scale_confidence: float = Probability
    move_head: float = Field(default=0.0, ge=0.0)


PUBLISHED_AUGMENTATION = Augmentation(flip=0.5, crop_area=(0.56, 1.0), crop_aspect=(3 / 4, 4 / 3))
ROBUST_AUGMENTATION = Augmentation(
    flip=0.5,
    crop_area=(0.56, 1.0),
    crop_aspect=(3 / 4, 4 / 3),
    rotate_deg=6.0,
    trim=0.5,
    trim_fraction=0.6,
    jitter=0.6,
    jitter_fraction=0.03,
    drop_joint_frames=0.3,
    drop_joint=0.2,
    drop_legs=0.1,
    impute_occluded=0.5,
    scale_confidence=0.5,
    move_head=0.4,
)


def trimmed(num_frames: int, augmentation: Augmentation, rng: Rng) -> tuple[int, int]:
    """First frame and number of frames that training looks at."""
    if rng.uniform() >= augmentation.trim:
        return 0, num_frames
    length = max(min(num_frames, 8), int(num_frames * rng.uniform(augmentation.trim_fraction, 1.0)))
    return int(rng.uniform() * (num_frames - length + 1)), length


def paused(num_frames: int, augmentation: Augmentation, rng: Rng) -> tuple[int, int]:
    """How many frames the first and the last one are held; nothing is drawn where it is off."""
    if augmentation.pause == 0 or rng.uniform() >= augmentation.pause:
        return 0, 0
    most = augmentation.pause_fraction * num_frames
    held = rng.uniform(0.0, most, size=2) * (rng.uniform(size=2) < 0.7)
    return int(held[0]), int(held[1])


def disturbed(
    keypoints: Float32[ndarray, "M T V C"],
    confidence: Float32[ndarray, "M T V"],
    augmentation: Augmentation,
    rng: Rng,
    *,
    layout: SkeletonLayout,
    size_hw: tuple[int, int],
) -> tuple[Float32[ndarray, "M T V C"], Float32[ndarray, "M T V"]]:
    """Joints as a worse estimator might have given them; the arrays given are left as they are.

    Args:
        size_hw: The image that 2D joints lie in; 3D joints have none.

    Raises:
        UserError: If a limb joint shall be dropped and the layout has none.
    """
    chance = rng.uniform(size=5)
    keypoints, confidence = keypoints.copy(), confidence.copy()
    if augmentation.move_head > 0:
        _move_head(keypoints, augmentation.move_head, rng, layout)
    if chance[0] < augmentation.jitter:
        spread = rng.uniform(0.0, augmentation.jitter_fraction) * _extent(keypoints, confidence, size_hw)
        keypoints += rng.normal(size=keypoints.shape) * spread
    _misread(keypoints, confidence, augmentation, rng, layout)
    if chance[1] < augmentation.drop_joint_frames:
        confidence *= rng.uniform(size=confidence.shape) >= rng.uniform(0.0, 0.3)
    if chance[2] < augmentation.drop_joint:
        confidence *= rng.uniform(size=confidence.shape[-1]) >= 0.15
    if augmentation.drop_limb_joint > 0:  # draws nothing where it is off: clips of other recipes stay what they were
        assert isinstance(rng, np.random.Generator), "published frame numbers alone are drawn by numpy's old generator"
        confidence = one_joint_dropped(confidence, limb_joints(layout), augmentation.drop_limb_joint, rng)
    if chance[4] < augmentation.drop_legs:
        parts = LEGS if rng.uniform() < 0.5 else (*LEGS, "hip")
        confidence *= [not joint.endswith(parts) for joint in layout.joints]
    if chance[3] < augmentation.scale_confidence:
        confidence *= 1 - rng.uniform(0.0, 0.5) * rng.uniform(size=confidence.shape)
    if augmentation.rotate_deg > 0 and keypoints.shape[-1] == 2:
        keypoints = _turned(keypoints, confidence, math.radians(rng.normal(0.0, augmentation.rotate_deg)))
    if augmentation.scale > 0:
        keypoints = keypoints * (1 + rng.uniform(-augmentation.scale, augmentation.scale, keypoints.shape[-1]))
    if augmentation.drift.is_on and keypoints.shape[-1] == 2:
        keypoints = drifted(keypoints, augmentation.drift, rng, size_hw=size_hw)
    return keypoints.astype(np.float32), confidence.astype(np.float32)


def imputed_occluded(
    confidence: Float32[ndarray, "M T V"], augmentation: Augmentation, rng: Rng
) -> Float32[ndarray, "M T V"]:
    """Give joints that were annotated but hidden the doubtful confidence that an estimator's guess would have."""
    if augmentation.impute_occluded == 0 or rng.uniform() >= augmentation.impute_occluded:
        return confidence
    guess = rng.uniform(0.2, 0.9) * (rng.uniform(size=confidence.shape[-1]) < 0.8)
    present = confidence.max(axis=-1, keepdims=True) > 0  # a frame without the person stays empty
    return np.where((confidence == 0) & present, guess, confidence).astype(np.float32)


def drifted(
    keypoints_xy: Float32[ndarray, "M T V 2"], drift: Drift, rng: Rng, *, size_hw: tuple[int, int]
) -> Float32[ndarray, "M T V 2"]:
    """The joints of a clip whose image drifts.

    It turns and grows about the middle of the square that has the frame's longer side and its left top corner.
    """
    num_frames, half = keypoints_xy.shape[1], max(size_hw) / 2
    ends = rng.uniform(-1.0, 1.0, size=(2, 4)) * [drift.rotate_deg, drift.scale, drift.shift, drift.shift]
    turn, growth, right, down = np.linspace(ends[0], ends[1], num_frames).T
    angle, factor = np.radians(turn), 1 + growth
    cos, sin = factor * np.cos(angle), factor * np.sin(angle)
    x, y = np.moveaxis(keypoints_xy.astype(np.float64) / half - 1, -1, 0)
    moved_x = cos[:, None] * x - sin[:, None] * y + right[:, None]
    moved_y = sin[:, None] * x + cos[:, None] * y + down[:, None]
    return ((np.stack([moved_x, moved_y], axis=-1) + 1) * half).astype(np.float32)


def _extent(
    keypoints: Float32[ndarray, "M T V C"], confidence: Float32[ndarray, "M T V"], size_hw: tuple[int, int]
) -> ndarray:
    """What jitter is a fraction of: the frame's width and height, or for 3D joints the person's size at first."""
    if keypoints.shape[-1] == 2:
        return np.array([size_hw[1], size_hw[0]])
    seen = keypoints[0, 0][confidence[0, 0] > 0]
    return np.ptp(seen, axis=0).max() if len(seen) else np.zeros(1)


def _misread(
    keypoints: Float32[ndarray, "M T V C"],
    confidence: Float32[ndarray, "M T V"],
    augmentation: Augmentation,
    rng: Rng,
    layout: SkeletonLayout,
) -> None:
    """What an estimator gets wrong for long; nothing is drawn for what is off."""
    if augmentation.bias > 0 and rng.uniform() < augmentation.bias:
        keypoints += _bias(keypoints, confidence, augmentation.bias_fraction, rng)
    if augmentation.swap_sides > 0 and rng.uniform() < augmentation.swap_sides:
        _swap_sides(keypoints, confidence, rng, layout)


def _bias(
    keypoints: Float32[ndarray, "M T V C"], confidence: Float32[ndarray, "M T V"], largest: float, rng: Rng
) -> ndarray:
    """An offset of each person's joints: constant but for a drift, from its first frame to its last, half as large."""
    people, frames, joints, axes = keypoints.shape
    sizes = np.zeros(people)
    for person, (places, seen) in enumerate(zip(keypoints, confidence, strict=True)):
        if (seen > 0).any():
            sizes[person] = np.ptp(places[seen > 0], axis=0).max()
    spread = rng.uniform(0.0, largest) * sizes[:, None, None, None]
    constant = rng.normal(size=(people, 1, joints, axes))
    drift = rng.normal(size=(people, 1, joints, axes)) * np.linspace(-0.5, 0.5, frames)[None, :, None, None]
    return spread * (constant + drift)


def _swap_sides(
    keypoints: Float32[ndarray, "M T V C"], confidence: Float32[ndarray, "M T V"], rng: Rng, layout: SkeletonLayout
) -> None:
    """Left for right in a run of frames, of everybody in the clip."""
    first, last = np.sort(rng.uniform(size=2) * keypoints.shape[1]).astype(int)
    mirror = list(layout.joint_mirror)
    keypoints[:, first:last] = keypoints[:, first:last, mirror]
    confidence[:, first:last] = confidence[:, first:last, mirror]


def _move_head(keypoints: Float32[ndarray, "M T V C"], largest: float, rng: Rng, layout: SkeletonLayout) -> None:
    """Slide the head joint along the neck, by one fraction for the whole clip: half as far outward as inward."""
    needed = ("head", "left_shoulder", "right_shoulder")
    if not set(needed) <= set(layout.joints):
        return
    head, left, right = (layout.index(joint) for joint in needed)
    shoulders = (keypoints[..., left, :] + keypoints[..., right, :]) / 2
    keypoints[..., head, :] += rng.uniform(-largest / 2, largest) * (shoulders - keypoints[..., head, :])


def _turned(
    keypoints_xy: Float32[ndarray, "M T V 2"], confidence: Float32[ndarray, "M T V"], angle: float
) -> Float32[ndarray, "M T V 2"]:
    """Turn the whole clip about the mean of its joints."""
    seen = keypoints_xy[confidence > 0]
    if len(seen) == 0:
        return keypoints_xy
    centre = seen.mean(axis=0)
    cos, sin = math.cos(angle), math.sin(angle)
    return (keypoints_xy - centre) @ np.array([[cos, sin], [-sin, cos]], dtype=np.float32) + centre
