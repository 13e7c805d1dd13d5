"""Skeletons to samples: frame indices, crops, flips, noise; pure functions, randomness passed in."""

from posecube.sampling.augment.augmentation import PUBLISHED_AUGMENTATION, ROBUST_AUGMENTATION, Augmentation, Drift
from posecube.sampling.clip import clip_rng, is_empty, training_clip, view_clips
from posecube.sampling.frames import (
    ResampledTimes,
    SpreadFrames,
    StrideFrames,
    UniformFrames,
    fixed_stride_frames,
    spread_frames,
    uniform_frames,
)
from posecube.sampling.preprocess.preprocess import Preprocess
from posecube.sampling.records import Clip
from posecube.sampling.space import BodySpace, ImageSpace, MapSpace, SquareSpace, UprightSpace
from posecube.sampling.spec import ClipSpec

__all__ = [
    "PUBLISHED_AUGMENTATION",
    "ROBUST_AUGMENTATION",
    "Augmentation",
    "BodySpace",
    "Clip",
    "ClipSpec",
    "Drift",
    "ImageSpace",
    "MapSpace",
    "Preprocess",
    "ResampledTimes",
    "SpreadFrames",
    "SquareSpace",
    "StrideFrames",
    "UniformFrames",
    "UprightSpace",
    "clip_rng",
    "fixed_stride_frames",
    "is_empty",
    "spread_frames",
    "training_clip",
    "uniform_frames",
    "view_clips",
]
