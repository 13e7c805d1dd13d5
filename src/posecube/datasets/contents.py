"""DatasetContents: what every reader returns; and how clips in files of their own are read into one.

What cannot be read is left out and told, the rest is imported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from posecube.datasets.labels import LabelledClip, LabelledClips, is_text
from posecube.errors import UserError
from posecube.parallel import CLIPS_TOGETHER, map_in_processes
from posecube.skeleton import SkeletonLayout, SkeletonSequence

NamedReader = tuple[str, Callable[[], SkeletonSequence]]
"""A clip's name and the function that reads it."""


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

    def __repr__(self) -> str:
        clips = "clips" if self.num_clips is None else f"{self.num_clips} clips"
        return f"DatasetContents({clips}, {len(self.classes)} classes, {self.layout.name}, splits {list(self.splits)})"


def labelled_contents(
    source: Path,
    labelled: LabelledClips,
    *,
    layout: SkeletonLayout,
    read: Callable[[LabelledClip], SkeletonSequence],
    remarks: Counter[str] | None = None,
) -> DatasetContents:
    """A data set of labelled clips whose splits hold those that could be read.

    Without splits all clips are one that is called like the source, as ``posecube extract`` does.
    """
    split_of = {clip.name: clip.split for clip in labelled.clips if clip.split}
    of_all = (source.resolve().name if source.is_dir() else source.stem) or "all"
    split_of = split_of or {clip.name: of_all for clip in labelled.clips}
    splits: dict[str, list[str]] = {split: [] for split in sorted(set(split_of.values()))}
    skipped = dict(labelled.missing)

    def note_split(sequence: SkeletonSequence) -> None:
        if sequence.name in split_of:
            splits[split_of[sequence.name]].append(sequence.name)

    clips = ((clip.name, partial(read, clip)) for clip in labelled.clips)
    return DatasetContents(
        layout=layout,
        classes=labelled.classes,
        sequences=read_each(clips, source=source, skipped=skipped, on_read=note_split),
        splits=splits,
        skipped=skipped,
        remarks=Counter() if remarks is None else remarks,
        num_clips=len(labelled.clips) + len(labelled.missing),
    )


def read_each(
    clips: Iterable[NamedReader],
    *,
    source: Path,
    skipped: dict[str, str],
    on_read: Callable[[SkeletonSequence], None] | None = None,
    workers: int = 1,
) -> Iterator[SkeletonSequence]:
    """Read clips one by one, in bounded memory.

    Args:
        clips: Each clip's name and the function that reads it.
        source: The data set, for the message.
        skipped: Filled with the names of clips that could not be read and the reason why.
        on_read: Called with each clip that could be read once it has been taken, to note its split.
        workers: Processes that read; with several the functions are pickled.

    Raises:
        UserError: If not one clip could be read.
    """
    num_read = 0
    for name, read in map_in_processes(_sequence_or_reason, clips, workers=workers, chunk=CLIPS_TOGETHER):
        if isinstance(read, str):
            skipped[_writable(name)] = _writable(read)
            continue
        num_read += 1
        yield read
        if on_read:
            on_read(read)
    if not num_read:
        first = next((f"; the first, {name}: {reason}" for name, reason in skipped.items()), "")
        raise UserError(f"{source}: no clip could be read, {len(skipped)} were skipped{first}")


def _sequence_or_reason(clip: NamedReader) -> tuple[str, SkeletonSequence | str]:
    name, read = clip
    if not is_text(name):
        return name, "its name is no UTF-8 text; rename it"
    try:
        return name, read()
    except (ValueError, OSError) as error:
        return name, " ".join(str(error).split()) or type(error).__name__


def _writable(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()
