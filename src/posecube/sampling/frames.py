"""Which frames of a clip a network sees: the rules as pure functions, and the choice among them as a value."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from jaxtyping import Float64, Int64
from numpy import ndarray
from pydantic import BaseModel, ConfigDict, Field

from posecube.errors import UserError

Rng = np.random.Generator | np.random.RandomState
PublishedSampling = Literal["mmaction2", "pyskl"]
VIEWED_FRACTION = 0.9  # of a clip, that further resampled views look at


class _Frames(BaseModel):
    """What all rules have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def next_times(self, times: ndarray, num_frames: int) -> ndarray:
        """The time after each, for a clip of motion; the last one is followed by itself."""
        return np.minimum(times + 1, num_frames - 1)


class UniformFrames(_Frames):
    """One frame from each equal part of the clip, see ``uniform_frames``.

    Attributes:
        published_sampling: Which framework's test frames the views are.
    """

    kind: Literal["uniform"] = "uniform"
    published_sampling: PublishedSampling = "mmaction2"

    def times(self, num_frames: int, clip_len: int, *, num_views: int, rng: Rng | None) -> ndarray:
        """Times in frames, view after view; without ``rng`` those of the test views."""
        return uniform_frames(num_frames, clip_len, num_clips=num_views, rng=rng, stream=self.published_sampling)


class StrideFrames(_Frames):
    """Frames at a fixed distance, see ``fixed_stride_frames``."""

    kind: Literal["fixed_stride"] = "fixed_stride"
    stride: int = Field(default=4, ge=1)

    def times(self, num_frames: int, clip_len: int, *, num_views: int, rng: Rng | None) -> ndarray:
        """Times in frames, view after view; without ``rng`` those of the test views."""
        return fixed_stride_frames(num_frames, clip_len, stride=self.stride, num_clips=num_views, rng=rng)


class ResampledTimes(_Frames):
    """The whole clip at evenly spread times, joints interpolated between frames, see ``resampled_times``."""

    kind: Literal["resample"] = "resample"

    def times(self, num_frames: int, clip_len: int, *, num_views: int, rng: Rng | None) -> ndarray:
        """Times in frames, view after view, no whole numbers; nothing about them is random."""
        return resampled_times(num_frames, clip_len, num_clips=num_views)

    def next_times(self, times: ndarray, num_frames: int) -> ndarray:
        """The next of these times, not of the frames."""
        return np.append(times[1:], times[-1])


class SpreadFrames(_Frames):
    """The whole clip at evenly spread frames, which stand still where it is shorter, see ``spread_frames``."""

    kind: Literal["spread"] = "spread"

    def times(self, num_frames: int, clip_len: int, *, num_views: int, rng: Rng | None) -> ndarray:
        """Times in frames, view after view; without ``rng`` those of the test views."""
        return spread_frames(num_frames, clip_len, num_clips=num_views, rng=rng)


Frames = Annotated[UniformFrames | StrideFrames | ResampledTimes | SpreadFrames, Field(discriminator="kind")]


def uniform_frames(
    num_frames: int,
    clip_len: int,
    *,
    num_clips: int = 1,
    rng: Rng | None = None,
    seed: int = 255,
    stream: PublishedSampling = "mmaction2",
) -> Int64[ndarray, " K*T"]:
    """One random frame from each of ``clip_len`` equal parts of the clip, ``num_clips`` times, view after view.

    Without ``rng`` these are the published test views: a function of the arguments alone, drawn from a generator of
    their own. With ``rng`` they are training views: a clip shorter than ``clip_len`` then starts at a random frame.

    Args:
        num_frames: Frames of the clip. A clip shorter than ``clip_len`` is run through again.
        seed: Seed of the test views.
        stream: Whose random numbers the views follow; pyskl draws two further numbers a view.

    Raises:
        UserError: If a count is below 1 or the stream is unknown.

    Source: PoseConv3D section 3.2, uniform sampling; streams as in the public code of both frameworks, measured.
    """
    if min(num_frames, clip_len, num_clips) < 1:
        raise UserError(
            f"num_frames, clip_len and num_clips must be at least 1, got {num_frames}, {clip_len}, {num_clips}"
        )
    if stream not in ("mmaction2", "pyskl"):
        raise UserError(f"stream must be 'mmaction2' or 'pyskl', got {stream!r}")
    training = rng is not None
    source = rng if rng is not None else np.random.RandomState(seed)
    views = []
    for view in range(num_clips):
        if stream == "pyskl":
            source.random() if isinstance(source, np.random.Generator) else source.rand()
            _integers(source, 0, 1)
        views.append(_one_view(num_frames, clip_len, view, num_clips, source, training))
    return np.concatenate(views) % num_frames


