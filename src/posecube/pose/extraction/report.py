"""The status of each video of an extraction; kept as JSON beside the store, so that a second run knows."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.text import Text

from posecube import files
from posecube.errors import UserError
from posecube.video.enhance import Enhancement

_SHOWN = 5


@dataclass
class ExtractReport:
    """Counts and names; grows while videos are extracted.

    Attributes:
        store: The store's folder.
        pose: The estimator that the store's skeletons come from.
        gamma: Gamma by which frames were brightened, None for not at all or in another way.
        enhancement: The other way, in words.
        choice: Who is kept of a video: those "tracked", or one person, "single".
        num_clips: Clips in the store.
        num_new: Clips that this run added.
        num_done_before: Videos that an earlier run had dealt with.
        num_frames: Frames of the clips that this run added.
        people: How many clips of this run show so many people.
        no_detections: Videos without detections; they are not in the store.
        failed: Videos that could not be extracted, and why; a further run tries them again.
        seconds: What this run took.
    """

    store: str
    pose: str
    gamma: float | None = None
    enhancement: str | None = None
    choice: str = "tracked"
    num_clips: int = 0
    num_new: int = 0
    num_done_before: int = 0
    num_frames: int = 0
    people: dict[int, int] = field(default_factory=dict)
    no_detections: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def path(self) -> Path:
        """The JSON file."""
        return report_path(self.store)

    @property
    def how(self) -> str:
        """What a further run into the same store must agree with."""
        text = f"pose {self.pose}, gamma {self.gamma}"
        text += f", enhancement {self.enhancement}" if self.enhancement else ""
        return text if self.choice == "tracked" else f"{text}, people {self.choice}"

    @staticmethod
    def begun(store: str, pose: str, *, enhancement: Enhancement | None, choice: str) -> ExtractReport:
        """The report of a run that has not seen a video yet; a gamma alone is noted as it always was."""
        if enhancement is None:
            return ExtractReport(store, pose, choice=choice)
        if enhancement == Enhancement("gamma", enhancement.gamma):
            return ExtractReport(store, pose, enhancement.curve, choice=choice)
        return ExtractReport(store, pose, enhancement=str(enhancement), choice=choice)

    def save(self) -> None:
        """Write the JSON file anew, in one step."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        files.write_json(self.path, asdict(self))

    @staticmethod
    def load(store: str | Path) -> ExtractReport | None:
        """The report of the run before, None where there was none.

        Raises:
            UserError: If the file is no report.
        """
        path = report_path(store)
        if not path.exists():
            return None
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            fields["people"] = {int(count): clips for count, clips in fields["people"].items()}
            if "nobody" in fields:  # as version 0.2 called them
                fields["no_detections"] = fields.pop("nobody")
            if fields.get("choice") == "surest":
                fields["choice"] = "single"
            return ExtractReport(**fields)
        except (KeyError, ValueError, AttributeError, TypeError):
            raise UserError(f"{path}: is no report of an extraction; move it away to go on") from None

    def __str__(self) -> str:
        lines = [f"{self.store}: {self.num_clips} clips, {self.num_new} new, {self.num_frames} new frames"]
        if self.num_done_before:
            lines[0] += f", {self.num_done_before} videos done before"
        if self.people:
            counts = ", ".join(f"{self.people[count]} with {count}" for count in sorted(self.people))
            lines.append(f"people: {counts}")
        if self.no_detections:
            lines.append(f"no detections in {len(self.no_detections)} videos: {_some(self.no_detections)}")
        lines += [f"failed: {name}: {reason}" for name, reason in list(self.failed.items())[:_SHOWN]]
        if len(self.failed) > _SHOWN:
            lines.append(f"... {len(self.failed)} failed in all")
        return "\n".join([*lines, f"report: {self.path}"])

    def __rich__(self) -> Text:
        return Text(str(self))


def report_path(store: str | Path) -> Path:
    """Where the report of a store lies: beside it."""
    return Path(store).with_name(f"{Path(store).name}.report.json")


def _some(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
