"""Where ``posecube recognize`` writes what it has found."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from posecube.commands.options import output
from posecube.errors import UserError

if TYPE_CHECKING:
    from posecube.recognition.result import Recognition


@dataclass(frozen=True)
class Outputs:
    """Files to write, None for those that nobody asked for; ``-`` is the standard output.

    Attributes:
        json: One video's recognition, or a list of several.
        json_lines: A recognition a line, written as each is ready.
        csv: A line a segment.
        video: The annotated video.
    """

    json: Path | None = None
    json_lines: Path | None = None
    csv: Path | None = None
    video: Path | None = None

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        """An option for each; ``of`` reads them."""
        parser.add_argument(
            "--json", type=output, metavar="FILE", help="write people, segments and scores; a list of several videos"
        )
        parser.add_argument(
            "--json-lines", type=output, metavar="FILE", help="write a line of JSON a video, as each is ready"
        )
        parser.add_argument("--csv", type=output, metavar="FILE", help="write one line a segment")
        parser.add_argument("--video", type=Path, metavar="FILE", help="write the annotated video")

    @staticmethod
    def of(options: argparse.Namespace) -> Outputs:
        """What the command line asks for."""
        return Outputs(options.json, options.json_lines, options.csv, options.video)

    @property
    def uses_stdout(self) -> bool:
        """Whether others read the standard output, which is no place for tables then."""
        from posecube.files import STDOUT

        return STDOUT in (self.json, self.json_lines, self.csv)

    def check(self, inputs: Iterable[Path]) -> None:
        """Refuse what could not be written, before work starts.

        Raises:
            OSError, UserError: See ``files.check_output``.
        """
        from posecube.files import STDOUT, check_output

        options = {"--json": self.json, "--json-lines": self.json_lines, "--csv": self.csv}
        to_stdout = [option for option, path in options.items() if path == STDOUT]
        if len(to_stdout) > 1:
            raise UserError(f"{' and '.join(to_stdout)} cannot both be written to the standard output; name a file")
        check_output(self.json, self.json_lines, self.csv, self.video, inputs=inputs)
        if self.video:
            from posecube.video.writer import check_output as check_video

            check_video(self.video)

    def add(self, recognition: Recognition, *, is_first: bool) -> None:
        """Write what is written video by video."""
        if self.json_lines:
            from posecube.files import append_line

            append_line(self.json_lines, json.dumps(recognition.as_dict(), allow_nan=False), is_first=is_first)

    def finish(self, recognitions: Sequence[Recognition], *, is_single: bool) -> None:
        """Write what is written in one piece.

        Args:
            is_single: One video was asked for, whose JSON is no list.
        """
        from posecube.files import write_json, write_text

        if self.json:
            contents = [recognition.as_dict() for recognition in recognitions]
            write_json(self.json, contents[0] if is_single else contents)
        if self.csv:
            write_text(self.csv, segments_csv(recognitions))


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
