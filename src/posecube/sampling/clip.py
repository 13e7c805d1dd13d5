"""From a skeleton sequence to what a network reads: chosen frames, cropped to the subject, in map pixels."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float32
from numpy import ndarray
from pydantic import BaseModel, ConfigDict, Field

from posecube.sampling.augmentation import Augmentation, disturbed, guessed_hidden, trimmed
from posecube.sampling.frames import Rng, fixed_stride_frames, uniform_frames
from posecube.sampling.geometry import crop_and_resize, flip, random_resized_box, subject_box
from posecube.sampling.projection import Projection, facing_yaw, project
from posecube.skeleton.sequence import SkeletonSequence


class ClipSpec(BaseModel):
    """How a sequence becomes a network's input; part of a recipe and of every weights card.

    Attributes:
        clip_len: Frames that the network sees.
        size_hw: Height and width of the map.
        max_people: People that share the volume; the most confident ones are kept, absent ones are padded.
        sampler: One frame from each equal part of the clip, or frames at a fixed stride.
        stride: Distance of frames for the fixed stride.
        crop: Crop to the square around the subject, or show the whole frame.
        padding: Share by which the subject's box is widened.
        yaw_deg: For 3D joints: largest turn of the virtual camera, see Projection.
        pitch_deg: For 3D joints: largest tilt of the virtual camera in training.
        face_subject: For 3D joints: whether angles count from where the subject faces, which takes the sensor's place
            out of the clip.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    clip_len: int = Field(default=48, ge=1)
    size_hw: tuple[int, int] = (56, 56)
    max_people: int = Field(default=2, ge=1)
    sampler: Literal["uniform", "fixed_stride"] = "uniform"
    stride: int = Field(default=4, ge=1)
    crop: bool = True
    padding: float = Field(default=0.25, ge=0.0)
    yaw_deg: float = Field(default=0.0, ge=0.0)
    pitch_deg: float = Field(default=0.0, ge=0.0)
    face_subject: bool = False

    @property
    def projection(self) -> Projection:
        return Projection(yaw_deg=self.yaw_deg, pitch_deg=self.pitch_deg, faces_subject=self.face_subject)


@dataclass(frozen=True)
class Clip:
    """Network input as coordinates: map pixels (M, T, V, 2) and confidence (M, T, V)."""

    keypoints_xy: Float32[ndarray, "M T V 2"]
    confidence: Float32[ndarray, "M T V"]


def training_clip(sequence: SkeletonSequence, spec: ClipSpec, augmentation: Augmentation, rng: Rng) -> Clip:
    """One random view of a sequence."""
    first, length = trimmed(sequence.num_frames, augmentation, rng)
    frames = first + _chosen_frames(length, spec, num_views=1, rng=rng)
    people = _people(sequence, spec.max_people)
    confidence = sequence.confidence[people[:, None], frames]
    keypoints = sequence.keypoints[people[:, None], frames]
    size_hw = sequence.size_hw
    if sequence.num_axes == 3:
        yaw, pitch = spec.projection.training_angles(rng)
        yaw += _facing(sequence, spec)
        keypoints = project(keypoints, confidence, spec.projection, yaw=yaw, pitch=pitch)
        size_hw = (spec.projection.size_px, spec.projection.size_px)
    confidence = guessed_hidden(confidence, augmentation, rng)
    keypoints, confidence = disturbed(keypoints, confidence, augmentation, rng, layout=sequence.layout, size_hw=size_hw)
    box = _box(keypoints, confidence, spec, size_hw)
    box = random_resized_box(box, rng, area=augmentation.crop_area, aspect=augmentation.crop_aspect)
    keypoints = crop_and_resize(keypoints, box, spec.size_hw)
    if rng.uniform() < augmentation.flip:
        keypoints, confidence = flip(keypoints, confidence, layout=sequence.layout, width_px=spec.size_hw[1])
    return _padded(keypoints, confidence, spec.max_people)


def view_clips(sequence: SkeletonSequence, spec: ClipSpec, *, num_views: int = 1, flips: bool = False) -> list[Clip]:
    """The test views of a sequence, each followed by its mirror image if ``flips``; chance has no part in them."""
    frames = _chosen_frames(sequence.num_frames, spec, num_views=num_views, rng=None).reshape(num_views, -1)
    people = _people(sequence, spec.max_people)
    clips = []
    for view in range(num_views):
        confidence = sequence.confidence[people[:, None], frames[view]]
        keypoints = sequence.keypoints[people[:, None], frames[view]]
        size_hw = sequence.size_hw
        if sequence.num_axes == 3:
            yaw, pitch = spec.projection.test_angles(view, num_views)
            yaw += _facing(sequence, spec)
            keypoints = project(keypoints, confidence, spec.projection, yaw=yaw, pitch=pitch)
            size_hw = (spec.projection.size_px, spec.projection.size_px)
        box = _box(keypoints, confidence, spec, size_hw)
        keypoints = crop_and_resize(keypoints, box, spec.size_hw)
        clips.append(_padded(keypoints, confidence, spec.max_people))
        if flips:
            mirrored = flip(keypoints, confidence, layout=sequence.layout, width_px=spec.size_hw[1])
            clips.append(_padded(*mirrored, spec.max_people))
    return clips


def clip_rng(seed: int, epoch: int, name: str) -> np.random.Generator:
    """The generator of one training sample: a function of run, epoch and clip, whatever worker draws it."""
    return np.random.Generator(np.random.PCG64([seed, epoch, zlib.crc32(name.encode())]))


def _facing(sequence: SkeletonSequence, spec: ClipSpec) -> float:
    """Turn towards the side that the subject faces, radians."""
    if not spec.face_subject:
        return 0.0
    return facing_yaw(sequence.keypoints, sequence.confidence, sequence.layout)


def _chosen_frames(num_frames: int, spec: ClipSpec, *, num_views: int, rng: Rng | None) -> ndarray:
    if spec.sampler == "uniform":
        return uniform_frames(num_frames, spec.clip_len, num_clips=num_views, rng=rng)
    return fixed_stride_frames(num_frames, spec.clip_len, stride=spec.stride, num_clips=num_views, rng=rng)


def _people(sequence: SkeletonSequence, max_people: int) -> ndarray:
    """Indices of the people to keep, in their order; the surest ones when there are too many."""
    if sequence.num_people <= max_people:
        return np.arange(sequence.num_people)
    sureness = sequence.confidence.sum(axis=(1, 2))
    return np.sort(np.argsort(-sureness, kind="stable")[:max_people])


def _box(keypoints_xy: ndarray, confidence: ndarray, spec: ClipSpec, size_hw: tuple[int, int]) -> ndarray:
    if not spec.crop:
        return np.array([0, 0, size_hw[1], size_hw[0]], dtype=np.float64)
    return subject_box(keypoints_xy, confidence, padding=spec.padding, size_hw=size_hw)


def _padded(keypoints_xy: ndarray, confidence: ndarray, max_people: int) -> Clip:
    """Add people who are never seen until there are ``max_people``."""
    absent = max_people - len(keypoints_xy)
    if absent > 0:
        keypoints_xy = np.concatenate([keypoints_xy, np.zeros((absent, *keypoints_xy.shape[1:]), np.float32)])
        confidence = np.concatenate([confidence, np.zeros((absent, *confidence.shape[1:]), np.float32)])
    return Clip(np.ascontiguousarray(keypoints_xy, np.float32), np.ascontiguousarray(confidence, np.float32))
