"""Segments of cyclic actions with their repetitions, counted on the poses that were put aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from posecube.recognition.counting import count_repetitions, find_cyclic
from posecube.recognition.result import ActionSegment, Person
from posecube.recognition.spool import PoseSpool
from posecube.skeleton import SkeletonLayout


def with_repetitions(people: Sequence[Person], spool: PoseSpool, *, layout: SkeletonLayout) -> tuple[Person, ...]:
    """The same people; segments of what can be counted say how often it was done, when and how fast."""
    counted = {person.id for person in people if any(map(_is_counted, person.segments))}
    if not counted:
        return tuple(people)
    rows: dict[int, list[np.void]] = {person_id: [] for person_id in counted}
    for row in spool.rows():
        if int(row["id"]) in counted:
            rows[int(row["id"])].append(row)
    poses = {person_id: np.array(found) for person_id, found in rows.items()}
    return tuple(
        replace(person, segments=tuple(_counted(segment, poses[person.id], layout) for segment in person.segments))
        if person.id in counted
        else person
        for person in people
    )


def _is_counted(segment: ActionSegment) -> bool:
    label = segment.prediction.label
    return label is not None and find_cyclic(label) is not None


def _counted(segment: ActionSegment, rows: np.ndarray, layout: SkeletonLayout) -> ActionSegment:
    if not _is_counted(segment):
        return segment
    inside = rows[(rows["time_s"] >= segment.start_s) & (rows["time_s"] < segment.end_s)]
    if len(inside) == 0:
        return segment
    repetitions = count_repetitions(
        inside["keypoints"], inside["confidence"], inside["time_s"], layout=layout, label=segment.prediction.label
    )
    return replace(segment, repetitions=repetitions)
