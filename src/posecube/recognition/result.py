"""What recognition answers, and its JSON form."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube.files import write_json
from posecube.recognition.counting import Repetitions


@dataclass(frozen=True, repr=False)
class Prediction:
    """Scores of one clip, window or segment.

    Attributes:
        label: The best class, None where its score stays below the rejection threshold.
        score: Score of the best class, named or not.
        top5: The five best classes and their scores, best first.
    """

    label: str | None
    score: float
    top5: tuple[tuple[str, float], ...]

    @classmethod
    def of(cls, scores: Float[ndarray, " K"], classes: tuple[str, ...], threshold: float) -> Prediction:
        """Name the best class of some scores unless it is below the threshold."""
        best = np.argsort(-scores, kind="stable")[:5]
        top5 = tuple((classes[index], round(float(scores[index]), 4)) for index in best)
        score = float(scores[best[0]])
        return cls(top5[0][0] if score >= threshold else None, round(score, 4), top5)

    def __repr__(self) -> str:
        return f"Prediction({self.label!r} {self.score:.2f})"


@dataclass(frozen=True)
class ActionSegment:
    """What one person did from ``start_s`` to ``end_s``, in seconds of the video.

    Attributes:
        repetitions: How often, of an action that is counted.
    """

    start_s: float
    end_s: float
    prediction: Prediction
    repetitions: Repetitions | None = None


@dataclass(frozen=True, repr=False)
class Person:
    """One tracked person and what they did, in order of time."""

    id: int
    segments: tuple[ActionSegment, ...]

    def __repr__(self) -> str:
        return f"Person({self.id}, {len(self.segments)} segments)"


@dataclass(frozen=True, repr=False)
class Recognition:
    """Who did what, when, in one video.

    Attributes:
        fps: Mean rate of the frames that were read.
        prediction: The video's own label: of the person who acts most recognisably; None without detections.
        pose: Name of the pose estimator.
        weights: Names of the models whose scores were averaged.
        seconds: Time spent by stage.
    """

    video: str
    fps: Fraction
    num_frames: int
    size_hw: tuple[int, int]
    people: tuple[Person, ...]
    prediction: Prediction | None
    pose: str
    weights: tuple[str, ...]
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def label(self) -> str | None:
        """The video's action, None where it is none of the known ones."""
        return self.prediction.label if self.prediction else None

    @property
    def score(self) -> float:
        """Score of the video's best class."""
        return self.prediction.score if self.prediction else 0.0

    @property
    def top5(self) -> tuple[tuple[str, float], ...]:
        """The video's five best classes, whether or not one passed the threshold."""
        return self.prediction.top5 if self.prediction else ()

    def as_dict(self) -> dict[str, Any]:
        """The JSON form, documented in docs/data-format.md."""
        return {
            "video": self.video,
            "fps": round(float(self.fps), 3),
            "num_frames": self.num_frames,
            "size_hw": list(self.size_hw),
            "people": [
                {
                    "id": person.id,
                    "segments": [_segment_dict(segment) for segment in person.segments],
                }
                for person in self.people
            ],
            "label": self.label,
            "score": self.score,
            "top5": [list(entry) for entry in self.top5],
            "pose": self.pose,
            "weights": list(self.weights),
            "seconds": {stage: round(value, 3) for stage, value in self.seconds.items()},
        }

    def save_json(self, path: str | Path) -> None:
        """Write the JSON form, whole or not at all."""
        write_json(path, self.as_dict())

    def __repr__(self) -> str:
        return f"Recognition({self.video!r}: {self.label!r} {self.score:.2f}, {len(self.people)} people)"


def _segment_dict(segment: ActionSegment) -> dict[str, Any]:
    counted = segment.repetitions
    return {
        "start_s": round(segment.start_s, 3),
        "end_s": round(segment.end_s, 3),
        **_prediction_dict(segment.prediction),
        "repetitions": counted
        and {
            "count": counted.count,
            "times_s": [[round(start_s, 3), round(end_s, 3)] for start_s, end_s in counted.times_s],
            "tempo_per_minute": round(counted.tempo_per_minute, 1) if counted.tempo_per_minute else None,
        },
    }


def _prediction_dict(prediction: Prediction) -> dict[str, Any]:
    return {
        "label": prediction.label,
        "score": prediction.score,
        "top5": [list(entry) for entry in prediction.top5],
    }
