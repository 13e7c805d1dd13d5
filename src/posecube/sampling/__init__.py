"""Skeletons to samples: frame indices, crops, flips, noise; pure functions, randomness passed in."""

from posecube.sampling.augment.augmentation import PUBLISHED_AUGMENTATION, ROBUST_AUGMENTATION, Augmentation
from posecube.sampling.augment.drift import Drift
from posecube.sampling.clip import Clip, clip_rng, is_empty, training_clip, view_clips
from posecube.sampling.frames import fixed_stride_frames, spread_frames, uniform_frames
from posecube.sampling.spec import ClipSpec

__all__ = [
    "PUBLISHED_AUGMENTATION",
    "ROBUST_AUGMENTATION",
    "Augmentation",
    "Clip",
    "ClipSpec",
    "Drift",
    "clip_rng",
    "fixed_stride_frames",
    "is_empty",
    "spread_frames",
    "training_clip",
    "uniform_frames",
    "view_clips",
]
