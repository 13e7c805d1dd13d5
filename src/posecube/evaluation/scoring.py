"""A predictor and the clips of a store to a ScoreTable."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Int64
from numpy import ndarray

from posecube.errors import UserError
from posecube.evaluation.score_table import ScoreTable
from posecube.model.predictor import CLIPS_PER_STEP, CLIPS_WITH_FRAMES_PER_STEP, Predictor
from posecube.progress import Progress, silent
from posecube.sampling import Clip
from posecube.sampling.rgb.frame_source import VideoFrameSource, Videos, frame_source
from posecube.skeleton import SkeletonSequence
from posecube.store import SkeletonStore

logger = logging.getLogger(__name__)


def score_store(
    predictor: Predictor,
    store: SkeletonStore,
    indices: Int64[ndarray, " N"],
    *,
    videos: Videos | None = None,
    clips_per_step: int | None = None,
    change: Callable[[SkeletonSequence], SkeletonSequence] | None = None,
    on_empty: Callable[[str], object] | None = None,
    progress: Progress = silent,
) -> ScoreTable:
    """Mean probability over the test views of each clip.

    Views are drawn a few at a time into one buffer, so memory does not grow with the number of clips. Clips without
    detections, or with none above the model's thresholds, are scored all the same.

    Args:
        videos: What the clips were taken from, such as ``posecube.video.clip_videos.ClipVideos``, for a network that
            looks at video frames.
        clips_per_step: Views that go through the network at once; None chooses.
        change: What is done to a clip's joints as the store has them, before anything else.
        on_empty: Called with the name of each clip of which no joint reaches the network; None names them in the log,
            unless it was ``change`` that emptied them.

    Raises:
        FileNotFoundError: If a clip has no video.
        UserError: If the store's classes are not the model's, or videos are missing or not looked at.
    """
    labels = matched_labels(store, indices, predictor)
    frames = frame_source(videos, predictor.spec.rgb, reader=f"weights {predictor.name} read")
    if frames:
        frames.check(store.names[int(index)] for index in indices)
    size = clips_per_step or (CLIPS_WITH_FRAMES_PER_STEP if frames else CLIPS_PER_STEP)
    clips = _StoreClips(predictor, store, indices, frames, change)
    scores = np.zeros((len(indices), len(predictor.classes)), dtype=np.float64)
    for rows, some in clips.batches(size):
        np.add.at(scores, rows, predictor.probabilities(some, clips_per_step=size))
        progress("evaluating", rows[-1] + 1, len(indices))
    if on_empty is not None:
        for name in clips.empty:
            on_empty(name)
    elif clips.empty and change is None:
        logger.warning(
            "%d of %d clips have no detections for weights %s: %s",
            len(clips.empty), len(indices), predictor.name, ", ".join(clips.empty),
        )  # fmt: skip
    names = tuple(store.names[int(index)] for index in indices)
    return ScoreTable(names, labels, (scores / predictor.views_per_sequence).astype(np.float32), predictor.classes)


def matched_labels(store: SkeletonStore, indices: Int64[ndarray, " N"], predictor: Predictor) -> Int64[ndarray, " N"]:
    """Labels of the store's clips as indices of the model's classes, matched by class name or its synonyms.

    Raises:
        UserError: If a class of the store is none of the model's.
    """
    classes, synonyms = predictor.classes, predictor.card.open_set.synonyms
    named = [synonyms.get(name, name) for name in store.classes]
    unknown = [name for name in named if name not in classes]
    if unknown:
        raise UserError(
            f"weights {predictor.name} know {len(classes)} classes; of the store's {len(store.classes)} they do not "
            f"know {len(unknown)}, such as {unknown[0]!r}"
        )
    translation = np.array([classes.index(name) for name in named] + [-1], dtype=np.int64)
    return translation[store.labels[indices]]


@dataclass
class _StoreClips:
    """Test views of a store's clips, a few at a time.

    Attributes:
        empty: Names of the clips so far of which no joint is left.
    """

    predictor: Predictor
    store: SkeletonStore
    indices: Int64[ndarray, " N"]
    frames: VideoFrameSource | None
    change: Callable[[SkeletonSequence], SkeletonSequence] | None
    empty: list[str] = field(default_factory=list)

    def batches(self, size: int) -> Iterator[tuple[list[int], list[Clip]]]:
        """Rows of the table and clips, ``size`` at a time."""
        rows: list[int] = []
        clips: list[Clip] = []
        for row, index in enumerate(self.indices):
            for clip in self._views(self.store[int(index)]):
                rows.append(row)
                clips.append(clip)
                if len(clips) == size:
                    yield rows, clips
                    rows, clips = [], []
        if clips:
            yield rows, clips

    def _views(self, sequence: SkeletonSequence) -> list[Clip]:
        sequence = self.predictor.in_layout(sequence if self.change is None else self.change(sequence))
        views = self.predictor.clips(sequence)
        if not any(view.confidence.any() for view in views):
            self.empty.append(sequence.name)
        if self.frames is None:
            return views
        sampling = self.predictor.spec.clip.published_sampling
        return self.frames.with_frames(views, sequence, flips=self.predictor.flips, published_sampling=sampling)
