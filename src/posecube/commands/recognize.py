"""``posecube recognize``: who does what, when, in videos."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from posecube.commands.options import add_device, add_quiet, add_smooth, files_of_weights, number, views, whole
from posecube.commands.recognize_outputs import Outputs
from posecube.errors import UserError, one_line

if TYPE_CHECKING:
    from rich.console import RenderableType

    from posecube.recognition.result import Recognition
    from posecube.recognition.windows import WindowSettings
    from posecube.video.reader import Video
    from posecube.video.sources import Source, Sources

NAME, HELP = "recognize", "name the actions in videos"
SHOWN_SKIPS = 3  # of one kind


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Videos, models, and where the answer goes."""
    parser.add_argument(
        "sources", nargs="+", type=Path, metavar="SOURCE", help="videos, folders, pictures such as frames/%%04d.png"
    )
    parser.add_argument("--fps", type=number(0.1, 1000), metavar="F", help="pictures a second (default: 25)")
    parser.add_argument("--weights", nargs="+", default=[], metavar="NAME|FILE", help="default: the shipped models")
    parser.add_argument("--pose", default="blazepose", help="pose estimator (default: %(default)s)")
    Outputs.add_arguments(parser)
    parser.add_argument("--views", type=views, default=1, metavar="N", help="test views a window (default: 1)")
    parser.add_argument("--window", type=float, metavar="SECONDS", help="length of the sliding window")
    parser.add_argument("--boxes", type=Path, metavar="FILE", help="follow given boxes: frame,x1,y1,x2,y2 a line")
    parser.add_argument("--max-people", type=whole(1, 1000), metavar="N", help="follow at most so many people")
    add_smooth(parser)
    add_device(parser, what="where models run")
    add_quiet(parser, help="no progress bar, no table")


def run(options: argparse.Namespace) -> None:
    """Recognise what the command line names."""
    recognize(
        options.sources, fps=options.fps, outputs=Outputs.of(options), weights=options.weights, pose=options.pose,
        num_views=options.views, windows=_windows(options.window), boxes=options.boxes,
        max_people=options.max_people, smooth=options.smooth, device=options.device, quiet=options.quiet,
    )  # fmt: skip


def recognize(
    paths: Sequence[Path],
    *,
    fps: float | None = None,
    outputs: Outputs = Outputs(),  # noqa: B008 - frozen
    weights: Sequence[str] = (),
    pose: str = "blazepose",
    num_views: int = 1,
    windows: WindowSettings | None = None,
    boxes: Path | None = None,
    max_people: int | None = None,
    smooth: bool = False,
    device: str = "auto",
    quiet: bool = False,
) -> None:
    """Name the actions in videos; show them, and write them to the files that are given.

    One broken video of several is named, and the others are recognised. What is finished is written even if the rest is
    interrupted.

    Raises:
        FileNotFoundError: If something is not there.
        UserError: If a source is no video, or an option does not fit.
    """
    from posecube.progress import progress_bar
    from posecube.recognizer import Recognizer
    from posecube.video.sources import find_sources

    found = find_sources(paths)
    _check_fitting(found, outputs, boxes=boxes, fps=fps)
    outputs.check([*found.files, *files_of_weights([*weights, pose]), *([boxes] if boxes else [])])
    recognizer, failures = None, _Failures(len(found.videos))
    recognitions: list[Recognition] = []
    try:
        for source in found.videos:
            with failures.noted(source), _opened(source, fps) as video, progress_bar(quiet=quiet) as progress:
                with failures.of_all():  # what is no video is refused before models are loaded
                    recognizer = recognizer or Recognizer.load(*weights, device=device, smooth=smooth)
                    estimator = recognizer.estimator(pose)
                recognition = recognizer.recognize(
                    video, pose=estimator, annotated=outputs.video, num_views=num_views, windows=windows,
                    max_people=max_people, boxes=boxes, progress=progress,
                )  # fmt: skip
                with failures.of_all():
                    outputs.add(recognition, is_first=not recognitions)
                recognitions.append(recognition)
                if not quiet:
                    _show(recognition, beside_output=outputs.uses_stdout)
    finally:
        if recognitions:
            outputs.finish(recognitions, is_single=found.is_single)
    if not quiet:
        _show_skipped(found)
    failures.tell()


def _check_fitting(found: Sources, outputs: Outputs, *, boxes: Path | None, fps: float | None) -> None:
    """Refuse options that the videos have no use for."""
    if len(found.videos) > 1:
        for option in (name for name, given in (("--video", outputs.video), ("--boxes", boxes)) if given):
            raise UserError(f"{option} serves one video, got {len(found.videos)}: recognise them one by one")
    if fps is not None and not found.has_pictures:
        raise UserError("--fps is for pictures: a video file tells its own times")


def _opened(source: Source, fps: float | None) -> Video:
    from posecube.video.reader import Video

    return Video.open(source, fps=None if isinstance(source, Path) else fps)


class _Failures:
    """Videos that could not be recognised: named when it happens, counted at the end; an only one ends the command."""

    def __init__(self, num_videos: int) -> None:
        self.num_videos = num_videos
        self.names: list[str] = []
        self._concerns_all = False

    @contextmanager
    def noted(self, source: Source) -> Iterator[None]:
        try:
            yield
        except (UserError, OSError) as error:
            if self.num_videos == 1 or self._concerns_all:
                raise
            self.names.append(str(source if isinstance(source, Path) else source.path))
            print(f"posecube: {one_line(error)}", file=sys.stderr)

    @contextmanager
    def of_all(self) -> Iterator[None]:
        """What fails in this block would fail for every video."""
        try:
            yield
        except (UserError, OSError):
            self._concerns_all = True
            raise

    def tell(self) -> None:
        """End with an error if there are any.

        Raises:
            UserError: If so.
        """
        if self.names:
            names = ", ".join(self.names[:5]) + (", ..." if len(self.names) > 5 else "")
            raise UserError(f"{len(self.names)} of {self.num_videos} videos could not be recognised: {names}")


def _show(recognition: Recognition, *, beside_output: bool) -> None:
    from posecube.commands.terminal import console, error_console

    (error_console if beside_output else console).print(recognition_table(recognition))


def _show_skipped(found: Sources) -> None:
    """What was not taken, a line for each reason; to stderr, since it is no answer."""
    by_reason: dict[str, list[Path]] = {}
    for path, reason in found.skipped:
        by_reason.setdefault(reason, []).append(path)
    for reason, paths in by_reason.items():
        names = ", ".join(map(str, paths[:SHOWN_SKIPS])) + (", ..." if len(paths) > SHOWN_SKIPS else "")
        print(f"skipped {len(paths)}: {names}: {reason}", file=sys.stderr)


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