def fixed_stride_frames(
    num_frames: int, clip_len: int, *, stride: int, num_clips: int = 1, rng: Rng | None = None
) -> Int64[ndarray, " K*T"]:
    """``clip_len`` frames at a fixed distance, as in RGB recognition; a shorter clip is run through again.

    With ``rng`` each start is random; without, the starts are spread evenly.

    Raises:
        UserError: If a count is below 1.

    Source: PoseConv3D section 4.3 compares uniform sampling with this.
    """
    if min(num_frames, clip_len, num_clips, stride) < 1:
        raise UserError(
            "num_frames, clip_len, stride and num_clips must be at least 1, "
            f"got {num_frames}, {clip_len}, {stride}, {num_clips}"
        )
    last_start = max(num_frames - (clip_len - 1) * stride - 1, 0)
    if rng is not None:
        starts = np.array([_integers(rng, 0, last_start + 1) for _ in range(num_clips)])
    else:
        starts = (np.arange(num_clips) + 0.5) * (last_start + 1) // num_clips
    steps = np.arange(clip_len) * stride
    return ((starts[:, None] + steps).reshape(-1) % num_frames).astype(np.int64)


def resampled_times(num_frames: int, clip_len: int, *, num_clips: int = 1) -> Float64[ndarray, " K*T"]:
    """``clip_len`` evenly spread times from the first frame to the last, in frames; further views see nine tenths.

    The views after the first look at a part that moves from the clip's beginning to its end.

    Raises:
        UserError: If a count is below 1.

    Source: graph networks resize clips along time likewise (CTR-GCN section 4.2); the views are ours.
    """
    if min(num_frames, clip_len, num_clips) < 1:
        raise UserError(
            f"num_frames, clip_len and num_clips must be at least 1, got {num_frames}, {clip_len}, {num_clips}"
        )
    whole = np.linspace(0.0, num_frames - 1.0, clip_len)
    slack = (num_frames - 1.0) * (1 - VIEWED_FRACTION)
    others = [start + VIEWED_FRACTION * whole for start in np.linspace(0.0, slack, num_clips - 1)]
    return np.concatenate([whole, *others])


def spread_frames(
    num_frames: int, clip_len: int, *, num_clips: int = 1, rng: Rng | None = None
) -> Int64[ndarray, " K*T"]:
    """``clip_len`` frames that spread evenly over the whole clip, in order; of a shorter clip they stand still.

    With ``rng`` each is drawn from its part of the clip; of a shorter clip it is one of the two frames next to its
    time. Without, it is the first of its part, and views after the first look at nine tenths of the clip.

    Raises:
        UserError: If a count is below 1.

    Source: the public code of MotionBERT; it draws once before training, we draw anew each time. Further views are
    ours.
    """
    if min(num_frames, clip_len, num_clips) < 1:
        raise UserError(
            f"num_frames, clip_len and num_clips must be at least 1, got {num_frames}, {clip_len}, {num_clips}"
        )
    whole = np.linspace(0.0, num_frames, clip_len, endpoint=False)
    if rng is None:
        slack = num_frames - VIEWED_FRACTION * num_frames
        others = [start + VIEWED_FRACTION * whole for start in np.linspace(0.0, slack, num_clips - 1)]
        times = np.concatenate([whole, *others])
    elif num_frames < clip_len:
        is_later = _integers(rng, 0, np.full((num_clips, clip_len), 2))
        times = np.sort(np.where(is_later, np.ceil(whole), np.floor(whole)), axis=1).reshape(-1)
    else:
        times = (whole + rng.uniform(size=(num_clips, clip_len)) * num_frames / clip_len).reshape(-1)
    return np.clip(times.astype(np.int64), 0, num_frames - 1)


def _one_view(
    num_frames: int, clip_len: int, view: int, num_clips: int, rng: Rng, training: bool
) -> Int64[ndarray, " T"]:
    """Frame numbers of one view, before the clip is run through again."""
    if num_frames < clip_len:
        if training:
            start = int(_integers(rng, 0, num_frames))
        else:
            start = view if num_frames < num_clips else view * num_frames // num_clips
        return np.arange(start, start + clip_len)
    if num_frames < 2 * clip_len:
        skips = np.zeros(clip_len + 1, dtype=np.int64)
        skips[rng.choice(clip_len + 1, num_frames - clip_len, replace=False)] = 1
        return np.arange(clip_len) + np.cumsum(skips)[:-1]
    edges = np.arange(clip_len + 1, dtype=np.int64) * num_frames // clip_len
    return edges[:-1] + _integers(rng, 0, np.diff(edges))


def _integers(rng: Rng, low: int, high: int | ndarray) -> ndarray:
    """Whole numbers in [low, high), from either kind of generator."""
    if isinstance(rng, np.random.Generator):
        return np.asarray(rng.integers(low, high))
    return np.asarray(rng.randint(low, high))
