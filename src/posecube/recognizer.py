"""The whole way for one video: the library's front door."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.errors import UserError
from posecube.evaluation.predict import in_layout, probabilities
from posecube.model import ActionModel, WeightsCard
from posecube.pose.estimators.loading import load_estimator
from posecube.pose.tracking.given_boxes import read_boxes
from posecube.pose.tracking.people import track_people
from posecube.pose.types import PoseEstimator, TrackedPose
from posecube.recognition.annotate import PoseSpool, write_annotated
from posecube.recognition.result import Person, Prediction, Recognition
from posecube.recognition.segments import ScoredWindow, find_segments, video_scores
from posecube.recognition.windows import PersonWindow, SlidingWindows, WindowSettings
from posecube.sampling import view_clips
from posecube.skeleton import SkeletonSequence
from posecube.video.frame import Frame
from posecube.video.reader import open_video, read_frames
from posecube.video.writer import check_output

DEFAULT_WEIGHTS = ("penn15-joint", "penn15-limb")


class Recognizer:
    """Names actions: of a video with ``recognize``, of a skeleton sequence with ``predict``.

    Several models are averaged; they must know the same classes.

        recognizer = Recognizer.load()
        print(recognizer.recognize("squat.mp4").label)
    """

    def __init__(self, models: Sequence[tuple[ActionModel, WeightsCard]]) -> None:
        if not models:
            raise UserError("a recognizer needs at least one model")
        classes = {card.classes for _, card in models}
        if len(classes) > 1:
            raise UserError("a recognizer's models must know the same classes in the same order, these differ")
        for _, card in models:
            if card.model.rgb is not None:
                raise UserError(
                    f"weights {card.name} read video frames, which are not cut out here: "
                    "score a store with `posecube evaluate --videos DIR`, or choose weights that read joints alone"
                )
        self.models = tuple(models)
        self.classes = models[0][1].classes
        self.threshold = float(np.mean([card.rejection_threshold for _, card in models]))

    @classmethod
    def load(cls, *names_or_paths: str | Path, steady: bool = False) -> Recognizer:
        """Load models by name, file or run folder; the shipped joint and limb models when none is given.

        Args:
            steady: Bring joints to rest that shake from frame to frame, see ``ClipSpec.steady``.

        Raises:
            FileNotFoundError: If there is no such name or file.
            UserError: If a file is not posecube weights.
        """
        models = [ActionModel.load(name) for name in names_or_paths or DEFAULT_WEIGHTS]
        return cls([(model, card.smoothed()) if steady else (model, card) for model, card in models])

    @property
    def weights(self) -> tuple[str, ...]:
        """Names of the models."""
        return tuple(card.name for _, card in self.models)

    def predict(self, sequence: SkeletonSequence, *, num_views: int = 1) -> Prediction:
        """Name the action of a whole sequence.

        Raises:
            UserError: If most of the models' joints cannot be derived from the sequence's layout.
        """
        return Prediction.of(self.scores([sequence], num_views=num_views)[0], self.classes, self.threshold)

    def scores(self, sequences: Sequence[SkeletonSequence], *, num_views: int = 1) -> Float32[ndarray, "N K"]:
        """Class probabilities of whole sequences, averaged over models and views."""
        total = np.zeros((len(sequences), len(self.classes)), dtype=np.float32)
        for model, card in self.models:
            clips = [
                clip
                for sequence in sequences
                for clip in view_clips(in_layout(sequence, card), card.model.clip, num_views=num_views)
            ]
            by_view = probabilities(model, card, clips).reshape(len(sequences), num_views, len(self.classes))
            total += by_view.mean(axis=1) / len(self.models)
        return total

    def recognize(
        self,
        video: str | Path,
        *,
        pose: str | Path | PoseEstimator = "blazepose",
        annotated: str | Path | None = None,
        num_views: int = 1,
        windows: WindowSettings | None = None,
        max_people: int | None = None,
        boxes: str | Path | None = None,
        progress: Callable[[str, int], None] | None = None,
    ) -> Recognition:
        """Who does what, when, in a video of any length.

        Memory does not grow with the length: frames pass through, and poses wait on disk when a video is to be drawn.

        Args:
            pose: Name of a pose estimator, path of its model, or one that is loaded already.
            annotated: Where to write the video with skeletons, names and timeline.
            boxes: File of given boxes, when not everybody in view is of interest.
            progress: Called with the stage's name and the number of frames done.

        Raises:
            FileNotFoundError: If the video is not there.
            UserError: If it is no video, or an option is out of range.
        """
        video = Path(video)
        if num_views < 1:
            raise UserError(f"the number of views must be at least 1, got {num_views}")
        info = open_video(video)
        if annotated is not None:
            check_output(annotated)
        settings = windows or WindowSettings()
        boxes_by_frame = read_boxes(boxes) if boxes is not None else None
        clock = _Clock()
        estimator = load_estimator(pose) if isinstance(pose, str | Path) else pose
        clock.lap("loading")
        sliding = SlidingWindows(settings, layout=estimator.layout, size_hw=info.size_hw)
        tracked = track_people(read_frames(video), estimator, max_people=max_people, boxes_by_frame=boxes_by_frame)
        with PoseSpool(estimator.layout.num_joints) as spool:
            watch = self._watch(tracked, sliding, clock, num_views, spool if annotated is not None else None, progress)
            recognition = Recognition(
                video=str(video),
                fps=watch.fps or info.fps,
                num_frames=watch.num_frames,
                size_hw=info.size_hw,
                people=self._people(watch.judged, settings),
                prediction=self._video_prediction(watch.judged),
                pose=estimator.name,
                weights=self.weights,
                seconds=clock.seconds,
            )
            if annotated is not None:
                report = (lambda done: progress("writing", done)) if progress else None
                write_annotated(video, Path(annotated), recognition, spool, layout=estimator.layout, progress=report)
                clock.lap("writing")
        return recognition

    def _watch(
        self,
        tracked: Iterable[tuple[Frame, list[TrackedPose]]],
        sliding: SlidingWindows,
        clock: _Clock,
        num_views: int,
        spool: PoseSpool | None,
        progress: Callable[[str, int], None] | None,
    ) -> _Watch:
        """Run through a video once and judge every window."""
        watch = _Watch()
        for frame, people in tracked:
            watch.num_frames, watch.last_s = watch.num_frames + 1, frame.time_s
            if spool is not None:
                spool.add(frame.index, people)
            clock.lap("pose")
            self._judge(sliding.add(frame.time_s, people), watch.judged, num_views)
            clock.lap("recognition")
            if progress is not None:
                progress("recognizing", watch.num_frames)
        self._judge(sliding.finish(), watch.judged, num_views)
        clock.lap("recognition")
        return watch

    def _judge(self, windows: list[PersonWindow], judged: dict[int, list[ScoredWindow]], num_views: int) -> None:
        """Score windows and file them by person."""
        if not windows:
            return
        scores = self.scores([window.sequence for window in windows], num_views=num_views)
        for window, row in zip(windows, scores, strict=True):
            judged.setdefault(window.person_id, []).append(ScoredWindow(window.start_s, window.end_s, row))

    def _people(self, judged: dict[int, list[ScoredWindow]], settings: WindowSettings) -> tuple[Person, ...]:
        return tuple(
            Person(
                person_id,
                find_segments(
                    judged[person_id], classes=self.classes, threshold=self.threshold, step_s=settings.step_s
                ),
            )
            for person_id in sorted(judged)
        )

    def _video_prediction(self, judged: dict[int, list[ScoredWindow]]) -> Prediction | None:
        """Of the person whose best score is highest."""
        scores = [video_scores(windows) for windows in judged.values()]
        if not scores:
            return None
        return Prediction.of(max(scores, key=np.max), self.classes, self.threshold)


@dataclass
class _Watch:
    """What one run through a video gave.

    Attributes:
        last_s: Time of the last frame.
        judged: Scored windows of each person.
    """

    num_frames: int = 0
    last_s: float = 0.0
    judged: dict[int, list[ScoredWindow]] = field(default_factory=dict)

    @property
    def fps(self) -> Fraction:
        """Mean rate of the frames; 0 if it cannot be told."""
        if self.last_s <= 0:
            return Fraction(0)
        return Fraction((self.num_frames - 1) / self.last_s).limit_denominator(1001)


class _Clock:
    """Adds up time by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """Count the time since the last lap to a stage."""
        now = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._last
        self._last = now
