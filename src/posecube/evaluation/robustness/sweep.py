"""Scores models on skeletons that get worse and worse, and on other sources' poses of the same clips."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from jaxtyping import Bool, Int64
from numpy import ndarray

from posecube.errors import UserError
from posecube.evaluation.robustness.corruptions import Corruption, Perturbation
from posecube.evaluation.robustness.curves import Curve, Robustness
from posecube.evaluation.robustness.pose_sources import (
    MatchedPoses,
    PoseGrid,
    PoseSeries,
    PoseSource,
    match_poses,
    own_poses,
)
from posecube.evaluation.scoring import matched_labels, score_store
from posecube.model.predictor import Predictor
from posecube.progress import Progress, silent
from posecube.sampling.rgb.frame_source import Videos
from posecube.skeleton import SkeletonSequence
from posecube.store import SkeletonStore


def measure_robustness(
    models: Mapping[str, Predictor],
    store: SkeletonStore,
    indices: Int64[ndarray, " N"],
    perturbations: Sequence[Perturbation],
    *,
    seeds: Sequence[int] = (0,),
    others: Sequence[PoseSource] = (),
    own_name: str = "store",
    videos: Videos | None = None,
    progress: Progress = silent,
) -> Robustness:
    """Score every model on every perturbation of a split, and on other sources' poses of its clips.

    A corruption acts on the store's own joints, before they are converted or cropped. What a seed draws for a clip is
    the same for all models. Without corruption a model is scored once. Clips without a label are left out.

    Args:
        perturbations: Corruptions, and series of poses.
        seeds: One curve each.
        others: Other poses of the same clips; they make the grid, beside those of the store.
        own_name: What the store's own poses are called there.
        videos: For networks that look at video frames, which stay as they are.

    Raises:
        UserError: If a store's classes are not a model's, no clip has a label, or other poses are of other clips, of
            other classes or in a layout that a model cannot read.
    """
    indices = indices[store.labels[indices] >= 0]
    if not len(indices):
        raise UserError("none of the clips has a label, so there is nothing to measure")
    own = own_poses(own_name, store, indices)
    grid_sources = (own, *(match_poses(source, store, indices) for source in others)) if others else ()
    for matched in grid_sources:
        for predictor in models.values():
            matched.try_out(predictor)
    scorings = _Scorings(own, store, indices, tuple(seeds), videos, progress)
    scorings.total = len(models) * (1 + len(others) + sum(map(scorings.num_scorings, perturbations)))
    cleans = {name: scorings.score(predictor, own) for name, predictor in models.items()}
    curves: dict[tuple[str, str], Curve] = {}
    refused: dict[tuple[str, str], str] = {}
    is_correct: dict[tuple[str, str], Bool[ndarray, " N"]] = {}
    for name, predictor in models.items():
        for made in perturbations:
            try:
                curves[name, made.name] = scorings.curve(name, predictor, made, cleans[name])
            except _RefusedError as reason:
                refused[name, made.name] = str(reason)
                scorings.num_done += scorings.num_scorings(made)
        for matched in grid_sources:
            scored = cleans[name] if matched is own else scorings.score(predictor, matched)
            is_correct[name, matched.source.name] = scored.is_correct
    return Robustness(
        tuple(models),
        tuple(perturbations),
        curves,
        refused,
        tuple(seeds),
        clean={name: scored.top1 for name, scored in cleans.items()},
        empty={name: scored.empty for name, scored in cleans.items()},
        grid=PoseGrid(tuple(models), grid_sources, is_correct) if grid_sources else None,
    )


def some_clips(indices: Int64[ndarray, " N"], num_clips: int, *, seed: int = 0) -> Int64[ndarray, " n"]:
    """So many of the clips, drawn by the seed, in their order; all of them where there are fewer.

    Raises:
        UserError: If the number is below 1.
    """
    if num_clips < 1:
        raise UserError(f"the number of clips must be at least 1, got {num_clips}")
    if num_clips >= len(indices):
        return indices
    chosen = np.random.default_rng(seed).choice(len(indices), size=num_clips, replace=False)
    return indices[np.sort(chosen)]


class _RefusedError(UserError):
    """Why a model has no curve."""


@dataclass(frozen=True)
class _Scored:
    """Which clips were named correctly, and of which no joint reached the network."""

    is_correct: Bool[ndarray, " N"]
    empty: tuple[str, ...]

    @property
    def top1(self) -> float:
        return round(float(100 * self.is_correct.mean()), 2)


@dataclass
class _Scorings:
    """What all scorings share, and how many are done."""

    own: MatchedPoses
    store: SkeletonStore
    indices: Int64[ndarray, " N"]
    seeds: tuple[int, ...]
    videos: Videos | None
    progress: Progress
    total: int = 0
    num_done: int = 0

    def num_scorings(self, made: Perturbation) -> int:
        """How often one curve scores its model."""
        return len(made.severities) if isinstance(made, PoseSeries) else (len(made.severities) - 1) * len(self.seeds)

    def score(
        self,
        predictor: Predictor,
        matched: MatchedPoses,
        change: Callable[[SkeletonSequence], SkeletonSequence] | None = None,
    ) -> _Scored:
        self.progress("scoring", self.num_done, self.total)
        is_correct = np.zeros(len(self.indices), dtype=bool)
        empty = set(matched.missing)
        if matched.source.store is not None:
            videos = None if predictor.spec.rgb is None else self.videos
            table = score_store(
                predictor, matched.source.store, matched.indices, videos=videos, change=change, on_empty=empty.add
            )
            labels = matched_labels(self.store, self.indices, predictor)
            is_correct[matched.rows] = table.scores.argmax(axis=1) == labels[matched.rows]
        self.num_done += 1
        return _Scored(is_correct, tuple(name for name in matched.names if name in empty))

    def curve(self, name: str, predictor: Predictor, made: Perturbation, clean: _Scored) -> Curve:
        """A model's curve.

        Raises:
            _RefusedError: If there can be none.
        """
        if isinstance(made, PoseSeries):
            rows = self._series(predictor, made)
        else:
            assert isinstance(made, Corruption), "a perturbation is a corruption or a series of poses"
            rows = self._corrupted(predictor, made, clean)
        top1 = np.array([[scored.top1 for scored in row] for row in rows])
        empty = [set().union(*(scored.empty for scored in row)) for row in rows]
        by_severity = tuple(tuple(clip for clip in self.own.names if clip in names) for names in empty)
        return Curve(name, made, top1, by_severity, len(self.indices))

    def _corrupted(self, predictor: Predictor, made: Corruption, clean: _Scored) -> list[list[_Scored]]:
        """For each severity one scoring a seed; without corruption they are one."""
        try:
            sequence = self.store[int(self.indices[0])]
            predictor.in_layout(made.applied(sequence, made.severities[-1], seed=0))
        except UserError as error:
            raise _RefusedError(str(error)) from None
        rows = [[clean] * len(self.seeds)]
        for severity in made.severities[1:]:
            changes = [partial(made.applied, severity=severity, seed=seed) for seed in self.seeds]
            rows.append([self.score(predictor, self.own, change) for change in changes])
        return rows

    def _series(self, predictor: Predictor, made: PoseSeries) -> list[list[_Scored]]:
        if predictor.spec.rgb is not None:
            raise _RefusedError("it looks at video frames, and those stay as they are")
        every = [match_poses(source, self.store, self.indices) for source in made.sources]
        try:
            for matched in every:
                matched.try_out(predictor)
        except UserError as error:
            raise _RefusedError(str(error)) from None
        return [[self.score(predictor, matched)] for matched in every]
