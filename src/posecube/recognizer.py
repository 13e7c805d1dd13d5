"""The whole way for one video: the library's front door."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
from jaxtyping import Float, Float32
from numpy import ndarray

from posecube.errors import UserError
from posecube.model.predictor import Predictor, mean_probabilities
from posecube.pose.estimators.loading import load_estimator
from posecube.pose.tracking.given_boxes import read_boxes
from posecube.pose.tracking.people import track_people
from posecube.pose.types import PoseEstimator, TrackedPose
from posecube.progress import Progress, silent
from posecube.recognition.annotate import write_annotated
from posecube.recognition.counted import with_repetitions
from posecube.recognition.headline import headline
from posecube.recognition.result import Person, Prediction, Recognition
from posecube.recognition.segments import ScoredWindow, find_segments
from posecube.recognition.spool import PoseSpool
from posecube.recognition.windows import PersonWindow, SlidingWindows, WindowSettings
from posecube.skeleton import SkeletonLayout, SkeletonSequence, find_layout
from posecube.video.frame import Frame
from posecube.video.reader import Video, VideoInfo
from posecube.video.writer import check_output

DEFAULT_WEIGHTS = ("everyday-joint", "everyday-graph")


class Recognizer:
    """Names actions: of a video with ``recognize``, of a skeleton sequence with ``predict``.

    Several models are averaged; they must know the same classes. Those that read the same clips share them.

        recognizer = Recognizer.load()
        print(recognizer.recognize("squat.mp4").label)
    """

    def __init__(self, predictors: Sequence[Predictor], *, device: str = "auto") -> None:
        """Join models that know the same classes.

        Args:
            device: Where pose estimators run that ``recognize`` loads by their names.

        Raises:
            UserError: If there are no models, they know other classes than each other, or read video frames.

        Attributes:
            classes: What something can be called.
            open_set: Which of the models' classes stands for none, and which take several people.
            threshold: What scores and segments must reach to be called something.
        """
        if not predictors:
            raise UserError("a recognizer needs at least one model")
        if len({predictor.classes for predictor in predictors}) > 1:
            raise UserError("a recognizer's models must know the same classes in the same order, these differ")
        for predictor in predictors:
            if predictor.spec.rgb is not None:
                raise UserError(
                    f"weights {predictor.name} read video frames, which are not cut out here: "
                    "score a store with `posecube evaluate --videos DIR`, or choose weights that read joints alone"
                )
        self.predictors = tuple(predictors)
        self.device = device
        self._estimators: dict[str, PoseEstimator] = {}
        self.open_set = predictors[0].card.open_set
        self.classes = self.open_set.named(predictors[0].classes)
        self.threshold = float(np.mean([predictor.card.rejection_threshold for predictor in predictors]))

    @classmethod
    def load(cls, *names_or_paths: str | Path, device: str = "auto", smooth: bool = False) -> Recognizer:
        """Load models by name, file or run folder; the shipped everyday models when none is given.

        Args:
            device: Where they and pose estimators run: "auto", "cpu", "cuda" or "mps".
            smooth: Smooth joints over time that shake from frame to frame.

        Raises:
            FileNotFoundError: If there is no such name or file.
            UserError: If a file is not posecube weights, or the device is not there.
        """
        names = names_or_paths or DEFAULT_WEIGHTS
        return cls([Predictor.load(name, device=device, smooth=smooth) for name in names], device=device)

    @property
    def max_together(self) -> int:
        """People that the models look at together."""
        return max(predictor.spec.clip.max_people for predictor in self.predictors)

    @property
    def weights(self) -> tuple[str, ...]:
        """Names of the models."""
        return tuple(predictor.name for predictor in self.predictors)

    def __repr__(self) -> str:
        return f"Recognizer({', '.join(self.weights)}: {len(self.classes)} classes)"

    def predict(self, sequence: SkeletonSequence, *, num_views: int = 1) -> Prediction:
        """Name the action of a whole sequence.

        Raises:
            UserError: If most of the models' joints cannot be derived from the sequence's layout.
        """
        return self._prediction(self.scores([sequence], num_views=num_views)[0])

    def predict_arrays(
        self,
        keypoints: Float[ndarray, "*M T V C"],
        confidence: Float[ndarray, "*M T V"],
        *,
        layout: str | SkeletonLayout,
        size_hw: tuple[int, int] | None = None,
        num_views: int = 1,
    ) -> Prediction:
        """Name the action of joints from elsewhere, of one person or of M.

        Args:
            keypoints: Pixels, or metres for C = 3.
            confidence: 0 where a joint was not seen.
            layout: What the joints are, or its name.
            size_hw: Height and width of the frame; None takes one that just holds all joints.

        Raises:
            UserError: If the arrays do not fit each other or the layout, or the layout not the models.
        """
        if keypoints.ndim == 3:
            keypoints, confidence = keypoints[None], confidence[None]
        chosen = find_layout(layout) if isinstance(layout, str) else layout
        size_hw = size_hw or _frame_around(keypoints, confidence)
        return self.predict(SkeletonSequence(keypoints, confidence, chosen, size_hw), num_views=num_views)

    def scores(self, sequences: Sequence[SkeletonSequence], *, num_views: int = 1) -> Float32[ndarray, "N K"]:
        """Probabilities of ``classes`` for whole sequences, averaged over models and views; none has the rest."""
        changed = [each.changed(num_views=num_views) for each in self.predictors]
        return self.open_set.of_named(mean_probabilities(changed, sequences), self.predictors[0].classes)

    def recognize(
        self,
        video: str | Path | Video,
        *,
        pose: str | Path | PoseEstimator = "blazepose",
        annotated: str | Path | None = None,
        num_views: int = 1,
        windows: WindowSettings | None = None,
        max_people: int | None = None,
        boxes: str | Path | None = None,
        progress: Progress = silent,
    ) -> Recognition:
        """Who does what, when, in a video of any length.

        Memory does not grow with the length: frames pass through, and poses wait on disk when a video is to be drawn.
        The file is opened once, and once more to draw on its frames.

        Args:
            video: A file, or a video that is open and not yet read.
            pose: Name of a pose estimator, path of its model, or one that is loaded already.
            annotated: Where to write the video with skeletons, names and timeline.
            boxes: File of given boxes, when not everybody in view is of interest.

        Raises:
            FileNotFoundError: If the video is not there.
            UserError: If it is no video, or an option is out of range.
        """
        if num_views < 1:
            raise UserError(f"the number of views must be at least 1, got {num_views}")
        with nullcontext(video) if isinstance(video, Video) else Video.open(video) as opened:
            if annotated is not None:
                check_output(annotated)
            boxes_by_frame = read_boxes(boxes) if boxes is not None else None
            clock = _Clock()
            estimator = self.estimator(pose)
            clock.lap("loading")
            tracked = track_people(opened.frames(), estimator, max_people=max_people, boxes_by_frame=boxes_by_frame)
            sliding = SlidingWindows(
                windows or WindowSettings(), layout=estimator.layout, size_hw=opened.info.size_hw,
                max_together=self.max_together,
            )  # fmt: skip
            watch = _Watch(opened.info, sliding, num_views, clock, progress)
            with PoseSpool(estimator.layout.num_joints) as spool:
                self._watch(tracked, watch, spool)
                recognition = self._recognition(watch, spool, estimator)
                if annotated is not None:
                    write_annotated(
                        Path(annotated), recognition, spool, video=opened, layout=estimator.layout, progress=progress
                    )
                    clock.lap("writing")
        return recognition

    def estimator(self, pose: str | Path | PoseEstimator) -> PoseEstimator:
        """The pose estimator of a name, loaded once for all videos; it holds no state between frames."""
        if not isinstance(pose, str | Path):
            return pose
        if str(pose) not in self._estimators:
            self._estimators[str(pose)] = load_estimator(pose, device=self.device)
        return self._estimators[str(pose)]

    def _watch(self, tracked: Iterable[tuple[Frame, list[TrackedPose]]], watch: _Watch, spool: PoseSpool) -> None:
        """Run through a video once and judge every window."""
        for frame, people in tracked:
            watch.num_frames, watch.last_s = watch.num_frames + 1, frame.time_s
            spool.add(frame.index, frame.time_s, people)
            watch.clock.lap("pose")
            self._judge(watch.sliding.add(frame.time_s, people), watch)
            watch.clock.lap("recognition")
            watch.progress("recognizing", watch.num_frames, watch.info.num_frames_estimate)
        self._judge(watch.sliding.finish(), watch)
        watch.clock.lap("recognition")

    def _judge(self, windows: list[PersonWindow], watch: _Watch) -> None:
        """Score windows and file them by person."""
        if self.max_together > 1 and not self.open_set.together:
            windows = _without_parts_of_groups(windows)
        if not windows:
            return
        scores = self.scores([window.sequence for window in windows], num_views=watch.num_views)
        for window, row in zip(windows, scores, strict=True):
            is_group = len(window.people) > 1
            fitting = np.where(self.open_set.fits(self.classes, is_group=is_group), row, np.float32(0))
            scored = ScoredWindow(window.start_s, window.end_s, fitting, window.length_s, shows_others=is_group)
            for person in window.people:
                watch.judged.setdefault(person, []).append(scored)

    def _recognition(self, watch: _Watch, spool: PoseSpool, estimator: PoseEstimator) -> Recognition:
        decoded = [
            Person(person, find_segments(windows, classes=self.classes, threshold=self.threshold))
            for person, windows in sorted(watch.judged.items())
        ]
        people = with_repetitions(decoded, spool, layout=estimator.layout)
        watch.clock.lap("recognition")
        return Recognition(
            video=str(watch.info.path),
            fps=watch.fps or watch.info.fps,
            num_frames=watch.num_frames,
            size_hw=watch.info.size_hw,
            people=people,
            prediction=headline(people, threshold=self.threshold, postures=self.open_set.postures),
            pose=estimator.name,
            weights=self.weights,
            seconds=watch.clock.seconds,
        )

    def _prediction(self, scores: Float[ndarray, " K"]) -> Prediction:
        return Prediction.of(scores, self.classes, self.threshold)


def _without_parts_of_groups(windows: list[PersonWindow]) -> list[PersonWindow]:
    """Without the windows of people alone who are shown in a window of the same time together with others."""
    grouped = {
        (person, window.start_s, window.end_s)
        for window in windows
        if len(window.people) > 1
        for person in window.people
    }
    return [it for it in windows if len(it.people) > 1 or (it.people[0], it.start_s, it.end_s) not in grouped]


def _frame_around(keypoints: Float[ndarray, "M T V C"], confidence: Float[ndarray, "M T V"]) -> tuple[int, int]:
    """Height and width of a frame that holds all joints; (0, 0) for joints in space, which have none."""
    seen = keypoints[confidence > 0]
    if keypoints.shape[-1] != 2:
        return 0, 0
    width, height = np.ceil(seen.max(axis=0) + 1) if len(seen) else (1, 1)
    return max(1, int(height)), max(1, int(width))


@dataclass
class _Watch:
    """One run through a video: how it is watched, and what it gave so far.

    Attributes:
        sliding: Cuts people's time into windows.
        last_s: Time of the last frame.
        judged: Scored windows of each person.
    """

    info: VideoInfo
    sliding: SlidingWindows
    num_views: int
    clock: _Clock
    progress: Progress
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
