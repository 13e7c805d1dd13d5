"""From a skeleton sequence to what a network reads: chosen frames, in the coordinates that it reads."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float32, Int64, UInt8
from numpy import ndarray

from posecube.errors import UserError
from posecube.sampling.augment.augmentation import Augmentation, disturbed, guessed_hidden, trimmed
from posecube.sampling.frames import Rng, fixed_stride_frames, resampled_times, spread_frames, uniform_frames
from posecube.sampling.geometry import (
    Fit,
    crop_and_resize,
    flip,
    frame_square,
    random_resized_box,
    shown_box,
    square_around,
    subject_box,
    widened,
)
from posecube.sampling.preprocess.body_axes import centred_on_start, in_body_axes, main_person_first
from posecube.sampling.preprocess.projection import facing_yaw, project, rotation
from posecube.sampling.preprocess.smoothing import steadied
from posecube.sampling.preprocess.swaps import unswapped
from posecube.sampling.preprocess.thresholds import above_thresholds, denoised
from posecube.sampling.spec import ClipSpec
from posecube.sampling.window import Window
from posecube.skeleton.layout import SkeletonLayout
from posecube.skeleton.sequence import SkeletonSequence


@dataclass(frozen=True)
class Clip:
    """What a network reads of a sequence.

    Attributes:
        keypoints: Coordinates in the space that the ClipSpec names.
        window: What the clip shows of its sequence, for video frames to match.
        frames_rgb: Frames of the video, for a network that looks at them; ``Footage`` puts them in.
    """

    keypoints: Float32[ndarray, "M T V C"]
    confidence: Float32[ndarray, "M T V"]
    window: Window
    frames_rgb: UInt8[ndarray, "S H W 3"] | None = None


@dataclass(frozen=True)
class _Joints:
    """Joints of a clip on their way; ``size_hw`` is the image's, (0, 0) in space."""

    keypoints: Float32[ndarray, "M T V C"]
    confidence: Float32[ndarray, "M T V"]
    layout: SkeletonLayout
    size_hw: tuple[int, int]

    @property
    def num_frames(self) -> int:
        return self.keypoints.shape[1]

    def at(self, times: ndarray, *, with_next: ndarray | None = None) -> _Joints:
        """The joints at some times, in frames; behind them, if given, those at each one's next time.

        A time that is followed by itself has no next one. Between two frames a joint is interpolated, and missing where
        it is in one of them.
        """
        joints = self._at(times)
        if with_next is None:
            return joints
        after = self._at(with_next)
        has_next = (with_next > times)[:, None]
        return _Joints(
            np.concatenate([joints.keypoints, after.keypoints], axis=1),
            np.concatenate([joints.confidence, after.confidence * has_next], axis=1, dtype=np.float32),
            self.layout,
            self.size_hw,
        )

    def _at(self, times: ndarray) -> _Joints:
        if times.dtype.kind == "i":
            return _Joints(self.keypoints[:, times], self.confidence[:, times], self.layout, self.size_hw)
        before = np.minimum(times.astype(np.int64), self.num_frames - 1)
        after = np.minimum(before + 1, self.num_frames - 1)
        share = (times - before).astype(np.float32)[:, None]
        confidence = (1 - share) * self.confidence[:, before] + share * self.confidence[:, after]
        both_seen = (self.confidence[:, before] > 0) & ((self.confidence[:, after] > 0) | (share == 0))
        start, end = self.keypoints[:, before], self.keypoints[:, after]
        between = np.where(share[..., None] > 0, start + share[..., None] * (end - start), start)
        keypoints = np.where(both_seen[..., None], between, np.float32(0))
        return _Joints(keypoints, confidence * both_seen, self.layout, self.size_hw)


def training_clip(sequence: SkeletonSequence, spec: ClipSpec, augmentation: Augmentation, rng: Rng) -> Clip:
    """One random view of a sequence."""
    joints = _in_space(sequence, spec)
    first, length = trimmed(joints.num_frames, augmentation, rng)
    times = first + _chosen_times(length, spec, num_views=1, rng=rng)
    joints = joints.at(times, with_next=_next_times(times, spec, joints.num_frames))
    joints = _seen_from(joints, sequence, spec, spec.projection.training_angles(rng))
    confidence = guessed_hidden(joints.confidence, augmentation, rng)
    keypoints, confidence = disturbed(
        joints.keypoints, confidence, augmentation, rng, layout=sequence.layout, size_hw=joints.size_hw
    )
    joints = _Joints(keypoints, confidence, joints.layout, joints.size_hw)
    box = _box(joints, spec)
    if spec.num_axes == 2:
        if augmentation.widen != (1.0, 1.0):
            box = widened(box, rng.uniform(*augmentation.widen))
        box = random_resized_box(box, rng, area=augmentation.crop_area, aspect=augmentation.crop_aspect)
    window = Window(first, length, box, joints.size_hw, flipped=bool(rng.uniform() < augmentation.flip))
    return _finished(joints, spec, window, spec.size_hw, fit="squash")


