"""A model and a split of a store to a ScoreTable."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import numpy as np
import torch
from jaxtyping import Float32, Int64
from numpy import ndarray

from posecube.errors import UserError
from posecube.evaluation.score_table import ScoreTable
from posecube.model import ActionModel, WeightsCard, fused
from posecube.sampling import Clip, view_clips
from posecube.sampling.rgb.frame_source import VideoFrameSource, Videos, frame_source
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.convert import check_convertible, convert
from posecube.store import SkeletonStore

CLIPS_PER_STEP = 4  # few, so that volumes stay near the processor and memory small; more gain nothing on a CPU
CLIPS_WITH_FRAMES_PER_STEP = 2  # their features are a hundred times larger

logger = logging.getLogger(__name__)


def predict(
    model: ActionModel,
    card: WeightsCard,
    store: SkeletonStore,
    indices: Int64[ndarray, " N"],
    *,
    num_views: int = 1,
    flips: bool = False,
    videos: Videos | None = None,
    head: str | None = None,
    clips_per_step: int | None = None,
    change: Callable[[SkeletonSequence], SkeletonSequence] | None = None,
    on_empty: Callable[[str], object] | None = None,
    in_bf16: bool = False,
    progress: Callable[[int], None] | None = None,
) -> ScoreTable:
    """Mean probability over the test views of each clip.

    Views are drawn a few at a time into one buffer, so memory does not grow with the number of clips. Clips that show
    nobody, or nobody above the model's thresholds, are scored all the same.

    Args:
        flips: Also score each view's mirror image.
        videos: What the clips were taken from, such as ``posecube.video.clip_videos.ClipVideos``, for a network that
            looks at video frames.
        head: Score with this head alone, "rgb" or "pose"; None takes the mean probability of all.
        clips_per_step: Views that go through the network at once; None chooses.
        change: What is done to a clip's joints as the store has them, before anything else.
        on_empty: Called with the name of each clip of which no joint reaches the network; None names them in the log,
            unless it was ``change`` that emptied them.
        in_bf16: Let convolutions and matrix products compute in bfloat16: on processors that have it two to three
            times as fast, and a clip in a thousand may be named differently.
        progress: Called with the number of clips that are done.

    Raises:
        FileNotFoundError: If a clip has no video.
        UserError: If the store's classes are not the model's, videos are missing or not looked at, or there is no such
            head.
    """
    labels = matched_labels(store, indices, card)
    video_frames = frame_source(videos, card.model.rgb, reader=f"weights {card.name} read")
    if video_frames:
        video_frames.check(store.names[int(index)] for index in indices)
    size = clips_per_step or (CLIPS_WITH_FRAMES_PER_STEP if video_frames else CLIPS_PER_STEP)
    views_each = num_views * (2 if flips else 1)
    scores = np.zeros((len(indices), len(card.classes)), dtype=np.float64)
    empty: list[str] = []
    for rows, clips in _batches(
        card, store, indices, video_frames, num_views=num_views, flips=flips, size=size, change=change, empty=empty
    ):
        np.add.at(scores, rows, probabilities(model, card, clips, head=head, clips_per_step=size, in_bf16=in_bf16))
        if progress is not None:
            progress(rows[-1] + 1)
    if on_empty is not None:
        for name in empty:
            on_empty(name)
    elif empty and change is None:
        logger.warning(
            "%d of %d clips show weights %s nobody: %s", len(empty), len(indices), card.name, ", ".join(empty)
        )
    return ScoreTable(
        tuple(store.names[int(index)] for index in indices),
        labels,
        (scores / views_each).astype(np.float32),
        card.classes,
    )


@torch.inference_mode()
def probabilities(
    model: ActionModel,
    card: WeightsCard,
    clips: list[Clip],
    *,
    head: str | None = None,
    clips_per_step: int = CLIPS_PER_STEP,
    in_bf16: bool = False,
) -> Float32[ndarray, "N K"]:
    """Calibrated class probabilities of ready-made clips, so many of which go through the network at once.

    Args:
        head: That of one head; None takes the mean of all.

    Raises:
        UserError: If there is no such head.
    """
    if head is not None and head not in card.model.heads:
        raise UserError(f"weights {card.name} have no head {head!r}, they have {', '.join(card.model.heads)}")
    device = next(model.parameters()).device
    scores = np.empty((len(clips), len(card.classes)), dtype=np.float32)
    for mirrored in (False, True):  # apart, because the volumes of mirror images are drawn in another way
        places = [place for place, clip in enumerate(clips) if clip.window.flipped == mirrored]
        for first in range(0, len(places), clips_per_step):
            some = places[first : first + clips_per_step]
            inputs = [torch.from_numpy(array).to(device) for array in _stacked([clips[place] for place in some])]
            with torch.autocast(device.type, torch.bfloat16, enabled=in_bf16):
                heads = model.heads(*inputs, mirrored=mirrored)
            logits = (fused(heads) if head is None else heads[head]).float()
            scores[some] = torch.softmax(logits / card.temperature, dim=1).cpu().numpy()
    return scores


def _stacked(clips: list[Clip]) -> list[ndarray]:
    """Keypoints, confidence and, where clips have them, video frames."""
    frames = [clip.frames_rgb for clip in clips if clip.frames_rgb is not None]
    joints = [np.stack([clip.keypoints for clip in clips]), np.stack([clip.confidence for clip in clips])]
    return [*joints, np.stack(frames)] if frames else joints


def in_layout(sequence: SkeletonSequence, card: WeightsCard) -> SkeletonSequence:
    """The sequence in the layout that the model reads.

    Raises:
        UserError: If most of the model's joints cannot be derived.
    """
    layout = card.model.skeleton_layout
    if sequence.layout == layout:
        return sequence
    check_convertible(sequence.layout, layout, reader=f"weights {card.name} read")
    return convert(sequence, layout)


def matched_labels(store: SkeletonStore, indices: Int64[ndarray, " N"], card: WeightsCard) -> Int64[ndarray, " N"]:
    """Labels of the store's clips as indices of the model's classes, matched by class name.

    Raises:
        UserError: If a class of the store is none of the model's.
    """
    strangers = [name for name in store.classes if name not in card.classes]
    if strangers:
        raise UserError(
            f"weights {card.name} know {len(card.classes)} classes; of the store's {len(store.classes)} they do not "
            f"know {len(strangers)}, such as {strangers[0]!r}"
        )
    translation = np.array([card.classes.index(name) for name in store.classes] + [-1], dtype=np.int64)
    return translation[store.labels[indices]]


def _batches(
    card: WeightsCard,
    store: SkeletonStore,
    indices: Int64[ndarray, " N"],
    video_frames: VideoFrameSource | None,
    *,
    num_views: int,
    flips: bool,
    size: int,
    change: Callable[[SkeletonSequence], SkeletonSequence] | None,
    empty: list[str],
) -> Iterator[tuple[list[int], list[Clip]]]:
    """Rows of the table and clips, ``size`` at a time; names of clips of which no joint is left go into ``empty``."""
    rows: list[int] = []
    clips: list[Clip] = []
    for row, index in enumerate(indices):
        sequence = store[int(index)]
        sequence = in_layout(sequence if change is None else change(sequence), card)
        views = view_clips(sequence, card.model.clip, num_views=num_views, flips=flips)
        if not any(view.confidence.any() for view in views):
            empty.append(sequence.name)
        if video_frames:
            views = video_frames.with_frames(
                views, sequence, flips=flips, published_sampling=card.model.clip.published_sampling
            )
        for clip in views:
            rows.append(row)
            clips.append(clip)
            if len(clips) == size:
                yield rows, clips
                rows, clips = [], []
    if clips:
        yield rows, clips
