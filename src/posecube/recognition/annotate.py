"""The annotated video: a second pass over the file, with poses that the first pass left on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from posecube.progress import Progress, silent
from posecube.recognition.result import ActionSegment, Person, Recognition
from posecube.recognition.spool import PoseSpool
from posecube.skeleton import SkeletonLayout
from posecube.video.drawing.draw import DrawnPerson, FramePlan, Segment, TagMemory, draw_frame
from posecube.video.reader import Video, VideoInfo
from posecube.video.writer import VideoWriter


def write_annotated(
    out: Path,
    recognition: Recognition,
    spool: PoseSpool,
    *,
    video: Video,
    layout: SkeletonLayout,
    progress: Progress = silent,
) -> None:
    """Draw skeletons, names, the video's label and the timeline, and write the result.

    The video is opened a second time: a container that has been read to its end cannot always be read again.
    """
    duration_s = recognition.num_frames / float(recognition.fps)
    by_id = {person.id: person for person in recognition.people}
    segments = _timeline(recognition.people)
    rows_of, memory = spool.rewind(), TagMemory()
    with (
        video.again() as again,
        _writer(out, again.info, FramePlan.of(again.info.size_hw, segments, duration_s=duration_s)) as writer,
    ):
        for frame in again.frames():
            people = [_drawn(row, by_id.get(int(row["id"])), frame.time_s) for row in rows_of(frame.index)]
            image = draw_frame(
                frame.image_rgb,
                people,
                layout=layout,
                label=recognition.label,
                score=recognition.score,
                segments=segments,
                time_s=frame.time_s,
                duration_s=duration_s,
                memory=memory,
            )
            writer.write(image, frame.time_s)
            progress("writing", frame.index + 1, recognition.num_frames)


def _writer(out: Path, info: VideoInfo, plan: FramePlan) -> VideoWriter:
    return VideoWriter(out, size_hw=plan.size_hw, fps=info.fps, pixel_aspect=info.pixel_aspect)


def _timeline(people: Sequence[Person]) -> list[Segment]:
    """One row a person, the longest-seen first, since a strip has room for a few."""

    def seen_s(person: Person) -> float:
        return sum(segment.end_s - segment.start_s for segment in person.segments)

    return [
        Segment(segment.start_s, segment.end_s, segment.prediction.label, row, person.id)
        for row, person in enumerate(sorted(people, key=seen_s, reverse=True))
        for segment in person.segments
    ]


def _drawn(row: np.void, person: Person | None, time_s: float) -> DrawnPerson:
    segment = _segment_at(person.segments, time_s) if person else None
    label = segment.prediction.label if segment else None
    score = segment.prediction.score if segment and label else None
    count = _count_at(person, label, time_s) if person and segment and segment.repetitions else None
    return DrawnPerson(row["keypoints"], row["confidence"], int(row["id"]), label, score, count)


def _count_at(person: Person, label: str | None, time_s: float) -> int:
    """Repetitions of an action until now, those of earlier segments included."""
    counted = [each.repetitions for each in person.segments if each.prediction.label == label]
    return sum(each.count_at(time_s) for each in counted if each)


def _segment_at(segments: Sequence[ActionSegment], time_s: float) -> ActionSegment | None:
    return next((segment for segment in segments if segment.start_s <= time_s < segment.end_s), None)