def view_clips(sequence: SkeletonSequence, spec: ClipSpec, *, num_views: int = 1, flips: bool = False) -> list[Clip]:
    """The test views of a sequence, each followed by its mirror image if ``flips``; chance has no part in them.

    Views of 2D joints share one box, that of all their frames, as in the public code; those of 3D joints look from
    different sides.
    """
    whole = _in_space(sequence, spec)
    times = _chosen_times(whole.num_frames, spec, num_views=num_views, rng=None).reshape(num_views, -1)
    shared_box = _box(whole.at(times.reshape(-1)), spec) if sequence.num_axes == 2 else None
    clips = []
    for view in range(num_views):
        joints = whole.at(times[view], with_next=_next_times(times[view], spec, whole.num_frames))
        joints = _seen_from(joints, sequence, spec, spec.projection.test_angles(view, num_views))
        box = _box(joints, spec) if shared_box is None else shared_box
        for flipped in (False, True) if flips else (False,):
            window = Window(0, whole.num_frames, box, joints.size_hw, flipped)
            clips.append(_finished(joints, spec, window, spec.view_size_hw, fit=spec.test_fit))
    return clips


def is_empty(sequence: SkeletonSequence, spec: ClipSpec) -> bool:
    """Whether a clip shows nobody: no joint of the people who are kept was seen, or none is above the thresholds."""
    confidence = sequence.confidence[_people(sequence, spec.max_people)]
    left = above_thresholds(confidence, skeleton=spec.skeleton_threshold, joint=spec.joint_threshold)
    return not left.any()


def clip_rng(seed: int, epoch: int, name: str) -> np.random.Generator:
    """The generator of one training sample: a function of run, epoch and clip, whatever worker draws it."""
    return np.random.Generator(np.random.PCG64([seed, epoch, zlib.crc32(name.encode())]))


def _in_space(sequence: SkeletonSequence, spec: ClipSpec) -> _Joints:
    """The people to keep, 3D joints about the body where the clip's space asks for it.

    Raises:
        UserError: If the space has three axes and the sequence two.
    """
    people = _people(sequence, spec.max_people)
    everyone = len(people) == sequence.num_people
    keypoints = sequence.keypoints if everyone else sequence.keypoints[people]
    confidence = sequence.confidence if everyone else sequence.confidence[people]
    if spec.undo_swaps:
        keypoints, confidence = unswapped(keypoints, confidence)
    keypoints, confidence = denoised(
        keypoints, confidence, skeleton=spec.skeleton_threshold, joint=spec.joint_threshold
    )
    if spec.steady:
        keypoints = steadied(keypoints, confidence)
    if spec.num_axes == 3:
        if sequence.num_axes != 3:
            raise UserError(f"space {spec.space!r} needs 3D joints, {sequence.name or 'the sequence'} has 2D ones")
        keypoints, confidence = main_person_first(keypoints, confidence)
        centre = in_body_axes if spec.space == "body" else centred_on_start
        keypoints = centre(keypoints, confidence, sequence.layout)
    return _Joints(keypoints, confidence, sequence.layout, sequence.size_hw)


def _seen_from(joints: _Joints, sequence: SkeletonSequence, spec: ClipSpec, angles: tuple[float, float]) -> _Joints:
    """3D joints turned, and projected where the network reads an image."""
    if sequence.num_axes == 2:
        return joints
    yaw, pitch = angles
    if spec.face_subject:
        yaw += facing_yaw(sequence.keypoints, sequence.confidence, sequence.layout)
    if spec.num_axes == 3:
        turned = joints.keypoints
        if yaw or pitch:
            turned = turned @ rotation(yaw, pitch, vertical="z" if spec.space == "body" else "y").T
        return _Joints(turned, joints.confidence, joints.layout, joints.size_hw)
    image = project(joints.keypoints, joints.confidence, spec.projection, yaw=yaw, pitch=pitch)
    side = spec.projection.size_px
    return _Joints(image, joints.confidence, joints.layout, (side, side))


