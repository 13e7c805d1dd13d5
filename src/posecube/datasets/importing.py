"""A published data set becomes a store, whole or not at all."""

from __future__ import annotations

import inspect
import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posecube.datasets.contents import DatasetContents
from posecube.datasets.nucla import read_nucla
from posecube.datasets.penn_action import read_penn_action
from posecube.datasets.pyskl import read_pyskl
from posecube.datasets.sbu import read_sbu
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.store import StoreWriter

READERS: dict[str, Callable[..., DatasetContents]] = {
    "penn-action": read_penn_action,
    "nucla": read_nucla,
    "sbu": read_sbu,
    "pyskl": read_pyskl,
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ImportReport:
    """What an import wrote.

    Attributes:
        path: The store.
        num_frames: Frames of all clips together.
        split_sizes: Clips of each split.
        skipped: Clip name to the reason why it was left out.
    """

    path: Path
    num_clips: int
    num_frames: int
    num_classes: int
    split_sizes: dict[str, int]
    skipped: dict[str, str]


def import_dataset(
    format: str,
    source: str | Path,
    store: str | Path,
    *,
    on_clip: Callable[[SkeletonSequence], None] | None = None,
    **options: Any,
) -> ImportReport:
    """Read a data set and write it as a store; on any error nothing is left behind.

    Args:
        format: One of ``READERS``.
        source: The data set as its reader takes it: a folder, an archive or a file.
        store: Folder of the new store; it must not exist.
        on_clip: Called after each clip, for a progress bar.
        **options: Of the format's reader, such as ``invisible_confidence`` of ``penn-action``.

    Raises:
        FileExistsError: If the store exists already.
        FileNotFoundError: If the source does not exist.
        ValueError: If format or option is unknown, or the source is not as the format says.
    """
    source, store = Path(source), Path(store)
    read = _reader(format, options)
    if store.exists() and (not store.is_dir() or any(store.iterdir())):
        raise FileExistsError(f"{store} exists already: remove it, or give another path for the store")
    if not source.exists():
        raise FileNotFoundError(f"no {format} data at {source}")
    store.parent.mkdir(parents=True, exist_ok=True)
    temporary = store.with_name(f".{store.name}.{os.getpid()}.part")
    try:
        report = _write(read(source, **options), temporary, store, on_clip)
        temporary.replace(store)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    logger.info("imported %d clips from %s into %s", report.num_clips, source, store)
    return report


def _reader(format: str, options: dict[str, Any]) -> Callable[..., DatasetContents]:
    if format not in READERS:
        raise ValueError(f"unknown format {format!r}; known formats: {', '.join(READERS)}")
    known = [name for name in inspect.signature(READERS[format]).parameters if name != "source"]
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise ValueError(f"format {format} has no option {unknown[0]!r}; its options: {', '.join(known) or 'none'}")
    return READERS[format]


def _write(
    contents: DatasetContents, folder: Path, store: Path, on_clip: Callable[[SkeletonSequence], None] | None
) -> ImportReport:
    num_frames = 0
    with StoreWriter(folder, layout=contents.layout, classes=contents.classes) as writer:
        for sequence in contents.sequences:
            writer.add(sequence)
            num_frames += sequence.num_frames
            if on_clip:
                on_clip(sequence)
        if not len(writer):
            raise ValueError(f"no clip could be imported; {len(contents.skipped)} were skipped")
        for name, clips in contents.splits.items():
            writer.set_split(name, [clip for clip in clips if clip not in contents.skipped])
    return ImportReport(
        path=store,
        num_clips=len(writer),
        num_frames=num_frames,
        num_classes=len(contents.classes),
        split_sizes={
            name: sum(clip not in contents.skipped for clip in clips) for name, clips in contents.splits.items()
        },
        skipped=contents.skipped,
    )
