"""The video's own label: what the person does who acts most, by time and evidence, out of the segments alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from posecube.recognition.result import ActionSegment, Person, Prediction

POSTURE_WEIGHT = 0.1  # of what somebody does beside anything else
LEAST_GAIN = 0.02  # per second, of a segment that is hardly above the threshold


def headline(people: Sequence[Person], *, threshold: float, postures: Collection[str] = ()) -> Prediction | None:
    """The label with the most evidence above the threshold in all segments of one person; None without people.

    A phantom of one second does not outweigh what somebody does for nine. What nobody can name, the person who is
    longest in view stands for.
    """
    if not people:
        return None
    gains: dict[tuple[int, str], float] = defaultdict(float)
    parts: dict[tuple[int, str], list[ActionSegment]] = defaultdict(list)
    for person in people:
        for segment in person.segments:
            label = segment.prediction.label
            if label is None:
                continue
            gain = max(segment.prediction.score - threshold, LEAST_GAIN) * (segment.end_s - segment.start_s)
            gains[person.id, label] += gain * (POSTURE_WEIGHT if label in postures else 1.0)
            parts[person.id, label].append(segment)
    if gains:
        chosen = parts[max(gains, key=lambda key: gains[key])]
        return _longest(chosen)
    return _longest([segment for person in people for segment in person.segments])


def _longest(segments: Sequence[ActionSegment]) -> Prediction:
    return max(segments, key=lambda segment: segment.end_s - segment.start_s).prediction
