"""What is named in real videos of anybody: right, wrong or nothing, by class and by kind of fault."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from posecube.errors import UserError
from posecube.recognition.result import Recognition
from posecube.recognizer import Recognizer
from timing import arguments, show

METHOD = (
    "Every video of a folder that its truth file lists is recognised. The truth file has the columns file, "
    "class_of_the_15 (empty for other actions) and what_is_seen (variants of an action say so). Of plain and variant "
    "clips the headline is right, wrong or missing. Of other clips every label, headline or segment, must say what is "
    "seen: its words, or other words for it (SEEN_AS), stand in what_is_seen. Postures (stand, sit, walk, turn, run) "
    "are what people do beside other things: they are listed, and count as no fault."
)
# Words of what_is_seen for which a label says what is seen, beside the label's own.
SEEN_AS: dict[str, tuple[str, ...]] = {
    "walk": ("walk", "marching"),
    "run": ("run",),
    "wave": ("waving", "waves"),
    "sit": ("sits", "sitting"),
    "stand": ("standing", "stands"),
    "jump": ("jumps", "jumping"),
    "punch": ("box",),
    "kick": ("kick", "football"),
    "pushup": ("push-up",),
    "pullup": ("pull-up",),
    "situp": ("sit-up",),
    "squat": ("squat",),
    "jump_rope": ("rope",),
}
POSTURES = ("stand", "sit", "walk", "turn", "run")
EVERYDAY = ("walk", "run", "wave", "stand", "sit")


@dataclass(frozen=True)
class Truth:
    """One row of a truth file."""

    file: str
    action: str
    seen: str

    @property
    def kind(self) -> str:
        if not self.action:
            return "other"
        return "variant" if "variant" in self.seen else "plain"

    def shows(self, label: str) -> bool:
        """Whether a label says what is seen."""
        words = (label.replace("_", " "), *SEEN_AS.get(label, ()))
        return label == self.action or any(word in self.seen.lower() for word in words)


@dataclass(frozen=True)
class Answer:
    """What was said about one video."""

    truth: Truth
    headline: str | None
    labels: tuple[str, ...]

    @classmethod
    def of(cls, truth: Truth, recognition: Recognition) -> Answer:
        segments = (segment for person in recognition.people for segment in person.segments)
        named = {segment.prediction.label for segment in segments} | {recognition.label}
        return cls(truth, recognition.label, tuple(sorted(label for label in named if label)))

    @property
    def fault(self) -> str:
        """What is wrong with it; empty where nothing is."""
        if self.truth.kind == "other":
            unseen = [label for label in self.labels if label not in POSTURES and not self.truth.shows(label)]
            if not unseen:
                return ""
            return "wrong headline" if self.headline in unseen else "wrong segment"
        if self.headline == self.truth.action:
            return ""
        return "wrong headline" if self.headline else "no label"


def measure(folder: Path, truth: Path, *, weights: Sequence[str] = (), pose: str = "blazepose") -> dict[str, float]:
    """Recognise the videos, print a line each, and give the figures."""
    recognizer = Recognizer.load(*weights)
    answers = []
    for row in read_truth(truth):
        if not (folder / row.file).is_file():
            continue
        answers.append(Answer.of(row, recognizer.recognize(folder / row.file, pose=pose)))
        told = answers[-1]
        said = f"{told.headline or '-'} ({', '.join(told.labels) or '-'})"
        print(f"{row.file:<24} {row.seen[:44]:<44} {said:<44} {told.fault}", flush=True)
    if not answers:
        raise UserError(f"{folder} has none of the videos that {truth} lists")
    return figures(answers)


def read_truth(path: Path) -> list[Truth]:
    """The rows of a truth file.

    Raises:
        UserError: If a column is missing.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    needed = ("file", "class_of_the_15", "what_is_seen")
    if not rows or any(rows[0].get(column) is None for column in needed):
        raise UserError(f"{path}: expected tab-separated columns {', '.join(needed)}")
    return [Truth(*(row[column] for column in needed)) for row in rows]


def figures(answers: Sequence[Answer]) -> dict[str, float]:
    """Counts and percentages by kind of clip, faults by kind, and errors by class."""
    found: dict[str, float] = {}
    for kind in ("plain", "variant"):
        faults = Counter(answer.fault for answer in answers if answer.truth.kind == kind)
        clips = sum(faults.values())
        found |= {f"{kind}_clips": clips, f"{kind}_right": faults[""], f"{kind}_wrong": faults["wrong headline"]}
        found |= {f"{kind}_no_label": faults["no label"], f"{kind}_right_percent": _percent(faults[""], clips)}
        found[f"{kind}_wrong_percent"] = _percent(faults["wrong headline"], clips)
    faults = Counter(answer.fault for answer in answers if answer.truth.kind == "other")
    others = sum(faults.values())
    found |= {f"other_{fault.replace(' ', '_') or 'right'}": count for fault, count in sorted(faults.items())}
    found |= {"other_clips": others, "other_fault_percent": _percent(others - faults[""], others)}
    everyday = [(answer, [it for it in EVERYDAY if answer.truth.shows(it)]) for answer in answers]
    shown = [(answer, labels) for answer, labels in everyday if labels and answer.truth.kind == "other"]
    named = sum(any(label in answer.labels for label in labels) for answer, labels in shown)
    found |= {"everyday_clips": len(shown), "everyday_named_percent": _percent(named, len(shown))}
    for answer in answers:
        if answer.truth.action:
            key = f"class_{answer.truth.action}_faults"
            found[key] = found.get(key, 0) + bool(answer.fault)
    return found


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


if __name__ == "__main__":
    parser = arguments(METHOD)
    parser.add_argument("folder", type=Path, help="the videos")
    parser.add_argument("--truth", type=Path, help="what they show (default: truth.tsv in the folder)")
    parser.add_argument("--weights", nargs="+", default=[], help="default: the shipped models")
    parser.add_argument("--pose", default="blazepose", help="estimator")
    options = parser.parse_args()
    truth = options.truth or options.folder / "truth.tsv"
    show(measure(options.folder, truth, weights=options.weights, pose=options.pose), METHOD, options.json)
