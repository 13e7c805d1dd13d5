"""From a skeleton sequence to what a network reads: chosen frames, in the coordinates that it reads."""

from __future__ import annotations

import zlib
from dataclasses import replace

import numpy as np
from jaxtyping import Float32, Int64
from numpy import ndarray

from posecube.sampling.augment.augmentation import Augmentation, disturbed, imputed_occluded, paused, trimmed
from posecube.sampling.frames import Rng
from posecube.sampling.geometry import flip, random_resized_box, widened
from posecube.sampling.preprocess.projection import facing_yaw
from posecube.sampling.records import Clip, Joints, Window
from posecube.sampling.spec import ClipSpec
from posecube.skeleton.sequence import SkeletonSequence


def training_clip(sequence: SkeletonSequence, spec: ClipSpec, augmentation: Augmentation, rng: Rng) -> Clip:
    """One random view of a sequence."""
    joints = _arranged(sequence, spec)
    first, length = trimmed(joints.num_frames, augmentation, rng)
    before, after = paused(length, augmentation, rng)
    times = spec.frames.times(before + length + after, spec.clip_len, num_views=1, rng=rng) - before
    times = first + times.clip(0, length - 1)
    joints = joints.at(times, with_next=_next_times(times, spec, joints.num_frames))
    joints = _seen(joints, sequence, spec, spec.space.training_angles(rng))
    confidence = imputed_occluded(joints.confidence, augmentation, rng)
    keypoints, confidence = disturbed(
        joints.keypoints, confidence, augmentation, rng, layout=sequence.layout, size_hw=joints.size_hw
    )
    joints = replace(joints, keypoints=keypoints, confidence=confidence)
    box = spec.space.box(joints)
    if spec.space.num_axes == 2:
        if augmentation.widen != (1.0, 1.0):
            box = widened(box, rng.uniform(*augmentation.widen))
        box = random_resized_box(box, rng, area=augmentation.crop_area, aspect=augmentation.crop_aspect)
    window = Window(first, length, box, joints.size_hw, flipped=bool(rng.uniform() < augmentation.flip))
    return _finished(joints, spec, window, in_training=True)


def view_clips(sequence: SkeletonSequence, spec: ClipSpec, *, num_views: int = 1, flips: bool = False) -> list[Clip]:
    """The test views of a sequence, each followed by its mirror image if ``flips``; chance has no part in them.

    Views of 2D joints share one box, that of all their frames, as in the public code; those of 3D joints look from
    different sides.
    """
    whole = _arranged(sequence, spec)
    times = spec.frames.times(whole.num_frames, spec.clip_len, num_views=num_views, rng=None).reshape(num_views, -1)
    shared_box = spec.space.box(whole.at(times.reshape(-1))) if sequence.num_axes == 2 else None
    clips = []
    for view in range(num_views):
        joints = whole.at(times[view], with_next=_next_times(times[view], spec, whole.num_frames))
        joints = _seen(joints, sequence, spec, spec.space.test_angles(view, num_views))
        box = spec.space.box(joints) if shared_box is None else shared_box
        for flipped in (False, True) if flips else (False,):
            window = Window(0, whole.num_frames, box, joints.size_hw, flipped)
            clips.append(_finished(joints, spec, window, in_training=False))
    return clips


def is_empty(sequence: SkeletonSequence, spec: ClipSpec) -> bool:
    """Whether a clip has no detections: no joint of the people who are kept was seen and is above the thresholds."""
    return spec.preprocess.leaves_nothing(sequence.confidence[_people(sequence, spec.max_people)])


def clip_rng(seed: int, epoch: int, name: str) -> np.random.Generator:
    """The generator of one training sample: a function of run, epoch and clip, whatever worker draws it."""
    return np.random.Generator(np.random.PCG64([seed, epoch, zlib.crc32(name.encode())]))


def _arranged(sequence: SkeletonSequence, spec: ClipSpec) -> Joints:
    """The people to keep, mended, 3D joints about the body where the clip's space asks for it.

    Raises:
        UserError: If the space has three axes and the sequence two.
    """
    people = _people(sequence, spec.max_people)
    everyone = len(people) == sequence.num_people
    keypoints = sequence.keypoints if everyone else sequence.keypoints[people]
    confidence = sequence.confidence if everyone else sequence.confidence[people]
    joints = Joints(*spec.preprocess.applied(keypoints, confidence), sequence.layout, sequence.size_hw)
    return spec.space.arranged(joints, name=sequence.name)


def _people(sequence: SkeletonSequence, max_people: int) -> Int64[ndarray, " m"]:
    """Indices of the people to keep, in their order; the most confident ones when there are too many."""
    if sequence.num_people <= max_people:
        return np.arange(sequence.num_people)
    total = sequence.confidence.sum(axis=(1, 2))
    return np.sort(np.argsort(-total, kind="stable")[:max_people])


def _next_times(times: ndarray, spec: ClipSpec, num_frames: int) -> ndarray | None:
    """The time after each, for a clip of motion."""
    return spec.frames.next_times(times, num_frames) if spec.space.motion else None


def _seen(joints: Joints, sequence: SkeletonSequence, spec: ClipSpec, angles: tuple[float, float]) -> Joints:
    """3D joints from an angle."""
    if sequence.num_axes == 2:
        return joints
    yaw, pitch = angles
    if spec.space.face_subject:
        yaw += facing_yaw(sequence.keypoints, sequence.confidence, sequence.layout)
    return spec.space.seen(joints, yaw=yaw, pitch=pitch)


def _finished(joints: Joints, spec: ClipSpec, window: Window, *, in_training: bool) -> Clip:
    """Into the space's units, mirrored or as motion if asked for, padded with people who are not there."""
    space, confidence = spec.space, joints.confidence
    keypoints, window = space.placed(joints.keypoints, window, in_training=in_training)
    if window.flipped:
        width = space.width_px(in_training=in_training)
        keypoints, confidence = flip(keypoints, confidence, layout=joints.layout, width_px=width)
    if space.motion:
        keypoints, confidence = _moves(keypoints, confidence)
    if space.zeroes_missing:
        keypoints = np.where(confidence[..., None] > 0, keypoints, np.float32(0))
    return Clip(_padded(keypoints, spec.max_people), _padded(confidence, spec.max_people), window)


def _moves(
    keypoints: Float32[ndarray, "M 2T V C"], confidence: Float32[ndarray, "M 2T V"]
) -> tuple[Float32[ndarray, "M T V C"], Float32[ndarray, "M T V"]]:
    """Moves to the next frame, confident as the two ends are on average; nothing where an end is missing."""
    now, later = np.split(keypoints, 2, axis=1)
    before, after = np.split(confidence, 2, axis=1)
    return later - now, np.where((before > 0) & (after > 0), (before + after) / 2, np.float32(0))


def _padded(values: ndarray, max_people: int) -> ndarray:
    """With zeros for people who are never seen, until there are ``max_people``."""
    absent = max_people - len(values)
    if absent > 0:
        values = np.concatenate([values, np.zeros((absent, *values.shape[1:]), np.float32)])
    return np.ascontiguousarray(values, np.float32)
