"""DatasetContents: what every reader of a published format returns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from posecube.skeleton import SkeletonLayout, SkeletonSequence


@dataclass(frozen=True)
class DatasetContents:
    """A data set on its way into a store; its clips are read one by one as ``sequences`` is walked, once.

    Attributes:
        layout: Names of the joints.
        classes: Class names; a sequence's label is an index into them.
        sequences: The clips, ordered by name.
        splits: Clip names of each split. Some formats say so only inside each clip's file: complete when ``sequences``
            has been walked to its end.
        skipped: Clip name to the reason why it is left out, likewise.
        remarks: What was taken otherwise than the source says, and how often, likewise.
        num_clips: How many clips the source has, those that will be skipped among them; None where that is not known
            before it has been walked.
    """

    layout: SkeletonLayout
    classes: tuple[str, ...]
    sequences: Iterator[SkeletonSequence]
    splits: dict[str, list[str]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    remarks: Counter[str] = field(default_factory=Counter)
    num_clips: int | None = None
