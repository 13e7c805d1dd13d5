"""StoreWriter: clips become shards, one writer at a time; what is written stays readable however the writer ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy import ndarray

from posecube.errors import UserError
from posecube.files import UNFINISHED
from posecube.skeleton.layout import SkeletonLayout
from posecube.skeleton.sequence import SkeletonSequence
from posecube.store.manifest import Manifest, StoredLayout, read_manifest, write_manifest
from posecube.store.shard import Shard, check_file, clip_digest, write_shard
from posecube.store.split_table import read_splits, splits_digest, write_splits
from posecube.store.write_lock import WriteLock, is_only_locked

CLIPS_PER_SHARD = 512
# A shard is written when its clips reach this size, whatever their number: it bounds the memory of writing.
_SHARD_BYTES = 256 * 2**20


class StoreWriter:
    """Writes a new store, or appends shards to one; a context manager.

    Clips are kept in memory until a shard is full. A writer that is killed or leaves with an error loses the clips
    since the last shard (``flush`` writes them early) and leaves a store of the shards before. From when it is made
    until it finishes no other writer is let in; readers are.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        layout: SkeletonLayout,
        classes: Sequence[str],
        clips_per_shard: int = CLIPS_PER_SHARD,
    ) -> None:
        """Begin a new store.

        Raises:
            BlockingIOError: If another writer has begun one there.
            FileExistsError: If something is at the path already (an empty folder is welcome).
            UserError: If class names repeat.
        """
        path = Path(path)
        if path.exists() and (not path.is_dir() or not is_only_locked(path)):
            raise FileExistsError(f"{path} exists already: remove it, or give another path for the store")
        manifest = Manifest(layout=StoredLayout.of(layout), classes=_checked_classes(classes)).fingerprinted()
        path.mkdir(parents=True, exist_ok=True)
        self._begin(path, manifest, WriteLock(path), layout=layout, clips_per_shard=clips_per_shard)
        write_manifest(path, manifest)

    @classmethod
    def append(
        cls, path: str | Path, *, classes: Sequence[str] | None = None, clips_per_shard: int = CLIPS_PER_SHARD
    ) -> StoreWriter:
        """Continue an existing store, which may still be empty.

        Args:
            path: The store.
            classes: The longer list of classes; it must begin with the store's. None leaves them.
            clips_per_shard: Clips after which a shard is written.

        Raises:
            BlockingIOError: If another writer is at work on it.
            FileNotFoundError: If there is no store.
            UserError: If it is damaged, or the classes do not begin with those it has.
        """
        path = Path(path)
        read_manifest(path)
        lock = WriteLock(path)
        try:
            return cls._continued(path, lock, classes=classes, clips_per_shard=clips_per_shard)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def _continued(
        cls, path: Path, lock: WriteLock, *, classes: Sequence[str] | None, clips_per_shard: int
    ) -> StoreWriter:
        manifest = read_manifest(path)  # under the lock: before, another writer may have been at work
        for left_over in (*path.glob(f".*.{UNFINISHED}*"), *path.glob(".*.part")):  # of a writer that was killed
            left_over.unlink()
        writer = cls.__new__(cls)
        writer._begin(path, manifest, lock, layout=manifest.skeleton_layout(path), clips_per_shard=clips_per_shard)
        writer._index_by_name = {name: index for index, name in enumerate(_stored_names(path, manifest))}
        if manifest.splits is not None:
            check_file(path, manifest.splits)
            stored = read_splits(path / manifest.splits.file)
            writer._splits = {name: np.array(clips) for name, clips in stored.items()}
        if classes is not None and tuple(classes) != manifest.classes:
            if tuple(classes)[: len(manifest.classes)] != manifest.classes:
                raise UserError(
                    f"store {path}: new classes must come after the {len(manifest.classes)} that it has "
                    f"({', '.join(manifest.classes)}), got {', '.join(classes)}"
                )
            writer._replace_manifest(classes=_checked_classes(classes))
        return writer

    def _begin(
        self, path: Path, manifest: Manifest, lock: WriteLock, *, layout: SkeletonLayout, clips_per_shard: int
    ) -> None:
        if clips_per_shard < 1:
            lock.release()
            raise UserError(f"clips_per_shard must be at least 1, got {clips_per_shard}")
        self.path = path
        self.layout = layout
        self._manifest = manifest
        self._lock = lock
        self._clips_per_shard = clips_per_shard
        self._clips_digest = manifest.clips_sha256
        self._num_axes: int | None = manifest.num_axes
        self._index_by_name: dict[str, int] = {}
        self._splits: dict[str, ndarray] = {}
        self._pending: list[SkeletonSequence] = []
        self._pending_bytes = 0
        self._is_finished = False

    def __enter__(self) -> StoreWriter:
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error_type is None:
            self.finish()
        else:
            self._is_finished = True
            self._lock.release()

    def __len__(self) -> int:
        return len(self._index_by_name)

    def __repr__(self) -> str:
        return f"StoreWriter({str(self.path)!r}: {len(self)} clips, {len(self.classes)} classes, {self.layout.name})"

    def __contains__(self, name: str) -> bool:
        """Is a clip of that name in the store? This is what resuming asks."""
        return name in self._index_by_name

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names of the store."""
        return self._manifest.classes

    def add(self, sequence: SkeletonSequence) -> None:
        """Add a clip after checking that it fits. Joints of confidence 0 without finite coordinates are stored as 0.

        Raises:
            UserError: If its name is empty or taken, or layout, axes, label or numbers are not those of the store.
        """
        self._check(sequence)
        sequence = _finite(sequence)
        self._num_axes = sequence.num_axes
        self._index_by_name[sequence.name] = len(self._index_by_name)
        self._pending.append(sequence)
        self._pending_bytes += sequence.keypoints.nbytes + sequence.confidence.nbytes
        if len(self._pending) >= self._clips_per_shard or self._pending_bytes >= _SHARD_BYTES:
            self.flush()

    def set_split(self, name: str, clip_names: Iterable[str]) -> None:
        """Name the clips of a split, replacing one of that name; the clips must have been added.

        Raises:
            UserError: If a clip is not in the store or is listed twice.
        """
        clip_names = list(clip_names)
        missing = [clip for clip in clip_names if clip not in self._index_by_name]
        if missing:
            raise UserError(
                f"store {self.path}: split {name!r} names {len(missing)} clips that are not in it, first {missing[0]!r}"
            )
        if len(set(clip_names)) != len(clip_names):
            raise UserError(f"store {self.path}: split {name!r} lists a clip twice")
        self._splits[name] = np.array([self._index_by_name[clip] for clip in clip_names], dtype=np.int64)

    def flush(self) -> None:
        """Write the clips since the last shard as a shard of their own; from then on they are in the store."""
        if not self._pending:
            return
        number = len(self._manifest.shards)
        for sequence in self._pending:
            self._clips_digest = clip_digest(self._clips_digest, sequence)
        stored = write_shard(self.path / f"clips-{number:05d}.arrow", self._pending)
        self._replace_manifest(
            shards=(*self._manifest.shards, stored), num_axes=self._num_axes, clips_sha256=self._clips_digest
        )
        self._pending, self._pending_bytes = [], 0

    def finish(self) -> None:
        """Write what is left and the split table; then others may write."""
        if self._is_finished:
            return
        self.flush()
        self._write_splits()
        self._is_finished = True
        self._lock.release()

    def _write_splits(self) -> None:
        digest = splits_digest(self._splits)
        if digest == self._manifest.splits_sha256:
            return
        old = self._manifest.splits
        number = int(old.file.removeprefix("splits-").removesuffix(".arrow")) + 1 if old else 0
        stored = write_splits(self.path / f"splits-{number:05d}.arrow", self._splits)
        self._replace_manifest(splits=stored, splits_sha256=digest)
        if old:
            (self.path / old.file).unlink(missing_ok=True)

    def _replace_manifest(self, **fields: object) -> None:
        self._manifest = self._manifest.model_copy(update=fields).fingerprinted()
        write_manifest(self.path, self._manifest)

    def _check(self, sequence: SkeletonSequence) -> None:
        where = f"store {self.path}: clip {sequence.name!r}"
        if self._is_finished:
            raise UserError(f"{where}: the writer has finished; open the store with StoreWriter.append")
        if not sequence.name:
            raise UserError(f"store {self.path}: every clip needs a name of its own, this one has none")
        if sequence.name in self._index_by_name:
            raise UserError(f"{where} is in the store already; names must differ")
        if sequence.layout != self.layout:
            raise UserError(f"{where} has layout {sequence.layout.name}, the store has {self.layout.name}; convert it")
        if self._num_axes not in (None, sequence.num_axes):
            raise UserError(f"{where} has {sequence.num_axes} axes, the clips before have {self._num_axes}")
        if sequence.label is not None and not 0 <= sequence.label < len(self.classes):
            raise UserError(f"{where} has label {sequence.label}, the store has {len(self.classes)} classes")
        # The arrays may have changed since the sequence checked itself.
        if not np.isfinite(sequence.keypoints[sequence.confidence > 0]).all():
            raise UserError(f"{where} has keypoints that are not finite; give such joints confidence 0")


def _stored_names(path: Path, manifest: Manifest) -> list[str]:
    """Names of the clips that a store has, from files that are whole."""
    names: list[str] = []
    for stored in manifest.shards:
        check_file(path, stored)
        shard = Shard(
            path / stored.file,
            layout=manifest.skeleton_layout(path),
            num_axes=manifest.num_axes or 2,
            num_clips=stored.num_rows,
        )
        names += shard.names
    return names


def _finite(sequence: SkeletonSequence) -> SkeletonSequence:
    """Give joints that were not seen the coordinate 0 where they have none: a NaN would spread through any product."""
    is_finite = np.isfinite(sequence.keypoints)
    if is_finite.all():
        return sequence
    return sequence.replaced(keypoints=np.where(is_finite, sequence.keypoints, np.float32(0)))


def _checked_classes(classes: Sequence[str]) -> tuple[str, ...]:
    repeated = sorted({name for name in classes if list(classes).count(name) > 1})
    if repeated:
        raise UserError(f"class names must differ, these repeat: {', '.join(repeated)}")
    return tuple(classes)