def _finished(joints: _Joints, spec: ClipSpec, window: Window, map_hw: tuple[int, int], *, fit: Fit) -> Clip:
    """Into the clip's units, mirrored or as motion if asked for, padded with people who are not there."""
    keypoints, confidence = joints.keypoints, joints.confidence
    width = 1.0  # x becomes width - 1 - x: about 0 but on a map
    if spec.space == "map":
        keypoints, width = crop_and_resize(keypoints, window.box_xyxy, map_hw, fit=fit), map_hw[1]
        window = replace(window, box_xyxy=shown_box(window.box_xyxy, map_hw, fit=fit))
    elif spec.num_axes == 2:
        keypoints = crop_and_resize(keypoints, window.box_xyxy, (2, 2)) - np.float32(1)
        if spec.space == "square":
            keypoints = keypoints.clip(-1, 1)
    if window.flipped:
        keypoints, confidence = flip(keypoints, confidence, layout=joints.layout, width_px=width)
    if spec.motion:
        keypoints, confidence = _moves(keypoints, confidence)
    if spec.space != "map":
        keypoints = np.where(confidence[..., None] > 0, keypoints, np.float32(0))
    return _padded(keypoints, confidence, spec.max_people, window)


def _moves(
    keypoints: Float32[ndarray, "M 2T V C"], confidence: Float32[ndarray, "M 2T V"]
) -> tuple[Float32[ndarray, "M T V C"], Float32[ndarray, "M T V"]]:
    """Moves to the next frame, sure as the two ends are on average; nothing where an end is missing."""
    now, later = np.split(keypoints, 2, axis=1)
    sure_now, sure_later = np.split(confidence, 2, axis=1)
    return later - now, np.where((sure_now > 0) & (sure_later > 0), (sure_now + sure_later) / 2, np.float32(0))


def _chosen_times(num_frames: int, spec: ClipSpec, *, num_views: int, rng: Rng | None) -> ndarray:
    """Times in frames, view after view; whole numbers but for resampled clips."""
    if spec.sampler == "resample":
        return resampled_times(num_frames, spec.clip_len, num_clips=num_views)
    if spec.sampler == "spread":
        return spread_frames(num_frames, spec.clip_len, num_clips=num_views, rng=rng)
    if spec.sampler == "uniform":
        return uniform_frames(num_frames, spec.clip_len, num_clips=num_views, rng=rng, stream=spec.stream)
    return fixed_stride_frames(num_frames, spec.clip_len, stride=spec.stride, num_clips=num_views, rng=rng)


def _next_times(times: ndarray, spec: ClipSpec, num_frames: int) -> ndarray | None:
    """The time after each, for a clip of motion; the last one is followed by itself."""
    if not spec.motion:
        return None
    if spec.sampler == "resample":
        return np.append(times[1:], times[-1])
    return np.minimum(times + 1, num_frames - 1)


def _people(sequence: SkeletonSequence, max_people: int) -> Int64[ndarray, " m"]:
    """Indices of the people to keep, in their order; the surest ones when there are too many."""
    if sequence.num_people <= max_people:
        return np.arange(sequence.num_people)
    sureness = sequence.confidence.sum(axis=(1, 2))
    return np.sort(np.argsort(-sureness, kind="stable")[:max_people])


def _box(joints: _Joints, spec: ClipSpec) -> ndarray:
    if spec.space == "square":
        if not spec.crop:
            return frame_square(joints.size_hw)
        return square_around(joints.keypoints, joints.confidence, padding=spec.padding, size_hw=joints.size_hw)
    if not spec.crop or spec.num_axes == 3:
        return np.array([0, 0, joints.size_hw[1], joints.size_hw[0]], dtype=np.float64)
    return subject_box(joints.keypoints, joints.confidence, padding=spec.padding, size_hw=joints.size_hw)


def _padded(keypoints: ndarray, confidence: ndarray, max_people: int, window: Window) -> Clip:
    """Add people who are never seen until there are ``max_people``."""
    absent = max_people - len(keypoints)
    if absent > 0:
        keypoints = np.concatenate([keypoints, np.zeros((absent, *keypoints.shape[1:]), np.float32)])
        confidence = np.concatenate([confidence, np.zeros((absent, *confidence.shape[1:]), np.float32)])
    return Clip(np.ascontiguousarray(keypoints, np.float32), np.ascontiguousarray(confidence, np.float32), window)
