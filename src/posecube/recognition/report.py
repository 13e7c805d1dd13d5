"""A recognition as a table for the terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from posecube.recognition.result import Recognition


def recognition_table(recognition: Recognition) -> RenderableType:
    """People, segments and the video's own label."""
    if not recognition.people:
        return Group(*_headline(recognition), Text("nobody was seen long enough to judge"))
    table = Table("person", "from", "to", "action", "score", "next best")
    for person in recognition.people:
        for segment in person.segments:
            prediction = segment.prediction
            others = [(name, score) for name, score in prediction.top5 if name != prediction.label][:2]
            table.add_row(
                str(person.id),
                f"{segment.start_s:.1f} s",
                f"{segment.end_s:.1f} s",
                Text(prediction.label or "(none of the known)"),  # a name in brackets is no markup
                f"{prediction.score:.0%}" if prediction.label else "",
                Text(", ".join(f"{name} {score:.0%}" for name, score in others)),
            )
    return Group(*_headline(recognition), table)


def _headline(recognition: Recognition) -> list[Text]:
    name = recognition.label or "no known action"
    score = f" ({recognition.score:.0%})" if recognition.label else ""
    busy_s = sum(recognition.seconds.values())
    rate = recognition.num_frames / busy_s if busy_s else 0.0
    return [
        Text(f"{recognition.video}: {name}{score}", style="bold"),
        Text(f"{recognition.num_frames} frames in {busy_s:.1f} s ({rate:.0f} frames/s)", style="dim"),
    ]
