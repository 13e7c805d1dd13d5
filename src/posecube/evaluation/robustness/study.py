"""What a robustness report is about: a split, what goes wrong with its skeletons, and who scores it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from jaxtyping import Int64
from numpy import ndarray

from posecube.errors import UserError
from posecube.evaluation.robustness.corruptions import Corruption
from posecube.evaluation.robustness.curves import Robustness
from posecube.evaluation.robustness.darkness import Darkness, darkness_series
from posecube.evaluation.robustness.pose_sources import PoseSeries, PoseSource
from posecube.evaluation.robustness.sweep import measure_robustness, some_clips
from posecube.model.predictor import Predictor
from posecube.progress import Progress, silent
from posecube.store import SkeletonStore
from posecube.video.clip_videos import ClipVideos


@dataclass(frozen=True, repr=False)
class Study:
    """What models are scored on; checks itself when made.

    Attributes:
        num_clips: Score so many clips, drawn from the split; None takes all.
        seeds: How often each corruption is drawn.
        others: Other poses of the same clips.
        own_name: What the store's own poses are called beside them.
        videos: The clips' videos, for darkness and for networks that look at frames.
        darkness: How videos are darkened; networks that look at frames are not scored on it.

    Raises:
        UserError: If there is no such split, or nothing to score.
    """

    store: SkeletonStore
    split: str
    corruptions: tuple[Corruption, ...]
    seeds: tuple[int, ...] = (0,)
    num_clips: int | None = None
    others: tuple[PoseSource, ...] = ()
    own_name: str = "store"
    videos: ClipVideos | None = None
    darkness: Darkness | None = None

    def __post_init__(self) -> None:
        if not (self.corruptions or self.others or self.videos):
            raise UserError("--corruptions none leaves nothing to score: give --poses or --videos")
        _ = self.indices

    @property
    def indices(self) -> Int64[ndarray, " N"]:
        """The clips of the store that are scored."""
        whole = self.store.split(self.split)
        return whole if self.num_clips is None else some_clips(whole, self.num_clips)

    def measure(self, models: Mapping[str, Predictor], *, out: Path, progress: Progress = silent) -> Robustness:
        """Score models on all of it.

        Args:
            models: By what they are called in the report.
            out: Folder in which the poses of dark videos are kept, for a second run to go on.

        Raises:
            FileNotFoundError: If a clip has no video.
            UserError: If something does not fit a model, see ``measure_robustness``.
        """
        series, remarks = self._dark_poses(models, out, progress)
        result = measure_robustness(
            models, self.store, self.indices, (*self.corruptions, *series), seeds=self.seeds, others=self.others,
            own_name=self.own_name, videos=self.videos, progress=progress,
        )  # fmt: skip
        return replace(result, remarks=remarks)

    def _dark_poses(
        self, models: Mapping[str, Predictor], out: Path, progress: Progress
    ) -> tuple[tuple[PoseSeries, ...], tuple[str, ...]]:
        """Poses in the dark, and what the reader of the report must know of them."""
        reads_poses_alone = any(predictor.spec.rgb is None for predictor in models.values())
        if self.darkness is None or self.videos is None or not reads_poses_alone:
            return (), ()
        return darkness_series(
            self.darkness, self.videos, self.store, self.indices, split=self.split, out=out / "darkness",
            progress=progress,
        )  # fmt: skip

    def scored(self, models: Mapping[str, Predictor]) -> str:
        """What was scored and how, one line; models are all used in the same way."""
        predictor = next(iter(models.values()))
        num_clips, num_all = len(self.indices), len(self.store.split(self.split))
        parts = [
            f"split {self.split} of {self.store.path}",
            f"{num_clips} clips" + ("" if num_clips == num_all else f" of {num_all}, drawn with seed 0"),
            f"views: {predictor.num_views}",
            *(["mirror images too"] if predictor.flips else []),
            *(["joints smoothed"] if predictor.smooths else []),
            *(["in bf16"] if predictor.precision == "bf16" else []),
        ]
        return ", ".join(parts)

    def __repr__(self) -> str:
        return f"Study(split {self.split} of {self.store.path}: {len(self.corruptions)} corruptions)"
