"""A published data set becomes a store, whole or not at all."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posecube import lookup
from posecube.datasets.contents import DatasetContents
from posecube.datasets.formats.alphapose import read_alphapose
from posecube.datasets.formats.coco import read_coco
from posecube.datasets.formats.kinetics import read_kinetics
from posecube.datasets.formats.nucla import read_nucla
from posecube.datasets.formats.openpose import read_openpose
from posecube.datasets.formats.penn_action import read_penn_action
from posecube.datasets.formats.sbu import read_sbu
from posecube.datasets.formats.studio import read_studio
from posecube.datasets.formats.volleyball import read_volleyball
from posecube.datasets.ntu.reader import read_ntu
from posecube.datasets.pyskl.reader import read_pyskl
from posecube.errors import UserError
from posecube.files import atomic_path
from posecube.progress import Progress, silent
from posecube.store import SkeletonStore
from posecube.store.write_lock import WriteLock

READERS: dict[str, Callable[..., DatasetContents]] = {
    "penn-action": read_penn_action,
    "nucla": read_nucla,
    "sbu": read_sbu,
    "ntu": read_ntu,
    "pyskl": read_pyskl,
    "kinetics": read_kinetics,
    "openpose": read_openpose,
    "alphapose": read_alphapose,
    "coco": read_coco,
    "volleyball": read_volleyball,
    "studio": read_studio,
}

# Clips wait in memory until they fill a shard; a smaller shard than the store's own bound keeps an import small.
_SHARD_BYTES = 64 * 2**20

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ImportReport:
    """What an import wrote.

    Attributes:
        path: The store.
        num_frames: Frames of all clips together.
        split_sizes: Clips of each split.
        skipped: Clip name to the reason why it was left out.
        remarks: What was taken otherwise than the source says, and how often.
    """

    path: Path
    num_clips: int
    num_frames: int
    num_classes: int
    split_sizes: dict[str, int]
    skipped: dict[str, str]
    remarks: dict[str, int] = field(default_factory=dict)


def import_dataset(
    format: str,
    source: str | Path,
    store: str | Path,
    *,
    progress: Progress = silent,
    **options: Any,
) -> ImportReport:
    """Read a data set and write it as a store, clip by clip; on any error nothing is left behind.

    Args:
        format: One of ``READERS``.
        source: The data set as its reader takes it: a folder, an archive or a file.
        store: Folder of the new store; it must not exist.
        progress: Told after each clip how many are done, those that are skipped among them.
        **options: Of the format's reader, such as ``invisible_confidence`` of ``penn-action``.

    Raises:
        BlockingIOError: If another import writes the same store.
        FileExistsError: If the store exists already.
        FileNotFoundError: If the source does not exist.
        UserError: If format or option is unknown, or the source is not as the format says.
    """
    source, store = Path(source), Path(store)
    read = _reader(format, options)
    if store.exists() and (not store.is_dir() or any(store.iterdir())):
        raise FileExistsError(f"{store} exists already: remove it, or give another path for the store")
    if not source.exists():
        raise FileNotFoundError(f"no {format} data at {source}")
    store.parent.mkdir(parents=True, exist_ok=True)
    lock = WriteLock(store, file=store.with_name(f".{store.name}.lock"))
    try:
        with atomic_path(store) as temporary:
            report = _write(read(source, **options), temporary, store, progress)
    finally:
        lock.release()
    logger.info("imported %d clips from %s into %s", report.num_clips, source, store)
    return report


def parse_settings(format: str, settings: Sequence[str]) -> dict[str, Any]:
    """Options of a format's reader from ``key=value`` texts of a command line; a value's type is its default's.

    Raises:
        UserError: If format or option is unknown, or a value does not fit.
    """
    options: dict[str, Any] = {}
    for setting in settings:
        key, separator, text = setting.partition("=")
        if not separator:
            raise UserError(f"--set expects key=value, got {setting!r}")
        default = inspect.signature(_reader(format, {key: text})).parameters[key].default
        try:
            options[key] = _parsed(text, default)
        except (KeyError, ValueError):
            kind = {bool: "true or false", int: "a whole number"}.get(type(default), "a number")
            raise UserError(f"format {format}: option {key} takes {kind}, got {text!r}") from None
    return options


def _parsed(text: str, default: object) -> object:
    if isinstance(default, bool):
        return {"true": True, "false": False}[text.lower()]
    return type(default)(text) if isinstance(default, int | float) else text


def _reader(format: str, options: dict[str, Any]) -> Callable[..., DatasetContents]:
    reader = lookup.find(READERS, format, what="format")
    known = [name for name in inspect.signature(reader).parameters if name != "source"]
    for option in sorted(set(options) - set(known)):
        raise UserError(f"format {format} has no option {option!r}{lookup.suggestion(option, known)}")
    return reader


def _write(contents: DatasetContents, folder: Path, store: Path, progress: Progress) -> ImportReport:
    num_frames, num_bytes = 0, 0
    with SkeletonStore.create(folder, layout=contents.layout, classes=contents.classes) as writer:
        for sequence in contents.sequences:
            writer.add(sequence)
            num_frames += sequence.num_frames
            num_bytes += sequence.keypoints.nbytes + sequence.confidence.nbytes
            if num_bytes > _SHARD_BYTES:
                writer.flush()
                num_bytes = 0
            progress("importing", len(writer) + len(contents.skipped), contents.num_clips)
        if not len(writer):
            raise UserError(_nothing_imported(contents.skipped))
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
        remarks=dict(contents.remarks),
    )


def _nothing_imported(skipped: dict[str, str]) -> str:
    first = next((f", the first, {name}: {reason}" for name, reason in skipped.items()), "")
    return f"no clip could be imported; {len(skipped)} were skipped{first}"
