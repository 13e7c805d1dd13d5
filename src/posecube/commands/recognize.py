"""``posecube recognize``: who does what, when, in videos."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from posecube.commands.options import add_device, add_quiet, add_smooth, positive
from posecube.errors import UserError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from posecube.recognition.result import Recognition
    from posecube.recognition.windows import WindowSettings

NAME, HELP = "recognize", "name the actions in videos"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Videos, models, and where the answer goes."""
    parser.add_argument("sources", nargs="+", type=Path, metavar="SOURCE", help="video files")
    parser.add_argument("--weights", nargs="+", default=[], metavar="NAME|FILE", help="default: the shipped models")
    parser.add_argument("--pose", default="blazepose", help="pose estimator (default: %(default)s)")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write people, segments and scores; a list of several videos"
    )
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write one line a segment")
    parser.add_argument("--video", type=Path, metavar="FILE", help="write the annotated video")
    parser.add_argument("--views", type=positive, default=1, metavar="N", help="test views a window (default: 1)")
    parser.add_argument("--window", type=float, metavar="SECONDS", help="length of the sliding window")
    parser.add_argument("--boxes", type=Path, metavar="FILE", help="follow given boxes: frame,x1,y1,x2,y2 a line")
    parser.add_argument("--max-people", type=int, metavar="N", help="follow at most so many people")
    add_smooth(parser)
    add_device(parser, what="where models run")
    add_quiet(parser, help="no progress bar, no table")


def run(options: argparse.Namespace) -> None:
    """Recognise what the command line names."""
    recognize(
        options.sources, weights=options.weights, pose=options.pose, json=options.json, csv=options.csv,
        annotated=options.video, num_views=options.views, windows=_windows(options.window), boxes=options.boxes,
        max_people=options.max_people, smooth=options.smooth, device=options.device, quiet=options.quiet,
    )  # fmt: skip


def recognize(
    sources: Sequence[Path],
    *,
    weights: Sequence[str] = (),
    pose: str = "blazepose",
    json: Path | None = None,
    csv: Path | None = None,
    annotated: Path | None = None,
    num_views: int = 1,
    windows: WindowSettings | None = None,
    boxes: Path | None = None,
    max_people: int | None = None,
    smooth: bool = False,
    device: str = "auto",
    quiet: bool = False,
) -> None:
    """Name the actions in videos; show them, and write them to the files that are given.

    Raises:
        FileNotFoundError: If something is not there.
        UserError: If a source is no video, or an option does not fit.
    """
    from posecube.files import check_output, write_json, write_text
    from posecube.progress import progress_bar
    from posecube.recognizer import Recognizer
    from posecube.video.reader import Video

    if annotated and len(sources) > 1:
        raise UserError(f"--video is drawn for one SOURCE, got {len(sources)}: recognise them one by one")
    check_output(json, csv, annotated)
    recognizer, recognitions = None, []
    for source in sources:
        with Video.open(source) as video, progress_bar(quiet=quiet) as progress:
            # What is no video is refused before models are loaded.
            recognizer = recognizer or Recognizer.load(*weights, device=device, smooth=smooth)
            recognition = recognizer.recognize(
                video, pose=pose, annotated=annotated, num_views=num_views, windows=windows, max_people=max_people,
                boxes=boxes, progress=progress,
            )  # fmt: skip
        recognitions.append(recognition)
        if not quiet:
            _show(recognition)
    if json:
        contents = [recognition.as_dict() for recognition in recognitions]
        write_json(json, contents[0] if len(sources) == 1 else contents)
    if csv:
        write_text(csv, segments_csv(recognitions))


def _show(recognition: Recognition) -> None:
    from posecube.commands.terminal import console

    console.print(recognition_table(recognition))


def segments_csv(recognitions: Sequence[Recognition]) -> str:
    """One line a segment, with a heading; a label is empty where it is none of the known classes."""
    import csv
    import io

    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("video", "person", "start_s", "end_s", "label", "score"))
    for recognition in recognitions:
        for person in recognition.people:
            for segment in person.segments:
                said = segment.prediction
                times = (f"{segment.start_s:.3f}", f"{segment.end_s:.3f}")
                lines.writerow((recognition.video, person.id, *times, said.label or "", said.score))
    return text.getvalue()


def _windows(window_s: float | None) -> WindowSettings | None:
    """Windows of another length than is usual, None for the usual ones."""
    if window_s is None:
        return None
    from posecube.recognition.windows import WindowSettings

    return WindowSettings(lengths_s=(window_s,))


def recognition_table(recognition: Recognition) -> RenderableType:
    """People, segments and the video's own label, for the terminal."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    name = recognition.label or "no known action"
    score = f" ({recognition.score:.0%})" if recognition.label else ""
    busy_s = sum(recognition.seconds.values())
    rate = recognition.num_frames / busy_s if busy_s else 0.0
    headline = [
        Text(f"{recognition.video}: {name}{score}", style="bold"),
        Text(f"{recognition.num_frames} frames in {busy_s:.1f} s ({rate:.0f} frames/s)", style="dim"),
    ]
    if not recognition.people:
        return Group(*headline, Text("no detections, or too short ones to judge"))
    table = Table("person", "from", "to", "action", "times", "score", "next best")
    for person in recognition.people:
        for segment in person.segments:
            prediction = segment.prediction
            others = [(name, score) for name, score in prediction.top5 if name != prediction.label][:2]
            table.add_row(
                str(person.id),
                f"{segment.start_s:.1f} s",
                f"{segment.end_s:.1f} s",
                Text(prediction.label or "(unknown)"),  # a name in brackets is no markup
                str(segment.repetitions.count) if segment.repetitions else "",
                f"{prediction.score:.0%}" if prediction.label else "",
                Text(", ".join(f"{name} {score:.0%}" for name, score in others)),
            )
    return Group(*headline, table)
