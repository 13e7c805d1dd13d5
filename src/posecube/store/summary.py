"""What is in a store, in figures and as text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from posecube.store.skeleton_store import SkeletonStore

# Joints are counted in this many clips at most, spread over the store: a store may be larger than memory.
_MAX_CLIPS_READ = 2000
_MAX_CLASSES_SHOWN = 60


@dataclass(frozen=True)
class StoreSummary:
    """The figures of one store.

    Attributes:
        num_axes: 2 for pixels, 3 for metres.
        num_bytes: Size of its files.
        num_frames: Frames of all clips together.
        frames_min_median_max: Lengths of the clips.
        clips_by_people: Number of people to the number of clips with so many.
        clips_by_class: Class name to its clips, in label order.
        num_unlabelled: Clips without a label.
        clips_by_split: Split name to its clips.
        missing_percent: Joint to the fraction of frames in which it was not seen though the person was, in percent.
        absent_percent: Fraction of frames in which a person was not seen at all, in percent.
        num_clips_read: Clips in which joints were counted.
    """

    path: Path
    layout: str
    num_joints: int
    num_axes: int
    num_bytes: int
    num_clips: int
    num_frames: int
    frames_min_median_max: tuple[int, float, int]
    clips_by_people: dict[int, int]
    clips_by_class: dict[str, int]
    num_unlabelled: int
    clips_by_split: dict[str, int]
    missing_percent: dict[str, float]
    absent_percent: float
    num_clips_read: int
    fingerprint: str


def summarize(store: SkeletonStore, *, max_clips_read: int = _MAX_CLIPS_READ) -> StoreSummary:
    """Count clips, classes, splits, lengths, people and missing joints.

    Args:
        store: The store.
        max_clips_read: Joints are counted in so many clips at most, spread evenly.
    """
    read = np.unique(np.linspace(0, len(store) - 1, min(max_clips_read, len(store))).astype(int))
    missing, num_seen, num_absent = _count_joints(store, read)
    counts = np.bincount(store.labels[store.labels >= 0], minlength=len(store.classes))
    return StoreSummary(
        path=store.path,
        layout=store.layout.name,
        num_joints=store.layout.num_joints,
        num_axes=store.num_axes,
        num_bytes=sum(file.stat().st_size for file in store.path.iterdir()),
        num_clips=len(store),
        num_frames=int(store.num_frames.sum(dtype=np.int64)),
        frames_min_median_max=(
            int(store.num_frames.min()),
            float(np.median(store.num_frames)),
            int(store.num_frames.max()),
        ),
        clips_by_people=dict(sorted(Counter(store.num_people.tolist()).items())),
        clips_by_class={name: int(count) for name, count in zip(store.classes, counts, strict=True)},
        num_unlabelled=int((store.labels < 0).sum()),
        clips_by_split={name: len(clips) for name, clips in store.splits.items()},
        missing_percent={
            joint: 100 * float(count) / max(num_seen, 1)
            for joint, count in zip(store.layout.joints, missing, strict=True)
        },
        absent_percent=100 * num_absent / (num_seen + num_absent),
        num_clips_read=len(read),
        fingerprint=store.fingerprint,
    )


def render_summary(summary: StoreSummary) -> RenderableType:
    """The summary for a terminal: ``rich.print(render_summary(summary))``."""
    return Group(
        _facts_table(summary),
        Text(),
        _counts_table("split", summary.clips_by_split) if summary.clips_by_split else Text("no splits"),
        Text(),
        _classes_table(summary),
        Text(),
        _missing_table(summary),
    )


def _count_joints(store: SkeletonStore, clips: np.ndarray) -> tuple[np.ndarray, int, int]:
    """Missing joints where the person was seen (V,), frames with and frames without the person."""
    missing = np.zeros(store.layout.num_joints, dtype=np.int64)
    num_seen = num_absent = 0
    for clip in clips.tolist():
        is_missing = store[clip].confidence.reshape(-1, store.layout.num_joints) <= 0
        is_absent = is_missing.all(axis=-1)
        num_absent += int(is_absent.sum())
        num_seen += int((~is_absent).sum())
        missing += is_missing[~is_absent].sum(axis=0)
    return missing, num_seen, num_absent


def _facts_table(summary: StoreSummary) -> Table:
    shortest, median, longest = summary.frames_min_median_max
    people = ", ".join(f"{people} in {clips:,} clips" for people, clips in summary.clips_by_people.items())
    unit = "pixels" if summary.num_axes == 2 else "3D"
    table = Table.grid(padding=(0, 2))
    table.add_row("store", Text(str(summary.path)))
    table.add_row("clips", f"{summary.num_clips:,} ({_megabytes(summary.num_bytes)})")
    table.add_row("frames", f"{summary.num_frames:,}; a clip has {shortest} to {longest}, median {median:g}")
    table.add_row("layout", f"{summary.layout}, {summary.num_joints} joints, {unit}")
    table.add_row("people", f"{people}; not seen at all in {summary.absent_percent:.1f} % of frames")
    table.add_row("fingerprint", summary.fingerprint[:16])
    return table


def _counts_table(title: str, counts: dict[str, int]) -> Table:
    table = Table(title, "clips", box=None, pad_edge=False, header_style="bold")
    table.columns[1].justify = "right"
    for name, count in counts.items():
        table.add_row(Text(name), f"{count:,}")
    return table


def _classes_table(summary: StoreSummary) -> Table:
    shown = dict(list(summary.clips_by_class.items())[:_MAX_CLASSES_SHOWN])
    rest = len(summary.clips_by_class) - len(shown)
    if rest:
        shown[f"... {rest} more"] = summary.num_clips - summary.num_unlabelled - sum(shown.values())
    if summary.num_unlabelled:
        shown["(no label)"] = summary.num_unlabelled
    return _counts_table(f"class ({len(summary.clips_by_class)})", shown)


def _missing_table(summary: StoreSummary) -> Table:
    heading = "joint" if summary.num_clips_read == summary.num_clips else f"joint (in {summary.num_clips_read:,} clips)"
    table = Table(heading, "missing", box=None, pad_edge=False, header_style="bold")
    table.columns[1].justify = "right"
    for joint, percent in summary.missing_percent.items():
        table.add_row(joint, f"{percent:.1f} %")
    return table


def _megabytes(num_bytes: int) -> str:
    return f"{num_bytes / 2**20:,.1f} MiB"
